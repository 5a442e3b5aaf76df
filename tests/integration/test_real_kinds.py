"""Published awards, card payments and counts through intake, with the sub-folder's word and without it: every row and penny
against a sum taken with the standard library alone."""

from __future__ import annotations

import csv
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.landing import Receipt
from ingest.reading import read_file
from ingest.registry import load_registry
from orchestration.checked import CheckedFile
from orchestration.checking import check_reading

pytestmark = [pytest.mark.integration, pytest.mark.returns]
AMOUNT = {"grants": "Amount Awarded", "procurement_card": "Amount", "count": "amount_gbp"}


def _checked(path: Path, shared_returns: Path, hint: str | None) -> CheckedFile:
    content, name = path.read_bytes(), path.relative_to(shared_returns).as_posix()
    digest = hashlib.sha256(content).hexdigest()
    at = "2026-01-05T09:00:00"
    receipt = Receipt(name, name.split("/")[0], hint, digest, len(content), "text", "published", at, at)
    registry = load_registry(None)
    return check_reading(read_file(content, receipt, registry), registry)


@pytest.mark.parametrize("is_hinted", [True, False])
def test_every_row_and_penny_is_accepted(shared_returns: Path, is_hinted: bool) -> None:
    compared = 0
    for kind, column in AMOUNT.items():
        for path in sorted(shared_returns.glob(f"*/{kind}/*.csv")):
            checked = _checked(path, shared_returns, kind if is_hinted else None)
            assert checked.reading.kind is not None and checked.reading.kind.name == kind, path.name
            with path.open(encoding="utf-8-sig", newline="") as handle:
                amounts = [Decimal(row[column].replace(",", "")) for row in csv.DictReader(handle)]
            entries = [entry for part in checked.parts for entry in part.ledger]
            assert sum((e.accepted_gbp for e in entries), Decimal(0)) == sum(amounts), path.name
            assert sum((e.file_gbp or 0 for e in entries), Decimal(0)) == sum(amounts), path.name
            assert sum(e.accepted_count for e in entries) == len(amounts), path.name
            compared += 1
    assert compared == 3 + 8
