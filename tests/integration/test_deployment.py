"""The deployment, started for real: PostgreSQL, the code location, the daemon and both webservers, as compose.yaml starts them.

Needs a PostgreSQL server's programs (Debian: apt-get install postgresql); skipped where there are none.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_deployment import LocalDeployment, Postgres, postgres_programs, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PATIENCE = 300
RELOAD = 'mutation { reloadRepositoryLocation(repositoryLocationName: "totalplace") { __typename } }'
LATER = "exampleshire-fire"  # the publisher whose folder is dropped while everything runs


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    server = Postgres(programs)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder)


@pytest.fixture(scope="module")
def deployment(postgres: Postgres, example_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDeployment]:
    """All of it on the example, one publisher short; its first release is out."""
    folder = tmp_path_factory.mktemp("deployment")
    shutil.copytree(example_returns, folder / "returns", ignore=shutil.ignore_patterns(LATER))
    deployment = LocalDeployment(folder / "local", folder / "returns", postgres)
    try:
        for service in ("code", "daemon", "look", "operate"):
            deployment.start(service)
        wait_until(lambda: bool(deployment.release()), PATIENCE, "the first release", lambda: deployment.log("daemon"))
        yield deployment
    finally:
        deployment.stop()


def test_the_example_goes_out_by_itself_and_is_recorded_in_postgresql(deployment: LocalDeployment) -> None:
    def recorded() -> list[str]:
        return deployment.postgres.query("select distinct pipeline_name from runs where status = 'SUCCESS'")

    # The release is out a moment before the run that published it has ended.
    wait_until(lambda: len(recorded()) >= 3, 60, "a landing, a check and a publication to succeed", lambda: str(recorded()))
    assert not list((deployment.home / "dagster").rglob("*.db")), "nothing is recorded in SQLite"
    assert "not-a-secret" not in (deployment.home / "dagster" / "dagster.yaml").read_text(), "the password is written nowhere"


def test_who_looks_starts_nothing_and_who_operates_does(deployment: LocalDeployment) -> None:
    asked = deployment.graphql("look", "{ runsOrError { ... on Runs { results { status } } } }")
    assert {run["status"] for run in asked["data"]["runsOrError"]["results"]} <= {"SUCCESS", "STARTED", "QUEUED", "STARTING"}
    assert deployment.graphql("look", RELOAD)["data"]["reloadRepositoryLocation"]["__typename"] == "UnauthorizedError"
    assert deployment.graphql("operate", RELOAD)["data"]["reloadRepositoryLocation"]["__typename"] == "WorkspaceLocationEntry"


def test_postgresql_gone_is_said_in_one_line_and_its_return_heals(deployment: LocalDeployment, example_returns: Path) -> None:
    before = deployment.release()
    deployment.postgres.stop()
    refused = deployment.totalplace("run")
    assert refused.returncode == 1
    said = [line for line in refused.stderr.splitlines() if line.startswith("totalplace:")]
    assert len(said) == 1 and "does not answer (TOTALPLACE_POSTGRES_URL)" in said[0], refused.stderr
    assert "Traceback" not in refused.stderr and "not-a-secret" not in refused.stderr
    assert deployment.release() == before, "readers keep their release"
    deployment.postgres.start()
    shutil.copytree(example_returns / LATER, deployment.returns / LATER)
    wait_until(lambda: deployment.release() != before, PATIENCE, "the next release", lambda: deployment.log("daemon"))
