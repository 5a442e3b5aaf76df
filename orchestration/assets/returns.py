"""Returns: each landed file read, checked and written to the lake, by publisher and financial year."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingest.reading import Reading
from ingest.records import FileRecord
from orchestration import intake, storing
from orchestration.assets.documents import write_docs
from orchestration.assets.landing import LANDED_FILES
from orchestration.checking import check_readings
from orchestration.checks.results import return_rule_results, return_rule_specs
from orchestration.logs import logged
from orchestration.metadata import partition_metadata
from orchestration.partition_facts import facts_of_partitions
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
    days = _data_docs_days(totalplace)
    waivers, wanted = totalplace.waivers(), set(context.partition_keys)
    waiting: list[Reading] = []
    made: list[FileRecord] = []
    for receipt in landing.receipts():
        record = intake.is_done(home, registry, receipt, waivers)
        if record is None and wanted & intake.partitions_of_landed(landing, registry, receipt):
            waiting.append(intake.take_lines(landing, registry, intake.read_landed(landing, registry, receipt)))
        if intake.is_batch(waiting):
            made += _check(context, totalplace, waiting)
            waiting = []
    made += _check(context, totalplace, waiting)
    records = current_records(home, totalplace.instant)
    docs = write_docs(context, totalplace, made, records, days)
    for facts in facts_of_partitions(home.root, records, sorted(wanted)):
        context.add_asset_metadata(partition_metadata(home, facts), asset_key=RETURNS, partition_key=facts.key)
    metadata: dict[str, Any] = {"files_checked_in_this_run": len(made), "data_docs": docs}
    yield dg.MaterializeResult(asset_key=RETURNS, metadata=metadata)
    yield from return_rule_results(RETURNS, home, records)


def _data_docs_days(totalplace: TotalPlace) -> int:
    try:
        return totalplace.data_docs_days()
    except ValueError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


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
