"""Kinds of return: what each holds, which layer it feeds, which fields it must have, whose it is and for when.

Belongs here: the kinds as data (design/returns.md, "Kinds of return"); the fields of the templates come from
`registry/template_fields.csv`. One module beside this per kind whose shape needs code of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from ingest.kinds.template_fields import TemplateField, template_fields

# `mark`: true where the cell is filled, whose text is never kept (the name of a person, say).
FieldType = Literal["text", "money", "date", "number", "integer", "boolean", "mark"]
# What a text must be a code of; `agencies` is a `;` list of slugs.
CodeList = Literal["", "agency", "agencies", "place", "theme", "service", "year"]
# How a return's period is told: `dates` the majority of its dates; `dates_or_years` the same where they lie in one financial
# year, else one return for each year (a publication that grows); `line` every line's own year; `register` a list without
# an end: its name, else its latest date; `name` the sheet or file name.
PeriodBy = Literal["dates", "dates_or_years", "line", "register", "name"]


@dataclass(frozen=True)
class Field:
    """A canonical field of a kind. `is_expected`: the standard asks for it, but a line counts without it."""

    name: str
    type: FieldType = "text"
    is_mandatory: bool = False
    is_expected: bool = False
    codes: CodeList = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of return.

    `agency_field`: the column that says whose return a line is in; None: the publisher's (or `agency_name_field`, a name, where
    the publisher reports for many). `edition_field`: when each line was last changed; the latest dates the edition. `marks`:
    normalised headers of which one must stand in the header row for the kind to be recognised. `date_pairs`: (first, later)
    dates that must come in that order. `synonyms_of`: a kind whose header synonyms hold here too. `reference_field`: filled in
    on a line, never on a total. `finds_strays`: money outside the amount column on a line without an amount means that the
    table has slipped. `name_of_individual`: fields blanked where `recipient_is_individual`.
    """

    name: str
    layer: str
    fields: tuple[Field, ...] = ()
    shape: Literal["table", "matrix"] = "table"
    is_template: bool = False
    agency_field: str | None = None
    agency_name_field: str | None = None
    period_by: PeriodBy = "dates"
    period_field: str | None = None
    edition_field: str | None = None
    marks: tuple[str, ...] = ()
    date_pairs: tuple[tuple[str, str], ...] = ()
    synonyms_of: str | None = None
    reference_field: str | None = None
    finds_strays: bool = False
    name_of_individual: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    def fields_of(self, codes: CodeList) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.codes == codes)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    @property
    def mandatory(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.is_mandatory)

    @property
    def has_own_agency(self) -> bool:
        """The rows name their agency themselves."""
        return self.agency_field is not None

    @property
    def needs_amount(self) -> bool:
        """Every line is an amount of money."""
        return self.shape == "matrix" or "amount_gbp" in self.mandatory

    @property
    def has_amount(self) -> bool:
        return "amount_gbp" in self.field_names

    def is_named_by(self, fields: Collection[str]) -> bool:
        """Whether a row that maps these fields may be taken for a header: the amount, where every line needs one, and one more
        field that lines should have; else half of the mandatory fields."""
        there = sum(name in fields for name in self.mandatory)
        if self.needs_amount:
            return "amount_gbp" in fields and there + sum(f.is_expected and f.name in fields for f in self.fields) >= 2
        return 2 * there >= len(self.mandatory) and there >= 2


_PAYMENT = (
    Field("amount_gbp", "money", is_mandatory=True),
    Field("payment_date", "date", is_mandatory=True),
    Field("payee_name", is_mandatory=True),
    Field("payee_identifier"),
    Field("reference"),
    Field("description"),
    Field("expense_type"),
    Field("expense_area"),
    Field("department"),
    Field("merchant_category"),
    Field("payee_postcode"),
    Field("vat_amount_gbp", "money"),
    Field("agency_name"),
)

SPEND = Kind(
    "spend",
    "transactions",
    _PAYMENT,
    agency_name_field="agency_name",
    period_field="payment_date",
    reference_field="reference",
    finds_strays=True,
)

# The payee is the merchant. "Merchant category" alone marks nothing: the Transparency Code asks for it in every ledger.
PROCUREMENT_CARD = Kind(
    "procurement_card",
    "transactions",
    (*_PAYMENT, Field("card_transaction")),
    agency_name_field="agency_name",
    period_field="payment_date",
    marks=(
        "cardtransaction", "card transaction", "card transaction type", "card type", "cardholder", "card holder",
        "cardholder name", "card holder name", "card number", "card no", "merchant", "merchant name", "merchantname", "mcc",
        "mcc code", "mcc description",
    ),
    synonyms_of="spend",
    reference_field="reference",
    finds_strays=True,
)  # fmt: skip

