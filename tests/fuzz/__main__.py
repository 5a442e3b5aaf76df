"""`make fuzz`: hypothesis and byte mutation over the readers, for MINUTES (30), with a worker per processor.

Every failure leaves its bytes and traceback in a folder (FUZZ_DIR, else build/fuzz). A worker that dies, or hangs over one case, is
a failure too: the case it was on is kept and another worker takes over. Exit status 1 when anything was found.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HANG_SECONDS = 90


class Crew:
    """The workers, by the seed each was given."""

    def __init__(self, folder: Path, until: float) -> None:
        self.folder, self.until = folder, until
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.deaths = 0

    def start(self, seed: int) -> None:
        command = [sys.executable, "-m", "tests.fuzz.worker", str(self.folder), str(seed), str(max(1, self.until - time.time()))]
        log = (self.folder / f"worker-{seed}.log").open("wb")
        self.running[seed] = subprocess.Popen(command, cwd=REPOSITORY, stdout=log, stderr=log)

    def look(self) -> None:
        """Take note of workers that ended, died or hang."""
        for seed, process in list(self.running.items()):
            current = self.folder / f"current-{seed}"
            hangs = process.poll() is None and current.exists() and time.time() - current.stat().st_mtime > HANG_SECONDS
            if hangs:
                process.kill()
                process.wait()
            if process.poll() is None:
                continue
            del self.running[seed]
            if process.returncode != 0:
                self.deaths += 1
                if current.exists():
                    word = "hang" if hangs else f"death{process.returncode}"
                    shutil.move(current, self.folder / f"failure-{word}-{seed}.bytes")
                if time.time() < self.until - 5:
                    self.start(seed + 1000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("FUZZ_DIR", REPOSITORY / "build" / "fuzz")))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for old in options.folder.iterdir():
        old.unlink()
    crew = Crew(options.folder, time.time() + options.minutes * 60)
    for number in range(options.workers):
        crew.start(options.seed + number)
    while crew.running:
        time.sleep(2)
        crew.look()
    stats: Counter[str] = Counter()
    for path in options.folder.glob("stats-*.json"):
        stats.update(json.loads(path.read_text()))
    found = sorted(path.name for path in options.folder.glob("failure-*.bytes"))
    deep = stats.pop("deep", 0)
    print(
        f"{sum(stats.values()):,} cases in {options.minutes:g} minutes (seed {options.seed}), {deep:,} of them checked by all rules"
    )
    print(", ".join(f"{word} {count:,}" for word, count in sorted(stats.items())))
    print(f"{len(found)} failures, {crew.deaths} workers lost" + "".join(f"\n  {options.folder / name}" for name in found))
    return 1 if found or crew.deaths else 0


if __name__ == "__main__":
    raise SystemExit(main())
