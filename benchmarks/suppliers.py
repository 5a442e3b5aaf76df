"""Supplier resolution against names whose suppliers are known: `python -m benchmarks.suppliers [--yardstick DIR] [--pairs N]`.

The names of the project's own generator, and of a yardstick where its folder is given (a `gen.py` with `suppliers()`: names, five
of each supplier in turn, and the suppliers' numbers). Each is resolved by names alone and with the company number of half of them.
Precision and recall are over pairs of names. The cost is compared with the bare join (`benchmarks.bare_suppliers`): CPU seconds of
processes of their own, interleaved, start-up included.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.generate import SPELLINGS, spellings
from benchmarks.measuring import machine, measured

LIMITS = {"precision": 0.985, "f1_with_identifiers": 0.95, "f1_names_alone": 0.93, "ratio": 3.0, "peak_mb": 1_000}
_GENERATE = (
    "import csv, sys, gen; n, i = gen.suppliers();"
    " csv.writer(sys.stdout).writerows([x, k // 5, i[k // 5]] for k, x in enumerate(n))"
)
Truth = list[tuple[str, int, str]]


def own_names() -> Truth:
    """(name, supplier, the supplier's number or "") of each distinct name of the generator."""
    names, numbers = spellings()
    return _distinct((name, place // SPELLINGS, numbers[place // SPELLINGS]) for place, name in enumerate(names))


def yardstick_names(folder: Path, python: str) -> Truth:
    made = subprocess.run([python, "-B", "-c", _GENERATE], cwd=folder, check=True, capture_output=True, text=True)
    return _distinct((name, int(supplier), number) for name, supplier, number in csv.reader(made.stdout.splitlines()))


def _distinct(rows: Iterable[tuple[str, int, str]]) -> Truth:
    first: dict[str, tuple[str, int, str]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return list(first.values())


def write_names(truth: Truth, path: Path, with_identifiers: bool) -> None:
    is_known = np.random.default_rng(5).random(len(truth)) < (0.5 if with_identifiers else 0)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["name", "identifier"])
        for (name, _, number), known in zip(truth, is_known, strict=True):
            writer.writerow([name, f"company:{number}" if known and number else ""])


def resolve_file(names: Path, out: Path) -> None:
    """What is measured: names read, resolved, written."""
    from ingest.suppliers import SupplierName, resolve

    with names.open(encoding="utf-8", newline="") as handle:
        rows = [SupplierName(row[0], row[1]) for row in csv.reader(handle)][1:]
    out.write_text("\n".join(resolved.supplier_id for resolved in resolve(rows).names), encoding="utf-8")


def scores(found: Sequence[Hashable], true: Sequence[Hashable]) -> dict[str, float]:
    """Precision, recall and F1 over pairs of names."""

    def pairs(labels: Iterable[Hashable]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(labels).values())

    both = pairs(zip(found, true, strict=True))
    precision, recall = both / max(pairs(found), 1), both / max(pairs(true), 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def run_case(truth: Truth, with_identifiers: bool, pairs: int, scratch: Path) -> dict[str, object]:
    names, out, bare = scratch / "names.csv", scratch / "out.txt", scratch / "bare.parquet"
    write_names(truth, names, with_identifiers)
    runs = [
        (
            measured(["benchmarks.suppliers", "--resolve", str(names), str(out)]),
            measured(["benchmarks.bare_suppliers", str(names), str(bare)]),
        )
        for _ in range(pairs)
    ]
    return {
        "with_identifiers": with_identifiers,
        "names": len(truth),
        **scores(out.read_text(encoding="utf-8").split("\n"), [supplier for _, supplier, _ in truth]),
        "cpu_seconds": median(ours["cpu_seconds"] for ours, _ in runs),
        "bare_cpu_seconds": median(other["cpu_seconds"] for _, other in runs),
        "ratio": median(ours["cpu_seconds"] / other["cpu_seconds"] for ours, other in runs),
        "peak_mb": max(ours["peak_mb"] for ours, _ in runs),
    }


def misses(case: dict[str, object]) -> list[str]:
    f1_limit = LIMITS["f1_with_identifiers" if case["with_identifiers"] else "f1_names_alone"]
    held = {
        "precision": float(str(case["precision"])) >= LIMITS["precision"],
        "f1": float(str(case["f1"])) >= f1_limit,
        "ratio": float(str(case["ratio"])) <= LIMITS["ratio"],
        "peak_mb": float(str(case["peak_mb"])) <= LIMITS["peak_mb"],
    }
    return [name for name, is_held in held.items() if not is_held]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yardstick", type=Path, help="a folder with a gen.py that has suppliers()")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has what gen.py needs")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--resolve", nargs=2, type=Path, metavar=("NAMES", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.resolve:
        resolve_file(*options.resolve)
        return 0
    sources = {"generator": own_names()}
    if options.yardstick:
        sources["yardstick"] = yardstick_names(options.yardstick, options.python)
    with tempfile.TemporaryDirectory() as scratch:
        cases = [
            {"source": source, **run_case(truth, with_identifiers, options.pairs, Path(scratch))}
            for source, truth in sources.items()
            for with_identifiers in (True, False)
        ]
    for case in cases:
        case["misses"] = misses(case)
    if options.json:
        sys.stdout.write(json.dumps({"machine": machine(), "limits": LIMITS, "cases": cases}, indent=1) + "\n")
    else:
        sys.stdout.write(f"Supplier resolution ({machine()})\n")
        for case in cases:
            known = "numbers of half" if case["with_identifiers"] else "names alone"
            missed = "; MISSES " + ", ".join(case["misses"]) if case["misses"] else ""
            sys.stdout.write(
                f"  {case['source']}, {case['names']:,} names, {known}: precision {case['precision']:.4f},"
                f" recall {case['recall']:.4f}, F1 {case['f1']:.4f}; {case['cpu_seconds']:.1f} s CPU,"
                f" bare join {case['bare_cpu_seconds']:.1f} s, ratio {case['ratio']:.2f}, peak {case['peak_mb']:.0f} MB{missed}\n"
            )
    return 1 if any(case["misses"] for case in cases) else 0


if __name__ == "__main__":
    raise SystemExit(main())
