"""One run at a time in a home: the second waits or says who has it; whoever dies lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.home_lock import LOCK_NAME, WAIT_VARIABLE, HomeIsBusy, holder, home_lock, wait_seconds

_HOLD = """
import sys, time
from pathlib import Path
from ingest.home import Home
from orchestration.home_lock import home_lock
with home_lock(Home(Path(sys.argv[1])), "totalplace run", 0):
    print("have it", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the home."""
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "have it\n"
    yield process
    process.kill()
    process.wait()


def test_the_second_says_who_has_it(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    words = rf"in use now by process {other.pid} \(totalplace run\) since .* UTC: one run at a time"
    with pytest.raises(HomeIsBusy, match=words), home_lock(Home(tmp_path), "totalplace run", 0):
        pass
    found = holder(Home(tmp_path))
    assert found is not None and found.pid == other.pid


def test_the_second_waits_and_is_told_once(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    said: list[str] = []
    threading.Timer(0.7, other.terminate).start()
    with home_lock(Home(tmp_path), "totalplace run", 30, said.append):
        assert other.wait(5) != 0
    assert len(said) == 1 and f"process {other.pid}" in said[0]


def test_a_killed_holder_lets_go(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert (tmp_path / LOCK_NAME).read_text()  # what it wrote still lies there, and holds nobody up
    assert holder(Home(tmp_path)) is None
    with home_lock(Home(tmp_path), "totalplace run", 0):
        pass


def test_a_lock_file_with_nonsense_or_of_a_dead_process_holds_nobody_up(tmp_path: Path) -> None:
    for left in ("", "{", '{"pid": 1, "what": "totalplace run", "since": "long ago"}'):
        (tmp_path / LOCK_NAME).write_text(left)
        with home_lock(Home(tmp_path), "totalplace run", 0):
            assert str(os.getpid()) in (tmp_path / LOCK_NAME).read_text()
        assert (tmp_path / LOCK_NAME).read_text() == ""


def test_whoever_has_it_may_take_it_again(tmp_path: Path) -> None:
    with home_lock(Home(tmp_path), "totalplace run", 0):
        with home_lock(Home(tmp_path), "a step of it", 0):
            pass
        done = subprocess.run([sys.executable, "-c", _HOLD, str(tmp_path)], capture_output=True, text=True)
        assert "HomeIsBusy" in done.stderr  # the inner one did not let go of it
    assert holder(Home(tmp_path)) is None


def test_had_until_exit_is_let_go_by_the_kernel(tmp_path: Path) -> None:
    whole = (
        _HOLD.replace("import home_lock", "import have_until_exit")
        .replace("home_lock(", "have_until_exit(")
        .replace("with ", "")
        .replace(", 0):", ", 0)")
        .replace("    ", "")
    )
    whole = whole.replace("time.sleep(60)", "have_until_exit(Home(Path(sys.argv[1])), 'again', 0)")
    done = subprocess.run([sys.executable, "-c", whole, str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "have it\n"), done.stderr
    assert holder(Home(tmp_path)) is None


def test_a_block_that_raises_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), home_lock(Home(tmp_path), "totalplace run", 0):
        raise KeyError
    assert holder(Home(tmp_path)) is None


def test_no_wait_takes_no_time(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    started = time.perf_counter()
    with pytest.raises(HomeIsBusy), home_lock(Home(tmp_path), "totalplace run", 0):
        pass
    assert time.perf_counter() - started < 1


def test_how_long_to_wait_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wait_seconds() == 3_600
    monkeypatch.setenv(WAIT_VARIABLE, "2.5")
    assert wait_seconds() == 2.5
    for wrong in ("soon", "-1", "inf", "nan"):
        monkeypatch.setenv(WAIT_VARIABLE, wrong)
        with pytest.raises(ValueError, match=f"{WAIT_VARIABLE}={wrong}: give seconds"):
            wait_seconds()
