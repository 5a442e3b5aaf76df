"""Writing the data docs at the end of a step, and the link to them in its metadata.

Belongs here: that a page which cannot be written stops no count. Must not: decide what stands on it.
"""

from collections.abc import Sequence

import dagster as dg

from ingest.records import FileRecord
from orchestration.checks.statuses import current_parts
from orchestration.data_docs.pages import docs_folder, write_run
from orchestration.data_docs.pruning import prune
from orchestration.data_docs.settings import DEFAULT_DAYS
from orchestration.resources import TotalPlace
from orchestration.served import address


def write_docs(
    context: dg.AssetExecutionContext,
    totalplace: TotalPlace,
    judged: Sequence[FileRecord],
    records: Sequence[FileRecord],
    days: int = DEFAULT_DAYS,
) -> dg.MetadataValue:
    """Write the pages of what a run judged and the index of all current returns (`records`: all), prune the old; the link."""
    home, current = totalplace.home, current_parts(records)
    try:
        prune(home, current, totalplace.now(), days)
        write_run(home, judged, current, context.run.run_id, totalplace.now())
    except Exception as error:  # the count does not hang on a page: said in the run and where the link would be
        context.log.exception("the data docs could not be written")
        return dg.MetadataValue.text(f"could not be written: {type(error).__name__}: {error}")
    return dg.MetadataValue.url(address(home, docs_folder(home) / "index.html"))
