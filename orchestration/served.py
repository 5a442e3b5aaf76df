"""Where the web UI serves the pages of a home: its reports and data docs, under /reports/ of its own address.

Belongs here: the one rule from a file to its address. A page opened from the disk, or by another web server, has the path instead.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from ingest.home import Home

REPORTS_ROUTE = "/reports"


def address(home: Home, page: Path) -> str:
    """The address of a page under `home.reports`, relative to the UI's own."""
    return f"{REPORTS_ROUTE}/{quote(str(page.relative_to(home.reports)))}"
