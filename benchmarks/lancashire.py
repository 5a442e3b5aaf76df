"""Time and memory of the Lancashire run, landing to release, in a fresh home; median of several, with the machine it ran on."""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import REPOSITORY, machine

RETURNS = REPOSITORY.parent / "shared" / "returns"
PUBLISHERS = (
    "hyndburn-borough-council",
    "lancashire-county-council",
    "lancashire-fire-and-rescue",
    "lancashire-police-and-crime-commissioner",
    "mhclg-revenue-outturn",
)
WALL_LIMIT_SECONDS, MEMORY_LIMIT_MB = 60, 1_500


def one_run(returns: Path, home: Path) -> dict[str, float]:
    """Run `totalplace run` as a user would; wall and CPU seconds, peak resident memory of that process in MB."""
    command = [sys.executable, "-m", "orchestration.cli.main", "run", "--home", str(home), "--returns", str(returns), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = sum(agency["accepted_count"] for agency in json.loads(done.stdout)["agencies"])
    return {"wall_seconds": wall, "cpu_seconds": cpu, "peak_mb": after.ru_maxrss / 1024, "accepted_rows": rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--home", help="keep the last home here (default: a temporary folder)")
    options = parser.parse_args()
    if not RETURNS.is_dir():
        sys.stderr.write("the published returns are not here (../shared/returns): nothing to measure\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        returns = Path(folder) / "returns"
        for publisher in PUBLISHERS:
            shutil.copytree(RETURNS / publisher, returns / publisher)
        home = Path(options.home) if options.home else Path(folder) / "home"
        runs: list[dict[str, float]] = []
        for _ in range(options.runs):
            shutil.rmtree(home, ignore_errors=True)
            runs.append(one_run(returns, home))
        started = time.perf_counter()
        again = one_run(returns, home)
        again["wall_seconds"] = time.perf_counter() - started
    runs.sort(key=lambda run: run["wall_seconds"])
    median = runs[len(runs) // 2]
    report = {
        "machine": machine(),
        "median": median,
        "runs": runs,
        "nothing_to_do_seconds": again["wall_seconds"],
        "peak_mb": max(run["peak_mb"] for run in runs),
        "limits": {"wall_seconds": WALL_LIMIT_SECONDS, "peak_mb": MEMORY_LIMIT_MB},
    }
    if options.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return 0
    sys.stdout.write(
        f"Lancashire, landing to release ({report['machine']})\n"
        f"  median of {len(runs)}: {median['wall_seconds']:.1f} s wall (limit {WALL_LIMIT_SECONDS}), "
        f"{median['cpu_seconds']:.1f} s CPU, {median['accepted_rows']:,.0f} rows accepted\n"
        f"  peak memory: {report['peak_mb']:.0f} MB (limit {MEMORY_LIMIT_MB})\n"
        f"  again, nothing to do: {again['wall_seconds']:.1f} s\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
