"""Which revision of a return is in service."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ingest.records import FileRecord
from ingest.revisions import decide_revisions, file_order
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


def published(publisher: str, agency: str | None = "kent", held: bool = False, period: str | None = "2024-06") -> FileRecord:
    part = replace(part_record(f"{publisher}.kent.spend.{period}", is_held=held), agency_slug=agency, period=period)
    part = replace(part, revision_id=f"{part.return_id}@{publisher}")
    record = file_record(part, key=publisher, name=f"{publisher}/x.csv", sha256=publisher)
    return replace(record, publisher_slug=publisher)


def statuses(*files: FileRecord) -> dict[str, tuple[str, str | None]]:
    return {r.file.publisher_slug: (r.status, r.superseded_by) for r in decide_revisions(files)}


def test_the_agencys_own_folder_goes_before_another_publisher() -> None:
    found = statuses(published("a-team"), published("kent"))
    assert found == {"a-team": ("superseded", "kent.kent.spend.2024-06@kent"), "kent": ("in_service", None)}


def test_of_other_publishers_the_lowest_slug_is_in_service() -> None:
    assert statuses(published("zeta"), published("alpha"))["zeta"] == ("superseded", "alpha.kent.spend.2024-06@alpha")


def test_a_held_return_does_not_set_another_publishers_aside() -> None:
    found = statuses(published("a-team"), published("kent", held=True))
    assert found == {"a-team": ("in_service", None), "kent": ("held", None)}


def test_returns_of_many_agencies_or_of_no_known_period_are_not_compared() -> None:
    assert {status for status, _ in statuses(published("a", None), published("b", None)).values()} == {"in_service"}
    assert {status for status, _ in statuses(published("a", period=None), published("b", period=None)).values()} == {"in_service"}


def test_file_order_goes_by_period_then_content_then_name() -> None:
    def of(name: str, start: str, end: str, sha256: str) -> FileRecord:
        part = replace(part_record(f"kent.spend.{name}"), period_start=start, period_end=end, period=name, revision_id=name)
        return file_record(part, key=name, name=name, sha256=sha256)

    files = [
        of("year", "2024-04-01", "2025-04-01", "00"),
        of("may", "2024-05-01", "2024-06-01", "00"),
        of("quarter", "2024-04-01", "2024-07-01", "00"),
        of("april", "2024-04-01", "2024-05-01", "bb"),
        of("april again", "2024-04-01", "2024-05-01", "aa"),
        of("april copied", "2024-04-01", "2024-05-01", "bb"),
    ]
    order = file_order(decide_revisions(files))
    assert sorted(order, key=order.__getitem__) == ["april again", "april", "april copied", "quarter", "year", "may"]


def test_returns_of_one_file_share_its_place() -> None:
    record = file_record(part_record("kent.spend.2024-06"), replace(part_record("kent.spend.2024-07"), period="2024-07"))
    assert set(file_order(decide_revisions([record])).values()) == {0}


def test_editions_that_their_lines_date_alike_go_by_landing_before_hash() -> None:
    """A correction that leaves "Last modified" as it was replaces what it corrects, whichever hash is lower."""
    first, later = (replace(revision(key, landed, published=1), is_dated_by_lines=True) for key, landed in (("z", 5), ("a", 9)))
    assert decided(later, first) == [("z", 1, "superseded"), ("a", 2, "in_service")]


def test_an_older_edition_that_lands_last_replaces_nothing() -> None:
    new, old = (
        replace(revision(key, landed, published), is_dated_by_lines=True) for key, landed, published in (("n", 5, 3), ("o", 9, 1))
    )
    assert decided(new, old) == [("o", 1, "superseded"), ("n", 2, "in_service")]
