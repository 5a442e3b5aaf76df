"""Returns: each landed file read, checked and written to the lake, by publisher and financial year."""

from collections.abc import Iterator
from decimal import Decimal

import dagster as dg

from ingest.home import Home
from ingest.reading import Reading
from ingest.records import FileRecord, partition_key
from orchestration import intake, storing
from orchestration.assets.landing import LANDED_FILES
from orchestration.checking import check_readings
from orchestration.checks.results import return_rule_results, return_rule_specs
from orchestration.logs import logged
from orchestration.metadata import records_table, reports_list
from orchestration.partitions import PUBLISHER_YEARS
from orchestration.resources import TotalPlace
from orchestration.warehouse import current_records

RETURNS = dg.AssetKey("returns")


@dg.multi_asset(
    name="check_returns",
    specs=[
        dg.AssetSpec(
            RETURNS,
            deps=[LANDED_FILES],
            description="Returns as read and checked: accepted lines in the lake, quarantined lines beside it, every physical row"
            " and penny of the file in exactly one of accepted, quarantined, excluded. A partition is a publisher and a financial"
            " year; one that was never materialised is a year that is missing.",
            group_name="returns",
            owners=["team:data-quality"],
            kinds={"python", "greatexpectations", "parquet"},
        )
    ],
    partitions_def=PUBLISHER_YEARS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=return_rule_specs(RETURNS),
)
@logged("check")
def check_returns(
    context: dg.AssetExecutionContext, totalplace: TotalPlace
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Check every file of the run's partitions that is new, or whose rules, registry or code changed. A bad return never stops
    the others."""
    home, registry, landing = totalplace.home, totalplace.registry(), totalplace.landing()
    waivers, wanted = totalplace.waivers(), set(context.partition_keys)
    done: list[FileRecord] = []
    waiting: list[Reading] = []
    made = 0
    for receipt in landing.receipts():
        record = intake.is_done(home, registry, receipt, waivers)
        if record is not None:
            done.append(record)
        elif wanted & intake.partitions_of_landed(landing, registry, receipt):
            waiting.append(intake.take_lines(landing, registry, intake.read_landed(landing, registry, receipt)))
        if len(waiting) >= intake.BATCH:
            done += _check(context, totalplace, waiting)
            made += len(waiting)
            waiting = []
    made += len(waiting)
    done += _check(context, totalplace, waiting)
    for key in sorted(wanted):
        mine = [record for record in done if key in record.partitions]
        context.add_asset_metadata(_partition_metadata(home, mine, key), asset_key=RETURNS, partition_key=key)
    yield dg.MaterializeResult(asset_key=RETURNS, metadata={"files_checked_in_this_run": made})
    yield from return_rule_results(RETURNS, home, current_records(home, totalplace.instant))


def _check(context: dg.AssetExecutionContext, totalplace: TotalPlace, readings: list[Reading]) -> list[FileRecord]:
    home, registry, landing = totalplace.home, totalplace.registry(), totalplace.landing()
    records: list[FileRecord] = []
    for checked in check_readings(readings, registry, totalplace.waivers()):
        record = storing.store(home, checked, registry)
        intake.drop_reading(landing, registry, checked.reading.receipt)
        context.log.info(f"{record.file_name}: {_in_words(record)}")
        records.append(record)
    return records


def _in_words(record: FileRecord) -> str:
    accepted = sum(int(entry["accepted_count"]) for part in record.parts for entry in part.ledger)
    held = [part.hold_reason for part in record.parts if part.is_held]
    return f"{accepted} rows accepted" + (f"; HELD: {'; '.join(held)}" if held else "")


def _partition_metadata(home: Home, records: list[FileRecord], key: str) -> dict[str, object]:
    parts = [p for r in records for p in r.parts if partition_key(r.publisher_slug, p.financial_year) == key]
    entries = [entry for part in parts for entry in part.ledger]
    return {
        "returns": len(parts),
        "rows_accepted": sum(int(e["accepted_count"]) for e in entries),
        "rows_quarantined": sum(int(e["quarantined_count"]) for e in entries),
        "rows_excluded": sum(int(e["excluded_count"]) for e in entries),
        "accepted_gbp": str(sum((Decimal(e["accepted_gbp"]) for e in entries), Decimal(0))),
        "returns_held": sum(part.is_held for part in parts),
        "findings": sum(part.finding_counts.get("total", 0) for part in parts),
        "ledger": records_table(records),
        "submitter_reports": reports_list(home, records),
    }
