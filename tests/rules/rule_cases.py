"""The bank of rule cases: for every rule the engine checks, cells it must let pass and cells it must catch.

A case is put into the last row of a good frame of its kind and grain; `good_frame` breaks no rule at all. Adding a rule
to the catalogue without adding a row here fails the suite.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from expectations.catalogue import Rule, load_catalogue

CONTEXT: dict[str, object] = {"period_min": datetime(2023, 4, 1), "period_max": datetime(2026, 3, 31)}

_LINE: dict[str, object] = {
    "row_number": 7,
    "amount_raw": "1,234.50",
    "amount": 1234.5,
    "agency_known": True,
    "place_code": "E07000120",
    "place_status": "valid",
    "is_repeated_line": False,
}
_GOOD: dict[tuple[str, str], dict[str, object]] = {
    ("spend", "line"): {
        **_LINE,
        "payee_name": "ACME LTD",
        "payment_date": datetime(2024, 5, 1),
        "payment_date_raw": "01/05/2024",
        "days_from_period": 0.0,
    },
    ("count", "line"): {
        **_LINE,
        "flow": "outlay",
        "service_code": "09.1",
        "service_known": True,
        "financial_year": "2024-25",
        "economic_type": "pay",
        "capital_or_revenue": "revenue",
        "expenditure_basis": "gross",
        "funding_route": "council_tax",
        "delivery_mode": "payroll",
        "transfer_kind": "purchase",
        "place_basis": "in",
        "method_grade": "A",
        "discretion": "local",
        "counterparty_agency": "exampleshire-fire",
        "counterparty_known": True,
    },
    ("service_expenditure", "line"): {**_LINE, "line_known": True},
    ("grants", "line"): {
        **_LINE,
        "has_mandatory_cells": True,
        "has_expected_cells": True,
        "is_readable": True,
        "has_dates_in_order": True,
        "has_own_funder": True,
        "currency": "GBP",
        "is_repeated_identifier": False,
    },
}
_GOOD["procurement_card", "line"] = _GOOD["spend", "line"]
# The templates but for the count share one frame: a rule that is not about a kind is not run on it.
_TEMPLATE: dict[str, object] = {
    **_LINE,
    "financial_year": "2024-25",
    "has_mandatory_cells": True,
    "is_readable": True,
    "has_listed_words": True,
    "has_listed_theme": True,
    "has_registered_agencies": True,
    "has_registered_partners": True,
    "has_dates_in_order": True,
    "is_in_range": True,
}
_GOOD_BY_GRAIN: dict[str, dict[str, object]] = {
    "return": {
        "line_count": 100,
        "accepted_count": 80,
        "quarantined_count": 20,
        "excluded_count": 3,
        "row_count": 103,
        "ledger_count_difference": 0,
        "ledger_gbp_difference": 0.0,
        "stray_gbp": 0.0,
        "has_amount_column": True,
        "has_date_column": True,
        "has_payee_column": True,
        "period": "2024-05",
        "rounded_count": 0,
        "stored_count_difference": 0,
        "stored_gbp_difference": 0.0,
        "repeated_line_gbp": 0.0,
        "has_mandatory_columns": True,
    },
    "month": {
        "agency_slug": "exampleshire-council",
        "financial_year": "2024-25",
        "month": "2024-05",
        "line_count": 250,
        "neighbour_median_count": 240.0,
        "share_of_neighbours": 250 / 240,
    },
    "control": {
        "control_label": "Total",
        "printed_gbp": 100.0,
        "summed_gbp": 100.0,
        "difference_gbp": 0.0,
        "tolerance_gbp": 0.5,
        "excess_gbp": 0.0,
    },
}


def good_row(kind: str, grain: str) -> dict[str, object]:
    return dict(_GOOD.get((kind, grain), _TEMPLATE) if grain == "line" else _GOOD_BY_GRAIN[grain])


def good_frame(kind: str, grain: str, row_count: int = 3, /, **last_row: object) -> pd.DataFrame:
    """A frame that breaks no rule, but for the cells of its last row given by name."""
    row = good_row(kind, grain)
    assert set(last_row) <= set(row), "a case names a column that the frame does not have"
    return pd.DataFrame([row] * (row_count - 1) + [{**row, **last_row}])


@dataclass(frozen=True)
class Case:
    rule_id: str
    kind: str
    passing: dict[str, object] = field(default_factory=dict[str, object])
    failing: dict[str, object] = field(default_factory=dict[str, object])


CASES = (
    Case("amount_is_present", "spend", {"amount_raw": "not money"}, {"amount_raw": None, "amount": None}),
    Case("amount_is_present", "count", {"amount_raw": "0"}, {"amount_raw": "  ", "amount": None}),
    # A blank amount is the business of amount_is_present: one fault, one finding.
    Case("amount_parses", "spend", {"amount_raw": None, "amount": None}, {"amount_raw": "12,3O4", "amount": None}),
    Case("amount_is_not_absurd", "spend", {"amount": -1e9}, {"amount": 1_000_000_000.01}),
    Case("amount_is_not_absurd", "spend", {"amount": None}, {"amount": -1_000_000_000.01}),
    Case("amount_is_not_absurd", "count", {"amount": 1e11}, {"amount": 100_000_000_000.01}),
    Case("amount_is_not_absurd", "service_expenditure", {"amount": -1e11}, {"amount": -2e11}),
    Case("payment_date_parses", "spend", {}, {"payment_date": None, "payment_date_raw": "31/04/2024"}),
    Case("payment_date_in_period", "spend", {"days_from_period": None}, {"days_from_period": 6500.0}),
    Case("payment_date_in_period", "spend", {"days_from_period": 366.0}, {"days_from_period": 367.0}),
    Case("agency_is_known", "service_expenditure", {}, {"agency_known": False}),
    Case("place_code_is_valid_in_year", "count", {"place_status": "blank"}, {"place_status": "unknown"}),
    Case("place_code_is_valid_in_year", "spend", {"place_status": "valid"}, {"place_status": "not_valid_in_year"}),
    Case("payee_is_not_blank", "spend", {"payee_name": "REDACTED"}, {"payee_name": None}),
    Case("payee_is_not_blank", "spend", {}, {"payee_name": " \u00a0 "}),
    Case("line_is_not_repeated", "spend", {}, {"is_repeated_line": True}),
    Case("flow_is_present", "count", {"flow": "nonsense"}, {"flow": None}),
    Case("flow_is_known", "count", {"flow": "income"}, {"flow": "spend"}),
    Case("financial_year_is_present", "count", {"financial_year": "nonsense"}, {"financial_year": None}),
    Case("financial_year_is_well_formed", "count", {"financial_year": "1999-00"}, {"financial_year": "2024-26"}),
    Case("financial_year_is_well_formed", "count", {"financial_year": "2009-10"}, {"financial_year": "2024/25"}),
    Case("financial_year_is_well_formed", "count", {"financial_year": None}, {"financial_year": "2024-25\n"}),
    Case("financial_year_is_well_formed", "count", {}, {"financial_year": "2024-2025"}),
    Case("service_code_is_known", "count", {"service_code": None, "service_known": False}, {"service_known": False}),
    Case("economic_type_is_known", "count", {"economic_type": "transfer_public"}, {"economic_type": "Pay"}),
    Case("capital_or_revenue_is_known", "count", {"capital_or_revenue": "capital"}, {"capital_or_revenue": "both"}),
    Case("expenditure_basis_is_known", "count", {"expenditure_basis": "net"}, {"expenditure_basis": "total"}),
    Case("funding_route_is_known", "count", {"funding_route": "unknown"}, {"funding_route": "lottery"}),
    Case(
        "delivery_mode_is_known",
        "count",
        {"delivery_mode": "debt_capital_financing"},
        {"delivery_mode": "contract"},
    ),
    Case("transfer_kind_is_known", "count", {"transfer_kind": "collection_on_behalf"}, {"transfer_kind": "precept"}),
    Case("place_basis_is_known", "count", {"place_basis": "for"}, {"place_basis": "of"}),
    Case("method_grade_is_known", "count", {"method_grade": "E"}, {"method_grade": "F"}),
    Case("discretion_is_known", "count", {"discretion": None}, {"discretion": "free"}),
    Case(
        "counterparty_is_known",
        "count",
        {"counterparty_agency": None, "counterparty_known": False},
        {"counterparty_known": False},
    ),
    Case("line_label_is_known", "service_expenditure", {}, {"line_known": False}),
    Case("return_has_lines", "spend", {"line_count": 1}, {"line_count": 0}),
    Case("some_line_is_accepted", "count", {"accepted_count": 1}, {"accepted_count": 0}),
    Case("some_line_is_accepted", "spend", {"line_count": 0, "accepted_count": 0}, {"accepted_count": 0}),
    Case("amount_column_present", "count", {}, {"has_amount_column": False}),
    Case("date_column_present", "spend", {}, {"has_date_column": False}),
    Case("payee_column_present", "spend", {}, {"has_payee_column": False}),
    Case("ledger_rows_balance", "spend", {}, {"ledger_count_difference": -1}),
    Case("ledger_money_balances", "spend", {"ledger_gbp_difference": 1e-9}, {"ledger_gbp_difference": 0.01}),
    Case("ledger_money_balances", "count", {}, {"ledger_gbp_difference": -0.01}),
    Case("stored_rows_balance", "spend", {"stored_count_difference": None}, {"stored_count_difference": 1}),
    Case("stored_money_balances", "spend", {"stored_gbp_difference": 1e-9}, {"stored_gbp_difference": -0.01}),
    Case("no_stray_money", "spend", {}, {"stray_gbp": 1_555_150.16}),
    Case("period_is_known", "spend", {"period": "2024-Q1"}, {"period": None}),
    Case("amounts_have_two_decimals", "spend", {}, {"rounded_count": 1}),
    Case("most_lines_are_accepted", "spend", {"quarantined_count": 20}, {"quarantined_count": 21}),
    Case("most_lines_are_accepted", "count", {"quarantined_count": 0, "accepted_count": 0}, {"accepted_count": 0}),
    Case("month_is_present", "spend", {"line_count": 1}, {"line_count": 0}),
    Case("month_is_complete", "spend", {"share_of_neighbours": None}, {"line_count": 14, "share_of_neighbours": 0.056}),
    # A month without a line is missing, not partial.
    Case("month_is_complete", "spend", {"line_count": 0, "share_of_neighbours": 0.0}, {"share_of_neighbours": 0.199}),
    Case("control_total_agrees", "service_expenditure", {"excess_gbp": 1e-9}, {"excess_gbp": 0.01}),
    Case("payment_date_parses", "procurement_card", {}, {"payment_date": None, "payment_date_raw": "31/04/2024"}),
    Case("mandatory_cells_are_filled", "culture_barriers", {"has_mandatory_cells": True}, {"has_mandatory_cells": False}),
    Case("mandatory_cells_are_filled", "grants", {"has_expected_cells": False}, {"has_mandatory_cells": False}),
    Case("expected_cells_are_filled", "grants", {"currency": None}, {"has_expected_cells": False}),
    Case("cells_are_readable", "outcomes", {"amount": None}, {"is_readable": False}),
    Case("words_are_listed", "joint_arrangements", {"has_listed_theme": False}, {"has_listed_words": False}),
    Case("theme_is_listed", "invest_to_save", {"is_in_range": False}, {"has_listed_theme": False}),
    Case("agencies_are_registered", "asks", {"has_registered_partners": False}, {"has_registered_agencies": False}),
    Case("partners_are_registered", "governance_bodies", {"has_dates_in_order": False}, {"has_registered_partners": False}),
    Case("dates_are_in_order", "culture_enablers", {"is_readable": False}, {"has_dates_in_order": False}),
    Case("figures_are_in_range", "invest_to_save", {"has_listed_theme": False}, {"is_in_range": False}),
    Case("currency_is_pounds", "grants", {"currency": None}, {"currency": "EUR"}),
    Case("award_is_positive", "grants", {"amount": 0.01}, {"amount": 0.0}),
    Case("award_is_positive", "grants", {"amount": None}, {"amount": -5.0}),
    Case("award_identifier_is_unique", "grants", {}, {"is_repeated_identifier": True}),
    Case("funder_is_the_agency", "grants", {}, {"has_own_funder": False}),
    Case("mandatory_columns_are_present", "benefits", {}, {"has_mandatory_columns": False}),
    # A place's register may be of no agency; a year that is wrong is wrong in every template.
    Case("financial_year_is_well_formed", "outcomes", {"financial_year": "2024-25"}, {"financial_year": "24-25"}),
)


def _dated(rule: Rule) -> Rule:
    """The rule as one that compares dates with the context of a run: what the engine must be able to do."""
    bounds = {"min_value": "$period_min", "max_value": "$period_max"}
    return replace(rule, column="payment_date", arguments=bounds, expected="a date from {min_value} to {max_value}")


# The catalogue, with one rule that looks its limits up in the context.
DATED = tuple(_dated(rule) if rule.rule_id == "payment_date_in_period" else rule for rule in load_catalogue())
