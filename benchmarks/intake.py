"""Intake of many lines against the bare job, in one run, interleaved: `python -m benchmarks.intake [--rows N] [--pairs N]`.

Ours: landing to checked Parquet of the generated returns (`benchmarks.generate`), as `totalplace run` does it before dbt: originals
by hash with receipts, an independent tally, every rule, quarantine, findings, reports, ledger. The bare job: `benchmarks.bare`.
Each runs in a process of its own; what is compared are CPU seconds, start-up and imports included. The truth of the generator is
held against the records.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from statistics import median

from benchmarks.measuring import machine, make_generated, measured

LIMIT_RATIO, LIMIT_MB = 1.3, 1_000


def take_in(returns: Path, home_path: Path) -> None:
    """Land, read, check and store every return of a folder."""
    from ingest.home import Home
    from ingest.landing import Landing
    from ingest.reading import Reading
    from ingest.registry import load_registry
    from orchestration import intake, storing
    from orchestration.checking import check_readings

    home = Home(home_path)
    landing = Landing(home)
    receipts = landing.land_folder(returns).receipts
    registry = load_registry(home.root / "registry")
    waiting: list[Reading] = []
    for number, receipt in enumerate(receipts, start=1):
        waiting.append(intake.take_lines(landing, registry, intake.read_landed(landing, registry, receipt)))
        if intake.is_batch(waiting) or number == len(receipts):
            for checked in check_readings(waiting, registry):
                storing.store(home, checked, registry)
                intake.drop_reading(landing, registry, checked.reading.receipt)
            waiting = []


def differences(truth_path: Path, home_path: Path) -> list[str]:
    """Where a record does not say what the generator knows; empty when all of it is right."""
    from ingest.home import Home
    from ingest.records import all_records

    records = {record.file_name: record for record in all_records(Home(home_path))}
    wrong: list[str] = []
    with truth_path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            name = row["file_name"]
            (part,) = records[name].parts
            (entry,) = part.ledger
            found = {r["rule_id"]: str(r["failed_count"]) for r in part.rule_results}
            expected = {rule: row[rule] for rule in row if rule in found}
            if {rule: found[rule] for rule in expected} != expected:
                wrong.append(f"{name}: {found} where {expected} is true")
            money = (Decimal(entry["accepted_gbp"]) * 100, int(entry["accepted_count"]))
            if money != (Decimal(row["accepted_pennies"]), int(row["accepted_count"])):
                wrong.append(f"{name}: {money} where {row['accepted_pennies']}, {row['accepted_count']} is true")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the generated returns here, and use them when they are there")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--take-in", nargs=2, metavar=("RETURNS", "HOME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.take_in:
        take_in(*map(Path, options.take_in))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "made"
        make_generated(options.rows, folder)
        home = Path(scratch) / "home"
        pairs: list[tuple[dict[str, float], dict[str, float]]] = []
        for _ in range(options.pairs):
            shutil.rmtree(home, ignore_errors=True)
            ours = measured(["benchmarks.intake", "--take-in", str(folder / "returns"), str(home)])
            pairs.append((ours, measured(["benchmarks.bare", str(folder / "returns"), str(Path(scratch) / "bare")])))
        wrong = differences(folder / "truth" / "files.csv", home)
    ratio = median(ours["cpu_seconds"] / bare["cpu_seconds"] for ours, bare in pairs)
    report = {
        "machine": machine(),
        "rows": options.rows,
        "pairs": pairs,
        "ratio": ratio,
        "peak_mb": max(ours["peak_mb"] for ours, _ in pairs),
        "limits": {"ratio": LIMIT_RATIO, "peak_mb": LIMIT_MB},
        "differences_from_truth": wrong,
    }
    if options.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        sys.stdout.write(f"Intake of {options.rows:,} lines, landing to checked Parquet ({report['machine']})\n")
        for ours, bare in pairs:
            sys.stdout.write(
                f"  ours {ours['cpu_seconds']:.1f} s CPU, {ours['peak_mb']:.0f} MB; bare {bare['cpu_seconds']:.1f} s CPU\n"
            )
        sys.stdout.write(f"  median ratio {ratio:.2f} (limit {LIMIT_RATIO}), peak {report['peak_mb']:.0f} MB (limit {LIMIT_MB})\n")
        sys.stdout.write(
            "  the truth of the generator: " + ("met in every file\n" if not wrong else "\n    ".join(["NOT met", *wrong]) + "\n")
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
