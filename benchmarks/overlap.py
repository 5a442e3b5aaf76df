"""Overlap and possible duplicates against SQL by hand on integer keys: `python -m benchmarks.overlap [--rows N] [--pairs N]`.

Measured are the dbt models that serve nothing else: all of `intermediate/payment`, `intermediate/overlap`, `intermediate/supplier`
and `marts/duplication`, with `qa_duplicate_tiers` and `qa_duplicate_reviews`, on a warehouse in which everything before them is
built; and the keys that the narrow lines carry for them alone (`payment_keys`: set-up, reference, document), made and written once
more for every line. The bare job (`benchmarks.bare_overlap`) starts from the same narrow lines with every text a number and makes
the same groups, sums and sets, without names, ids, words, provenance, reviews or tests. Each runs in a process of its own, in turn.
What is compared are CPU seconds: ours less what dbt takes to start and build one small view (a run starts it once for all models),
and beside it ours whole. The results of both are held against each other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

import duckdb

from benchmarks import overlap_results
from benchmarks.intake import measured, take_in
from benchmarks.machine import machine
from benchmarks.overlap_lines import make_returns, write_narrow

REPOSITORY = Path(__file__).resolve().parents[1]
LIMIT_RATIO, LIMIT_MB = 1.5, 2_000
SELECTED = (
    *(f"path:models/intermediate/{folder}" for folder in ("payment", "overlap", "supplier")),
    "path:models/marts/duplication", "qa_duplicate_tiers", "qa_duplicate_reviews",
)  # fmt: skip
_SMALL_VIEW = "stg_run__parameters"


def prepare(returns: Path, home_path: Path) -> None:
    """Take the returns in and build all that is measured and all that it needs; then the narrow lines for the bare job."""
    from ingest.home import Home
    from ingest.registry import load_registry
    from orchestration.warehouse import prepare_warehouse

    take_in(returns, home_path)
    home = Home(home_path)
    prepare_warehouse(home, load_registry(home.root / "registry"), date(2026, 11, 1))
    _dbt(["seed"], home.warehouse)
    _dbt(["run", "--select", *(f"+{selected}" for selected in SELECTED)], home.warehouse)
    write_narrow(home.warehouse, home_path / "narrow.duckdb")


def build(warehouse: Path) -> None:
    """What is measured: the keys, then the models."""
    with duckdb.connect(str(warehouse), config={"memory_limit": "1GB"}) as connection:
        connection.execute(f"create table measured_keys as select {_keys_sql()} from lake.spend as lines")
        connection.execute("drop table measured_keys")
    _dbt(["run", "--select", *SELECTED], warehouse)


def start(warehouse: Path) -> None:
    _dbt(["run", "--select", _SMALL_VIEW], warehouse)


def _keys_sql() -> str:
    from jinja2 import Environment

    macros = REPOSITORY / "dbt_project" / "macros"
    text = "".join((macros / f"{name}.sql").read_text(encoding="utf-8") for name in ("normalised_reference", "payment_keys"))
    return Environment().from_string(text + '{{ payment_keys("lines") }}').render()


def _dbt(command: list[str], warehouse: Path) -> None:
    from orchestration.transform import run_dbt

    with tempfile.TemporaryDirectory() as logs:
        failed = [result for result in run_dbt(command, warehouse, Path(logs) / "logs") if result.is_failure]
    if failed:
        raise SystemExit("\n".join(f"{result.name}: {result.message}" for result in failed))


STEPS = {"prepare": prepare, "build": build, "start": start}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keep the generated returns and the warehouse here, and use them when there")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        STEPS[options.step[0]](*map(Path, options.step[1:]))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        made, returns, home = folder / "made", folder / "returns", folder / "home"
        narrow, out = home / "narrow.duckdb", home / "bare.duckdb"
        if not (made / "truth" / "files.csv").exists():
            command = [sys.executable, "-m", "benchmarks.generate", str(options.rows), str(made)]
            subprocess.run(command, cwd=REPOSITORY, check=True)
        if not narrow.exists():
            if not returns.exists():
                make_returns(made / "returns", returns, options.rows)
            measured(["benchmarks.overlap", "--step", "prepare", str(returns), str(home)])
        warehouse = home / "build" / "warehouse.duckdb"
        ours: list[dict[str, float]] = []
        bare: list[dict[str, float]] = []
        starts: list[dict[str, float]] = []
        for _ in range(options.pairs):
            starts.append(measured(["benchmarks.overlap", "--step", "start", str(warehouse)]))
            ours.append(measured(["benchmarks.overlap", "--step", "build", str(warehouse)]))
            bare.append(measured(["benchmarks.bare_overlap", str(narrow), str(out)]))
        figures = overlap_results.both(warehouse, out)
    return _report(options.rows, options.json, ours, bare, starts, figures)


def _report(
    rows: int,
    as_json: bool,
    ours: list[dict[str, float]],
    bare: list[dict[str, float]],
    starts: list[dict[str, float]],
    figures: dict[str, overlap_results.Pair],
) -> int:
    def ratio(begun: float) -> float:
        triples = zip(ours, bare, starts, strict=True)
        return median((a["cpu_seconds"] - begun * s["cpu_seconds"]) / b["cpu_seconds"] for a, b, s in triples)

    wrong = [name for name, pair in figures.items() if not overlap_results.is_equal(name, pair)]
    peak_mb = max(each["peak_mb"] for each in ours)
    if as_json:
        report = {
            "machine": machine(), "rows": rows, "ours": ours, "bare": bare, "starts": starts, "ratio": ratio(1),
            "ratio_with_start": ratio(0), "peak_mb": peak_mb,
            "figures": {name: list(map(str, pair)) for name, pair in figures.items()},
            "differences": wrong, "limits": {"ratio": LIMIT_RATIO, "peak_mb": LIMIT_MB},
        }  # fmt: skip
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return 1 if wrong else 0
    sys.stdout.write(f"Overlap and possible duplicates of {rows:,} lines ({machine()})\n")
    for mine, least, begun in zip(ours, bare, starts, strict=True):
        sys.stdout.write(
            f"  ours {mine['cpu_seconds'] - begun['cpu_seconds']:.1f} s CPU beside {begun['cpu_seconds']:.1f} s of start,"
            f" {mine['peak_mb']:.0f} MB; bare {least['cpu_seconds']:.1f} s CPU, {least['peak_mb']:.0f} MB\n"
        )
    sys.stdout.write(
        f"  ratio {ratio(1):.2f} (limit {LIMIT_RATIO}), {ratio(0):.2f} with the start; peak {peak_mb:.0f} MB (limit {LIMIT_MB})\n"
    )
    for name, pair in figures.items():
        sys.stdout.write(f"    {name}: {pair[0]:,}" + ("" if name not in wrong else f", but bare {pair[1]:,}") + "\n")
    sys.stdout.write("  the results differ\n" if wrong else "  both have the same results\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
