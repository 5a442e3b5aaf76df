"""`totalplace fetch`, the landing asset and `totalplace run` against a real server on this machine."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from failing_server import TABLE, FailingServer

from ingest.findings import Finding
from ingest.home import Home
from ingest.landing import Landing
from ingest.registry import load_registry
from orchestration import notices
from orchestration.cli import console
from orchestration.cli.main import cli
from orchestration.resources import remember_folder

pytestmark = pytest.mark.integration
SLUG = "hyndburn-borough-council"
HEADER = "agency_slug,kind,url,frequency,valid_from,valid_to\n"


@pytest.fixture(scope="module")
def server() -> Iterator[FailingServer]:
    server = FailingServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FailingServer) -> None:
    """No command of a test may touch the home that a person last ran, or wait for long."""
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "last-home")
    monkeypatch.delenv("TOTALPLACE_HOME", raising=False)
    for name, value in {"ALLOW_PRIVATE": "true", "TRIES": "2", "BACK_OFF_SECONDS": "0.01", "READ_SECONDS": "1"}.items():
        monkeypatch.setenv(f"TOTALPLACE_FETCH_{name}", value)
    server.asked.clear()
    server.answers.clear()
    server.body = TABLE


class Desk:
    def __init__(self, root: Path, server: FailingServer) -> None:
        self.home, self.folder, self.server = Home(root / "home"), root / "returns", server
        (self.folder / "registry").mkdir(parents=True)
        remember_folder(self.home, self.folder)

    def endpoints(self, *paths: str, frequency: str = "daily", slug: str = SLUG) -> None:
        rows = "".join(f"{slug},spend,{self.server.url(path)},{frequency},,\n" for path in paths)
        (self.folder / "registry" / "endpoints.csv").write_text(HEADER + rows)

    def call(self, *arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(a) for a in (*arguments, "--home", self.home.root)])

    def fetch(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        result = self.call("fetch", "--json", *arguments)
        return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def desk(tmp_path: Path, server: FailingServer) -> Desk:
    return Desk(tmp_path, server)


def test_fetch_says_what_came_and_why_not(desk: Desk) -> None:
    desk.endpoints("good.csv", "missing/x.csv")
    status, report = desk.fetch()
    assert status == 1
    assert {name: report[name] for name in report if name.endswith("_count")} == {
        "endpoint_count": 2, "due_count": 2, "fetched_count": 1, "unchanged_count": 0, "failed_count": 1,
    }  # fmt: skip
    by_url = {row["url"].rpartition("/")[2]: row for row in report["endpoints"]}
    assert by_url["good.csv"]["file_name"] == f"{SLUG}/spend/good.csv"
    assert by_url["x.csv"]["outcome"] == "dead_link" and "404" in by_url["x.csv"]["error"]
    assert [r.file_name for r in Landing(desk.home).receipts()] == [f"{SLUG}/spend/good.csv"]

    status, report = desk.fetch()  # what answered is not asked again today, what failed is
    assert (status, report["due_count"], desk.server.asked["good.csv"]) == (1, 1, 1)


def test_fetch_when_nothing_is_due(desk: Desk) -> None:
    desk.endpoints("good.csv")
    assert desk.fetch()[0] == 0
    result = desk.call("fetch")
    assert result.exit_code == 0 and "Nothing is due" in result.stdout


def test_fetch_prints_failures_as_a_table(desk: Desk) -> None:
    desk.endpoints("gone")
    result = desk.call("fetch")
    assert result.exit_code == 1
    assert "410 (Gone)" in result.stdout and "1 endpoints asked: 0 fetched, 0 unchanged, 1 failed" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--agency", "nobody-council"], {}, "no such agency or publisher"),
        (["--agency", "kent-county-council"], {}, "no endpoints for kent-county-council"),
        ([], {}, "there are no endpoints: add rows to registry/endpoints.csv"),
        ([], {"TOTALPLACE_FETCH_TRIES": "x"}, "TOTALPLACE_FETCH_TRIES=x: give a number"),
        ([], {"TOTALPLACE_FETCH_TRYS": "1"}, "there is no such setting"),
    ],
)
def test_usage(desk: Desk, arguments: list[str], environment: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = desk.call("fetch", *arguments)
    assert result.exit_code == 2 and words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_shipped_endpoints_are_real_and_stay_out_of_a_synthetic_home(desk: Desk, example_returns: Path) -> None:
    remember_folder(desk.home, example_returns)
    result = desk.call("fetch", "--shipped")
    assert result.exit_code == 2 and "give another --home" in result.stderr


def test_shipped_endpoints_are_asked_on_request_only(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ingest.fetch import endpoints

    shipped = tmp_path / "endpoints.csv"
    columns = f"{endpoints.SHIPPED_COLUMNS.replace(' ', ',')}\n"
    rows = [(SLUG, desk.server.url("same.csv"), "May 2024.csv"), ("kent-county-council", desk.server.url("good.csv"), "x.csv")]
    shipped.write_text(columns + "".join(f"{slug},,{url},once,,,{name},somewhere\n" for slug, url, name in rows))
    monkeypatch.setattr(endpoints.shipped_endpoints, "__defaults__", (shipped,))
    desk.endpoints("chunked.csv")
    assert [row["file_name"] for row in desk.fetch()[1]["endpoints"]] == [f"{SLUG}/spend/chunked.csv"]
    desk.server.body = TABLE + b"03/04/2024,C Ltd,4.00\n"
    report = desk.fetch("--agency", SLUG)[1]
    assert [row["file_name"] for row in report["endpoints"]] == [f"{SLUG}/May 2024.csv"]
    assert desk.fetch("--shipped")[1]["due_count"] == 1  # only the other agency's: once is once


def test_an_interrupted_fetch_says_how_to_go_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import fetching

    desk.endpoints("good.csv", "same.csv", "chunked.csv")
    whole = fetching.fetch

    def interrupted(totalplace: Any, due: Any, progress: Any) -> Any:
        def stop(step: Any) -> None:
            progress(step)
            raise KeyboardInterrupt

        return whole(totalplace, due, stop)

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "fetch", interrupted)
        result = desk.call("fetch")
    assert result.exit_code == 1
    assert "stopped after 1 of 3 endpoints; what came is kept: the same command goes on with the rest" in result.stderr
    status, report = desk.fetch()
    assert (status, report["due_count"]) == (0, 2)


def test_a_run_without_endpoints_does_not_look_at_fetching(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import fetching
    from orchestration.resources import TotalPlace

    monkeypatch.setenv("TOTALPLACE_FETCH_TRIES", "x")  # would be refused if it were read
    totalplace = TotalPlace(home_path=str(desk.home.root))
    started = time.perf_counter()
    assert fetching.fetch_due(totalplace, totalplace.registry()).attempts == ()
    assert time.perf_counter() - started < 0.5
    assert not (desk.home.landing / "incoming").exists()


def test_the_fields_of_the_resource_come_before_the_environment(desk: Desk) -> None:
    from orchestration.resources import TotalPlace

    found = TotalPlace(home_path="x", fetch={"tries": "7"}).fetch_settings()
    assert (found.tries, found.read_seconds) == (7, 1.0)


def endpoint_findings(desk: Desk, until: datetime | None = None) -> list[Finding]:
    shutil.copytree(desk.folder / "registry", desk.home.root / "registry", dirs_exist_ok=True)
    return notices.endpoint_findings(desk.home, load_registry(desk.home.root / "registry"), until)


def test_a_dead_link_is_a_finding_until_it_answers(desk: Desk) -> None:
    assert endpoint_findings(desk) == []
    desk.endpoints("good.csv", "gone?key=secret", "broken-once")
    before = datetime.now(UTC).replace(tzinfo=None)
    assert desk.fetch()[0] == 1
    (found,) = endpoint_findings(desk)
    assert (found.rule_id, found.severity, found.owner) == ("endpoint_answers", "warning", "data_team")
    assert (found.publisher_slug, found.kind, found.file_name, found.row_number) == (SLUG, "spend", "registry/endpoints.csv", 3)
    assert "410 (Gone)" in found.message and desk.server.url("gone") in found.message
    assert "secret" not in str(found)
    assert endpoint_findings(desk, before) == []  # as known before it was asked

    desk.server.answers["gone"] = "good"
    assert desk.fetch()[0] == 0
    assert endpoint_findings(desk) == []


def test_a_finding_goes_with_the_row(desk: Desk) -> None:
    desk.endpoints("gone")
    desk.fetch()
    assert len(endpoint_findings(desk)) == 1
    desk.endpoints("good.csv")
    assert endpoint_findings(desk) == []


@pytest.mark.slow
def test_a_run_fetches_what_is_due_and_carries_the_dead_link(desk: Desk) -> None:
    desk.endpoints("good.csv", "broken-once", "gone")
    run = ("run", "--returns", desk.folder)
    first = desk.call(*run, "--json")
    assert first.exit_code == 0, first.stderr
    assert "3 endpoints asked: 1 fetched, 1 unchanged, 1 failed" in first.stderr
    with duckdb.connect(str(desk.home.current_release / "totalplace.duckdb"), read_only=True) as connection:
        ledger = connection.execute("select file_name, status, accepted_count, accepted_gbp::varchar from qa_return_ledger")
        assert ledger.fetchall() == [(f"{SLUG}/spend/good.csv", "in_service", 2, "3.50")]
        findings = connection.execute("select severity, message from qa_findings where rule_id = 'endpoint_answers'").fetchall()
    assert [severity for severity, _ in findings] == ["warning"]
    assert "410 (Gone)" in findings[0][1] and "correct its row in registry/endpoints.csv" in findings[0][1]

    asked = dict(desk.server.asked)
    again = desk.call(*run)
    assert again.exit_code == 0 and "Nothing to do" in again.stdout
    assert dict(desk.server.asked) == asked  # nothing is due, and what failed waits for tomorrow
