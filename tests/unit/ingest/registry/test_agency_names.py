"""Names that two agencies have on one day: which row is named, and who keeps the name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest.registry import Registry, load_registry, stranger_words
from ingest.registry.agency_names import Name, find_clashes, names_of
from ingest.values.text import header_key
from tests.unit.ingest.intake_helpers import make_registry, registry_row

BARNSLEY = "barnsley-metropolitan-borough-council"
SHIPPED = (
    Name("OLD TOWN COUNCIL", "Old Town Council", "old-town", valid_to="2020-04-01"),
    Name("OLD TOWN", "Old Town", "old-town", valid_to="2020-04-01"),
    Name("NEW TOWN", "New Town", "new-town", valid_from="2020-04-01"),
    Name("NEW TOWN PARK", "New Town Park", "new-town", is_of_body=True),
)


def agency(slug: str, name: str, aliases: str = "", **days: str) -> dict[str, str]:
    return {"agency_slug": slug, "agency_name": name, "agency_type": "la_lower", "aliases": aliases, **days}


def said(*rows: dict[str, str]) -> list[tuple[int, str, str, bool]]:
    clashes = find_clashes(list(enumerate(rows, start=2)), SHIPPED)
    return [(clash.row_number, clash.name, clash.other_slug, clash.is_name) for clash in clashes]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([agency("mine", "The Old-Town Council (12)")], [(2, "The Old-Town Council (12)", "old-town", True)]),
        ([agency("mine", "Mine", "ours;old town")], [(2, "old town", "old-town", False)]),
        ([agency("mine", "Mine"), agency("park", "New Town Park")], [(3, "New Town Park", "new-town", True)]),
        ([agency("mine", "Old Town", valid_from="2020-04-01")], []),  # from the day on which the other has it no more
        ([agency("mine", "Old Town", valid_from="2020-03-31")], [(2, "Old Town", "old-town", True)]),
        ([agency("mine", "Mine", "old towns")], []),
        ([agency("mine", "Mine"), agency("two", "Two", "mine")], [(3, "mine", "mine", False)]),  # of equals the later
        ([agency("mine", "New Town"), agency("new-town", "New Town")], [(2, "New Town", "new-town", True)]),  # not what corrects
        ([agency("new-town", "New Town", "Old Town;NT", valid_from="2020-04-01")], []),
        ([agency("new-town", "New Town", "Old Town;NT")], [(2, "Old Town", "old-town", False)]),
        ([agency("old-town", "Older Town"), agency("mine", "Old Town")], []),  # the folder took the name off the shipped one
        ([agency("mine", "Mine", "mine;;  ;(x)")], []),
    ],
)  # fmt: skip
def test_a_row_that_takes_a_name_is_named(rows: list[dict[str, str]], expected: list[tuple[int, str, str, bool]]) -> None:
    assert said(*rows) == expected


def test_names_of_a_row_begin_with_its_own() -> None:
    names = names_of(agency("a", "A & B", "a and b; C ;") | {"valid_from": "2024-04-01T00:00"})
    assert [(n.key, n.written, n.valid_from) for n in names] == [("A AND B", "A & B", "2024-04-01"), ("C", "C", "2024-04-01")]


def write(folder: Path, name: str, *rows: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(dict.fromkeys(column for row in rows for column in row)))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_the_shipped_agency_keeps_its_name_and_the_row_is_in_force(tmp_path: Path) -> None:
    folder = write(tmp_path, "agencies", agency("x", "X", agency_type="nonsense"), agency("barnsley-mbc", "Barnsley MBC"))
    registry = load_registry(folder)
    (clash,) = registry.name_clashes
    assert (clash.row_number, clash.agency_slug, clash.other_slug) == (3, "barnsley-mbc", BARNSLEY)
    assert "the name 'Barnsley MBC' of barnsley-mbc is a name of barnsley-metropolitan-borough-council too" in clash.words
    assert f"name the folder {BARNSLEY}" in clash.words
    assert "Barnsley MBC" not in clash.publishable
    assert registry.agency_by_name[header_key("Barnsley MBC")] == BARNSLEY
    assert "barnsley-mbc" in registry.agencies
    assert [fault.row_number for fault in registry.faults] == [2]


def test_a_folder_named_like_an_alias_is_told_which_agency_it_looks_like() -> None:
    registry = Registry()
    assert registry.agency_called("barnsley-mbc") == BARNSLEY
    assert registry.agency_called("Barnsley MBC ") == BARNSLEY
    assert registry.agency_called("barnsley-town") is None
    words = stranger_words(registry, "barnsley-mbc")
    assert words.endswith(f"but this looks like {BARNSLEY} (Barnsley Metropolitan Borough Council): name the folder {BARNSLEY}")
    assert "to add it: registry/agencies.csv: barnsley-town,Barnsley Town," in stranger_words(registry, "barnsley-town")
    two = [registry_row("agencies", agency_slug=slug, agency_name="Twin", agency_type="police") for slug in ("a", "b")]
    assert make_registry(agencies=two).agency_called("twin") is None  # which of them is not ours to say
