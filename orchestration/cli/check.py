"""`totalplace check`: a dry run for whoever submits a file. Nothing is stored."""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ingest.findings import Finding
from ingest.kinds import KINDS
from ingest.landing import Receipt, now_utc, unpacked
from ingest.sniff import detect_type
from orchestration.cli.console import chosen_home, fail, home_option, json_option, print_json


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
    from ingest.submitter_report import group_findings, report_lines, write_csv, write_html
    from orchestration.checking import check_reading
    from orchestration.home_secret import passing_secret
    from orchestration.reporting import all_findings, file_totals, submission_of
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
        registry = load_registry(given if given.is_dir() else chosen_home(home_path).root / "registry", passing_secret)
    except RegistryError as error:
        fail(str(error), 2)
    if agency and agency not in registry.agencies and agency not in registry.publishers:
        fail(f"--agency {agency}: not in the registry; `totalplace agencies list` shows all", 2)
    limits = limits_from_environment()
    files = [check_reading(read_file(raw, r, registry, limits), registry) for r, raw in unpacked(receipt, content, limits)]
    findings = [finding for checked in files for finding in all_findings(checked)]
    grouping = group_findings(findings)
    now = now_utc()
    if findings_path:
        write_csv(findings, findings_path, grouping)
    pages = [
        (submission_of(checked, registry, now, is_dry_run=True), group_findings(all_findings(checked)).groups) for checked in files
    ]
    for number, (submission, groups) in enumerate(pages if report else [], start=1):
        assert report is not None
        page = report if number == 1 else report.with_stem(f"{report.stem}-{number}")  # an archive: a page for each file in it
        write_html(submission, groups, page, _beside(findings_path, page))
    blocking_count = sum(finding.severity == "blocking" for finding in findings)
    if as_json:
        numbered = [_plain(finding) | {"group": grouping.number_of(finding)} for finding in findings]
        sums: dict[str, Any] = {}
        for checked in files:
            for name, value in asdict(file_totals(checked)).items():
                sums[name] = value if name not in sums or value is None else (sums[name] or 0) + value
        print_json({"file": file.name, "blocking_count": blocking_count, **sums, "findings": numbered})
    else:
        for submission, groups in pages:
            for line in report_lines(submission, groups):
                click.echo(line)
    raise SystemExit(1 if blocking_count else 0)


def _beside(findings_path: Path | None, page: Path) -> str:
    return Path(os.path.relpath(findings_path, page.parent)).as_posix() if findings_path else ""


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "rule_id": finding.rule_id, "severity": finding.severity, "where": finding.place_in_file, "value": finding.value,
        "message": finding.message,
    }  # fmt: skip
