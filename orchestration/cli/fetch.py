"""`totalplace fetch`: only fetches registry endpoints into landing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from orchestration.cli.console import chosen_home, fail, home_option, json_option, print_json, print_table
from orchestration.cli.known_agency import need_known_agency

if TYPE_CHECKING:
    from ingest.fetch.endpoints import Endpoint
    from ingest.fetch.run import FetchReport, Step
    from orchestration.resources import TotalPlace

FAILED_SHOWN = 20
_SHOWN = "agency_slug kind url outcome status size_bytes file_name error".split()


@click.command()
@home_option
@json_option
@click.option("--agency", help="Only this agency or publisher; its shipped endpoints too.")
@click.option("--shipped", is_flag=True, help="The endpoints that come with the code too: see docs/fetch.md.")
def fetch(home_path: Path | None, as_json: bool, agency: str | None, shipped: bool) -> None:
    """Fetch the endpoints that are due into landing; `totalplace run` takes them in."""
    from ingest.registry import RegistryError, is_synthetic, load_registry
    from orchestration.fetching import chosen_endpoints, due_now, registry_folder
    from orchestration.resources import TotalPlace

    home = chosen_home(home_path)
    totalplace = TotalPlace(home_path=str(home.root))
    try:
        registry = load_registry(registry_folder(totalplace))
        totalplace.fetch_settings()
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)
    except ValueError as error:
        fail(str(error), 2)
    endpoints = chosen_endpoints(registry, agency, shipped=shipped or agency is not None)
    need_known_agency(agency, registry, (endpoint.agency_slug for endpoint in endpoints))
    if not endpoints:
        whose = f" for {agency}" if agency else ""
        fail(f"there are no endpoints{whose}: add rows to registry/endpoints.csv in the returns folder, or give --shipped", 2)
    own = {endpoint.key for endpoint in chosen_endpoints(registry, agency, shipped=False)}
    if is_synthetic(registry) and any(endpoint.key not in own for endpoint in endpoints):
        fail(f"{home.root} holds synthetic returns, the shipped endpoints are real ones: give another --home", 2)
    due = due_now(totalplace, endpoints, failed_again=True)
    report = _fetch(totalplace, due, as_json)
    _show(report, len(endpoints), str(home.landing / "attempts"), as_json)
    if report.failed:
        raise SystemExit(1)


def _fetch(totalplace: TotalPlace, due: list[Endpoint], as_json: bool) -> FetchReport:
    from orchestration.fetching import fetch as fetch_all

    console, done = Console(stderr=True), 0

    def count(step: Step) -> None:
        nonlocal done
        done = step.done

    try:
        if as_json or not console.is_terminal or not due:
            return fetch_all(totalplace, due, count)
        columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=len(due))

            def advance(step: Step) -> None:
                count(step)
                bar.update(task, completed=step.done, description=f"{step.attempt.agency_slug}: {step.attempt.outcome}")

            return fetch_all(totalplace, due, advance)
    except KeyboardInterrupt:
        fail(f"stopped after {done} of {len(due)} endpoints; what came is kept: the same command goes on with the rest", 1)


def _show(report: FetchReport, known: int, log: str, as_json: bool) -> None:
    if as_json:
        rows: list[dict[str, Any]] = [{name: asdict(attempt)[name] for name in _SHOWN} for attempt in report.attempts]
        counts = {"fetched_count": report.count("fetched"), "unchanged_count": report.count("unchanged")}
        due = {"endpoint_count": known, "due_count": len(report.attempts)}
        print_json(due | counts | {"failed_count": len(report.failed), "attempt_log": log, "endpoints": rows})
        return
    if report.failed:
        shown = [(a.agency_slug, a.url, a.error) for a in report.failed[:FAILED_SHOWN]]
        print_table("Did not give their file", ("agency", "address", "because"), shown)
        if len(report.failed) > FAILED_SHOWN:
            click.echo(f"  ... and {len(report.failed) - FAILED_SHOWN} more (all: --json)")
    if not report.attempts:
        click.echo(f"Nothing is due: all {known} endpoints have answered in their day, month or year.")
        return
    click.echo(f"{report.words}. Every attempt: {log}")
    if report.receipts:
        click.echo("  `totalplace run` takes in what is new.")
