"""What of the registry decides that a file is read again: what it was read by, and nothing else."""

from __future__ import annotations

import pytest

from ingest.registry import Registry
from orchestration.read_keys import EVERY, LISTED, looked_up_by, read_key
from tests.unit.ingest.intake_helpers import COUNCIL, TRUST, make_receipt, make_registry, read, registry_row

LINES = "Date,Supplier,Reference,Amount\n05/06/2024,Supplier 5,R5,10.00\n"
TEMPLATE = (
    "agency_slug,financial_year,place_code,flow,service_code,amount_gbp,counterparty_agency\n"
    f"{COUNCIL},2024-25,E07000120,outlay,01.1,10.00,{TRUST}\n"
)
Tables = dict[str, list[dict[str, str]]]
AGENCIES = make_registry().extension["agencies"]


def key(content: str, registry: Registry, before: Registry, publisher: str = COUNCIL, kind: str | None = None) -> str:
    """The key under a registry, of a file that was read under the one before."""
    reading = read(content, publisher=publisher, kind=kind, registry=before)
    return read_key("code", registry, make_receipt(content.encode(), publisher=publisher, kind=kind), looked_up_by(reading, before))


def is_read_again(content: str, rows: Tables, kind: str | None = None) -> bool:
    before = make_registry()
    after = make_registry(**before.extension | rows)
    return key(content, after, before, kind=kind) != key(content, before, before, kind=kind)


def agencies(**changed: str) -> list[dict[str, str]]:
    """The two agencies, one of them changed or one more."""
    slug = changed["agency_slug"]
    base = next((row for row in AGENCIES if row["agency_slug"] == slug), registry_row("agencies", agency_type="la_lower"))
    return [*(row for row in AGENCIES if row["agency_slug"] != slug), base | changed]


SPEND_ROW = {"kind": "spend", "header": "Paid to", "field": "payee_name"}
MATTERS_TO_LINES: dict[str, Tables] = {
    "the publisher's own row": {"agencies": agencies(agency_slug=COUNCIL, date_order="mdy")},
    "a synonym of the publisher's": {"header_synonyms": [registry_row("header_synonyms", agency_slug=COUNCIL, **SPEND_ROW)]},
    "a synonym of everybody's": {"header_synonyms": [registry_row("header_synonyms", **SPEND_ROW)]},
    "what files.csv says of it": {"files": [registry_row("files", file=f"{COUNCIL}/lines.csv", period="2024-06")]},
    "a policy about everybody": {"personal_data": [registry_row("personal_data", kind="spend", field="payee_name", action="drop")]},
    "a policy about it": {
        "personal_data": [registry_row("personal_data", agency_slug=COUNCIL, kind="spend", field="payee_name", action="drop")]
    },
}
NOTHING_TO_LINES: dict[str, Tables] = {
    "another agency": {"agencies": agencies(agency_slug="new-town-council", agency_name="New Town Council")},
    "another agency's row": {"agencies": agencies(agency_slug=TRUST, date_order="mdy")},
    "a synonym of another's": {"header_synonyms": [registry_row("header_synonyms", agency_slug=TRUST, **SPEND_ROW)]},
    "what files.csv says of another": {"files": [registry_row("files", file=f"{COUNCIL}/other.csv", period="2024-06")]},
    "a policy about another": {
        "personal_data": [registry_row("personal_data", agency_slug=TRUST, kind="spend", field="payee_name", action="drop")]
    },
    "a policy about another kind": {
        "personal_data": [registry_row("personal_data", kind="grants", field="recipient_name", action="drop")]
    },
    "an area": {"areas": [registry_row("areas", area_code="A", place_code="E07000120")]},
    "a place that no line names": {"places": [registry_row("places", place_code="X99000001", place_name="Elsewhere")]},
    "a transfer rule": {"transfer_rules": [registry_row("transfer_rules", agency_slug=COUNCIL, rule_id="r")]},
    "a supplier link": {"supplier_links": [registry_row("supplier_links", name_a="A", name_b="B", decision="same")]},
}


@pytest.mark.parametrize("rows", MATTERS_TO_LINES.values(), ids=MATTERS_TO_LINES)
def test_what_the_file_is_read_by_reads_it_again(rows: Tables) -> None:
    assert is_read_again(LINES, rows)


@pytest.mark.parametrize("rows", NOTHING_TO_LINES.values(), ids=NOTHING_TO_LINES)
def test_what_is_about_others_reads_nothing_again(rows: Tables) -> None:
    assert not is_read_again(LINES, rows)


def test_a_template_is_read_by_the_agencies_and_places_that_it_names() -> None:
    def again(**rows: list[dict[str, str]]) -> bool:
        return is_read_again(TEMPLATE, rows, "count")

    assert again(agencies=agencies(agency_slug=TRUST, agency_name="Northmere Trust"))
    assert again(places=[registry_row("places", place_code="E07000120", place_name="Hyndburn", valid_to="2024-01-01")])
    assert not again(agencies=agencies(agency_slug="new-town-council", agency_name="New Town Council"))
    assert not again(places=[registry_row("places", place_code="X99000001", place_name="Elsewhere")])


def test_a_template_that_names_an_unknown_agency_is_read_again_when_it_becomes_known() -> None:
    named = TEMPLATE.replace(TRUST, "new-town-council")
    assert is_read_again(named, {"agencies": agencies(agency_slug="new-town-council", agency_name="New Town Council")}, "count")


def test_a_folder_that_names_the_kind_is_read_by_its_headers_only() -> None:
    spend = [registry_row("header_synonyms", **SPEND_ROW)]
    assert not is_read_again(TEMPLATE, {"header_synonyms": spend}, "count")
    assert is_read_again(LINES, {"header_synonyms": spend}, "spend")


def test_another_secret_matters_where_something_is_hashed() -> None:
    policy = registry_row("personal_data", agency_slug=COUNCIL, kind="spend", field="payee_name", action="hash")
    plain, hashing = make_registry(), make_registry(personal_data=[policy])
    content = LINES
    before = key(content, hashing, hashing)
    hashing.secret = b"another"
    assert key(content, hashing, hashing) != before
    before = key(content, plain, plain)
    plain.secret = b"another"
    assert key(content, plain, plain) == before


def test_a_file_that_looks_up_too_much_depends_on_every_row() -> None:
    rows = "".join(f"{COUNCIL},2024-25,X{n:08d},outlay,01.1,10.00,\n" for n in range(LISTED + 1))
    content = TEMPLATE.split("\n")[0] + "\n" + rows
    assert looked_up_by(read(content, kind="count"), make_registry())["places"] == [EVERY]
    assert is_read_again(content, {"places": [registry_row("places", place_code="Y99000001", place_name="Elsewhere")]}, "count")


def test_the_code_and_its_limits_always_matter() -> None:
    receipt, registry = make_receipt(LINES.encode()), make_registry()
    assert read_key("code", registry, receipt, {}) != read_key("other", registry, receipt, {})
