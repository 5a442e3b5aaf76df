"""What all tests share: where the published returns lie, and homes to run in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from orchestration.transform import refresh_manifest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_RETURNS = REPOSITORY.parent / "shared" / "returns"
SHARED_FIXTURES = ("scenario_home",)
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run the tests of a file stay together, and so do all files that share a costly fixture."""
    for item in items:
        shared = [name for name in SHARED_FIXTURES if name in getattr(item, "fixturenames", ())]
        item.add_marker(pytest.mark.xdist_group(shared[0] if shared else str(item.path.relative_to(REPOSITORY))))


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
