"""What all commands share: the home they work on, one-line errors, tables, JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.table import Table

from ingest.home import Home, written_aside
from ingest.limits import Limits

if TYPE_CHECKING:
    from orchestration.alerts.settings import AlertSettings

LAST_HOME = Path(".totalplace") / "last-home"
DEFAULT_HOME = Path(".totalplace") / "example"

home_option = click.option(
    "--home",
    "home_path",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where everything is kept (default: the home last run).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def chosen_home(given: Path | None) -> Home:
    """--home, else TOTALPLACE_HOME, else the home last run, else the example's."""
    if given is not None:
        return Home(given)
    if variable := os.environ.get("TOTALPLACE_HOME"):
        return Home(Path(variable))
    if LAST_HOME.exists():
        return Home(Path(LAST_HOME.read_text().strip()))
    return Home(DEFAULT_HOME)


def existing_home(given: Path | None) -> Home:
    """The chosen home, for a command that only looks. Ends the command with status 2 where there is none: a mistyped --home is no
    empty warehouse."""
    home = chosen_home(given)
    if not home.root.is_dir():
        fail(f"there is no home {home.root}: `totalplace run --returns FOLDER` makes one; give --home for one made elsewhere", 2)
    return home


def chosen_limits() -> Limits:
    """The limits on what is read. Ends the command with status 2 for a setting that cannot be used."""
    from orchestration.limit_settings import limits_from_environment

    try:
        return limits_from_environment()
    except ValueError as error:
        fail(str(error), 2)


def chosen_alerts() -> AlertSettings:
    """The settings of alerts. Ends the command with status 2 for one that cannot be used."""
    from orchestration.alerts.settings import alert_settings

    try:
        return alert_settings()
    except ValueError as error:
        fail(str(error), 2)


def remember_home(home: Home) -> None:
    """So that `ui`, `returns`, `releases` find it without being told. Where TOTALPLACE_HOME says it, nothing needs to be kept.
    Where the folder cannot be written (deployed code, somebody else's checkout) the run goes on, and says what later ones need."""
    if os.environ.get("TOTALPLACE_HOME"):
        return
    try:
        with written_aside(LAST_HOME) as aside:
            aside.write_text(str(home.root.resolve()))
    except OSError as error:
        words = f"{LAST_HOME} cannot be written ({error.strerror or error})"
        click.echo(f"  {words}: later commands need --home {home.root}, or TOTALPLACE_HOME", err=True)


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Around writing what a person asked for. Where it cannot be written the command ends with status 2: a slip, no fault."""
    try:
        yield
    except OSError as error:
        fail(f"{what}: cannot be written ({error.strerror or error}); give a path in a folder that is there and yours to write", 2)


def fail(message: str, status: int = 1) -> NoReturn:
    """One line on standard error, and the exit status."""
    click.echo(f"totalplace: {' '.join(message.split())}", err=True)
    sys.exit(status)


def print_json(content: object) -> None:
    click.echo(json.dumps(content, indent=1, default=_plain))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shortened(words: str, length: int) -> str:
    """Words that fit, cut between two of them."""
    return words if len(words) <= length else f"{words[: length - 2].rsplit(' ', 1)[0]} …"


def pounds(value: Decimal | None) -> str:
    if value is None:
        return "-"
    return f"-£{-value:,.2f}" if value < 0 else f"£{value:,.2f}"


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[int] = ()) -> None:
    """A plain table; `right`: indexes of columns that hold numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console() if sys.stdout.isatty() else Console(width=180)
    console.print(table)
