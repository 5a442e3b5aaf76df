"""The warehouse: the working database from what is in service, and the dbt models built in it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import dagster as dg
import duckdb

from ingest.lake import SCHEMAS
from ingest.returns_folder import list_folder
from orchestration import kept_build
from orchestration.assets.returns import RETURNS
from orchestration.checks.results import month_rule_specs, overlap_rule_specs, stopped_results, together_results
from orchestration.dbt_catalogue import REGISTRY, catalogue
from orchestration.dbt_words import test_sentence
from orchestration.early_copy import begin_copy, wait_for_build
from orchestration.file_rules import ORIGINAL_IS_WHOLE
from orchestration.intake_tables import INTAKE_COLUMNS
from orchestration.ledger_parts import COLUMNS as LEDGER_COLUMNS
from orchestration.logs import logged
from orchestration.notices import (
    endpoint_findings,
    folder_results,
    name_findings,
    original_findings,
    registry_findings,
    root_file_findings,
    told_with_no_return,
)
from orchestration.origin import keep_origin, origin_of
from orchestration.resources import TotalPlace
from orchestration.transform import NodeResult, TransformError
from orchestration.warehouse import prepare_warehouse

_CATALOGUE = catalogue()
PUBLISH_JOB = "publish_release"  # the job that goes on to a release
WAREHOUSE_POOL = "duckdb"  # one writer at a time: DuckDB allows one writing process or many readers
_MONTHS, _OVERLAPS = dg.AssetKey(["lake", "spend"]), dg.AssetKey(["intake", "returns"])
_LAKE_WORDS = {
    "spend": "Ledger lines in service: one row per published payment line.",
    "count": "Count templates in service: outlays and income by service, funding and place.",
    "service_expenditure": "Revenue outturn lines in service: authority by service line, net current expenditure.",
    "procurement_card": "Card payments in service: one row per published transaction, the merchant as payee.",
    "grants": "360Giving awards in service: commitments, never counted.",
    "funding": "Funding templates in service: what a payer gives a payee in a year, by route and stream.",
    "benefits": "Benefit templates in service: benefits paid by place and year.",
    "culture_barriers": "Culture register: barriers reported.",
    "culture_enablers": "Culture register: enablers reported.",
    "joint_arrangements": "Culture register: pooled funds, shared services and other joint arrangements.",
    "governance_bodies": "Culture register: boards and partnerships with their members.",
    "asks": "Culture register: what one agency asked of another, and the answer.",
    "outcomes": "Outcome figures in service, by place, year and indicator.",
    "invest_to_save": "Invest-to-save proposals in service: cost and benefit by agency and year.",
}
_LEDGER_WORDS = {
    "ledger_origins": "Where lines of payment come from, once each: return revision, agency, year, sheet.",
    "ledger_wordings": "Combinations of categories of lines of payment, by agency and year.",
    "ledger_payees": "Payee names of lines of payment with the numbers beside them, by agency and year.",
    "ledger_days": "Lines of payment and their money, by origin and day.",
}
_INTAKE_WORDS = {
    "returns": "Return revisions with their status: in service, superseded, held.",
    "ledger": "Rows and pounds of every file: accepted, quarantined, excluded, beside an independent tally.",
    "findings": "Every finding, addressed to file, sheet, row and cell.",
    "rule_results": "Every rule on every return: passed, failed, not applicable, could not run.",
    "rules": "The rule catalogue in force: what every return is held to, and who acts.",
    "controls": "Totals printed in the files beside the sums of what they total.",
    "suspense": "Money of quarantined lines and held returns.",
    "returns_due": "Returns the submission calendar asks for, with what became of each by the day of the release.",
    "waivers": "Holds that a person let go, with the reason and what was let in.",
    "repeated_rows": "Rows in service that are not counted, because an earlier file of the agency has them.",
    "supplier_names": "Every payee name in service with the supplier it was resolved to: by what method, how surely and why.",
}


def _column_schema(source: str, types: Mapping[str, object]) -> dg.TableSchema:
    words = _CATALOGUE.column_words.get(source, _CATALOGUE.column_words[""])
    return dg.TableSchema(columns=[dg.TableColumn(name, str(kind), description=words.get(name)) for name, kind in types.items()])


def _input_specs() -> list[dg.AssetSpec]:
    common: dict[str, Any] = {"deps": [RETURNS], "owners": ["team:data-engineering"], "kinds": {"duckdb", "table"}}
    specs = [
        dg.AssetSpec(
            ["lake", kind],
            description=words,
            group_name="lake",
            metadata={"dagster/column_schema": _column_schema(f"lake.{kind}", {f.name: f.type for f in SCHEMAS[kind]})},
            **common,
        )
        for kind, words in _LAKE_WORDS.items()
    ]
    specs += [
        dg.AssetSpec(
            ["lake", name],
            description=words,
            group_name="lake",
            metadata={"dagster/column_schema": _column_schema(f"lake.{name}", LEDGER_COLUMNS[name])},
            **common,
        )
        for name, words in _LEDGER_WORDS.items()
    ]
    specs += [
        dg.AssetSpec(
            ["intake", name],
            description=words,
            group_name="intake",
            metadata={"dagster/column_schema": _column_schema(f"intake.{name}", INTAKE_COLUMNS[name])}
            if name in INTAKE_COLUMNS
            else {},
            **common,
        )
        for name, words in _INTAKE_WORDS.items()
    ]
    specs.append(
        dg.AssetSpec(
            REGISTRY,
            description="What the returns folder's own registry adds to the shipped seeds: agencies, places, areas, rules.",
            group_name="intake",
            **common,
        )
    )
    return specs


@dg.multi_asset(
    name="prepare_working_database",
    specs=_input_specs(),
    check_specs=month_rule_specs(_MONTHS) + overlap_rule_specs(_OVERLAPS),
    pool=WAREHOUSE_POOL,
)
def prepare_working_database(
    context: dg.AssetExecutionContext, totalplace: TotalPlace
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Choose the revision in service of every return and lay them out for dbt."""
    registry = totalplace.counting_registry()
    ignored = list_folder(totalplace.folder).ignored if totalplace.folder and totalplace.folder.is_dir() else ()
    results, notices = folder_results({
        "registry_row_unreadable": partial(registry_findings, registry),
        "agency_name_is_its_own": partial(name_findings, registry),
        "root_file_ignored": partial(root_file_findings, ignored),
        "endpoint_answers": partial(endpoint_findings, totalplace.home, registry, totalplace.instant),
        ORIGINAL_IS_WHOLE: partial(original_findings, totalplace.home),
    })  # fmt: skip
    notices = told_with_no_return(totalplace.home, notices)
    today = (totalplace.instant or totalplace.now()).date()  # a past state is judged by the months that had ended then
    try:
        prepared = prepare_warehouse(totalplace.home, registry, today, totalplace.instant, notices, results)
        keep_origin(totalplace.home.warehouse, origin_of(totalplace, prepared.revisions, registry))
    except Exception as error:  # what it decides must not look decided; the run fails all the same
        cause = f"the working database could not be prepared, {type(error).__name__}: {error}"
        yield from stopped_results(_MONTHS, "month", cause)
        yield from stopped_results(_OVERLAPS, "overlap", cause)
        raise
    in_service = sum(r.status == "in_service" for r in prepared.revisions)
    context.log.info(f"{in_service} returns in service of {len(prepared.revisions)} revisions")
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        for kind in _LAKE_WORDS:
            count = connection.execute(f"select count(*), sum(amount_gbp) from lake.{kind}").fetchone() or (0, None)
            metadata: dict[str, Any] = {"dagster/row_count": count[0], "amount_gbp": str(count[1] or 0)}
            yield dg.MaterializeResult(asset_key=["lake", kind], metadata=metadata)
        for name in _LEDGER_WORDS:
            row = connection.execute(f"select count(*) from lake.{name}").fetchone() or (0,)
            yield dg.MaterializeResult(asset_key=["lake", name], metadata={"dagster/row_count": row[0]})
        for name in _INTAKE_WORDS:
            yield dg.MaterializeResult(
                asset_key=["intake", name], metadata={"dagster/row_count": prepared.row_counts.get(f"intake.{name}", 0)}
            )
        registry_rows = sum(n for name, n in prepared.row_counts.items() if name.startswith("registry."))
        yield dg.MaterializeResult(asset_key=REGISTRY, metadata={"rows_added": registry_rows})
        yield from together_results(_MONTHS, connection, "month")
        yield from together_results(_OVERLAPS, connection, "overlap")


