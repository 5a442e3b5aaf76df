"""What all tests share: where the published returns lie, and homes to run in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from orchestration.transform import refresh_manifest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_RETURNS = REPOSITORY.parent / "shared" / "returns"
OWN_WAREHOUSE = ("tests/golden/test_warehouse", "tests/golden/test_no_name")  # the files of golden/ that build one of their own
LANCASHIRE = (
    "hyndburn-borough-council",
    "lancashire-county-council",
    "lancashire-fire-and-rescue",
    "lancashire-police-and-crime-commissioner",
    "mhclg-revenue-outturn",
)


# The dbt manifest is read when the definitions are imported, which the conftest of a folder below does before pytest is configured:
# bring it up to date first. Once: the workers of a parallel run find it done.
if "PYTEST_XDIST_WORKER" not in os.environ:
    refresh_manifest()


class _ByFile(LoadScopeScheduling):
    """In a parallel run the tests of a file stay together, and so do all files that share the release of the scenarios."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        is_of_scenarios = file.startswith("tests/golden/") and not file.startswith(OWN_WAREHOUSE)
        return "scenarios" if is_of_scenarios else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _ByFile(config, log)


@pytest.fixture(scope="session")
def shared_returns() -> Path:
    """The folder of published returns, which stands beside the repository in the workshop only."""
    if not SHARED_RETURNS.is_dir():
        pytest.skip("the published returns are not here (../shared/returns): they are not part of the repository")
    return SHARED_RETURNS


@pytest.fixture(scope="session")
def lancashire_returns(shared_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the Lancashire publishers and the revenue outturn, as a user would copy them."""
    folder = tmp_path_factory.mktemp("lancashire")
    for publisher in LANCASHIRE:
        shutil.copytree(shared_returns / publisher, folder / publisher)
    return folder


@pytest.fixture(scope="session")
def example_returns() -> Path:
    return REPOSITORY / "examples" / "returns"
