"""Which blocking rules a person may waive, and what to do instead of a waiver where not: `waivable.csv`.

Belongs here: reading that table. A rule may be waived where its lines can be counted all the same: they have an amount, an agency,
a period and codes that mean something, and the ledger balances. A rule that the table does not name may not be waived.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

WAIVABLE_PATH = Path(__file__).with_name("waivable.csv")


@lru_cache(maxsize=1)
def _instead() -> dict[str, str | None]:
    """rule_id -> None where it may be waived, else what to do instead. Raises ValueError for a row that cannot be meant."""
    found: dict[str, str | None] = {}
    with WAIVABLE_PATH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            may, words = row["may_be_waived"], row["instead"]
            if may not in ("true", "false") or (may == "true") == bool(words) or row["rule_id"] in found:
                raise ValueError(f"{WAIVABLE_PATH.name}: {row['rule_id']}: once; true, or false with what to do instead")
            found[row["rule_id"]] = None if may == "true" else words
    return found


def may_be_waived(rule_id: str) -> bool:
    return rule_id in _instead() and _instead()[rule_id] is None


def instead_of_waiver(rule_id: str) -> str:
    """What to do where the rule may not be waived; "" where it may."""
    if may_be_waived(rule_id):
        return ""
    return _instead().get(rule_id) or "nothing that it holds can be counted as it stands: correct the file and send it again"
