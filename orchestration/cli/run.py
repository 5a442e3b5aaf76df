"""`totalplace run`: fetch due endpoints, land, check, model, publish; a summary at the end."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from expectations.late_imports import loaded_late
from ingest.home import Home
from ingest.records import all_records
from ingest.returns_folder import misplaced
from orchestration.cli.console import (
    chosen_alerts,
    chosen_home,
    chosen_limits,
    counted,
    fail,
    home_option,
    json_option,
    pounds,
    print_json,
    print_table,
    remember_home,
    shortened,
)
from orchestration.faults import explained

if TYPE_CHECKING:
    from ingest.registry import Registry

PLACES_SHOWN = 10
AGENCIES_SHOWN = 20
HELD_SHOWN = 10
DOUBTFUL_SHOWN = 5
REASON_LENGTH = 240


@click.command()
@home_option
@json_option
@click.option("--returns", type=click.Path(path_type=Path), help="The returns folder (default: the one last run).")
@click.option("--place", help="Show this place or area (code or name) in the summary.")
@click.option("--as-known-on", help="Publish beside, as known on this instant (2024-05-31 or 2024-05-31T12:00:00).")
def run(home_path: Path | None, as_json: bool, returns: Path | None, place: str | None, as_known_on: str | None) -> None:
    """Fetch due endpoints, land, check, model and publish a folder of returns."""
    home = chosen_home(home_path)
    if as_known_on:
        try:
            as_known_on = _utc(datetime.fromisoformat(as_known_on)).isoformat()
        except ValueError:
            fail(f"--as-known-on {as_known_on}: give an instant like 2024-05-31 or 2024-05-31T12:00:00", 2)
    from orchestration.resources import remembered_folder

    folder = returns or remembered_folder(home)
    if folder is None:
        fail("no returns folder: give --returns FOLDER (one folder per publisher in it)", 2)
    if not folder.is_dir():
        fail(f"--returns {folder}: there is no such folder; give the folder that holds one folder per publisher", 2)
    if words := misplaced(folder, home):
        fail(words, 2)
    chosen_limits()  # said at once, not by a step of the run
    chosen_alerts()
    remember_home(home)
    warnings.filterwarnings("ignore")
    from orchestration.transform import refresh_manifest

    refresh_manifest()
    with loaded_late():  # nothing of it: it is what looks for no garbage in what is imported
        from ingest.registry import RegistryError, load_registry
        from orchestration.cli.registry_rows import say_faults
        from orchestration.gone_files import gone_files, gone_words
        from orchestration.logs import log, log_days
        from orchestration.pipeline import RunFailed, mixes_synthetic_and_real, run_pipeline

    try:
        registry = load_registry(folder / "registry")
        if mixes_synthetic_and_real(home, folder):
            fail(f"{home.root} and {folder} mix synthetic and real returns: give another --home", 2)
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)
    codes = codes_of(place, registry) if place else []

    try:
        log_days()
    except ValueError as error:
        fail(str(error), 2)
    console = Console(stderr=True)
    started = time.perf_counter()
    try:
        if as_json or not console.is_terminal:
            outcome = run_pipeline(home, folder, (lambda _: None) if as_json else _print_step, as_known_on or "")
        else:
            with console.status("starting") as status:
                outcome = run_pipeline(home, folder, lambda words: status.update(words), as_known_on or "")
    except RunFailed as error:
        log(home, "run", outcome="failed", seconds=round(time.perf_counter() - started, 3), error=str(error))
        say_faults(registry)
        fail(explained(str(error)) or str(error), 1)
    seconds = time.perf_counter() - started
    log(home, "run", outcome=outcome.status, seconds=round(seconds, 3), release_id=outcome.release_id)
    if outcome.fetched:
        click.echo(f"  {outcome.fetched}", err=True)
    for name in outcome.ignored:
        click.echo(f"  ignored: {name} lies at the root of the returns folder; a return lies in its publisher's folder", err=True)
    say_faults(registry)
    if gone := gone_words(gone_files(home, folder)):
        click.echo(f"  {gone}", err=True)
    _show(home.releases / outcome.release_id, outcome.status, codes, as_json, seconds, outcome.undone)


def codes_of(words: str, registry: Registry) -> list[str]:
    """The codes of the place with this code or name, else of the area: several where the place had several over the years, or areas
    share a name. Ends the command with status 2 where nothing is of that name."""
    from orchestration.statement import Subject, near_it, subjects_named

    places = [Subject(code, name, False) for code, name in sorted(registry.place_names.items())]
    areas = [Subject(code, name, True) for code, name in sorted(registry.area_names.items())]
    found = subjects_named(places, words) or subjects_named(areas, words)
    if not found:
        fail(f"--place {words}: neither a place nor an area that is known{near_it([*places, *areas], words)}", 2)
    return [subject.code for subject in found]


def _utc(instant: datetime) -> datetime:
    """Instants are kept without a zone, in UTC; one given with a zone is turned into that."""
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)


def _print_step(words: str) -> None:
    click.echo(f"  {words}", err=True)


def _show(folder: Path, status: str, codes: Sequence[str], as_json: bool, seconds: float, undone: str = "") -> None:
    from orchestration.summary import release_summary

    summary = release_summary(folder, codes)
    if as_json:
        keys = ("place_code", "financial_year", "consolidated_gbp", "coverage")
        places = [{key: row[key] for key in keys} for row in summary["places"]]
        print_json({"release_id": folder.name, "status": status, "agencies": summary["agencies"], "places": places})
        return
    _print_agencies(summary["agencies"])
    _print_held(summary["held"], _reports(Home(folder.parents[1])))
    for row in summary["doubtful"][:DOUBTFUL_SHOWN]:
        click.echo(f"\nLook at {row['file_name']}: {row['message']}")
    if len(summary["doubtful"]) > DOUBTFUL_SHOWN:
        click.echo(f"  ... and {len(summary['doubtful']) - DOUBTFUL_SHOWN} more such files (qa_findings)")
    _print_places(summary["places"], is_whole=bool(codes))
    click.echo()
    if status == "unchanged":
        click.echo(f"Nothing to do: no return, rule or code has changed. Release {folder.name} stays current ({seconds:.1f} s).")
    elif status == "undone":
        click.echo(f"Nothing is published: what there is to publish is release {undone}, which was undone.")
        click.echo(f"Release {folder.name} stays current. `totalplace releases restore` brings the other back;")
        click.echo("whatever changes next (a return, a rule, a registry row) is published as ever.")
    else:
        click.echo(f"Published release {folder.name} in {seconds:.1f} s.")
    click.echo(f"  Tables:   {folder.parent / 'current' / 'totalplace.duckdb'}  and  marts/*.parquet beside it")
    click.echo("  Quality:  make ui   (or .venv/bin/totalplace ui: the runs, their checks, the failing rows)")
    click.echo("  Returns:  .venv/bin/totalplace returns list")
    click.echo(f"  Rules:    {folder.parents[1] / 'reports' / 'data_docs' / 'index.html'}: what every rule said of every return")
    if summary["held"] or any(agency["quarantined_count"] for agency in summary["agencies"]):
        click.echo(f"  Reports:  {folder.parents[1] / 'reports'}: a page and a CSV per file: what is held, where, what to do")
    sys.stdout.flush()


def _print_agencies(agencies: list[dict[str, Any]]) -> None:
    rows = [
        (
            a["agency_slug"], a["file_count"], f"{a['accepted_count']:,}", f"{a['quarantined_count']:,}",
            f"{a['excluded_count']:,}", pounds(a["accepted_gbp"]), f"{a['finding_count']:,}",
        )
        for a in agencies[:AGENCIES_SHOWN]
    ]  # fmt: skip
    columns = ("agency", "files", "accepted", "quarantined", "excluded", "£ accepted", "findings")
    print_table("Returns", columns, rows, right=range(1, 7))
    for agency in agencies:
        if agency["withdrawn_count"]:
            lines = f"{counted(agency['withdrawn_count'], 'line')}, {pounds(agency['withdrawn_gbp'])}"
            click.echo(f"  not in it: {lines} of returns of {agency['agency_slug']} that are withdrawn")
    if len(agencies) > AGENCIES_SHOWN:
        click.echo(f"  ... and {len(agencies) - AGENCIES_SHOWN} more agencies (all: --json)")


def _reports(home: Home) -> dict[str, str]:
    """The submitter's report of each file, as it stands now."""
    records = sorted(all_records(home), key=lambda record: record.landed_at)
    return {record.file_name: record.report_path for record in records}


