"""Results of the rules that look at many returns together, and the catalogue as a table: what makes the index of rules complete.

Belongs here: which revisions owe a result to a rule of the grains `month` and `overlap`, and what stands in for one that a fault
of the programme kept from running. Must not: decide any rule.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from expectations.catalogue import Rule, load_catalogue
from ingest.findings import Finding
from ingest.revisions import Revision
from orchestration.file_rules import FOLDER_RULES, FOLDER_RULES_OF_THE_COUNT, result_row

TOGETHER_GRAINS = ("month", "overlap")
Decided = tuple[list[dict[str, Any]], list[Finding]]
# What is wrong with the machine stops the run: it says nothing of a rule.
OF_THE_MACHINE = (OSError, MemoryError, duckdb.OperationalError, duckdb.InternalError)
logger = logging.getLogger(__name__)


def rules_of(grain: str, rule_ids: Sequence[str] = ()) -> list[Rule]:
    """The rules of a grain in force (of these ids)."""
    in_force = [rule for rule in load_catalogue() if rule.grain == grain and rule.is_in_force(None)]
    return [rule for rule in in_force if not rule_ids or rule.rule_id in rule_ids]


def catalogue_rows() -> list[dict[str, Any]]:
    """The catalogue in force, a row per rule: `kinds` is `*` or a `;` list."""
    of_folder = {*FOLDER_RULES, *FOLDER_RULES_OF_THE_COUNT}
    return [
        {
            "rule_id": rule.rule_id, "kinds": ";".join(rule.kinds), "grain": rule.grain, "severity": rule.severity,
            "owner": rule.owner, "sentence": rule.sentence, "is_of_folder": rule.rule_id in of_folder,
        }
        for rule in load_catalogue()
        if rule.is_in_force(None)
    ]  # fmt: skip


def decided_together(decide: Callable[[], Decided], rules: Sequence[Rule], revisions: Sequence[Revision], silent: str) -> Decided:
    """What `decide` says of some rules, made complete: every return in service that owes a result has one.

    `silent`: why a rule that ran has nothing to say of a return. When `decide` raises, its rules could not run on any return.
    """
    try:
        results, findings = decide()
    except OF_THE_MACHINE:
        raise
    except Exception as error:  # nothing is hidden: logged whole, and red
        logger.exception("the rules %s could not run", ", ".join(rule.rule_id for rule in rules))
        cause = f"{type(error).__name__}: {error}"
        results = [_of(r, rule, "could_not_run", cause) for rule in rules for r in revisions if owes(r, rule)]
        return results, [could_not_run(rule, cause) for rule in rules]
    findings = [*findings]
    for rule in rules:
        mine = [row for row in results if row["rule_id"] == rule.rule_id]
        if causes := sorted({str(row["cause"]) for row in mine if row["outcome"] == "could_not_run"}):
            findings.append(could_not_run(rule, "; ".join(causes)))
        had = {row["revision_id"] for row in mine}
        owing = [r for r in revisions if owes(r, rule) and r.part.revision_id not in had]
        results = results + [_of(r, rule, "not_applicable", silent) for r in owing]
    return results, findings


def owes(revision: Revision, rule: Rule) -> bool:
    """Whether the rule has to say something of the revision: it is in service, and of a kind that the rule is for."""
    return revision.status == "in_service" and revision.part.kind is not None and rule.applies_to(revision.part.kind)


def could_not_run(rule: Rule, cause: str) -> Finding:
    """The finding of a rule that could not run on returns together."""
    return Finding(
        rule.rule_id, rule.severity, rule.owner,  # type: ignore[arg-type]
        f"the check '{rule.sentence}' could not run: {cause}", rule.expected, outcome="could_not_run", publisher_slug="",
    )  # fmt: skip


def _of(revision: Revision, rule: Rule, outcome: str, cause: str) -> dict[str, Any]:
    part = revision.part
    identity = {"return_id": part.return_id, "revision_id": part.revision_id, "agency_slug": part.agency_slug}
    return identity | result_row(rule, outcome, cause)
