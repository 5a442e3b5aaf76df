"""`totalplace check`: a dry run for whoever submits a file. Nothing is stored."""

from __future__ import annotations

import hashlib
import warnings
from itertools import groupby
from pathlib import Path

import click

from ingest.findings import Finding
from ingest.kinds import KINDS
from ingest.landing import Receipt, unpacked
from ingest.sniff import detect_type
from orchestration.cli.console import chosen_home, fail, home_option, json_option, pounds, print_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--agency", help="The agency whose return it is (default: the name of the folder the file lies in).")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="The kind of return (default: by content).")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as HTML.")
@click.option("--findings", "findings_path", type=click.Path(path_type=Path, dir_okay=False), help="Write all findings as CSV.")
@home_option
@json_option
def check(
    file: Path, agency: str | None, kind: str | None, report: Path | None, findings_path: Path | None, home_path: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Check one FILE as a return, without storing anything."""
    if file.is_dir():
        fail(f"{file} is a folder: give one file; `totalplace run --returns {file}` takes a folder", 2)
    if not file.is_file():
        fail(f"{file}: there is no such file", 2)
    warnings.filterwarnings("ignore")
    from ingest.reading import read_file
    from ingest.registry import RegistryError, load_registry
    from ingest.submitter_report import write_csv, write_html
    from orchestration.checking import check_reading
    from orchestration.resources import limits_from_environment

    content = file.read_bytes()
    parent = file.resolve().parent
    folder = parent.parent if parent.name in KINDS else parent
    hint = kind or (parent.name if parent.name in KINDS else None)
    receipt = Receipt(
        file_name=file.name,
        publisher_slug=agency or folder.name,
        kind_hint=hint,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        detected_type=detect_type(content),
        source=str(file),
        first_landed_at="1970-01-01T00:00:00",
        landed_at="1970-01-01T00:00:00",
    )
    try:
        given = folder.parent / "registry"
        registry = load_registry(given if given.is_dir() else chosen_home(home_path).root / "registry")
    except RegistryError as error:
        fail(str(error), 2)
    if agency and agency not in registry.agencies and agency not in registry.publishers:
        fail(f"--agency {agency}: not in the registry; `totalplace agencies list` shows all", 2)
    limits = limits_from_environment()
    files = [check_reading(read_file(raw, r, registry, limits), registry) for r, raw in unpacked(receipt, content, limits)]
    findings = [finding for checked in files for finding in checked.findings]
    findings += [finding for checked in files for part in checked.parts for finding in part.findings]
    entries = [entry for checked in files for part in checked.parts for entry in part.ledger]
    totals = {
        "row_count": sum(e.row_count for e in entries) or sum(checked.reading.physical_row_count for checked in files),
        "accepted_count": sum(e.accepted_count for e in entries),
        "quarantined_count": sum(e.quarantined_count for e in entries),
        "excluded_count": sum(e.excluded_count for e in entries),
        "accepted_gbp": sum((e.accepted_gbp for e in entries), start=0),
        "quarantined_gbp": sum((e.quarantined_gbp for e in entries), start=0),
    }
    if findings_path:
        write_csv(findings, findings_path)
    if report:
        write_html(findings, totals, file.name, report)
    blocking = [f for f in findings if f.severity == "blocking"]
    if as_json:
        shown = [
            {"rule_id": f.rule_id, "severity": f.severity, "where": f.place_in_file, "value": f.value, "message": f.message}
            for f in findings
        ]
        print_json({"file": file.name, "blocking_count": len(blocking), **totals, "findings": shown})
    else:
        _print(file, findings, totals)
    raise SystemExit(1 if blocking else 0)


def _print(file: Path, findings: list[Finding], totals: dict[str, object]) -> None:
    click.echo(
        f"{file.name}: {totals['row_count']:,} rows; {totals['accepted_count']:,} accepted ({pounds(totals['accepted_gbp'])}),"  # type: ignore[arg-type]
        f" {totals['quarantined_count']:,} held ({pounds(totals['quarantined_gbp'])}), {totals['excluded_count']:,} excluded"  # type: ignore[arg-type]
    )
    rank = {"blocking": 0, "warning": 1, "info": 2}
    ordered = sorted(findings, key=lambda f: (rank[f.severity], f.rule_id, f.message))
    for (severity, _, message), group in groupby(ordered, key=lambda f: (f.severity, f.rule_id, f.message)):
        same = list(group)
        where = same[0].place_in_file + (f" and {len(same) - 1} more" if len(same) > 1 else "")
        click.echo(f"  {severity.upper():8}  {message}" + (f"  [{where}]" if where.strip() else ""))
    if not any(f.severity == "blocking" for f in findings):
        click.echo("  No blocking findings.")
