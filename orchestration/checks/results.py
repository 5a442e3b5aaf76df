"""The rule catalogue as asset checks: each rule a sentence, with who acts, the failing rows and what to do.

Belongs here: the specs of the checks, and how a rule's status (`statuses`) shows in Dagster. A rule without a result is red.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import dagster as dg
import duckdb

from expectations.catalogue import Rule
from expectations.wording import describe
from ingest.home import Home
from ingest.records import FileRecord
from ingest.registry import Registry
from orchestration.checks.statuses import RuleStatus, catalogue_rules, current_parts, rule_statuses, statuses_together
from orchestration.file_rules import FOLDER_RULES, ORIGINAL_IS_WHOLE
from orchestration.metadata import table
from orchestration.notices import endpoint_findings, folder_results, name_findings, original_findings, registry_findings

RETURN_GRAINS = ("line", "return", "control")
SAMPLE_ROWS = 25
CAUSES_SHOWN = 3


def _specs(asset: dg.AssetKey, grains: Sequence[str]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            rule.rule_id,
            asset=asset,
            description=f"{rule.sentence}. {consequence(rule)}; the {rule.owner.replace('_', ' ')} acts.",
            metadata={"severity": rule.severity, "who_acts": rule.owner.replace("_", " "), "kinds": ", ".join(rule.kinds)},
        )
        for rule in catalogue_rules(grains)
    ]


def consequence(rule: Rule) -> str:
    """What breaking the rule means: the check itself stops nothing, what breaks a blocking rule was held before."""
    if rule.severity != "blocking":
        return "A warning: what breaks it counts all the same" if rule.severity == "warning" else "For information"
    return "Blocking: a line that breaks it is held" if rule.grain == "line" else "Blocking: a return that breaks it is held whole"


def file_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("file",))


def return_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, RETURN_GRAINS)


def month_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("month",))


def overlap_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("overlap",))


def payer_rule_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return _specs(asset, ("payer",))


def file_rule_results(
    asset: dg.AssetKey, home: Home, registry: Registry, records: Sequence[FileRecord]
) -> Iterator[dg.AssetCheckResult]:
    """The rules of files; those about registry rows and endpoints from the registry itself and the attempt log."""
    yield from _results(asset, home, records, ("file",))
    rows, found = folder_results({
        "registry_row_unreadable": partial(registry_findings, registry),
        "agency_name_is_its_own": partial(name_findings, registry),
        "endpoint_answers": partial(endpoint_findings, home, registry),
        ORIGINAL_IS_WHOLE: partial(original_findings, home),
    })  # fmt: skip
    of_folder = {rule.rule_id: rule for rule in catalogue_rules(("file",)) if rule.rule_id in FOLDER_RULES}
    for row in rows:
        status = RuleStatus(of_folder[row["rule_id"]])
        status.add("the folder", row["outcome"], row["failed_count"], row["cause"])
        sample: list[dict[str, object]] = [
            {"file": f.file_name, "row": f.row_number, "value": f.value, "what_to_do": f.message}
            for f in found
            if f.rule_id == row["rule_id"]
        ]
        yield check_result(asset, status, sample[:SAMPLE_ROWS])


def return_rule_results(asset: dg.AssetKey, home: Home, records: Sequence[FileRecord]) -> Iterator[dg.AssetCheckResult]:
    yield from _results(asset, home, records, RETURN_GRAINS)


def _results(asset: dg.AssetKey, home: Home, records: Sequence[FileRecord], grains: Sequence[str]) -> Iterator[dg.AssetCheckResult]:
    parts = current_parts(records)
    statuses = rule_statuses(parts, grains)
    read = {record.key: record for record, _ in parts}
    if "file" in grains:  # an archive has no return of its own: what it holds landed beside it
        read |= {record.key: record for record in records if not record.parts}
    paths = sorted({str(home.root / record.findings_path) for record in read.values()})
    for rule_id, count in _counts_without_return(home, records).items() if "file" in grains else ():
        if status := statuses.get(rule_id):
            status.add("an archive", "failed", count)
    samples = sample_findings(paths, [s.rule.rule_id for s in statuses.values() if s.outcome in ("failed", "could_not_run")])
    for status in statuses.values():
        yield check_result(asset, status, samples.get(status.rule.rule_id, []))


def _counts_without_return(home: Home, records: Sequence[FileRecord]) -> dict[str, int]:
    """Rule -> findings, of files without a return of their own."""
    paths = [str(home.root / r.findings_path) for r in records if not r.parts and (home.root / r.findings_path).exists()]
    if not paths:
        return {}
    with duckdb.connect() as connection:
        return dict(connection.execute("select rule_id, count(*) from read_parquet(?) group by all", [paths]).fetchall())


def together_results(asset: dg.AssetKey, connection: duckdb.DuckDBPyConnection, grain: str) -> Iterator[dg.AssetCheckResult]:
    """The rules that look at many returns together, from the results that lie in the working database."""
    failing = connection.execute(_FAILING_TOGETHER, [grain]).fetchall()
    for rule_id, status in statuses_together(connection, grain).items():
        mine = [row for row in failing if row[0] == rule_id]
        status.failed_rows = len(mine)
        if mine and not status.counts["failed"]:
            status.counts["failed"] = 1  # a month that no return covers fails without one
        sample: list[dict[str, object]] = [{"file": row[1] or row[3], "value": row[2], "what_to_do": row[4]} for row in mine]
        yield check_result(asset, status, sample[:SAMPLE_ROWS])


_FAILING_TOGETHER = """
    select rule_id, nullif(file_name, ''), value, agency_slug, message
    from intake.findings
    where outcome = 'failed' and rule_id in (select rule_id from intake.rules where grain = ?)
    order by agency_slug, period, file_name, value
