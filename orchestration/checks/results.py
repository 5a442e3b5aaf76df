"""The rule catalogue as asset checks.

A check speaks for every return in service or held last, not only for those of the run at hand: otherwise a run over one
partition would turn another's red check green. A rule without a result is red.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import duckdb

from expectations.catalogue import Rule, load_catalogue, rules_for
from expectations.wording import describe
from ingest.home import Home
from ingest.records import FileRecord, PartRecord
from ingest.registry import Registry
from ingest.revisions import decide_revisions
from orchestration.intake import ORIGINAL_IS_WHOLE
from orchestration.metadata import table
from orchestration.notices import endpoint_findings, original_findings, registry_findings
from orchestration.warehouse import current_records

RETURN_GRAINS = ("line", "return", "control")
SAMPLE_ROWS = 25


@dataclass
class RuleStatus:
    """One rule over all current returns."""

    rule: Rule
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("passed", "failed", "not_applicable", "could_not_run"), 0)
    )
    failed_rows: int = 0
    causes: list[str] = field(default_factory=list[str])

    @property
    def outcome(self) -> str:
        """The worst of its outcomes; a rule that applied to nothing is not applicable."""
        for outcome in ("could_not_run", "failed", "passed"):
            if self.counts[outcome]:
                return outcome
        return "not_applicable"


def catalogue_rules(grains: Sequence[str]) -> list[Rule]:
    """Rules in force of some grains, decisions merely recorded (info of grain file) left out."""
    in_force = [rule for rule in load_catalogue() if rule.grain in grains and rule.is_in_force(None)]
    return [rule for rule in in_force if not (rule.grain == "file" and rule.severity == "info")]


def _specs(asset: dg.AssetKey, grains: Sequence[str]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            rule.rule_id, asset=asset, description=f"{rule.sentence}. ({rule.severity}; {rule.owner.replace('_', ' ')} acts)"
        )
        for rule in catalogue_rules(grains)
    ]


def file_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("file",))


def return_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, RETURN_GRAINS)


def month_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("month",))


def overlap_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("overlap",))


def current_parts(records: Sequence[FileRecord]) -> list[tuple[FileRecord, PartRecord]]:
    """Returns in service, and held ones that stand last."""
    revisions = decide_revisions(records)
    last = {r.part.return_id: r.revision_number for r in revisions}
    return [
        (r.file, r.part)
        for r in revisions
        if r.status == "in_service" or (r.status == "held" and r.revision_number == last[r.part.return_id])
    ]


def rule_statuses(records: Sequence[FileRecord], grains: Sequence[str]) -> dict[str, RuleStatus]:
    """Every rule of the grains with its outcomes over the current returns; a result that is missing could not run."""
    statuses = {rule.rule_id: RuleStatus(rule) for rule in catalogue_rules(grains)}
    for _, part in current_parts(records):
        results = {str(result["rule_id"]): result for result in part.rule_results}
        if part.kind is not None and part.period is not None:
            for grain in ("line", "return"):
                for rule in rules_for(load_catalogue(), part.kind, grain):
                    if rule.rule_id in statuses and rule.rule_id not in results:
                        statuses[rule.rule_id].counts["could_not_run"] += 1
                        statuses[rule.rule_id].causes.append(f"{part.return_id}: no result")
        for rule_id, result in results.items():
            if status := statuses.get(rule_id):
                status.counts[str(result["outcome"])] += 1
                status.failed_rows += int(result["failed_count"])
                if result["outcome"] == "could_not_run":
                    status.causes.append(f"{part.return_id}: {result['cause']}")
    return statuses


def file_rule_results(asset: dg.AssetKey, home: Home, registry: Registry) -> Iterator[dg.AssetCheckResult]:
    """The rules of files; those about registry rows and endpoints from the registry itself and the attempt log."""
    records = current_records(home)
    of_folder = {
        "registry_row_unreadable": registry_findings(registry),
        "endpoint_answers": endpoint_findings(home, registry),
        ORIGINAL_IS_WHOLE: original_findings(home, with_held=True),
    }
    for result in _results(asset, home, records, ("file",)):
        if result.check_name not in of_folder:
            yield result
    for rule in [rule for rule in catalogue_rules(("file",)) if rule.rule_id in of_folder]:
        found = of_folder[rule.rule_id]
        status = RuleStatus(rule)
        status.counts["failed" if found else "passed"] = 1
        status.failed_rows = len(found)
        sample: list[dict[str, object]] = [
            {"file": f.file_name, "row": f.row_number, "value": f.value, "what_to_do": f.message} for f in found[:SAMPLE_ROWS]
        ]
        yield check_result(asset, status, sample)


def return_rule_results(asset: dg.AssetKey, home: Home, records: Sequence[FileRecord]) -> Iterator[dg.AssetCheckResult]:
    yield from _results(asset, home, records, RETURN_GRAINS)


def _results(asset: dg.AssetKey, home: Home, records: Sequence[FileRecord], grains: Sequence[str]) -> Iterator[dg.AssetCheckResult]:
    statuses = rule_statuses(records, grains)
    paths = sorted({str(home.root / record.findings_path) for record, _ in current_parts(records)})
    samples = sample_findings(paths, [s.rule.rule_id for s in statuses.values() if s.outcome in ("failed", "could_not_run")])
    for status in statuses.values():
        yield check_result(asset, status, samples.get(status.rule.rule_id, []))


def check_result(asset: dg.AssetKey, status: RuleStatus, sample: Sequence[dict[str, object]]) -> dg.AssetCheckResult:
    """The check as Dagster shows it: in words, with the failing rows."""
    rule, outcome = status.rule, status.outcome
    words = {
        "passed": f"holds in {status.counts['passed']} returns",
        "not_applicable": "applies to no return that is in",
        "failed": f"broken in {status.counts['failed']} returns, {status.failed_rows} rows",
        "could_not_run": f"COULD NOT RUN on {status.counts['could_not_run']} returns: {'; '.join(status.causes[:3])}",
    }[outcome]
    metadata: dict[str, Any] = {
        "outcome": outcome,
        "what_it_says": rule.sentence,
        "who_acts": rule.owner.replace("_", " "),
        "expected": describe(rule)[1],
        **{f"returns_{name}": count for name, count in status.counts.items()},
        "failing_rows": status.failed_rows,
    }
    if sample:
        columns = {
            "file": "string", "sheet": "string", "row": "int", "value": "string", "amount_gbp": "string", "what_to_do": "string",
        }  # fmt: skip
        metadata[f"first_{len(sample)}_of_{status.failed_rows}"] = table(columns, sample)
    is_error = rule.severity == "blocking" or outcome == "could_not_run"
    return dg.AssetCheckResult(
        passed=outcome in ("passed", "not_applicable"),
        asset_key=asset,
        check_name=rule.rule_id,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=f"{rule.sentence}: {words}",
        metadata=metadata,
    )


def sample_findings(paths: Sequence[str], rule_ids: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    """The first findings of each rule, by file and row. Complete lists are in `qa_findings` and the submitter's CSV."""
    if not paths or not rule_ids:
        return {}
    found: dict[str, list[dict[str, object]]] = {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select rule_id, file_name, sheet_name, row_number, value, amount_gbp, message
            from read_parquet($paths)
            where list_contains($rules, rule_id)
            qualify row_number() over (partition by rule_id order by file_name, sheet_name, row_number) <= $size
            order by rule_id, file_name, sheet_name, row_number
            """,
            {"paths": list(paths), "rules": list(rule_ids), "size": SAMPLE_ROWS},
        ).fetchall()
    for rule_id, file, sheet, row, value, amount, message in rows:
        record: dict[str, object] = {
            "file": file, "sheet": sheet, "row": row, "value": value, "what_to_do": message,
            "amount_gbp": None if amount is None else f"{amount:,.2f}",
        }  # fmt: skip
        found.setdefault(rule_id, []).append(record)
    return found
