"""A file's record as the parts of its page: which rules Great Expectations judged, which intake decided, which did not apply.

Belongs here: sorting results; sentences and counts only. Must not: write HTML, or pass on a cause that may quote a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from expectations.catalogue import Rule, load_catalogue
from expectations.rendering import validation_content
from ingest.records import FileRecord, PartRecord

OUTCOMES = ("passed", "failed", "not_applicable", "could_not_run")


@dataclass(frozen=True)
class Validation:
    """One return of a file. `content`: the library's rendering, None where it judged nothing; `decided`: rules of intake with their
    outcome and how many times; `not_applicable`: sentences."""

    part: PartRecord
    content: Mapping[str, Any] | None
    decided: tuple[tuple[Rule, str, int], ...]
    not_applicable: tuple[Rule, ...]
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, Rule]:
    return {rule.rule_id: rule for rule in load_catalogue()}


def validation_of(record: FileRecord, part: PartRecord) -> Validation:
    """What became of every rule on a return. Imports the library, slowly, only where the engine judged something."""
    rules = _rules()
    rows = [(rules[row["rule_id"]], row) for row in part.rule_results if row["rule_id"] in rules]
    judged = [(rule, row) for rule, row in rows if rule.is_for_engine and row["outcome"] != "not_applicable"]
    content = None
    if judged and part.kind and part.period is not None:
        content = validation_content(part.return_id, part.kind, judged, f"{record.landed_at.isoformat()}+00:00")
        judged = []
    apart = judged + [(rule, row) for rule, row in rows if not rule.is_for_engine and row["outcome"] != "not_applicable"]
    return Validation(
        part,
        content,
        tuple((rule, str(row["outcome"]), int(row["failed_count"])) for rule, row in apart),
        tuple(rule for rule, row in rows if row["outcome"] == "not_applicable"),
        counts_of(part),
    )


def counts_of(part: PartRecord) -> dict[str, int]:
    """How many rules have each outcome on a return."""
    counts: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
    for row in part.rule_results:
        counts[str(row["outcome"])] += 1
    return counts
