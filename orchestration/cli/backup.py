"""`totalplace backup` and `totalplace restore`: a home in one archive, and back."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.backup import BackupError, back_up, refusal
from ingest.backup import restore as unpack
from ingest.home import Home
from orchestration.cli.console import existing_home, fail, home_option, json_option, print_json


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Where ARCHIVE is there already: put the new one in its place once it is whole.")
@home_option
@json_option
def backup(archive: Path, replace: bool, home_path: Path | None, as_json: bool) -> None:
    """Pack the home into ARCHIVE (.tar, or .tar.gz): landed files, decisions, what is held, releases, each with its hash."""
    from orchestration.home_lock import HomeIsBusy, home_lock, wait_seconds

    home = existing_home(home_path)
    if words := refusal(archive, may_replace=replace):
        fail(words, 2)
    try:
        with home_lock(home, f"totalplace backup {archive}", wait_seconds(), lambda words: click.echo(words, err=True)):
            packed = back_up(home, archive)
    except (BackupError, HomeIsBusy) as error:
        fail(str(error))
    except ValueError as error:
        fail(str(error), 2)
    if as_json:
        print_json(
            {"archive": str(archive), "home": str(home.root), "file_count": packed.file_count, "byte_count": packed.byte_count}
        )
    else:
        click.echo(f"{packed.file_count:,} files ({packed.byte_count / 1e6:,.1f} MB) of {home.root} are in {archive}")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--home", "home_path", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder that is not there yet."
)
@json_option
def restore(archive: Path, home_path: Path, as_json: bool) -> None:
    """Unpack ARCHIVE into a new home, proving every file by its hash."""
    if not archive.exists():
        fail(f"{archive}: there is no such file", 2)
    try:
        unpacked = unpack(archive, Home(home_path))
    except BackupError as error:
        fail(str(error))
    if as_json:
        print_json(
            {"archive": str(archive), "home": str(home_path), "file_count": unpacked.file_count, "byte_count": unpacked.byte_count}
        )
    else:
        click.echo(
            f"{unpacked.file_count:,} files ({unpacked.byte_count / 1e6:,.1f} MB) are in {home_path}, every one as it was packed"
        )
        click.echo(
            f"Next: totalplace run --home {home_path} --returns FOLDER (it finds nothing to do when the folder is as it was)"
        )
