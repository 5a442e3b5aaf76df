"""Pruning the data docs by age: pages of runs, and of files that are not current, older than the setting says.

Belongs here: which pages go. A page of a return in service or held last stays however old it is; the reports for submitters are not
touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.home import Home
from ingest.records import FileRecord, PartRecord
from orchestration.data_docs.pages import docs_folder, docs_page


def prune(home: Home, current: Sequence[tuple[FileRecord, PartRecord]], now: datetime, days: int) -> list[Path]:
    """Delete what is older than so many days and not current; what was deleted. `now` is UTC without a zone."""
    keep = {docs_page(home, record) for record, _ in current}
    oldest = now - timedelta(days=days)
    gone: list[Path] = []
    for path in sorted(docs_folder(home).glob("*/**/*.html")):
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        if path not in keep and written < oldest:
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone
