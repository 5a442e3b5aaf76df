"""A reading that is being checked: its returns with what the rules said of them.

Belongs here: the shapes between checking, storing and reporting. Must not: decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from expectations.catalogue import Rule
from expectations.runner import RuleResult
from ingest.bulk.stored import Stored
from ingest.cell_faults import LineFaults
from ingest.findings import Finding
from ingest.ledger import LedgerEntry
from ingest.reading import Reading, ReturnPart
from ingest.waivers import Waiver


@dataclass
class CheckedPart:
    """A return part with everything the rules said of it. `accepted` and `failed_rules` go by line; `summary` is the frame
    of the return's own rules, `frame` of its lines until they are judged (a large file's plain lines are in it by their extremes:
    `orchestration.bulk`); `context` what the rules may look up; `held_by` the rules that hold it whole; `waived` what each
    waiver let in: positions of lines, None for the whole return."""

    part: ReturnPart
    kind: str
    return_id: str
    revision_id: str
    context: dict[str, object]
    accepted: pd.Series
    failed_rules: list[list[str]]
    summary: pd.DataFrame = field(default_factory=pd.DataFrame)
    results: list[tuple[Rule, RuleResult]] = field(default_factory=list[tuple[Rule, RuleResult]])
    findings: list[Finding] = field(default_factory=list[Finding])
    hold_reason: str = ""
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: dict[str, LineFaults] = field(default_factory=dict[str, LineFaults])
    stored: Stored | None = None
    held_by: list[str] = field(default_factory=list[str])
    waivers: tuple[Waiver, ...] = ()
    waived: dict[str, list[int] | None] = field(default_factory=dict[str, "list[int] | None"])
    ledger: list[LedgerEntry] = field(default_factory=list[LedgerEntry])

    @property
    def is_held(self) -> bool:
        return bool(self.hold_reason)


@dataclass
class CheckedFile:
    """A reading with its checked parts and all findings of the file."""

    reading: Reading
    parts: list[CheckedPart]
    findings: list[Finding]
    waivers: tuple[Waiver, ...] = ()
