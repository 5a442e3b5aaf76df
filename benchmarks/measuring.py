"""Measuring a process: what it costs, on which machine, and the generated returns that several benchmarks are run on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def machine() -> str:
    """The machine that a benchmark ran on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def measured(command: list[str]) -> dict[str, float]:
    """CPU seconds and peak memory (MB) of a module run in a process of its own, with the processes it starts."""
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *command], cwd=REPOSITORY, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def make_generated(rows: int, folder: Path) -> None:
    """The generated returns (`benchmarks.generate`) in `folder`, made where they are not there yet."""
    if not (folder / "truth" / "files.csv").exists():
        subprocess.run([sys.executable, "-m", "benchmarks.generate", str(rows), str(folder)], cwd=REPOSITORY, check=True)
