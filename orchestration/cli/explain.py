"""`totalplace explain`: the rows, the provenance, the rule and the arithmetic behind a figure of the current release."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.console import existing_home, fail, home_option, json_option, pounds, print_json, print_table

if TYPE_CHECKING:
    import duckdb

    from orchestration.explain.answer import Explanation

lines_option = click.option(
    "--lines", "limit", default=20, show_default=True, type=click.IntRange(1), help="How many rows to show of each kind."
)


@click.group()
def explain() -> None:
    """Where a figure comes from: rows, file, sheet and line, the rule, the arithmetic."""


@explain.command()
@click.argument("place")
@click.argument("year")
@click.argument("theme", required=False)
@lines_option
@home_option
@json_option
def overlap(place: str, year: str, theme: str | None, limit: int, home_path: Path | None, as_json: bool) -> None:
    """Overlap of agencies in PLACE (code or name) in YEAR, of one THEME or all."""
    from orchestration.explain.overlap import explain_overlap

    _answer(home_path, as_json, lambda connection, release: explain_overlap(connection, release, place, year, theme, limit))


@explain.command()
@click.argument("supplier")
@click.option("--place", help="Only where it is shared in this place (code or name).")
@click.option("--year", help="Only of this financial year, like 2024-25.")
@lines_option
@home_option
@json_option
def supplier(supplier: str, place: str | None, year: str | None, limit: int, home_path: Path | None, as_json: bool) -> None:
    """A SUPPLIER (id, or a name as shown): its names, who pays it, what is shared."""
    from orchestration.explain.supplier import explain_supplier

    _answer(home_path, as_json, lambda connection, release: explain_supplier(connection, release, supplier, place, year, limit))


@explain.command()
@click.argument("group_id")
@home_option
@json_option
def duplicate(group_id: str, home_path: Path | None, as_json: bool) -> None:
    """A group of possible duplicate payments (GROUP_ID of mart_possible_duplicate_payments)."""
    from orchestration.explain.duplicate import explain_duplicate

    _answer(home_path, as_json, lambda connection, release: explain_duplicate(connection, release, group_id))


def _answer(home_path: Path | None, as_json: bool, explained: Callable[[duckdb.DuckDBPyConnection, str], Explanation]) -> None:
    """Ask the current release and print. Ends with status 2 where there is nothing to explain."""
    from dataclasses import asdict

    import duckdb

    from orchestration.explain.answer import ExplainError
    from orchestration.release_history import NoSuchRelease, current_release

    home = existing_home(home_path)
    try:
        release = current_release(home)
    except NoSuchRelease as error:
        fail(str(error), 2)
    if release is None:
        fail(f"there is no release in {home.root}: run `totalplace run --returns FOLDER` first", 2)
    try:
        with duckdb.connect(str(release.database), read_only=True) as connection:
            explanation = explained(connection, release.release_id)
    except ExplainError as error:
        fail(str(error), 2)
    if as_json:
        print_json(asdict(explanation))
    else:
        _print(explanation)


def _print(explanation: Explanation) -> None:
    click.echo(f"{explanation.about}; release {explanation.release_id}\n")
    for title, sentences in (("Rule", explanation.rules), ("Arithmetic", explanation.arithmetic)):
        click.echo(title)
        for sentence in sentences or ["nothing"]:
            click.echo(f"  {sentence}")
        click.echo()
    for found in explanation.parts:
        if not found.rows:
            click.echo(f"{found.title}: nothing\n")
            continue
        columns = [name for name in found.rows[0] if any(row[name] is not None for row in found.rows)]
        right = [index for index, name in enumerate(columns) if name in found.right]
        rows = [[_cell(name, row[name]) for name in columns] for row in found.rows]
        print_table(found.title, [name.removesuffix("_gbp").replace("_", " ") for name in columns], rows, right)
        click.echo(f"... and {found.more:,} more\n" if found.more else "")
    for note in explanation.notes:
        click.echo(f"Note: {note}.")


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, Decimal):
        return pounds(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:.1%}" if name.endswith("_rate") else f"{value:.2f}"
    return str(value)
