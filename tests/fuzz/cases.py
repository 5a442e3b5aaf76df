"""One case of the fuzz: bytes through reading, counting and checking, and the law that must hold of what comes out."""

from __future__ import annotations

import hashlib
import warnings
from decimal import Decimal

from ingest.landing import unpacked
from ingest.ledger import ledger_difference
from ingest.limits import Limits
from ingest.reading import Reading, read_file
from orchestration.checking import check_reading
from tests.unit.ingest.intake_helpers import REGISTRY, make_receipt

# Small, so that a file that gets past them costs more memory than a worker may have.
LIMITS = Limits(
    file_bytes=20_000_000, unpacked_bytes=40_000_000, row_count=100_000, column_count=5_000, cell_count=400_000,
    cell_characters=200_000, sheet_count=50, member_count=60, archive_depth=2,
)  # fmt: skip


class LawBroken(AssertionError):
    """Rows or money of a file that is in no part of the ledger, or a file that is neither read nor held."""


def run_case(content: bytes, name: str, kind: str | None, is_deep: bool) -> str:
    """Read, and where `is_deep` check, a file and whatever it unpacks to. Returns one word for what became of it.

    Raises LawBroken, or whatever the code under test raises.
    """
    warnings.simplefilter("ignore")
    outcomes: list[str] = []
    for receipt, raw in unpacked(make_receipt(content, name, kind=kind), content, LIMITS):
        if hashlib.sha256(raw).hexdigest() != receipt.sha256:
            raise LawBroken("a receipt does not belong to its bytes")
        outcomes.append(_one(read_file(raw, receipt, REGISTRY, LIMITS), is_deep))
    return next((word for word in ("disagrees", "read", "uncounted", "held", "unpacked") if word in outcomes), "held")


def _one(reading: Reading, is_deep: bool) -> str:
    if reading.is_archive and not reading.is_held:
        return "unpacked"
    if reading.is_held != (not reading.parts):
        raise LawBroken("neither read nor held")
    if reading.is_held:
        if not any(note.words for note in reading.notes):
            raise LawBroken("held without a word")
        return "held"
    difference = ledger_difference(reading)
    if is_deep:
        _check(reading)
    if reading.tally is None:
        return "uncounted"
    return "disagrees" if difference.gbp or difference.row_count else "read"


def _check(reading: Reading) -> None:
    """Every row and penny of a file that is not held whole is accepted, quarantined or excluded."""
    checked = check_reading(reading, REGISTRY)
    if all(part.is_held for part in checked.parts):
        return
    entries = [entry for part in checked.parts for entry in part.ledger]
    rows = sum(e.accepted_count + e.quarantined_count + e.excluded_count for e in entries)
    money = sum((e.accepted_gbp + e.quarantined_gbp + e.excluded_gbp for e in entries), Decimal(0))
    if reading.tally is None or (rows, money) != (reading.tally.row_count, reading.tally.total_gbp):
        raise LawBroken(f"the ledger holds {rows} rows and {money}, the second count {reading.tally}")