def _print_held(held: list[dict[str, Any]], reports: dict[str, str]) -> None:
    if held:
        click.echo()
        shown = [
            (row["file_name"], shortened(row["hold_reason"] or "", REASON_LENGTH), reports.get(row["file_name"], ""))
            for row in held[:HELD_SHOWN]
        ]
        print_table("Held whole: the other returns go on", ("file", "because", "report for its submitter"), shown)
    if len(held) > HELD_SHOWN:
        click.echo(f"  ... and {len(held) - HELD_SHOWN} more (all: totalplace returns list)")


def _print_places(places: list[dict[str, Any]], *, is_whole: bool) -> None:
    shown = places if is_whole else places[:PLACES_SHOWN]
    rows = [
        (
            p["place_code"], p["place_name"], p["financial_year"], pounds(p["consolidated_gbp"]), p["basis"],
            pounds(p["eliminated_gbp"]), pounds(p["overlap_gbp"]), p["coverage"],
        )
        for p in shown
    ]  # fmt: skip
    columns = ("place", "name", "year", "consolidated", "basis", "eliminated", "overlap", "coverage")
    click.echo()
    print_table("Places", columns, rows, right=(3, 5, 6))
    if len(places) > len(shown):
        click.echo(f"  ... and {len(places) - len(shown)} more place-years (all: --json; one: --place NAME)")
