"""The rules that intake decides while it reads a file, as results like those of any rule: one for every rule and every return.

Belongs here: what the findings of a reading mean for each rule of the grain `file`. Must not: read a file or word a finding.

A rule whose decision raises could not run; it takes no other with it. Some rules are about the folder of returns, or what the home
keeps of it, not about reading a file: `FOLDER_RULES`, decided by `notices`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from expectations.catalogue import Rule, load_catalogue
from ingest.findings import Finding
from ingest.reading import Reading

ORIGINAL_IS_WHOLE = "original_is_whole"
FOLDER_RULES = (
    "registry_row_unreadable", "agency_name_is_its_own", "endpoint_answers", "root_file_ignored", ORIGINAL_IS_WHOLE,
)  # fmt: skip
FOLDER_RULES_OF_THE_COUNT = ("review_names_a_group",)  # decided by the models (`int_payment__rule_results`)
OPENING = ("file_is_readable", "file_is_a_table", "file_is_within_limits")
_ARCHIVE = ("archive_member_is_refused", "archive_member_is_no_table")
_CONTENT = ("kind_is_recognised", "cells_have_values", "encoding_decided", "hidden_sheet_reported")  # need a file that opens
NOT_READ = "the file could not be read that far"

RECORDED_GRAINS = ("line", "return", "control", "file")  # whose results a file's record holds
Decide = Callable[[Rule, Reading, Sequence[Finding]], tuple[str, str]]
logger = logging.getLogger(__name__)


def file_rules() -> list[Rule]:
    """The rules of files in force, those about the folder left out."""
    return [r for r in load_catalogue() if r.grain == "file" and r.is_in_force(None) and r.rule_id not in FOLDER_RULES]


def decide(rule: Rule, reading: Reading, found: Sequence[Finding]) -> tuple[str, str]:
    """The outcome of one rule, and its cause where it did not apply or fails. `found`: the findings with its id.

    A rule of severity info says that something is decided and recorded: its finding is how it is kept.
    """
    if crash := crash_of(reading):
        return "could_not_run", crash
    if found:
        return ("passed", "") if rule.severity == "info" else ("failed", found[0].message)
    if reading.kind is not None and not rule.applies_to(reading.kind.name):
        return "not_applicable", f"not a rule of {reading.kind.name} returns"
    if rule.rule_id in _ARCHIVE and not reading.is_archive:
        return "not_applicable", "the file is no archive"
    if not _is_reached(rule.rule_id, reading):
        return "not_applicable", NOT_READ
    return ("not_applicable", "nothing to record") if rule.severity == "info" else ("passed", "")


def crash_of(reading: Reading) -> str:
    """Why the reading of a file broke off by a fault of the programme; "" where it did not."""
    return next((note.words for note in reading.notes if note.outcome == "could_not_run"), "")


def _is_reached(rule_id: str, reading: Reading) -> bool:
    """Whether the reading came as far as the rule's decision."""
    noted = [note.rule_id for note in reading.notes]
    if not reading.is_held or rule_id == "publisher_is_known":
        return True
    if ORIGINAL_IS_WHOLE in noted:
        return False
    for opening in OPENING:  # in the order they are decided: the first that fails ends the reading
        if opening == rule_id:
            return True
        if opening in noted:
            return False
    if rule_id in _CONTENT:
        return True
    return reading.kind is not None and (rule_id == "header_is_found" or "header_is_found" not in noted)


def file_rule_rows(reading: Reading, findings: Sequence[Finding], decided: Decide | None = None) -> list[dict[str, Any]]:
    """One row of `rule_results` for every rule of files. `findings`: those of the file and of the return at hand."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule_id, []).append(finding)
    return [_row(rule, reading, by_rule.get(rule.rule_id, []), decided or decide) for rule in file_rules()]


def _row(rule: Rule, reading: Reading, found: Sequence[Finding], decided: Decide) -> dict[str, Any]:
    try:
        outcome, cause = decided(rule, reading, found)
    except Exception as error:  # nothing is hidden: logged whole, and red
        logger.exception("the rule %s could not run", rule.rule_id)
        outcome, cause = "could_not_run", f"{type(error).__name__}: {error}"
    failed = len(found) if outcome == "failed" else 0
    return result_row(rule, outcome, cause, checked=int(outcome in ("passed", "failed")), failed=failed)


def unread_rows(reading: Reading) -> list[dict[str, Any]]:
    """Results of the rules that judge lines, returns and printed totals, for a file in which no return could be read."""
    kind, crash = reading.kind, crash_of(reading)
    rules = [r for r in load_catalogue() if r.grain in ("line", "return", "control") and r.is_in_force(None)]
    mine = [r for r in rules if (r.applies_to(kind.name) if kind else r.kinds == ("*",))]
    outcome, cause = ("could_not_run", crash) if crash else ("not_applicable", NOT_READ)
    return [result_row(rule, outcome, cause) for rule in mine]


@lru_cache(maxsize=64)
def owed_by(kind: str | None) -> frozenset[str]:
    """The rules of which the record of a return of a kind (None: not known) holds a result."""
    rules = [r for r in load_catalogue() if r.grain in RECORDED_GRAINS and r.is_in_force(None) and r.rule_id not in FOLDER_RULES]
    return frozenset(r.rule_id for r in rules if (r.applies_to(kind) if kind else r.kinds == ("*",)))


def result_row(rule: Rule, outcome: str, cause: str, checked: int = 0, failed: int = 0) -> dict[str, Any]:
    """A row of `rule_results` without money."""
    return {
        "rule_id": rule.rule_id, "grain": rule.grain, "severity": rule.severity, "outcome": outcome, "checked_count": checked,
        "failed_count": failed, "failed_gbp": None, "cause": cause,
    }  # fmt: skip
