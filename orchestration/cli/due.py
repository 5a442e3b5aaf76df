"""`totalplace returns due`: what the calendar asks for, as of today or of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from orchestration.cli.console import existing_home, fail, home_option, json_option, print_json, print_table
from orchestration.cli.known_agency import need_known_agency

OWED = ("late", "not_received", "held")
ROWS_SHOWN = 60


@click.command("due")
@click.option("--agency", help="Only returns of this agency (slug).")
@click.option("--all", "is_all", is_flag=True, help="Every return that was ever due, those received too.")
@click.option("--as-of", help="As of this day (2025-01-31) instead of today.")
@home_option
@json_option
def returns_due(agency: str | None, is_all: bool, as_of: str | None, home_path: Path | None, as_json: bool) -> None:
    """Returns that are late, not received, held, or due next, by the submission calendar. --json: every return, with its state."""
    from ingest.registry import RegistryError, load_registry
    from orchestration.alerts.say import utc_now
    from orchestration.returns_due import due_now

    home = existing_home(home_path)
    try:
        day = date.fromisoformat(as_of) if as_of else utc_now().date()
    except ValueError:
        fail(f"--as-of {as_of}: give a day like 2025-01-31", 2)
    try:
        registry = load_registry(home.root / "registry")
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)
    need_known_agency(agency, registry)
    rows: list[dict[str, Any]] = [
        {
            "agency_slug": one.agency_slug, "kind": one.kind, "period": one.period.name, "due_on": one.due_on,
            "state": one.state, "received_on": one.received_on, "is_late": one.is_late, "days_late": one.days_late,
            "grace_until": one.grace_until, "publisher_slug": one.publisher_slug, "source": one.source,
        }
        for one in due_now(home, registry, day)
        if agency in (None, one.agency_slug)
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    _print(rows if is_all else _owed_or_next(rows), len(rows), day)


def _owed_or_next(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is owed, and of each agency and kind what is due next."""
    coming: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        if row["state"] == "not_yet_due":
            coming.setdefault((row["agency_slug"], row["kind"]), row)
    return [row for row in rows if row["state"] in OWED or any(row is one for one in coming.values())]


def _print(shown: list[dict[str, Any]], total: int, day: date) -> None:
    if not total:
        click.echo("No return is due: nothing has come yet, or the calendar asks for nothing (docs/calendar.md).")
        return
    shown = sorted(shown, key=lambda row: (row["state"] not in OWED, -row["due_on"].toordinal(), row["agency_slug"], row["kind"]))
    cells = [
        (
            row["agency_slug"], row["kind"].replace("_", " "), row["period"], row["due_on"], row["state"].replace("_", " "),
            row["days_late"], row["received_on"],
        )
        for row in shown[:ROWS_SHOWN]
    ]  # fmt: skip
    columns = ("agency", "kind", "period", "due on", "state", "days late", "received on")
    print_table(f"Returns due as of {day}", columns, cells, right=(5,))
    if len(shown) > ROWS_SHOWN:
        click.echo(f"  ... and {len(shown) - ROWS_SHOWN} more (all: --json; one agency: --agency SLUG)")
    received = sum(row["state"] == "received" for row in shown)
    if not received:
        click.echo(f"  {total - len(shown)} others are in or due later (--all)")
