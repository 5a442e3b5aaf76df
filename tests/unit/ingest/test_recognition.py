"""Which kind a file is: by its own headers, whichever order they stand in, and never by the first that might fit."""

from __future__ import annotations

import pytest

from ingest.kinds import KINDS
from ingest.kinds.template_fields import template_fields
from ingest.readers.cells import Sheet
from ingest.recognition import recognise, synonyms_of
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY


def kind_of(*rows: str) -> str | None:
    sheet = Sheet(None, [list(row.split("|")) for row in rows])
    kind = recognise([sheet], lambda kind: synonyms_of(kind, REGISTRY, COUNCIL))
    return kind.name if kind else None


TEMPLATES = [kind.name for kind in KINDS.values() if kind.is_template]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_known_by_all_its_columns_and_by_its_mandatory_ones(name: str) -> None:
    columns = [column.name for column in template_fields()[name]]
    assert kind_of("|".join(columns)) == name
    assert kind_of("Return of the place|", "|".join(reversed(columns))) == name
    assert kind_of("|".join(KINDS[name].mandatory)) == name
    assert kind_of("|".join(word.replace("_", " ").title() for word in columns)) == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_without_its_last_mandatory_column_is_still_that_template(name: str) -> None:
    missing = KINDS[name].mandatory[-1]
    columns = [column.name for column in template_fields()[name] if column.name != missing]
    expected = name if KINDS[name].has_amount is False or missing != "amount_gbp" else None
    assert kind_of("|".join(columns)) == expected


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Date|Supplier|Amount", "spend"),
        ("Date|Supplier|Merchant Category|Amount", "spend"),
        ("Transaction Date|Merchant Name|Net Amount", "procurement_card"),
        ("Date|Merchant|MCC|Amount", "procurement_card"),
        ("BeneficiaryName|PaymentDate|Amount|MerchantCategoryCode|CardTransaction", "procurement_card"),
        ("Identifier|Amount Awarded|Award Date|Recipient Org:0:Name", "grants"),
        ("Identifier|Amount Awarded|Award Date|Recipient Org:Name|Funding Org:Name", "grants"),
        ("id|amountAwarded|awardDate|recipientOrganization/0/name", "grants"),
        ("Merchant|Card number", None),
        ("Amount Awarded|Colour", None),
        ("source|title|status|value|unit", None),
    ],
)
def test_published_kinds_are_told_apart_by_their_marks(header: str, kind: str | None) -> None:
    assert kind_of(header) == kind


def test_funding_count_and_invest_to_save_are_not_confused() -> None:
    shared = "financial_year|funding_route|funding_stream|amount_gbp|theme_code|place_code"
    assert kind_of(f"payer_agency|payee_agency|{shared}") == "funding"
    assert kind_of(f"agency_slug|flow|{shared}") == "count"
    assert kind_of(f"proposal_id|title|investing_agency|benefiting_agency|{shared}") == "invest_to_save"
