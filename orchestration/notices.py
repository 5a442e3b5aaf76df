"""Findings about a folder rather than a return: registry rows that cannot be used, files at its root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from expectations.catalogue import Rule, load_catalogue
from expectations.wording import describe
from ingest.findings import Finding
from ingest.home import Home
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


def endpoint_findings(home: Home, registry: Registry, until: datetime | None = None) -> list[Finding]:
    """One per endpoint whose last attempt (up to an instant) failed. An endpoint whose row was corrected or taken out has none."""
    from ingest.fetch.endpoints import endpoints_of, shipped_endpoints
    from ingest.fetch.log import AttemptLog

    log = AttemptLog(home)
    if not log.folder.is_dir():
        return []
    rule, histories = _rule("endpoint_answers"), log.histories(until)
    found: list[Finding] = []
    own = [(row, "registry/endpoints.csv") for row in endpoints_of(registry.extension.get("endpoints", []))]
    for endpoint, file_name in own + [(row, "the shipped endpoints") for row in shipped_endpoints()]:
        last = histories[endpoint.key].last if endpoint.key in histories else None
        if last is not None and not last.is_success:
            words, expected = describe(rule, value=last.error)
            finding = _finding(rule, f"{words} The address: {last.url}")
            found.append(
                finding.at(
                    publisher_slug=last.agency_slug, agency_slug=last.agency_slug, kind=last.kind or None, file_name=file_name,
                    value=last.url, expected=expected,
                )
            )  # fmt: skip
    return list({finding.finding_id: finding for finding in found}.values())


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