@dg.multi_asset(
    name="build_warehouse",
    specs=_CATALOGUE.specs,
    check_specs=_CATALOGUE.check_specs,
    can_subset=True,
    pool=WAREHOUSE_POOL,
)
@logged("build")
def build_warehouse(
    context: dg.AssetExecutionContext, totalplace: TotalPlace
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """`dbt build` in the working database: seeds, models, tests. A failing test stops the release, with its words."""
    try:
        build = kept_build.begin_build(totalplace.home, context.log.info)
        results, rows = build.results, build.row_counts
        failures = [r for r in results if r.is_failure and r.status != "skipped"]
        if not failures and context.run.job_name == PUBLISH_JOB:
            begin_copy(totalplace.home, build.finish)
        else:
            build.finish()
    except TransformError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
    built = [r for r in results if r.resource_type in ("model", "seed") and not r.is_failure]
    for result in built:
        metadata: dict[str, Any] = {"seconds": round(result.seconds, 3)}
        if result.name in rows:
            metadata["dagster/row_count"] = rows[result.name]
        if dg.AssetKey(result.name) in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=result.name, metadata=metadata)
    checks = _CATALOGUE.check_keys
    for result in results:
        if result.resource_type == "test":
            key = checks.get(result.unique_id)
            if key is not None and key in context.selected_asset_check_keys:
                yield check_of_test(result, key)
    try:
        wait_for_build(totalplace.home)
    except TransformError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
    if failures:
        words = "; ".join(f"{r.name}: {r.message or r.status}" for r in failures[:3])
        more = f" and {len(failures) - 3} more" if len(failures) > 3 else ""
        raise dg.Failure(
            description=f"the warehouse did not build, no release: {words}{more} (log: build/dbt-logs/dbt.log in the home)",
            allow_retries=False,
        )


def check_of_test(result: NodeResult, key: dg.AssetCheckKey) -> dg.AssetCheckResult:
    """A dbt test as a check. One that crashed, or was skipped because what it tests was not built, could not run: an error
    whatever its severity."""
    passed = result.status in ("pass", "success")
    sentence = _CATALOGUE.sentences.get(result.unique_id) or test_sentence({"name": result.name})
    words = "holds" if passed else f"{result.failures} rows break it. {result.message}"
    if result.status == "skipped":
        words = "could not run: what it tests was not built"
    elif result.status == "error":
        words = f"could not run: {result.message or 'dbt gave no cause'}"
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
        description=f"{sentence}: {words}",
        metadata={"failing_rows": result.failures, "seconds": round(result.seconds, 3)},
    )
