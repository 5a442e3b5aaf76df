"""Dagster's web server with the reports and data docs of the home beside it, so that their links open.

`python -m orchestration.webserver` takes what `dagster-webserver` takes.

Belongs here: one route more. The pages quote strangers' files: they are served under a policy by which nothing of them runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dagster_webserver import app, cli
from dagster_webserver.webserver import DagsterWebserver
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from ingest.home import Home
from orchestration.resources import home_from_environment
from orchestration.served import REPORTS_ROUTE

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-downloads",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class _Pages(StaticFiles):
    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers.update(_HEADERS)
        return response


def report_routes(folder: Path) -> list[Mount]:
    """The route to the pages of a folder, which need not be there yet."""
    return [Mount(REPORTS_ROUTE, _Pages(directory=folder, html=True, check_dir=False), name="reports")]


class Webserver(DagsterWebserver):  # type: ignore[type-arg]
    """Dagster's, with `/reports`."""

    def build_routes(self) -> list[Any]:
        return [*report_routes(Home(Path(home_from_environment()).resolve()).reports), *super().build_routes()]


def main() -> None:
    """The command `dagster-webserver`, with our server."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    app.DagsterWebserver = Webserver  # type: ignore[misc]
    cli.main()


if __name__ == "__main__":
    main()
