"""`totalplace serve PART`: one process of a deployment - the code location, the daemon or the webserver - on this home.

Belongs here: making the home ready for Dagster and giving our place to Dagster's own process, so that signals and health checks are
its own. On one machine for one person `totalplace ui` does all three.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from orchestration.cli.console import chosen_home, fail, home_option

CODE_PORT = 4266
WEB_PORT = 3000
PARTS = ("code", "daemon", "webserver")


def dagster_command(part: str, host: str, port: int, workspace: Path, read_only: bool, path_prefix: str) -> Sequence[str]:
    """The command line of Dagster's own process for a part (one of PARTS)."""
    if part == "code":
        return ["dagster", "code-server", "start", "-m", "orchestration.definitions", "-h", host, "-p", str(port)]
    if part == "daemon":
        return ["dagster-daemon", "run", "-w", str(workspace)]
    prefix = ["--path-prefix", path_prefix] if path_prefix else []
    return [
        "python",
        "-m",
        "orchestration.webserver",  # Dagster's, with the reports and data docs
        "-w",
        str(workspace),
        "-h",
        host,
        "-p",
        str(port),
        *(["--read-only"] if read_only else []),
        *prefix,
    ]


@click.command()
@click.argument("part", type=click.Choice(PARTS))
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, help=f"The port to listen on (code: {CODE_PORT}, webserver: {WEB_PORT}).")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("deploy/workspace.yaml"),
    show_default=True,
    help="Where the daemon and the webserver find the code location.",
)
@click.option("--read-only", is_flag=True, help="A webserver that shows everything and starts nothing.")
@click.option("--path-prefix", default="", help="The path that the webserver is served under, behind a proxy.")
def serve(
    part: str, home_path: Path | None, host: str, port: int | None, workspace: Path, read_only: bool, path_prefix: str
) -> None:
    """One process of a deployment: the code location, the daemon or a webserver (docs/deploy.md)."""
    from orchestration.instance import StorageUnreachable, prepare_instance

    if part != "webserver" and (read_only or path_prefix):
        fail(f"--read-only and --path-prefix are for the webserver; {part} has neither", 2)
    if part != "code" and not workspace.exists():
        fail(f"--workspace {workspace}: there is no such file; deploy/workspace.yaml is the one that comes with the code", 2)
    home = chosen_home(home_path)
    if part == "code":
        # The one process that may write: it makes the home's Dagster folder; the others only read it.
        from orchestration.transform import refresh_manifest

        refresh_manifest()
    try:
        prepare_instance(home)
    except StorageUnreachable as error:
        fail(str(error), 2)
    command = dagster_command(part, host, port or (CODE_PORT if part == "code" else WEB_PORT), workspace, read_only, path_prefix)
    program = Path(sys.executable).with_name(command[0])
    sys.stdout.flush()
    os.execve(program, [str(program), *command[1:]], os.environ | {"DO_NOT_TRACK": "1"})  # it takes our place, and so our signals
