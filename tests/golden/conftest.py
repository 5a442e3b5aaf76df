"""The release of all scenarios, made once."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from scenarios import write_all

from ingest.home import Home
from orchestration.pipeline import run_pipeline


@pytest.fixture(scope="session")
def scenario_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which every scenario of `scenarios/` has been run and published."""
    folder = tmp_path_factory.mktemp("scenarios")
    write_all(folder / "returns")
    home = Home(folder / "home")
    assert run_pipeline(home, folder / "returns", lambda _: None).status == "published"
    return home


@pytest.fixture(scope="session")
def release(scenario_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published release, read-only."""
    with duckdb.connect(str(scenario_home.current_release / "totalplace.duckdb"), read_only=True) as connection:
        yield connection
