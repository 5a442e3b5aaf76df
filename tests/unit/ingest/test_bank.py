"""Every file of the bank of bad returns comes out as expected.csv says; its ledger adds up to the independent tally."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.checking import CheckedFile
from tests.bank.write_words import NOT_RETURNS, expected_words, words_of
from tests.unit.ingest.intake_helpers import check

BANK = Path(__file__).parents[2] / "bank"
with (BANK / "expected.csv").open(encoding="utf-8", newline="") as handle:
    EXPECTED = list(csv.DictReader(handle))


def summary(checked: CheckedFile) -> dict[str, str]:
    """What intake made of a file, in the columns of expected.csv. A file that was not read is quarantined whole."""
    entries = [entry for part in checked.parts for entry in part.ledger]
    unread = checked.reading.physical_row_count if not checked.parts else 0
    held = {part.is_held for part in checked.parts} or {True}
    findings = checked.findings + [finding for part in checked.parts for finding in part.findings]
    return {
        "row_count": str(sum(e.row_count for e in entries) + unread),
        "accepted_count": str(sum(e.accepted_count for e in entries)),
        "quarantined_count": str(sum(e.quarantined_count for e in entries) + unread),
        "excluded_count": str(sum(e.excluded_count for e in entries)),
        "accepted_gbp": str(sum((e.accepted_gbp for e in entries), Decimal("0.00"))),
        "held": "part" if len(held) == 2 else "yes" if held == {True} else "no",
        "findings": ";".join(sorted({f.rule_id for f in findings if f.severity != "info"})),
    }


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"] for row in EXPECTED])
def test_bank_file(row: dict[str, str]) -> None:
    checked = check((BANK / row["file"]).read_bytes(), row["file"], row["publisher"])
    assert summary(checked) == {name: text for name, text in row.items() if name not in ("file", "publisher")}
    if not checked.parts:
        return
    entries = [entry for part in checked.parts for entry in part.ledger]
    tally = checked.reading.tally
    assert tally is not None
    placed = sum((e.accepted_gbp + e.quarantined_gbp + e.excluded_gbp for e in entries), Decimal("0.00"))
    assert (placed, sum(e.file_gbp or 0 for e in entries)) == (tally.total_gbp, tally.total_gbp)
    assert sum(e.accepted_count + e.quarantined_count + e.excluded_count for e in entries) == tally.row_count
    assert sum(e.row_count for e in entries) == tally.row_count


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"] for row in EXPECTED])
def test_bank_file_in_words(row: dict[str, str]) -> None:
    """`totalplace check` says what is wrong and what to do; after a change of words: `python -m tests.bank.write_words`."""
    assert words_of(row["file"], row["publisher"]) == expected_words().get(row["file"])


def test_every_file_of_the_bank_is_expected() -> None:
    there = {path.name for path in BANK.iterdir() if path.is_file()} - NOT_RETURNS
    assert there == {row["file"] for row in EXPECTED}
