"""How each rule of the catalogue stands over all current returns: from their records, or from the working database.

A status speaks for every return in service or held last, not only for those of the run at hand: otherwise a run over one partition
would turn another's red check green. A result that is owed and is not there counts as could not run.

Belongs here: counting outcomes. Must not: know Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from expectations.catalogue import Rule, load_catalogue
from ingest.records import FileRecord, PartRecord
from ingest.revisions import decide_revisions
from orchestration.file_rules import FOLDER_RULES, owed_by

OUTCOMES = ("passed", "failed", "not_applicable", "could_not_run")
NO_RESULT = "no result was recorded"


@dataclass
class RuleStatus:
    """One rule over all current returns: how many have each outcome, failing rows, and causes of what could not run."""

    rule: Rule
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    failed_rows: int = 0
    causes: list[str] = field(default_factory=list[str])

    @property
    def outcome(self) -> str:
        """The worst of its outcomes; a rule that applied to nothing is not applicable."""
        for outcome in ("could_not_run", "failed", "passed"):
            if self.counts[outcome]:
                return outcome
        return "not_applicable"

    def add(self, return_id: str, outcome: str, failed_rows: int = 0, cause: str | None = None) -> None:
        """Count one return's result."""
        self.counts[outcome] += 1
        self.failed_rows += failed_rows
        if outcome == "could_not_run":
            self.causes.append(f"{return_id}: {cause or 'no cause was recorded'}")


def catalogue_rules(grains: Sequence[str]) -> list[Rule]:
    """Rules in force of some grains, decisions merely recorded (info of grain file) left out."""
    in_force = [rule for rule in load_catalogue() if rule.grain in grains and rule.is_in_force(None)]
    return [rule for rule in in_force if not (rule.grain == "file" and rule.severity == "info")]


def current_parts(records: Sequence[FileRecord]) -> list[tuple[FileRecord, PartRecord]]:
    """Returns in service, and held ones that stand last."""
    revisions = decide_revisions(records)
    last = {r.part.return_id: r.revision_number for r in revisions}
    return [
        (r.file, r.part)
        for r in revisions
        if r.status == "in_service" or (r.status == "held" and r.revision_number == last[r.part.return_id])
    ]


def rule_statuses(
    parts: Sequence[tuple[FileRecord, PartRecord]], grains: Sequence[str], rules: Sequence[Rule] | None = None
) -> dict[str, RuleStatus]:
    """Every rule of the grains (or of `rules`) with its outcomes over returns, from their records."""
    wanted = catalogue_rules(grains) if rules is None else rules
    statuses = {rule.rule_id: RuleStatus(rule) for rule in wanted if rule.rule_id not in FOLDER_RULES}
    for _, part in parts:
        results = {str(result["rule_id"]): result for result in part.rule_results}
        for rule_id, status in statuses.items():
            if result := results.get(rule_id):
                status.add(part.return_id, str(result["outcome"]), int(result["failed_count"]), result["cause"])
            elif rule_id in owed_by(part.kind):
                status.add(part.return_id, "could_not_run", cause=NO_RESULT)
    return statuses


_TOGETHER = """
    select r.rule_id, r.return_id, r.outcome, r.failed_count, r.cause from intake.rule_results as r where r.grain = $grain
    union all
    select rules.rule_id, returns.return_id, 'could_not_run', 0, $no_result
    from (select unnest($rules) as rule_id, unnest($kinds) as kinds) as rules
    inner join intake.returns as returns
        on returns.status = 'in_service' and (rules.kinds = '*' or list_contains(string_split(rules.kinds, ';'), returns.kind))
    anti join intake.rule_results as results
        on returns.revision_id = results.revision_id and rules.rule_id = results.rule_id
    order by all
"""


def statuses_together(connection: duckdb.DuckDBPyConnection, grain: str) -> dict[str, RuleStatus]:
    """Every rule of a grain that looks at returns together (`month`, `overlap`), from the working database."""
    statuses = {rule.rule_id: RuleStatus(rule) for rule in catalogue_rules((grain,))}
    rules = [status.rule for status in statuses.values()]
    parameters = {
        "grain": grain, "no_result": NO_RESULT, "rules": [r.rule_id for r in rules], "kinds": [";".join(r.kinds) for r in rules]
    }  # fmt: skip
    for rule_id, return_id, outcome, failed_rows, cause in connection.execute(_TOGETHER, parameters).fetchall():
        if rule_id in statuses:
            statuses[rule_id].add(return_id or "the folder", outcome, int(failed_rows or 0), cause)
    return statuses
