"""The release asset: everything dbt built that others may read, published together."""

import hashlib
import json
from typing import Any

import dagster as dg

from ingest.registry import Registry
from orchestration.assets.warehouse import TRANSLATOR, WAREHOUSE_POOL
from orchestration.intake import code_fingerprint
from orchestration.release import PUBLISHED_PREFIXES, ReleaseError, publish
from orchestration.resources import TotalPlace
from orchestration.transform import PROJECT, ensure_manifest
from orchestration.warehouse import release_inputs

RELEASE = dg.AssetKey("release")


def _published_keys() -> list[dg.AssetKey]:
    nodes: dict[str, Any] = ensure_manifest()["nodes"]
    published = [n for n in nodes.values() if n["resource_type"] == "model" and n["name"].startswith(PUBLISHED_PREFIXES)]
    return sorted(TRANSLATOR.get_asset_key(node) for node in published)


def release_code(registry: Registry) -> str:
    """A hash of intake code, registry and dbt project: with the input revisions, what decides a release."""
    digest = hashlib.sha256(f"{code_fingerprint()}{registry.fingerprint}".encode())
    for path in sorted(PROJECT.rglob("*")):
        if path.suffix in (".sql", ".yml", ".csv") and "target" not in path.parts and path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dg.asset(
    key=RELEASE,
    deps=_published_keys(),
    description="What BI tools read: Parquet marts, one DuckDB file, a manifest with row counts, sums and content hashes. Built"
    " aside and swapped whole: readers of the release before keep it.",
    group_name="release",
    owners=["team:data-engineering"],
    kinds={"parquet", "duckdb"},
    pool=WAREHOUSE_POOL,
)
def release(context: dg.AssetExecutionContext, totalplace: TotalPlace) -> dg.MaterializeResult:
    """Publish what the working database holds."""
    home = totalplace.home
    try:
        code = release_code(totalplace.registry())
        published = publish(home, release_inputs(home, totalplace.instant), code, totalplace.now(), totalplace.instant)
    except ReleaseError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error
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
