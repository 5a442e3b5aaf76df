"""Jobs: land, check returns (partitioned), publish. In process: the default executor costs seconds per step (design: stack)."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.landing import LANDED_FILES
from orchestration.assets.returns import RETURNS
from orchestration.assets.warehouse import PUBLISH_JOB
from orchestration.partitions import PUBLISHER_YEARS

LAND = dg.define_asset_job(
    "land_returns",
    selection=dg.AssetSelection.assets(LANDED_FILES),
    description="Land the returns folder and learn its partitions.",
)
CHECK = dg.define_asset_job(
    "check_returns_job",
    selection=dg.AssetSelection.assets(RETURNS),
    partitions_def=PUBLISHER_YEARS,
    description="Read and check returns of a range of publisher-years, in one run.",
)
PUBLISH = dg.define_asset_job(
    PUBLISH_JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(LANDED_FILES, RETURNS),
    description="Build the warehouse from what is in service, pass the gates, publish a release.",
)
