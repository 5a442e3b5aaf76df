"""Findings about a folder rather than a return: registry rows that cannot be used, files at its root."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.catalogue import Rule, load_catalogue
from expectations.wording import describe
from ingest.findings import Finding
from ingest.registry import Registry


def registry_findings(registry: Registry) -> list[Finding]:
    """One per registry row that is left out, addressed to file and row."""
    rule = _rule("registry_row_unreadable")
    return [
        _finding(rule, f"{fault.file_name} row {fault.row_number}: {fault.words}").at(
            file_name=fault.file_name, row_number=fault.row_number, value=fault.value
        )
        for fault in registry.faults
    ]


def root_file_findings(ignored: Sequence[str]) -> list[Finding]:
    """One per file at the root of the returns folder, which is not read."""
    rule = _rule("root_file_ignored")
    return [_finding(rule, describe(rule, value=name)[0]).at(file_name=name, value=name) for name in ignored]


def _rule(rule_id: str) -> Rule:
    return next(rule for rule in load_catalogue() if rule.rule_id == rule_id)


def _finding(rule: Rule, words: str) -> Finding:
    return Finding(
        rule_id=rule.rule_id,
        severity=rule.severity,  # type: ignore[arg-type]
        owner=rule.owner,  # type: ignore[arg-type]
        message=words,
        expected=rule.expected,
        publisher_slug="registry" if rule.rule_id == "registry_row_unreadable" else "",
    )
