"""The shipped purchase rules: usable, without ties, over a list of two levels; wordings of published ledgers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.registry.validation import usable_rows

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
Row = dict[str, str]


def seed(name: str) -> list[Row]:
    with (SEEDS / f"seed_{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _scope(row: Row) -> int:
    return 1 if row["agency_slug"] else 2 if row["agency_type"] else 3


@pytest.fixture(scope="module")
def rules() -> list[Row]:
    """In the order in which they are tried."""
    return sorted(seed("purchase_rules"), key=lambda row: (row["grade"], _scope(row), int(row["priority"])))


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as bare:
        yield bare


def test_every_shipped_rule_would_be_taken_from_a_registry_too(rules: list[Row]) -> None:
    known = frozenset(row["purchase_category"] for row in seed("purchase_categories"))
    assert usable_rows("purchase_rules", rules, purchases=known) == (rules, [])
    assert all(row["reason"] and row["priority"] and row["grade"] for row in rules)


def test_no_two_rules_of_a_grade_and_scope_share_a_priority(rules: list[Row]) -> None:
    counts = Counter((row["grade"], _scope(row), row["priority"]) for row in rules)
    assert [key for key, count in counts.items() if count > 1] == []


def test_the_list_has_two_levels_and_every_category_a_branch() -> None:
    rows = seed("purchase_categories")
    codes = {row["purchase_category"] for row in rows}
    assert all(code.count(".") <= 1 and code.partition(".")[0] in codes for code in codes)
    branches = {row["purchase_category"]: row["is_purchase"] for row in rows if "." not in row["purchase_category"]}
    assert all(branches[row["purchase_category"].partition(".")[0]] == row["is_purchase"] for row in rows)
    assert [code for code, is_purchase in branches.items() if is_purchase == "false"] == ["not_a_purchase"]


def test_a_name_of_a_payee_is_the_weakest_evidence(rules: list[Row]) -> None:
    assert all(row["grade"] == "C" for row in rules if "payee_name" in row["field"])
    assert all(row["grade"] in "AC" for row in rules if row["rule_kind"] == "category")


def _decided(connection: duckdb.DuckDBPyConnection, rules: list[Row], of: Row) -> str | None:
    """The category of a line with these fields: the first rule that fits."""
    for rule in rules:
        if rule["agency_slug"] not in ("", of.get("agency_slug")):
            continue
        if rule["agency_type"] and of.get("agency_type") not in rule["agency_type"].split(";"):
            continue
        for field in rule["field"].split(";"):
            text = of.get(field)
            if text is None:
                continue
            if rule["rule_kind"] == "category":
                fits = text.lower() in rule["words"].lower().split("|")
            else:
                fits = connection.execute("select regexp_matches(?, ?, 'i')", [text, rule["words"]]).fetchone() == (True,)
            if fits:
                return rule["purchase_category"]
    return None


@pytest.mark.parametrize(
    ("category", "line"),
    [
        ("fleet.fuel", {"expense_type": "lfrs.expenditure.transport.petrol"}),
        ("people.agency_staff", {"expense_type": "LFRS.EXPENDITURE.EMPLOYEES.AGENCY_STAFF"}),
        ("fleet.vehicles", {"expense_type": "lfrs.expenditure.capital.vehicle_purchase_-_loan"}),
        ("not_a_purchase.suspense", {"expense_type": "R12 - AP Prepayment"}),
        ("not_a_purchase.refunds", {"expense_type": "Refunds"}),
        ("estates.rent", {"expense_type": "Rentals Under Non-pfi Leases Exempt From Ifrs 16"}),
        ("facilities.management", {"expense_type": "PFI UC OTHER SERVICE PAYMENTS"}),
        ("justice.forensics", {"expense_type": "Police - Telecom Forensics"}),
        ("construction.design", {"expense_type": "Works Fees (External)"}),
        ("professional.research", {"expense_type": "R&D Laboratory Services"}),
        ("health.supplies", {"expense_type": "LAB EQUIPMENT"}),
        ("not_a_purchase.tax", {"expense_type": "Rates"}),
        ("not_a_purchase.grants", {"expense_type": "R & D Current Grants To Private Sector - Npish"}),
        ("ict.software", {"expense_type": "Computer Licences", "payee_name": "Anyfirm Motors Ltd", "agency_type": "police"}),
        ("travel.passengers", {"expense_type": "TAXI SERVICE"}),
        ("fleet.vehicles", {"description": "3 X Renault Kangoo 1.5 Diesel 95ML Panel Van"}),
        ("utilities.electricity", {"description": "Electric bill monthly - 16.02.24 - 15.03.24"}),
        ("not_a_purchase.grants", {"description": "Affordable Warmth Grant"}),
        ("utilities", {"payee_name": "EDF Energy - 9044031649 Consolidated Invoice", "agency_type": "la_lower"}),
        ("people.agency_staff", {"payee_name": "Vivid Resourcing", "agency_type": "la_lower"}),
        ("travel.staff", {"payee_name": "CLARITY TRAVEL LIMITED", "agency_type": "police"}),
        ("health.primary", {"payee_name": "DR KABLER & PARTNERS", "agency_type": "nhs_commissioner"}),
        ("health.hospital", {"payee_name": "GLOUCESTERSHIRE HOSPITALS NHS FOUNDATION TRUST", "agency_type": "nhs_commissioner"}),
        ("health.mental", {"payee_name": "ANYONE", "expense_area": "MENTAL HEALTH CONTRACTS", "agency_type": "nhs_commissioner"}),
        ("not_a_purchase.tax", {"transfer_kind": "collection_on_behalf"}),
        # What is not told apart stays unknown.
        (None, {"expense_type": "Police - Other Third Party Payments"}),
        (None, {"expense_type": "General Contracted Services"}),
        (None, {"payee_name": "Department For Energy Security And Net Zero (Desnz)", "agency_type": "central_department"}),
        (None, {"payee_name": "OXFORDSHIRE COUNTY COUNCIL", "agency_type": "la_lower"}),
        (None, {"payee_name": "REDACTED", "agency_type": "nhs_commissioner"}),
        (None, {"description": "Accrington Town Square", "agency_slug": "another-council"}),
    ],
)  # fmt: skip
def test_wordings_of_published_ledgers(
    connection: duckdb.DuckDBPyConnection, rules: list[Row], category: str | None, line: Row
) -> None:
    assert _decided(connection, rules, line) == category