# 360Giving 1.x. Its header titles are synonyms (registry/header_synonyms.csv); an individual's name or number is only a mark.
GRANTS = Kind(
    "grants",
    "commitments",
    (
        Field("award_identifier", is_expected=True),
        Field("title", is_expected=True),
        Field("description", is_expected=True),
        Field("currency", is_expected=True),
        Field("amount_gbp", "money", is_mandatory=True),
        Field("award_date", "date", is_mandatory=True),
        Field("recipient_identifier"),
        Field("recipient_name", is_expected=True),
        Field("recipient_charity_number"),
        Field("recipient_company_number"),
        Field("recipient_is_individual", "mark"),
        Field("funder_identifier"),
        Field("funder_name", is_expected=True),
        Field("programme"),
        Field("planned_start_date", "date"),
        Field("planned_end_date", "date"),
        Field("beneficiary_location_code"),
        Field("beneficiary_location_name"),
        Field("last_modified", "date"),
    ),
    agency_name_field="funder_name",
    period_by="dates_or_years",
    period_field="award_date",
    edition_field="last_modified",
    marks=("amount awarded", "amountawarded"),
    date_pairs=(("planned_start_date", "planned_end_date"),),
    reference_field="award_identifier",
    name_of_individual=("recipient_identifier", "recipient_name", "title", "description"),
)

SERVICE_EXPENDITURE = Kind(
    "service_expenditure",
    "accounts",
    (Field("line_label"), Field("amount_gbp", "money")),
    shape="matrix",
    period_by="name",
)

_TYPES: dict[str, FieldType] = {
    "money": "money", "date": "date", "number": "number", "whole_number": "integer", "boolean": "boolean",
}  # fmt: skip
_CODES: dict[str, CodeList] = {"place_code": "place", "theme_code": "theme", "service_code": "service"}


def _field(column: TemplateField) -> Field:
    codes = {"slug": "agency", "slugs": "agencies", "financial_year": "year"}.get(column.value_type)
    return Field(
        column.name,
        _TYPES.get(column.value_type, "text"),
        column.is_mandatory,
        codes=codes or _CODES.get(column.name, ""),  # type: ignore[arg-type]
        allowed=column.allowed_values if column.value_type in ("word", "whole_number") else (),
        low=column.min_value,
        high=column.max_value,
    )


_TEMPLATE_FIELDS = {kind: tuple(map(_field, columns)) for kind, columns in template_fields().items()}


def _template(
    name: str,
    layer: str = "-",
    agency_field: str | None = None,
    period_by: PeriodBy = "line",
    period_field: str | None = "financial_year",
    date_pairs: tuple[tuple[str, str], ...] = (),
    finds_strays: bool = False,
) -> Kind:
    return Kind(
        name,
        layer,
        _TEMPLATE_FIELDS[name],
        is_template=True,
        agency_field=agency_field,
        period_by=period_by,
        period_field=period_field,
        date_pairs=date_pairs,
        finds_strays=finds_strays,
    )


_START_END = (("start_date", "end_date"),)
_RAISED_RESOLVED = (("raised_date", "resolved_date"),)
COUNT = _template("count", "accounts", "agency_slug", finds_strays=True)
_TEMPLATES = (
    COUNT,
    _template("funding", "accounts", "payer_agency"),
    _template("benefits", "accounts", "agency_slug"),
    _template("culture_barriers", "-", "respondent_agency", date_pairs=_RAISED_RESOLVED),
    _template("culture_enablers", "-", "respondent_agency", date_pairs=_RAISED_RESOLVED),
    _template("joint_arrangements", "-", "host_agency", date_pairs=_START_END),
    _template("governance_bodies", period_by="register", period_field="start_date", date_pairs=_START_END),
    _template("asks", "-", "asking_agency", period_field="asked_date", date_pairs=(("asked_date", "answered_date"),)),
    _template("outcomes"),
    _template("invest_to_save", "-", "investing_agency"),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (SPEND, PROCUREMENT_CARD, GRANTS, SERVICE_EXPENDITURE, *_TEMPLATES)}
SUPPORTED: tuple[str, ...] = tuple(KINDS)
