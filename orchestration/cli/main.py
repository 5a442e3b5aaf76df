"""`totalplace`: the console script."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from orchestration.cli.agencies import agencies
from orchestration.cli.alerts import alerts
from orchestration.cli.backup import backup, restore
from orchestration.cli.check import check
from orchestration.cli.console import existing_home, fail, home_option, json_option
from orchestration.cli.due import returns_due
from orchestration.cli.duplicates import duplicates
from orchestration.cli.explain import explain
from orchestration.cli.fetch import fetch
from orchestration.cli.files import files
from orchestration.cli.map import map_file
from orchestration.cli.place import place
from orchestration.cli.quarantine import quarantine
from orchestration.cli.releases import releases
from orchestration.cli.run import run
from orchestration.cli.serve import serve
from orchestration.cli.state import returns, templates
from orchestration.faults import fault_words


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="totalplace")
def cli() -> None:
    """Count all the public money spent in a place, whoever spends it."""


@cli.command()
@home_option
@json_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3000, show_default=True, type=int)
def ui(home_path: Path | None, as_json: bool, host: str, port: int) -> None:
    """Dagster's web UI and daemon on this home; runs made by `totalplace run` are in it."""
    from orchestration.instance import StorageUnreachable, prepare_instance
    from orchestration.transform import refresh_manifest

    home = existing_home(home_path)
    refresh_manifest()
    try:
        prepare_instance(home)
    except StorageUnreachable as error:
        fail(str(error), 2)
    if as_json:
        click.echo(f'{{"url": "http://{host}:{port}", "home": "{home.root.resolve()}"}}')
    else:
        click.echo(f"Dagster on http://{host}:{port} for {home.root}  (Ctrl-C stops it)")
    sys.stdout.flush()
    server = [sys.executable, "-m", "orchestration.development_server"]
    command = [*server, "-m", "orchestration.definitions", "-h", host, "-p", str(port)]
    os.execve(sys.executable, command, os.environ | {"DO_NOT_TRACK": "1"})  # it takes our place, and so our signals


BENCHMARKS = ("lancashire", "run", "intake", "spreadsheets", "leave_one_out", "suppliers", "overlap", "daily")


@cli.command()
@click.argument("name", type=click.Choice(BENCHMARKS), default="lancashire")
@home_option
@json_option
def bench(name: str, home_path: Path | None, as_json: bool) -> None:
    """A benchmark, with the machine it ran on: `lancashire` (landing to release), `run` (10 million generated lines, landing to
    release, against the bare job), `intake` (the same, to checked lines), `spreadsheets` (against plain calamine), `leave_one_out`
    (mapping by likeness), `suppliers` (names to suppliers against names whose suppliers are known), `overlap` (overlap and
    duplicates of 10 million lines, against SQL by hand on integer keys), `daily` (loading, one file dropped, nothing to do)."""
    if home_path and name != "lancashire":
        fail(f"--home {home_path}: the benchmark '{name}' keeps no home", 2)
    arguments = (["--json"] if as_json else []) + (["--home", str(home_path.resolve())] if home_path else [])
    module = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", *arguments]
    raise SystemExit(subprocess.call(module, cwd=Path(__file__).resolve().parents[2]))


for command in (
    run,
    fetch,
    check,
    map_file,
    files,
    agencies,
    returns,
    quarantine,
    releases,
    templates,
    place,
    explain,
    duplicates,
    serve,
    backup,
    restore,
    alerts,
):
    cli.add_command(command)
returns.add_command(returns_due)


def main() -> None:
    """Run a command; whatever goes wrong is one line, never a traceback (TOTALPLACE_DEBUG=1 shows it)."""
    try:
        cli()
    except Exception as error:  # the last resort: one line for a person, the traceback on request
        if os.environ.get("TOTALPLACE_DEBUG"):
            raise
        if words := fault_words(error):
            fail(words)
        fail(f"{type(error).__name__}: {error} (this should not happen; TOTALPLACE_DEBUG=1 shows where)")


if __name__ == "__main__":
    main()
