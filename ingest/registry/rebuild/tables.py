"""Tables in and out: published reference tables, hand-kept facts, and the seeds.

Contract: everything is text. A fact without its columns or without a `source` is refused, with the file and the row. A seed is
UTF-8 with LF line ends.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ingest.registry import RegistryError, Row, read_rows

FACTS = Path(__file__).resolve().parent / "facts"
ONS = "ONS geography lookups"
MYSOCIETY = "mySociety UK local authority names and codes"


class Seed(NamedTuple):
    """One seed before it is written; `columns` are names between blanks."""

    name: str
    columns: str
    rows: Sequence[Sequence[object]]


def read_csv(path: Path) -> list[Row]:
    """Rows of a UTF-8 CSV (with or without byte order mark), cells as they are published."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def read_rows_without_header(path: Path) -> list[list[str]]:
    """Rows of a UTF-8 CSV that has no header; rows without a second cell are left out."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [row for row in csv.reader(handle) if len(row) > 1]


def facts(name: str, columns: str) -> list[Row]:
    """The rows of `facts/NAME.csv` in their order, each with a source."""
    rows = read_rows(FACTS / f"{name}.csv", (*columns.split(), "source"))
    for number, row in enumerate(rows, start=2):
        if not row["source"]:
            raise RegistryError(f"facts/{name}.csv: row {number} has no source; say where the fact is from")
    return rows


def date_of(event: str) -> str:
    """A date of `facts/dates.csv`."""
    return {row["event"]: row["date"] for row in facts("dates", "event date")}[event]


def write_seed(seed: Seed, folder: Path) -> int:
    """Write one seed; returns the number of rows."""
    with (folder / f"seed_{seed.name}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(seed.columns.split())
        writer.writerows([[str(value) for value in row] for row in seed.rows])
    return len(seed.rows)
