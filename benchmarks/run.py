"""A whole run of many lines against the bare job: `totalplace bench run` or `python -m benchmarks.run [--rows N] [--folder F]`.

Ours: `totalplace run` in a process of its own and a fresh home, landing to release. The bare job: `benchmarks.bare_marts`. Then one
of the sixty returns is replaced (an amount of its first line is another) and the run is made again. What is compared are CPU
seconds, children and imports included; wall time says more of the machine than of the work.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measuring import machine, make_generated, measured

LIMIT_RATIO, LIMIT_MB, LIMIT_REPLACED = 2.0, 2_000, 1 / 6


def replace_one(returns: Path) -> Path:
    """Change the amount of the first line of the first file, as a corrected return would; returns the file."""
    path = min(returns.glob("*/*/*.csv"))
    head, line, rest = path.read_bytes().decode().split("\n", 2)
    names, cells = next(csv.reader([head])), next(csv.reader([line]))
    place = names.index("Net Amount")
    cells[place] = "1234.56" if cells[place] != "1234.56" else "6543.21"
    changed = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    path.unlink()  # the file may be a link to one that is kept
    path.write_text("\n".join((head, changed, rest)), encoding="utf-8", newline="")
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the generated returns here, and use them when they are there")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder.parent if options.folder else None) as scratch:
        folder = options.folder or Path(scratch) / "made"
        make_generated(options.rows, folder)
        returns, home = Path(scratch) / "returns", Path(scratch) / "home"
        ours: list[dict[str, float]] = []
        bare: list[dict[str, float]] = []
        again: list[dict[str, float]] = []
        command = ["orchestration.cli.main", "run", "--home", str(home), "--returns", str(returns)]
        for _ in range(options.pairs):
            for path in (returns, home):
                shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(folder / "returns", returns, copy_function=os.link)
            ours.append(measured(command))
            bare.append(measured(["benchmarks.bare_marts", str(returns), str(Path(scratch) / "bare")]))
            replace_one(returns)
            again.append(measured(command))
    ratio = median(a["cpu_seconds"] / b["cpu_seconds"] for a, b in zip(ours, bare, strict=True))
    replaced = median(a["cpu_seconds"] / b["cpu_seconds"] for a, b in zip(again, ours, strict=True))
    peak_mb = max(each["peak_mb"] for each in ours + again)
    if options.json:
        report = {
            "machine": machine(), "rows": options.rows, "ours": ours, "bare": bare, "one_replaced": again, "ratio": ratio,
            "replaced_ratio": replaced, "peak_mb": peak_mb,
            "limits": {"ratio": LIMIT_RATIO, "peak_mb": LIMIT_MB, "replaced_ratio": LIMIT_REPLACED},
        }  # fmt: skip
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return 0
    sys.stdout.write(f"A whole run of {options.rows:,} lines in 60 returns ({machine()})\n")
    for whole, least, one in zip(ours, bare, again, strict=True):
        sys.stdout.write(
            f"  ours {whole['cpu_seconds']:.1f} s CPU, {whole['peak_mb']:.0f} MB; bare {least['cpu_seconds']:.1f} s CPU;"
            f" one of sixty replaced {one['cpu_seconds']:.1f} s CPU, {one['peak_mb']:.0f} MB\n"
        )
    sys.stdout.write(
        f"  ratio {ratio:.2f} (limit {LIMIT_RATIO}), peak {peak_mb:.0f} MB (limit {LIMIT_MB}),"
        f" one replaced {replaced:.2f} of a full build (limit {LIMIT_REPLACED:.2f})\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
