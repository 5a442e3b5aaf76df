"""Which revision of a return is in service."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ingest.records import FileRecord
from ingest.revisions import decide_revisions
from tests.unit.ingest.test_records import file_record, part_record

RETURN = "kent.spend.2024-06"


def day(number: int) -> datetime:
    return datetime(2026, 1, number)


def revision(key: str, landed: int, published: int | None = None, held: bool = False, first: int | None = None) -> FileRecord:
    record = file_record(part_record(RETURN, is_held=held), key=key, name=f"kent/{key}.csv", sha256=key)
    return replace(
        record,
        landed_at=day(landed),
        first_landed_at=day(first or landed),
        published_as_at=day(published) if published else None,
    )


def decided(*files: FileRecord, on: int | None = None) -> list[tuple[str, int, str]]:
    found = decide_revisions(files, day(on) if on else None)
    return [(r.file.key, r.revision_number, r.status) for r in found]


def test_latest_landed_replaces() -> None:
    assert decided(revision("b", 2), revision("a", 1)) == [("a", 1, "superseded"), ("b", 2, "in_service")]


def test_published_as_at_goes_before_landing() -> None:
    files = revision("old", 9, published=1), revision("new", 2, published=3)
    assert decided(*files) == [("old", 1, "superseded"), ("new", 2, "in_service")]


def test_content_decides_between_equal_times() -> None:
    assert decided(revision("b", 1), revision("a", 1)) == [("a", 1, "superseded"), ("b", 2, "in_service")]


def test_held_revision_never_replaces_the_last_good_one() -> None:
    files = revision("a", 1), revision("b", 2), revision("c", 3, held=True)
    assert decided(*files) == [("a", 1, "superseded"), ("b", 2, "in_service"), ("c", 3, "held")]
    assert decided(revision("c", 3, held=True)) == [("c", 1, "held")]


def test_returns_do_not_touch_each_other() -> None:
    other = replace(revision("z", 9), parts=[part_record("adur.spend.2024-06")])
    assert decided(revision("a", 1), other) == [("z", 1, "in_service"), ("a", 1, "in_service")]


def test_as_known_on_sees_what_had_landed() -> None:
    files = revision("a", 1), revision("b", 3)
    assert decided(*files, on=2) == [("a", 1, "in_service")]
    assert decided(*files, on=3) == [("a", 1, "superseded"), ("b", 2, "in_service")]


def test_as_known_on_forgets_that_content_came_back_later() -> None:
    files = revision("a", 5, first=1), revision("b", 3)
    assert decided(*files) == [("b", 1, "superseded"), ("a", 2, "in_service")]
    assert decided(*files, on=4) == [("a", 1, "superseded"), ("b", 2, "in_service")]
    assert decided(*files, on=5) == [("b", 1, "superseded"), ("a", 2, "in_service")]
