"""The Dagster UI in a real browser after a real run: the graph, and a failing check with its rows and words.

Needs chromium (Debian's package) and a display of none: skipped where there is no chromium.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, PATIENCE_MS, opened_page
from browser import screenshot as _screenshot
from playwright.sync_api import Page, expect

from ingest.home import Home
from orchestration.pipeline import run_pipeline

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 90


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def url(example_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`totalplace ui` on a home that the example was run in."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    home = Home(tmp_path_factory.mktemp("ui") / "home")
    run_pipeline(home, example_returns, lambda _: None)
    port = _free_port()
    command = [sys.executable, "-m", "orchestration.cli.main", "ui", "--home", str(home.root), "--port", str(port)]
    log = (home.root / "ui.log").open("w")
    server = subprocess.Popen(command, cwd=REPOSITORY, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/server_info", server, home.root / "ui.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        finally:
            is_orphaned = _kill_group(server.pid)
        log.close()
    assert not is_orphaned, "the UI was stopped and left processes behind"


def _kill_group(group: int) -> bool:
    """Kill what is left of a process group after a minute; True when something was. Dagster's code servers end by themselves when
    nobody has called them for twenty seconds."""
    for _ in range(120):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.5)
    os.killpg(group, signal.SIGKILL)
    return True


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the UI stopped: {log.read_text()[-2000:]}"
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    pytest.fail(f"the UI did not answer within {START_SECONDS} s: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def page(url: str) -> Iterator[Page]:
    with opened_page() as page:
        yield page


def test_the_run_is_in_the_ui(page: Page, url: str) -> None:
    page.goto(f"{url}/runs")
    for job in ("land_returns", "check_returns_job", "publish_release"):
        expect(page.get_by_text(job, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    _screenshot(page, "runs")


def test_the_asset_graph_is_drawn(page: Page, url: str) -> None:
    page.goto(f"{url}/asset-groups")
    for group in ("landing", "returns", "staging", "marts", "release"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    _screenshot(page, "asset-graph")


def test_a_failing_check_shows_its_rows_and_words(page: Page, url: str) -> None:
    page.goto(f"{url}/assets/returns?view=checks&checkDetail=payment_date_in_period")
    words = "Every payment date lies within a year of the return's period: broken in 1 return, 1 row"
    expect(page.get_by_text(words)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("exampleshire-council/March 2025.csv")).to_be_visible()
    expect(page.get_by_text("17/03/2035", exact=True)).to_be_visible()
    expect(page.get_by_text("Check the year, and whether day and month have been swapped.").first).to_be_visible()
    _screenshot(page, "failing-check")


def test_partitions_show_what_is_in(page: Page, url: str) -> None:
    page.goto(f"{url}/assets/returns?view=partitions")
    expect(page.get_by_text("exampleshire-council|2024-25").first).to_be_visible(timeout=PATIENCE_MS)
    _screenshot(page, "partitions")
