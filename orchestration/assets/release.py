"""The release asset: everything dbt built that others may read, published together."""

import json

import dagster as dg

from orchestration.assets.warehouse import WAREHOUSE_POOL
from orchestration.dbt_catalogue import catalogue
from orchestration.early_copy import drop_copy
from orchestration.logs import logged
from orchestration.origin import kept_origin, origin_of
from orchestration.release import ReleaseError, publish
from orchestration.release_history import undone_twin
from orchestration.release_tables import PUBLISHED_PREFIXES
from orchestration.resources import TotalPlace

RELEASE = dg.AssetKey("release")


@dg.asset(
    key=RELEASE,
    deps=catalogue().models(PUBLISHED_PREFIXES),
    description="What BI tools read: Parquet marts, one DuckDB file, a manifest with row counts, sums and content hashes. Built"
    " aside and swapped whole: readers of the release before keep it.",
    group_name="release",
    owners=["team:data-engineering"],
    kinds={"parquet", "duckdb"},
    pool=WAREHOUSE_POOL,
)
@logged("publish")
def release(context: dg.AssetExecutionContext, totalplace: TotalPlace) -> dg.MaterializeResult:
    """Publish what the working database holds."""
    try:
        origin = kept_origin(totalplace.home.warehouse)
        if origin is None:
            raise ReleaseError("the working database does not say what it was made of: materialise it from its preparation on")
        if origin.fingerprint != origin_of(totalplace).fingerprint:
            context.log.warning("returns, decisions or rules changed since the working database was prepared: run again for them")
        if undone := undone_twin(totalplace.home, origin.fingerprint):
            context.log.warning(f"not published: this is what release {undone} holds, which was undone")
            return dg.MaterializeResult(metadata={"not_published": f"release {undone} was undone; `totalplace releases restore`"})
        published = publish(totalplace.home, origin, totalplace.now())
    except ReleaseError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
    finally:
        drop_copy(totalplace.home)
    tables = published.manifest["tables"]
    context.log.info(f"release {published.release_id}: {len(tables)} tables")
    return dg.MaterializeResult(
        metadata={
            "release_id": published.release_id,
            "path": dg.MetadataValue.path(str(published.folder)),
            "tables": len(tables),
            "rows": sum(facts["row_count"] for facts in tables.values()),
            "manifest": dg.MetadataValue.json(json.loads(json.dumps(tables))),
        }
    )
