"""What a person decided about names: `registry/supplier_links.csv` (name_a, name_b, decision, reason).

| decision | says |
|---|---|
| `merge` | the two names are one supplier |
| `never` | the two names are never one supplier, whatever links them |
| `split` | name_a stands for itself, apart from every other name (name_b is blank) |

A `never` or a `split` wins over a `merge`. Belongs here: the shape of a decision and what makes a row unusable. Must not: cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DECISIONS = frozenset({"merge", "never", "split"})


@dataclass(frozen=True)
class Decision:
    """Names as published; a decision holds for the very name, not for other spellings with the same key."""

    name_a: str
    name_b: str
    decision: str
    reason: str = ""


def decision_from_row(row: Mapping[str, str]) -> Decision:
    """Raises ValueError, in words, when the row cannot be used."""
    name_a, name_b, decision = (row.get(column, "").strip() for column in ("name_a", "name_b", "decision"))
    if decision not in DECISIONS:
        raise ValueError(f"decision '{decision}' is none of {', '.join(sorted(DECISIONS))}")
    if not name_a:
        raise ValueError("name_a is blank")
    if decision == "split" and name_b:
        raise ValueError("a split names one name: leave name_b blank, or write never")
    if decision != "split" and not name_b:
        raise ValueError(f"name_b is blank: {decision} needs two names")
    if name_a == name_b:
        raise ValueError("name_a and name_b are the same name")
    return Decision(name_a, name_b, decision, row.get("reason", "").strip())
