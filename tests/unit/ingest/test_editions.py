"""When a growing publication was published, by its own lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ingest.lake import SCHEMAS
from ingest.registry import Registry
from tests.unit.ingest.intake_helpers import COUNCIL, make_registry, read, registry_row

HEAD = "Identifier,Title,Currency,Amount Awarded,Award Date,Recipient Org:Name,Last modified"
LANDED_ON = "2026-01-05"


def edition(*changed: str, head: str = HEAD, **how: Any) -> datetime | None:
    lines = [f"A{number},Hall roof,GBP,{number},2024-05-0{number},Hall,{at}" for number, at in enumerate(changed, start=1)]
    return read("\n".join([head, *lines, ""]), "grants.csv", **how).facts.published_as_at


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (("2024-08-02T12:29:00Z", "2024-06-01T08:00:00Z"), datetime(2024, 8, 2, 12, 29)),
        (("2024-08-02T12:29:00+01:00",), datetime(2024, 8, 2, 11, 29)),
        (("2024-08-02", "2024-09-30"), datetime(2024, 9, 30)),
        (("13/08/2024", "02/09/2024"), datetime(2024, 9, 2)),
        (("", "2024-06-01"), datetime(2024, 6, 1)),
        (("", ""), None),
        (("yesterday", "n/a"), None),
    ],
)
def test_the_latest_change_dates_the_edition(changed: tuple[str, ...], expected: datetime | None) -> None:
    assert edition(*changed) == expected


def test_a_change_after_landing_is_a_slip() -> None:
    assert edition("2204-08-02T12:29:00Z", "2024-06-01T08:00:00Z") == datetime(2024, 6, 1, 8)
    assert edition(LANDED_ON) == datetime(2026, 1, 5)
    assert edition("2026-01-06") is None


def test_files_csv_has_the_last_word() -> None:
    registry: Registry = make_registry(files=[registry_row("files", file=f"{COUNCIL}/grants.csv", published_as_at="2024-01-01")])
    assert edition("2024-08-02T12:29:00Z", registry=registry) == datetime(2024, 1, 1)


def test_json_says_it_too() -> None:
    grant = (
        '{"id": "A1", "title": "Hall roof", "currency": "GBP", "amountAwarded": 5, "awardDate": "2024-05-01",'
        ' "recipientOrganization": [{"name": "Hall"}], "dateModified": "2024-08-02T12:29:00Z"}'
    )
    assert read(f'{{"grants": [{grant}]}}', "grants.json").facts.published_as_at == datetime(2024, 8, 2, 12, 29)


def test_it_is_told_and_goes_no_further_than_the_record() -> None:
    reading = read(f"{HEAD}\nA1,Hall roof,GBP,5,2024-05-01,Hall,2024-08-02T12:29:00Z\n", "grants.csv")
    assert reading.facts.is_dated_by_lines
    notes = {note.rule_id: note.words for note in reading.notes}
    assert notes["edition_decided"] == "the edition is dated 02 August 2024, 12:29: no line was changed later"
    assert "last_modified" not in SCHEMAS["grants"].names


def test_a_ledger_says_nothing_of_the_kind() -> None:
    assert read("Date,Supplier,Amount,Last modified\n03/06/2024,Acme,5,2024-08-02\n").facts.published_as_at is None
