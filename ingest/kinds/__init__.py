"""Kinds of return: what each holds, which layer it feeds, which fields it must have.

Belongs here: the kinds as data (design/returns.md, "Kinds of return"). One module beside this per kind whose shape needs
code of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "money", "date"]


@dataclass(frozen=True)
class Field:
    """A canonical field of a kind."""

    name: str
    type: FieldType = "text"
    is_mandatory: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of return. `is_supported` False: recognised, landed, and held with a finding that says so."""

    name: str
    layer: str
    fields: tuple[Field, ...] = ()
    shape: Literal["table", "matrix"] = "table"
    is_supported: bool = True
    has_own_agency: bool = False  # the rows name their agency and year themselves (templates)

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)

    @property
    def mandatory(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.is_mandatory)


SPEND = Kind(
    "spend",
    "transactions",
    (
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
    ),
)

COUNT = Kind(
    "count",
    "accounts",
    (
        Field("agency_slug", is_mandatory=True),
        Field("financial_year", is_mandatory=True),
        Field("place_code"),
        Field("flow", is_mandatory=True),
        Field("service_code"),
        Field("economic_type"),
        Field("capital_or_revenue"),
        Field("expenditure_basis"),
        Field("funding_route"),
        Field("funding_stream"),
        Field("delivery_mode"),
        Field("transfer_kind"),
        Field("counterparty_agency"),
        Field("counterparty_name"),
        Field("amount_gbp", "money", is_mandatory=True),
        Field("place_basis"),
        Field("method_grade"),
        Field("discretion"),
        Field("note"),
    ),
    has_own_agency=True,
)

SERVICE_EXPENDITURE = Kind("service_expenditure", "accounts", (Field("line_label"), Field("amount_gbp", "money")), shape="matrix")

_LATER = (
    "procurement_card transactions",
    "grants commitments",
    "funding accounts",
    "benefits accounts",
    "outcomes -",
    "culture_barriers -",
    "culture_enablers -",
    "joint_arrangements -",
    "governance_bodies -",
    "asks -",
    "invest_to_save -",
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (SPEND, COUNT, SERVICE_EXPENDITURE)} | {
    name: Kind(name, layer, is_supported=False) for name, layer in (words.split() for words in _LATER)
}
SUPPORTED: tuple[str, ...] = tuple(name for name, kind in KINDS.items() if kind.is_supported)
