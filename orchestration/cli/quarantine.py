"""`totalplace quarantine`: what is held, letting it go, and reading it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.console import counted, existing_home, fail, home_option, json_option, pounds, print_json

if TYPE_CHECKING:
    from ingest.home import Home
    from ingest.waivers import Waiver
    from orchestration.quarantine import HeldItem

_reason = click.option("--reason", required=True, help="Why; kept, and published with the release.")
_by = click.option("--by", required=True, help="Your name; kept in the home, not published.")
_agency = click.option("--agency", help="Only what this agency or publisher returned.")


@click.group()
def quarantine() -> None:
    """Held returns and lines, and the waivers that let them go."""


@quarantine.command("list")
@_agency
@home_option
@json_option
def quarantine_list(agency: str | None, home_path: Path | None, as_json: bool) -> None:
    """Everything held: what, how much, why, since when, and who must act."""
    from orchestration.quarantine import held_items

    home = existing_home(home_path)
    _need_known(home, agency)
    items = held_items(home, agency)
    if as_json:
        print_json([_plain(item) for item in items])
        return
    if not items:
        click.echo("Nothing is held.")
        return
    for item in items:
        _print_item(item)
    if any(not item.instead for item in items):
        click.echo('To let one go: totalplace quarantine release ID --reason "..." --by "..."')


def _need_known(home: Home, agency: str | None) -> None:
    """Ends the command with status 2 for an --agency that nobody is: neither of the registry, nor of what is held here."""
    from ingest.registry import RegistryError, load_registry
    from orchestration.cli.known_agency import need_known_agency
    from orchestration.warehouse import current_records

    if agency is None:
        return
    try:
        need_known_agency(agency, load_registry(home.root / "registry"), (r.publisher_slug for r in current_records(home)))
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)


def _plain(item: HeldItem) -> dict[str, Any]:
    data = dict(vars(item))
    return {"id": data.pop("item_id")} | data | {"may_be_released": not item.instead}


def _print_item(item: HeldItem, why: str = "") -> None:
    money = "money not known" if item.amount_gbp is None else pounds(item.amount_gbp)
    lines = f"{counted(item.line_count, 'line')}, {money}"
    what = "the whole return" if item.is_whole else "lines"
    click.echo(item.item_id)
    click.echo(f"    {what} of {item.file_name}: {lines}; since {item.since:%Y-%m-%d}; {item.owner.replace('_', ' ')} acts")
    click.echo(f"    {why or item.reason}")
    if why:
        return
    if item.waiver_ids:
        click.echo(f"    released by waiver {', '.join(item.waiver_ids)}: `totalplace quarantine replay` takes it in")
    elif item.instead:
        click.echo(f"    cannot be waived: {item.instead}")


@quarantine.command("release")
@click.argument("item_id", metavar="ID")
@_reason
@_by
@home_option
@json_option
def quarantine_release(item_id: str, reason: str, by: str, home_path: Path | None, as_json: bool) -> None:
    """Let go what is held under ID, for this very file; the next run or replay counts it."""
    from ingest.landing import now_utc
    from orchestration.quarantine import CannotRelease, release

    home = existing_home(home_path)
    _need_words(reason, by)
    try:
        waivers = release(home, item_id, reason.strip(), by.strip(), now_utc())
    except CannotRelease as error:
        fail(str(error), 2)
    if as_json:
        print_json([vars(waiver) for waiver in waivers])
    elif not waivers:
        click.echo(f"{item_id} is no longer withdrawn; `totalplace quarantine replay` takes it in")
    else:
        for waiver in waivers:
            click.echo(f"waiver {waiver.waiver_id}: {waiver.rule_id} of {waiver.revision_id}")
        click.echo("`totalplace quarantine replay` (or the next `totalplace run`) takes it in")


def _need_words(reason: str, by: str) -> None:
    for option, words in (("--reason", reason), ("--by", by)):
        if not words.strip():
            fail(f"{option} is blank: a waiver has a reason and a name", 2)


@quarantine.command("waivers")
@home_option
@json_option
def quarantine_waivers(home_path: Path | None, as_json: bool) -> None:
    """Every waiver ever given, with who gave it and whether it is in force."""
    from ingest.waivers import all_waivers

    waivers = all_waivers(existing_home(home_path))
    if as_json:
        print_json([vars(waiver) | {"is_in_force": waiver.is_in_force(None)} for waiver in waivers])
        return
    if not waivers:
        click.echo("No waiver has been given.")
    for waiver in waivers:
        where = "" if waiver.row_number is None else f", row {_row(waiver)}"
        click.echo(f"{waiver.waiver_id}  {waiver.rule_id} of {waiver.revision_id}{where}  ({waiver.file_name})")
        click.echo(f"    waived by {waiver.by} on {waiver.at:%Y-%m-%d %H:%M}: {waiver.reason}")
        if waiver.revoked_at:
            click.echo(f"    revoked by {waiver.revoked_by} on {waiver.revoked_at:%Y-%m-%d %H:%M}: {waiver.revoke_reason}")


def _row(waiver: Waiver) -> str:
    return f"{waiver.sheet_name}/{waiver.row_number}" if waiver.sheet_name else str(waiver.row_number)


@quarantine.command("revoke")
@click.argument("waiver_id")
@_reason
@_by
@home_option
@json_option
def quarantine_revoke(waiver_id: str, reason: str, by: str, home_path: Path | None, as_json: bool) -> None:
    """Take a waiver back; the waiver stays on record, the next run or replay holds again what it let in."""
    from ingest.landing import now_utc
    from ingest.waivers import all_waivers, revoke_waiver

    home = existing_home(home_path)
    _need_words(reason, by)
    waiver = next((w for w in all_waivers(home) if w.waiver_id == waiver_id), None)
    if waiver is None:
        fail(f"no waiver {waiver_id}; `totalplace quarantine waivers` shows all", 2)
    if waiver.revoked_at is not None:
        fail(f"waiver {waiver_id} was revoked on {waiver.revoked_at:%Y-%m-%d}; what it is about can be released anew", 2)
    revoke_waiver(home, waiver, reason.strip(), by.strip(), now_utc())
    if as_json:
        print_json({"waiver_id": waiver_id, "status": "revoked"})
    else:
        click.echo(f"waiver {waiver_id} is revoked; `totalplace quarantine replay` (or the next `totalplace run`) holds it again")


@quarantine.command("replay")
@_agency
@home_option
@json_option
def quarantine_replay(agency: str | None, home_path: Path | None, as_json: bool) -> None:
    """Read and check again everything held, with today's registry, rules and waivers; publish if anything changed."""
    import warnings

    from ingest.registry import RegistryError
    from ingest.returns_folder import misplaced
    from orchestration.resources import remembered_folder
    from orchestration.transform import refresh_manifest

    home = existing_home(home_path)
    folder = remembered_folder(home)
    if folder is None or not folder.is_dir():
        where = f"the returns folder {folder} is gone" if folder else "no returns folder is known yet"
        fail(f"{where}: run `totalplace run --returns FOLDER` first", 2)
    if words := misplaced(folder, home):
        fail(words, 2)
    _need_known(home, agency)
    warnings.filterwarnings("ignore")
    refresh_manifest()
    try:
        _replay(home, folder, agency, as_json)
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)


def _replay(home: Home, folder: Path, agency: str | None, as_json: bool) -> None:
    from orchestration.pipeline import RunFailed, replay

    try:
        done = replay(home, folder, (lambda _: None) if as_json else (lambda words: click.echo(f"  {words}", err=True)), agency)
    except RunFailed as error:
        fail(str(error), 1)
    if as_json:
        released = [_plain(item) | {"how": words} for item, words in done.released]
        still_held = [_plain(item) for item in done.still_held]
        print_json({"release_id": done.release_id, "status": done.status, "released": released, "still_held": still_held})
        return
    click.echo(f"Released: {len(done.released)}")
    for item, words in done.released:
        _print_item(item, words)
    click.echo(f"Still held: {len(done.still_held)}")
    for item in done.still_held:
        _print_item(item)
    words = "Nothing changed: release {} stays current." if done.status != "published" else "Published release {}."
    click.echo(words.format(done.release_id))
