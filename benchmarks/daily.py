"""What a day costs: `python -m benchmarks.daily`. Loading the code location, one file dropped, and nothing to do.

A home is made of the Lancashire returns but one; then that file is dropped and `totalplace run` takes it from the folder to a
release; then it runs again. Each in a process of its own, as a user starts it: start-up and imports are in the wall time. CPU
seconds stand beside it, because a busy machine stretches the wall.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.lancashire import PUBLISHERS, RETURNS
from benchmarks.measuring import REPOSITORY, machine

DROPPED = "hyndburn-borough-council/January-26-CSV.csv"
LIMITS = {"validate": 5.0, "load": 3.0, "one_file": 10.0, "nothing_to_do": 5.0}
WORDS = {
    "validate": "`dagster definitions validate`",
    "load": "code location load after the first",
    "one_file": "one file dropped, file to release",
    "nothing_to_do": "again, nothing to do",
}
_LOAD = "import orchestration.definitions as d; d.defs.get_repository_def()"


def measured(command: list[str], environment: dict[str, str]) -> dict[str, float | str]:
    """Wall and CPU seconds, and what was printed, of a command in a process of its own.

    Raises SystemExit with what it said when it fails.
    """
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", *command],
            cwd=REPOSITORY, env=os.environ | environment, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        said.seek(0)
        words = said.read()
    if status:
        raise SystemExit(f"{' '.join(command)} failed:\n{words[-2000:]}")
    return {"wall_seconds": wall, "cpu_seconds": used.ru_utime + used.ru_stime, "said": words}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not RETURNS.is_dir():
        sys.stderr.write("the published returns are not here (../shared/returns): nothing to measure\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        returns, home = Path(folder) / "returns", Path(folder) / "home"
        for publisher in PUBLISHERS:
            shutil.copytree(RETURNS / publisher, returns / publisher)
        (returns / DROPPED).rename(Path(folder) / "dropped.csv")
        run = ["-m", "orchestration.cli.main", "run", "--home", str(home), "--returns", str(returns)]
        environment = {"TOTALPLACE_HOME": str(home), "DAGSTER_HOME": "", "PYTHONDONTWRITEBYTECODE": ""}
        if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # "after the first" means with bytecode: kept aside where none is wanted
            environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        whole = measured(run, environment)
        found = {"load": measured(["-c", _LOAD], environment)}
        found["validate"] = measured(["-m", "dagster", "definitions", "validate", "-m", "orchestration.definitions"], environment)
        shutil.copyfile(Path(folder) / "dropped.csv", returns / DROPPED)
        found["one_file"] = measured(run, environment)
        found["nothing_to_do"] = measured(run, environment)
    if "Published release" not in str(found["one_file"]["said"]) or "Nothing to do" not in str(found["nothing_to_do"]["said"]):
        raise SystemExit(
            "the runs did not do what is measured: " + json.dumps({k: str(v["said"])[-300:] for k, v in found.items()})
        )
    report = {
        "machine": machine(),
        "load_average": os.getloadavg()[0],
        "limits": LIMITS,
        "whole_run": {k: v for k, v in whole.items() if k != "said"},
        **{name: {k: v for k, v in found[name].items() if k != "said"} for name in LIMITS},
    }
    if options.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return 0
    sys.stdout.write(f"A day on the Lancashire returns ({report['machine']}; load average {report['load_average']:.1f})\n")
    for name, limit in LIMITS.items():
        wall, cpu = found[name]["wall_seconds"], found[name]["cpu_seconds"]
        sys.stdout.write(f"  {WORDS[name]}: {wall:.1f} s wall (limit {limit:g}), {cpu:.1f} s CPU\n")
    sys.stdout.write(f"  (the whole set before: {whole['wall_seconds']:.1f} s wall, {whole['cpu_seconds']:.1f} s CPU)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
