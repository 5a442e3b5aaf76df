"""The Dagster instance of a home, shared by `totalplace run` and `totalplace ui`, so that runs made by either are in both."""

from __future__ import annotations

import os
from pathlib import Path

from ingest.home import Home

_CONFIG = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    granularity: op
    default_limit: 1
  runs:
    max_concurrent_runs: 1
run_retries:
  enabled: false
"""


def prepare_instance(home: Home) -> Path:
    """Write the instance's configuration when there is none, and point DAGSTER_HOME at it. Returns its folder."""
    folder = home.dagster.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "dagster.yaml"
    if not config.exists():
        config.write_text(_CONFIG)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["TOTALPLACE_HOME"] = str(home.root.resolve())
    return folder
