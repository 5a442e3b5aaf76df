"""The deployment, started for real: PostgreSQL, the code location, the daemon and both webservers, as compose.yaml starts them; and
what somebody sees of it in a browser when files are dropped into the folder of returns.

Needs a PostgreSQL server's programs (Debian: apt-get install postgresql) and, for what is seen, chromium; skipped where there are
none.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from browser import opened_page, screenshot
from local_deployment import LocalDeployment, Postgres, postgres_programs, wait_until
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.browser]
PATIENCE = 300
RELOAD = 'mutation { reloadRepositoryLocation(repositoryLocationName: "totalplace") { __typename } }'
LATER = "exampleshire-fire"  # its folder is dropped while everything runs
BAD_FILE = "exampleshire-hospitals-trust/spend-over-25k-july-2024.csv"
BAD_LINES = """\
Department Family,Entity,Date,Expense Type,Expense Area,Supplier,Transaction Number,Amount
Department of Health,Exampleshire Hospitals NHS Trust,15/07/2024,Drugs,Pharmacy,Example Ltd,1001,tbc
Department of Health,Exampleshire Hospitals NHS Trust,16/07/2024,Agency Staff,Wards,Sample Plc,1002,tbc
"""


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


@dataclass(frozen=True)
class Dropped:
    """The deployment after PostgreSQL went, came back, and files were dropped; a page is open."""

    deployment: LocalDeployment
    page: Page
    refused: subprocess.CompletedProcess[str]  # `totalplace run` while PostgreSQL was gone
    kept: bool  # readers had their release meanwhile


@pytest.fixture(scope="module")
def dropped(deployment: LocalDeployment, example_returns: Path) -> Iterator[Dropped]:
    """PostgreSQL goes and comes back; then a good folder and a bad file are dropped beside those that are in, and the release that
    comes of it is out."""
    before = deployment.release()
    deployment.postgres.stop()
    refused = deployment.totalplace("run")
    kept = deployment.release() == before
    deployment.postgres.start()
    with opened_page() as page:
        shutil.copytree(example_returns / LATER, deployment.returns / LATER)
        (deployment.returns / BAD_FILE).write_text(BAD_LINES)
        wait_until(
            lambda: deployment.release() != before and LATER in _agencies(deployment) and bool(_status_of_bad_file(deployment)),
            PATIENCE,
            "a release with what was dropped",
            lambda: deployment.log("daemon"),
        )
        yield Dropped(deployment, page, refused, kept)


def _status_of_bad_file(deployment: LocalDeployment) -> list[tuple[str]]:
    with duckdb.connect(str(deployment.home / "releases" / "current" / "totalplace.duckdb"), read_only=True) as connection:
        return connection.execute("select status from qa_return_ledger where file_name = ?", [BAD_FILE]).fetchall()


def _loads(page: Page, url: str) -> bool:
    answer = page.goto(url)
    return answer is not None and answer.ok


def _agencies(deployment: LocalDeployment) -> set[str]:
    """The agencies whose money counts in the current release."""
    with duckdb.connect(str(deployment.home / "releases" / "current" / "totalplace.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select distinct agency_slug from mart_spend_by_place where aggregate_gbp is not null"
        ).fetchall()
    return {slug for (slug,) in found}


def test_postgresql_gone_is_said_in_one_line_and_its_return_heals(dropped: Dropped) -> None:
    assert dropped.refused.returncode == 1
    said = [line for line in dropped.refused.stderr.splitlines() if line.startswith("totalplace:")]
    assert len(said) == 1 and "does not answer (TOTALPLACE_POSTGRES_URL)" in said[0], dropped.refused.stderr
    assert "Traceback" not in dropped.refused.stderr and "not-a-secret" not in dropped.refused.stderr
    assert dropped.kept, "readers keep their release"


def test_the_sensor_ran_what_was_dropped(dropped: Dropped) -> None:
    deployment, page = dropped.deployment, dropped.page
    # The first connection of the webserver's pool that PostgreSQL dropped answers with an error; the page is loaded again.
    wait_until(lambda: _loads(page, f"{deployment.address('look')}/runs"), 60, "the list of runs", lambda: deployment.log("look"))
    for job in ("land_returns", "check_returns_job", "publish_release"):
        expect(page.get_by_text(job, exact=True).first).to_be_visible()
    expect(page.get_by_text("returns_folder").first).to_be_visible()
    screenshot(page, "deployment-runs")


def test_the_bad_file_is_red_with_its_rows_and_words(dropped: Dropped) -> None:
    deployment, page = dropped.deployment, dropped.page
    page.goto(f"{deployment.address('look')}/assets/returns?view=checks&checkDetail=amount_parses")
    expect(page.get_by_text("Every line has an amount that parses: broken in 2 returns, 3 rows").first).to_be_visible()
    expect(page.get_by_text(BAD_FILE).first).to_be_visible()
    expect(page.get_by_text("tbc", exact=True).first).to_be_visible()
    screenshot(page, "deployment-red-check")


def test_the_report_that_is_linked_opens_and_says_what_to_do(dropped: Dropped) -> None:
    deployment, page = dropped.deployment, dropped.page
    partition = "exampleshire-hospitals-trust%7C2024-25"
    page.goto(f"{deployment.address('look')}/assets/returns?view=partitions&partition={partition}")
    link = page.get_by_role("link", name="/reports/exampleshire-hospitals-trust/").first
    expect(link).to_be_visible()
    screenshot(page, "deployment-partition")
    page.goto(f"{deployment.address('look')}{link.get_attribute('href')}")
    expect(page.get_by_text("spend-over-25k-july-2024.csv").first).to_be_visible()
    expect(page.get_by_text("tbc").first).to_be_visible()
    screenshot(page, "deployment-report")


def test_the_other_agency_goes_out_and_the_bad_file_is_held(dropped: Dropped) -> None:
    assert LATER in _agencies(dropped.deployment)
    assert _status_of_bad_file(dropped.deployment) == [("held",)]
