"""Overlap and possible duplicates against SQL by hand on integer keys: `python -m benchmarks.overlap [--rows N] [--pairs N]`.

Measured are the models that serve nothing else: all of `intermediate/payment`, `intermediate/overlap`, `intermediate/supplier`
and `marts/duplication`, with `qa_duplicate_tiers` and `qa_duplicate_reviews`, on a warehouse in which everything before them is
built, made as a run makes them: by the statements that dbt compiled, with types and constraints of their contracts, hashed where
a run hashes them, written to the file; and the keys that the narrow lines carry for them alone (`payment_keys`: set-up, reference,
document), made and written once more for every line. The bare job (`benchmarks.bare_overlap`) starts from the same narrow lines
with every text a number and makes the same groups, sums and sets, without names, ids, words, provenance, reviews or tests. Each
runs in a process of its own, in turn. What is compared are CPU seconds. The results of both are held against each other.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

import duckdb

from benchmarks import overlap_results
from benchmarks.intake import take_in
from benchmarks.measuring import REPOSITORY, machine, make_generated, measured
from benchmarks.overlap_lines import make_returns, write_narrow

LIMIT_RATIO, LIMIT_MB = 1.5, 2_000
SELECTED = ("intermediate/payment/", "intermediate/overlap/", "intermediate/supplier/", "marts/duplication/")
SELECTED_TOO = ("qa_duplicate_tiers", "qa_duplicate_reviews")


def prepare(returns: Path, home_path: Path) -> None:
    """Take the returns in and build everything; then the narrow lines for the bare job."""
    from ingest.home import Home
    from ingest.registry import load_registry
    from orchestration import kept_build
    from orchestration.transform import refresh_manifest
    from orchestration.warehouse import prepare_warehouse

    refresh_manifest()
    take_in(returns, home_path)
    home = Home(home_path)
    prepare_warehouse(home, load_registry(home.root / "registry"), date(2026, 11, 1))
    failed = [f"{result.name}: {result.message}" for result in kept_build.build(home) if result.is_failure]
    if failed:
        raise SystemExit("\n".join(failed))
    kept_build.forget(home)  # it is the same file: what is measured is written into it
    write_narrow(home.warehouse, home_path / "narrow.duckdb")


def build(warehouse: Path) -> None:
    """What is measured: the keys, then the models."""
    from orchestration.kept_build import compiled
    from orchestration.kept_statements import Kept, KeptStatements, asked_about, content_hash

    with duckdb.connect(str(warehouse), config={"memory_limit": "1GB"}) as connection:
        connection.execute(f"create table measured_keys as select {_keys_sql()} from lake.spend as lines")
        connection.execute("drop table measured_keys")
    found = compiled(warehouse)
    if found is None:
        raise SystemExit("the project or the rules changed since this was prepared: prepare it anew in another --folder")
    folder_database, kept = found
    paths = _paths()
    nodes = tuple(
        node
        for node in kept.nodes
        if node.resource_type == "model" and (paths[node.name].startswith(SELECTED) or node.name in SELECTED_TOO)
    )
    with duckdb.connect(str(warehouse)) as connection:
        for node in nodes:
            sort = "view" if node.materialized == "view" else "table"
            connection.execute(f'drop {sort} if exists main."{node.name}"')
    ours = {node.unique_id for node in nodes}
    chosen = Kept(kept.key, nodes, {name: "" for name in kept.hashes if name in ours}, "", is_empty=True)
    statements = KeptStatements(warehouse, folder_database, chosen)
    statements.run()
    asked = asked_about(kept.nodes) - asked_about(nodes)  # by others, which are not built here
    with duckdb.connect(str(warehouse)) as connection:
        for node in nodes:
            if node.unique_id in asked and node.materialized != "view":
                content_hash(connection, f'main."{node.name}"')
    statements.finish()


def _paths() -> dict[str, str]:
    """The file of every model, by its name."""
    from orchestration.transform import MANIFEST

    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    return {str(node["name"]): str(node["path"]) for node in nodes if node["resource_type"] == "model"}


def _keys_sql() -> str:
    from jinja2 import Environment

    macros = REPOSITORY / "dbt_project" / "macros"
    text = "".join((macros / f"{name}.sql").read_text(encoding="utf-8") for name in ("normalised_reference", "payment_keys"))
    return Environment().from_string(text + '{{ payment_keys("lines") }}').render()


STEPS = {"prepare": prepare, "build": build}


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
        make_generated(options.rows, made)
        if not narrow.exists():
            if not returns.exists():
                make_returns(made / "returns", returns, options.rows)
            measured(["benchmarks.overlap", "--step", "prepare", str(returns), str(home)])
        warehouse = home / "build" / "warehouse.duckdb"
        ours: list[dict[str, float]] = []
        bare: list[dict[str, float]] = []
        for _ in range(options.pairs):
            ours.append(measured(["benchmarks.overlap", "--step", "build", str(warehouse)]))
            bare.append(measured(["benchmarks.bare_overlap", str(narrow), str(out)]))
        figures = overlap_results.both(warehouse, out)
    return _report(options.rows, options.json, ours, bare, figures)


def _report(
    rows: int,
    as_json: bool,
    ours: list[dict[str, float]],
    bare: list[dict[str, float]],
    figures: dict[str, overlap_results.Pair],
) -> int:
    ratio = median(mine["cpu_seconds"] / least["cpu_seconds"] for mine, least in zip(ours, bare, strict=True))
    wrong = [name for name, pair in figures.items() if not overlap_results.is_equal(name, pair)]
    peak_mb = max(each["peak_mb"] for each in ours)
    if as_json:
        report = {
            "machine": machine(), "rows": rows, "ours": ours, "bare": bare, "ratio": ratio, "peak_mb": peak_mb,
            "figures": {name: list(map(str, pair)) for name, pair in figures.items()},
            "differences": wrong, "limits": {"ratio": LIMIT_RATIO, "peak_mb": LIMIT_MB},
        }  # fmt: skip
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return 1 if wrong else 0
    sys.stdout.write(f"Overlap and possible duplicates of {rows:,} lines ({machine()})\n")
    for mine, least in zip(ours, bare, strict=True):
        sys.stdout.write(
            f"  ours {mine['cpu_seconds']:.1f} s CPU, {mine['peak_mb']:.0f} MB;"
            f" bare {least['cpu_seconds']:.1f} s CPU, {least['peak_mb']:.0f} MB\n"
        )
    sys.stdout.write(f"  ratio {ratio:.2f} (limit {LIMIT_RATIO}); peak {peak_mb:.0f} MB (limit {LIMIT_MB})\n")
    for name, pair in figures.items():
        sys.stdout.write(f"    {name}: {pair[0]:,}" + ("" if name not in wrong else f", but bare {pair[1]:,}") + "\n")
    sys.stdout.write("  the results differ\n" if wrong else "  both have the same results\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
