"""Landing: the originals of every return, by hash, with receipts; and what each was found to be."""

from collections.abc import Iterator

import dagster as dg

from ingest.records import FileRecord
from ingest.registry import RegistryError
from ingest.returns_folder import MisplacedFolder
from orchestration import intake, storing
from orchestration.assets.documents import write_docs
from orchestration.checking import check_reading
from orchestration.checks.results import file_rule_results, file_rule_specs
from orchestration.fetching import fetch_due
from orchestration.logs import logged
from orchestration.metadata import receipts_table
from orchestration.partitions import register_keys
from orchestration.resources import TotalPlace
from orchestration.retries import network_retry
from orchestration.warehouse import current_records

LANDED_FILES = dg.AssetKey("landed_files")


@dg.multi_asset(
    name="land",
    specs=[
        dg.AssetSpec(
            LANDED_FILES,
            description="Originals of every return, unchanged, by sha256, each with a receipt: publisher, source, size, type, when."
            " Each is read once here to learn its kind and period, and so its partition.",
            group_name="landing",
            owners=["team:data-engineering"],
            kinds={"python", "file"},
        )
    ],
    check_specs=file_rule_specs(LANDED_FILES),
)
@logged("land")
def land(context: dg.AssetExecutionContext, totalplace: TotalPlace) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Land the folder, fetch the due endpoints of its registry, read what is new, register its partitions; a file that cannot be
    read is recorded as held."""
    folder = totalplace.folder
    if folder is None:
        raise dg.Failure(description="no returns folder is set: run `totalplace run --returns FOLDER` once", allow_retries=False)
    landing = totalplace.landing()
    try:
        report = landing.land_folder(folder)
    except (FileNotFoundError, NotADirectoryError, MisplacedFolder, RegistryError) as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
    if report.restored:
        context.log.warning(f"damaged originals restored from the folder: {', '.join(report.restored)}")
    if report.clock_behind:
        context.log.warning(f"the clock stands {report.clock_behind} before the last landing: what landed now is ordered after it")
    try:
        registry = totalplace.registry()  # as it now is: landing keeps a copy of the folder's
        fetched = fetch_due(totalplace, registry, failed_again=context.retry_number > 0)
    except ValueError as error:  # a RegistryError is one
        raise dg.Failure(description=str(error), allow_retries=False) from error
    if again := network_retry(fetched, context.retry_number, is_watched="totalplace/command" in context.run.tags):
        raise again
    receipts = landing.receipts() if fetched.receipts else report.receipts
    waivers = totalplace.waivers()
    present: set[str] = set()
    judged: list[FileRecord] = []
    for receipt in receipts:
        record = intake.is_done(totalplace.home, registry, receipt, waivers)
        if record is None:
            reading = intake.read_landed(landing, registry, receipt)
            if reading.is_held or reading.is_archive:
                record = storing.store(totalplace.home, check_reading(reading, registry, waivers), registry)
                judged.append(record)
                intake.drop_reading(landing, registry, receipt)
            else:
                present |= intake.partitions_of(reading)
        if record is not None:
            present |= set(record.partitions)
    keys = register_keys(context.instance, present)
    records = current_records(totalplace.home)
    yield dg.MaterializeResult(
        asset_key=LANDED_FILES,
        metadata={
            "files": len(receipts),
            "new_files": len(report.new) + len(fetched.receipts),
            "endpoints_due": len(fetched.attempts),
            "endpoints_fetched": fetched.count("fetched"),
            "endpoints_unchanged": fetched.count("unchanged"),
            "endpoints_failed": len(fetched.failed),
            "publisher_years": len(keys),
            "bytes": sum(r.size_bytes for r in receipts),
            "ignored_at_root": ", ".join(report.ignored) or "none",
            "receipts": receipts_table(receipts),
            "data_docs": write_docs(context, totalplace, judged, records),
        },
    )
    yield from file_rule_results(LANDED_FILES, totalplace.home, registry, records)
