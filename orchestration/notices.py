"""Findings about a folder rather than a return: registry rows that cannot be used, files at its root, endpoints without answer,
originals that are damaged.

The rules behind them (`file_rules.FOLDER_RULES`) have one result each, of the folder as a whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from expectations.catalogue import Rule, load_catalogue
from expectations.wording import describe
from ingest.fetch.endpoints import SHIPPED, endpoints_of
from ingest.fetch.log import AttemptLog, History
from ingest.findings import Finding
from ingest.home import Home
from ingest.landing import Landing, damage_words
from ingest.records import all_records
from ingest.registry import Registry, read_rows
from orchestration.file_rules import ORIGINAL_IS_WHOLE, result_row
from orchestration.rule_results import OF_THE_MACHINE, could_not_run

OF_THE_REGISTRY = ("registry_row_unreadable", "agency_name_is_its_own")
logger = logging.getLogger(__name__)


def folder_results(decided: Mapping[str, Callable[[], list[Finding]]]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """One result per rule about the folder, and its findings. `decided`: rule id -> what finds them; one that raises could not
    run and takes no other with it."""
    results: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for rule_id, find in decided.items():
        rule = _rule(rule_id)
        try:
            found = find()
        except OF_THE_MACHINE:
            raise
        except Exception as error:  # nothing is hidden: logged whole, and red
            logger.exception("the rule %s could not run", rule_id)
            cause = f"{type(error).__name__}: {error}"
            results.append(result_row(rule, "could_not_run", cause))
            findings.append(could_not_run(rule, cause))
            continue
        # a rule of severity info says that something is reported: its finding is how
        outcome = "failed" if found and rule.severity != "info" else "passed"
        results.append(result_row(rule, outcome, "", checked=1, failed=len(found) if outcome == "failed" else 0))
        findings += found
    return results, findings


_WHAT_TO_DO = {True: "Correct the row; the rest of the file is in use.", False: "Nothing that it says is in force."}


def registry_findings(registry: Registry) -> list[Finding]:
    """One per registry row that is left out, addressed to file and row. The words are published, so that they quote no cell: that
    is the value."""
    rule = _rule("registry_row_unreadable")
    return [
        _finding(rule, f"{fault.publishable}. {_WHAT_TO_DO[fault.row_number > 0]}").at(
            file_name=fault.file_name, row_number=fault.row_number or None, value=fault.value or None
        )
        for fault in registry.faults
    ]


def name_findings(registry: Registry) -> list[Finding]:
    """One per row of the folder's agencies.csv and name of it that another agency has on the same days."""
    rule = _rule("agency_name_is_its_own")
    return [
        _finding(rule, f"{clash.publishable}.").at(
            agency_slug=clash.agency_slug, file_name="registry/agencies.csv", row_number=clash.row_number, value=clash.name
        )
        for clash in registry.name_clashes
    ]


def root_file_findings(ignored: Sequence[str]) -> list[Finding]:
    """One per file at the root of the returns folder, which is not read."""
    rule = _rule("root_file_ignored")
    return [_finding(rule, describe(rule, value=name)[0]).at(file_name=name, value=name) for name in ignored]


def original_findings(home: Home) -> list[Finding]:
    """One per file whose stored original is damaged."""
    damaged = Landing(home).damaged(Landing(home).receipts())
    if not damaged:
        return []
    held = _held_for_originals(home)
    rule = _rule(ORIGINAL_IS_WHOLE)
    return [
        _finding(
            rule, f"{damage_words(r)}{'' if r.file_name in held else '. Its lines, checked before, stay in service'}"
        ).at(publisher_slug=r.publisher_slug, file_name=r.file_name, value=r.sha256[:12])
        for r in damaged
    ]  # fmt: skip


def told_with_no_return(home: Home, findings: Sequence[Finding]) -> list[Finding]:
    """The findings less those that stand with a return already: of a file that is held because its original is damaged."""
    if not any(finding.rule_id == ORIGINAL_IS_WHOLE for finding in findings):
        return list(findings)
    held = _held_for_originals(home)
    return [f for f in findings if f.rule_id != ORIGINAL_IS_WHOLE or f.file_name not in held]


def _held_for_originals(home: Home) -> set[str]:
    return {record.file_name for record in all_records(home) if ORIGINAL_IS_WHOLE in record.held_by}


def endpoint_findings(home: Home, registry: Registry, until: datetime | None = None) -> list[Finding]:
    """One per endpoint whose last attempt (up to an instant) failed, addressed to file and row. An endpoint whose row was corrected
    or taken out has none. Only the words carry the address, without its query: releases are public, and a query may hold a key."""
    log = AttemptLog(home)
    if not log.folder.is_dir():
        return []
    rule, histories = _rule("endpoint_answers"), log.histories(until)
    in_use = {endpoint.key for endpoint in endpoints_of(registry.extension.get("endpoints", []))}
    found: dict[str, Finding] = {}
    for path, file_name in (
        (home.root / "registry" / "endpoints.csv", "registry/endpoints.csv"),
        (SHIPPED, "shipped endpoints.csv"),
    ):
        for number, row in enumerate(read_rows(path) if path.exists() else [], start=2):
            (endpoint,) = endpoints_of([row])
            last = histories.get(endpoint.key, History()).last
            if last is None or last.is_success or endpoint.key in found or (path != SHIPPED and endpoint.key not in in_use):
                continue
            words, expected = describe(rule, value=last.error)
            finding = _finding(rule, f"{words} The address: {last.url.partition('?')[0]}")
            found[endpoint.key] = finding.at(
                publisher_slug=last.agency_slug,
                agency_slug=last.agency_slug,
                kind=last.kind or None,
                file_name=file_name,
                row_number=number,
                expected=expected,
            )
    return list(found.values())


def _rule(rule_id: str) -> Rule:
    return next(rule for rule in load_catalogue() if rule.rule_id == rule_id)


def _finding(rule: Rule, words: str) -> Finding:
    return Finding(
        rule_id=rule.rule_id,
        severity=rule.severity,  # type: ignore[arg-type]
        owner=rule.owner,  # type: ignore[arg-type]
        message=words,
        expected=rule.expected,
        publisher_slug="registry" if rule.rule_id in OF_THE_REGISTRY else "",
    )
