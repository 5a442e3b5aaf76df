"""Which row names the columns, and which column is which field."""

from __future__ import annotations

from ingest.headers import as_header, map_row
from ingest.kinds import COUNT, SPEND
from ingest.recognition import template_synonyms
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY

SYNONYMS = REGISTRY.synonyms("spend", COUNCIL)


def test_best_synonym_wins_whatever_its_position() -> None:
    columns, unmapped = map_row(["Gross Amount", "Net Amount (£)", "Supplier"], SYNONYMS)
    assert columns == {"amount_gbp": 1, "payee_name": 2}
    assert unmapped == {0: "Gross Amount"}


def test_leftmost_of_equal_names_wins_and_the_other_is_told() -> None:
    columns, unmapped = map_row(["Amount", "Amount", None, "", "Colour"], SYNONYMS)
    assert (columns, unmapped) == ({"amount_gbp": 0}, {1: "Amount", 4: "Colour"})


def test_header_needs_the_amount_and_one_more_mandatory_field() -> None:
    assert as_header(3, ["Amount", "Date"], SPEND, SYNONYMS) is not None
    assert as_header(3, ["Amount", "Narrative"], SPEND, SYNONYMS) is None
    assert as_header(3, ["Supplier", "Date"], SPEND, SYNONYMS) is None
    assert as_header(3, [100.0, None, ""], SPEND, SYNONYMS) is None


def test_header_says_what_it_lacks() -> None:
    header = as_header(3, ["Amount", "Date"], SPEND, SYNONYMS)
    assert header is not None
    assert (header.index, header.missing(SPEND)) == (3, ("payee_name",))


def test_template_header() -> None:
    header = as_header(0, ["agency_slug", "Financial Year", "flow", "amount_gbp"], COUNT, template_synonyms(COUNT))
    assert header is not None
    assert header.columns == {"agency_slug": 0, "financial_year": 1, "flow": 2, "amount_gbp": 3}
