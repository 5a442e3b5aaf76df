"""Stop a stage at one instant after another, look, run it again, and compare with a run that was never stopped.

Belongs here: forking, choosing the points, judging. Each attempt works in a copy of the prepared home; the process that forks
never touches a home itself, so that no threads of an engine are alive when it does.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.killer import MODES, NEVER, Killer
from tests.crash.stages import STAGES, Stage

NEAR = 5
TIMED = "timed"  # killed from outside after a time: inside an engine's own writing, where no operation is seen


@dataclass(frozen=True)
class Point:
    """Where a stage is stopped: at the n-th operation, or after `seconds`; `again`: so is the run that was to heal it."""

    mode: str
    at: int = NEVER
    seconds: float = 0.0
    again: int = 0


@dataclass
class Tally:
    """What came of the points of one stage."""

    stage: str
    operations: int = 0
    tried: int = 0
    killed: int = 0
    timed: int = 0  # of those tried, how many by time: some end before it is up
    by_mode: dict[str, int] = field(default_factory=dict[str, int])
    faults: list[str] = field(default_factory=list[str])


def in_child(work: Callable[[], Any], kill_after: float = 0.0) -> tuple[int, Any]:
    """Run in a forked child: (the signal that ended it or 0, what it returned). Raises AssertionError with its traceback."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        status = 0
        try:
            answer = json.dumps({"result": work()}, default=str)
        except BaseException:  # noqa: BLE001 (told to the parent, whatever it is)
            status, answer = 1, json.dumps({"error": traceback.format_exc()})
        with os.fdopen(writing, "w") as pipe:
            pipe.write(answer)
        os._exit(status)
    os.close(writing)
    if kill_after:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status), None
    answer = json.loads(said)
    assert "error" not in answer, answer["error"]
    return 0, answer["result"]


class Trial:
    """One stage, prepared once, in a folder of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir(parents=True)
        self.before, self.number = self.folder / "before", 0
        in_child(lambda: self._stage(self.before).prepare())
        whole, timed = self._copy(), self._copy()
        _, self.operations = in_child(lambda: self._run(whole, NEVER, "stop"))
        started = time.perf_counter()  # of a run that nobody watches: that is what is stopped by time
        in_child(self._stage(timed).run)
        self.seconds = time.perf_counter() - started
        _, self.wanted = in_child(self._stage(whole).state)

    def _stage(self, root: Path) -> Stage:
        return STAGES[self.name](root)

    def _copy(self) -> Path:
        self.number += 1
        target = self.folder / f"home{self.number}"
        shutil.copytree(self.before, target, symlinks=True)
        return target

    def _run(self, root: Path, at: int, mode: str) -> list[str]:
        killer = Killer(root, at, mode)
        killer.arm()
        self._stage(root).run()
        return killer.operations

    def attempt(self, point: Point) -> tuple[bool, str]:
        """(whether it was stopped, what is wrong or "")."""
        root = self._copy()
        try:
            if point.mode == TIMED:
                signal_number, _ = in_child(self._stage(root).run, point.seconds)
            else:
                signal_number, _ = in_child(lambda: self._run(root, point.at, point.mode))
            in_child(self._stage(root).seen)
            if point.again:
                in_child(lambda: self._run(root, point.again, "stop"))
                in_child(self._stage(root).seen)
            _, state = in_child(lambda: self._heal(root))
        except AssertionError as error:
            return True, f"{self.name} {point}: {error}"
        finally:
            shutil.rmtree(root, ignore_errors=True)
            shutil.rmtree(root.with_name(f".{root.name}.stash"), ignore_errors=True)
        return bool(signal_number), "" if state == self.wanted else f"{self.name} {point}: {_difference(self.wanted, state)}"

    def _heal(self, root: Path) -> dict[str, Any]:
        stage = self._stage(root)
        stage.run()
        stage.seen()
        return stage.state()

    def points(self, count: int | None, seed: int, near: str = "") -> Iterator[Point]:
        """`count` points, spread over the operations and the ways to stop; None: every one of them. `near`: only those of
        operations whose name holds it, and of the NEAR before and after."""
        if near:
            places = [at for at, name in enumerate(self.operations, start=1) if near in name]
            around = {at + step for at in places for step in range(-NEAR, NEAR + 1)}
            yield from (Point("stop", at) for at in sorted(around) if 1 <= at <= len(self.operations))
            return
        every = [Point(mode, at) for at in range(1, len(self.operations) + 1) for mode in MODES]
        every += [Point(TIMED, seconds=self.seconds * part / 24) for part in range(1, 24)]
        chosen = (
            every
            if count is None
            else [every[i] for i in sorted(random.Random(seed).sample(range(len(every)), min(count, len(every))))]
        )
        yield from chosen

    def doubles(self, seed: int) -> Iterator[Point]:
        """Points at random, without end, the healing stopped as well."""
        dice = random.Random(seed)
        while True:
            yield Point(dice.choice(MODES), dice.randint(1, len(self.operations)), again=dice.randint(1, len(self.operations)))


def try_stage(name: str, points: Callable[[Trial], Iterator[Point]], folder: Path | None = None, until: float = 0.0) -> Tally:
    """Try a stage at these points (until an instant of the monotonic clock, where given)."""
    with tempfile.TemporaryDirectory(prefix="crash-", dir=folder) as place:
        trial = Trial(name, Path(place).resolve())
        tally = Tally(name, len(trial.operations))
        for point in points(trial):
            if until and time.monotonic() > until:
                break
            was_stopped, fault = trial.attempt(point)
            tally.tried += 1
            tally.killed += was_stopped
            tally.timed += point.mode == TIMED
            tally.by_mode[point.mode] = tally.by_mode.get(point.mode, 0) + was_stopped
            if fault:
                tally.faults.append(fault)
        return tally


def _difference(wanted: Any, found: Any) -> str:
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = [n for n in sorted({*wanted, *found}) if wanted.get(n) != found.get(n)]
        return "; ".join(f"{n}: {str(_difference(wanted.get(n), found.get(n)))[:300]}" for n in names[:4])
    return f"wanted {str(wanted)[:120]}, found {str(found)[:120]}"
