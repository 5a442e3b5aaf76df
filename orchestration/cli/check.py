"""`totalplace check`: a dry run for whoever submits a file. Nothing is stored."""

from __future__ import annotations

import os
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ingest.findings import Finding
from ingest.kinds import KINDS
from ingest.landing import now_utc
from orchestration.cli.console import home_option, json_option, print_json, writing
from orchestration.cli.known_agency import need_known_agency
from orchestration.cli.submitted import submitted


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
    warnings.filterwarnings("ignore")
    from ingest.reading import read_file
    from ingest.submitter_report import group_findings, report_lines, write_csv, write_html
    from orchestration.checking import check_reading
    from orchestration.cli.registry_rows import say_faults
    from orchestration.home_secret import passing_secret
    from orchestration.reporting import all_findings, file_totals, submission_of

    given = submitted(file, agency, kind, home_path, passing_secret)
    registry = given.registry
    need_known_agency(agency, registry)
    files = [check_reading(read_file(content, r, registry, given.limits), registry) for r, content in given.files()]
    findings = [finding for checked in files for finding in all_findings(checked)]
    grouping = group_findings(findings)
    now = now_utc()
    if findings_path:
        with writing(f"--findings {findings_path}"):
            write_csv(findings, findings_path, grouping)
    pages = [
        (submission_of(checked, registry, now, is_dry_run=True), group_findings(all_findings(checked)).groups) for checked in files
    ]
    for number, (submission, groups) in enumerate(pages if report else [], start=1):
        assert report is not None
        page = report if number == 1 else report.with_stem(f"{report.stem}-{number}")  # an archive: a page for each file in it
        with writing(f"--report {page}"):
            write_html(submission, groups, page, _beside(findings_path, page))
    say_faults(registry)
    blocking_count = sum(finding.severity == "blocking" for finding in findings)
    if as_json:
        numbered = [_plain(finding) | {"group": number} for finding, number in zip(findings, grouping.numbers, strict=True)]
        sums: dict[str, Any] = {}
        for checked in files:
            if checked.reading.is_archive and not checked.reading.is_held:
                continue  # its rows are those of its files
            for name, value in asdict(file_totals(checked)).items():
                sums[name] = value if name not in sums or value is None else (sums[name] or 0) + value
        print_json({"file": file.name, "blocking_count": blocking_count, **sums, "findings": numbered})
    else:
        for submission, groups in pages:
            for line in report_lines(submission, groups):
                click.echo(line)
        is_alias = registry.agency_called(given.publisher_slug) is not None
        if not agency and not is_alias and any(finding.rule_id == "publisher_is_known" for finding in findings):
            click.echo(f"{given.publisher_slug} is the folder that the file lies in; --agency SLUG says whose return it is.")
    raise SystemExit(1 if blocking_count else 0)


def _beside(findings_path: Path | None, page: Path) -> str:
    return Path(os.path.relpath(findings_path, page.parent)).as_posix() if findings_path else ""


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "rule_id": finding.rule_id, "severity": finding.severity, "where": finding.place_in_file, "value": finding.value,
        "message": finding.message,
    }  # fmt: skip
