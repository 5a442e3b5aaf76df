"""The shipped endpoints: where each published return in a folder's INDEX.csv was had from.

Contract: a source "owner/repository@commit:path" is a file of a public GitHub repository at a commit, which never changes, so each
is fetched `once`. Sources that name no file (a table of another return) have no endpoint. Agency, kind and file name are those of
the returns folder, so that what is fetched lands under the very name it has there.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import quote

from ingest.kinds import KINDS
from ingest.registry.rebuild.tables import read_csv

COLUMNS = "agency_slug kind url frequency valid_from valid_to file_name source"
_SOURCE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{7,40}):(?P<path>.+)")


def endpoint_rows(returns: Path) -> list[list[str]]:
    """A row for every return of the folder's INDEX.csv that names its file, in order of file."""
    rows: list[list[str]] = []
    for entry in sorted(read_csv(returns / "INDEX.csv"), key=lambda row: row["file"]):
        if url := address_of(entry["source"]):
            _, publisher, *inner = entry["file"].split("/")
            kind = inner.pop(0) if len(inner) > 1 and inner[0] in KINDS else ""
            rows.append([publisher, kind, url, "once", "", "", "/".join(inner), entry["source"]])
    return rows


def address_of(source: str) -> str | None:
    """The address of the raw file behind a source. GitHub's own web address, since it knows shortened commits."""
    match = _SOURCE.fullmatch(source)
    if match is None:
        return None
    return f"https://github.com/{match['repository']}/raw/{match['commit']}/{quote(match['path'])}"


def write_endpoints(returns: Path, target: Path) -> int:
    """Write the shipped endpoints; returns the number of rows."""
    rows = endpoint_rows(returns)
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS.split())
        writer.writerows(rows)
    return len(rows)