"""


def stopped_results(asset: dg.AssetKey, grain: str, cause: str) -> Iterator[dg.AssetCheckResult]:
    """Every rule of a grain as one that could not run, because what it is decided in stopped."""
    for rule in catalogue_rules((grain,)):
        status = RuleStatus(rule)
        status.add("all returns", "could_not_run", cause=cause)
        yield check_result(asset, status, [])


def check_result(asset: dg.AssetKey, status: RuleStatus, sample: Sequence[dict[str, object]]) -> dg.AssetCheckResult:
    """The check as Dagster shows it: in words, with the failing rows. Only a rule that holds wherever it applies passes; one that
    could not run is an error whatever its severity."""
    rule, outcome = status.rule, status.outcome
    metadata: dict[str, Any] = {
        "outcome": outcome,
        "what_it_says": rule.sentence,
        "severity_of_the_rule": rule.severity,
        "who_acts": rule.owner.replace("_", " "),
        "expected": describe(rule)[1],
        **{f"returns_{name}": count for name, count in status.counts.items()},
        "failing_rows": status.failed_rows,
    }
    if status.causes:
        metadata["could_not_run"] = table({"return_and_cause": "string"}, [{"return_and_cause": c} for c in status.causes])
    if sample:
        columns = {
            "file": "string", "sheet": "string", "row": "int", "value": "string", "amount_gbp": "string", "what_to_do": "string",
        }  # fmt: skip
        metadata[f"first_{len(sample)}_of_{max(status.failed_rows, len(sample))}"] = table(columns, sample)
    is_error = rule.severity == "blocking" or outcome == "could_not_run"
    return dg.AssetCheckResult(
        passed=outcome in ("passed", "not_applicable"),
        asset_key=asset,
        check_name=rule.rule_id,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=f"{rule.sentence}: {in_words(status)}",
        metadata=metadata,
    )


def in_words(status: RuleStatus) -> str:
    """What became of a rule, worst first: "could not run on 1 return: cause; broken in 2 returns, 5 rows"."""
    counts, parts = status.counts, list[str]()
    if counts["could_not_run"]:
        more = len(status.causes) - CAUSES_SHOWN
        causes = "; ".join(status.causes[:CAUSES_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        parts.append(f"could not run on {_returns(counts['could_not_run'])}: {causes}")
    if counts["failed"]:
        rows = f"{status.failed_rows:,} row{'' if status.failed_rows == 1 else 's'}"
        parts.append(f"broken in {_returns(counts['failed'])}, {rows}")
    if not parts:
        parts.append(f"holds in {_returns(counts['passed'])}" if counts["passed"] else "applies to no return that is in")
    return "; ".join(parts)


def _returns(count: int) -> str:
    return f"{count:,} return{'' if count == 1 else 's'}"


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
