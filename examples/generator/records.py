"""Records of a file with the fate each should meet, and how they become bytes.

Belongs here: the shape of an example file, its CSV and XLSX encoding, its statement.
Must not be here: what the files say (the other modules) and where they are written (`build_example`).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from openpyxl import Workbook

Cell = str | int | float | date | None
Fate = Literal["accepted", "quarantined", "excluded"]
Status = Literal["in_service", "superseded", "held"]

_FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_CREATED_OR_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Record:
    """One physical record: a line of a CSV (or several, where a quoted cell holds a line break), a row of a sheet."""

    cells: tuple[Cell, ...]
    fate: Fate = "accepted"
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Sheet:
    """The records of one sheet, in order; a CSV is one sheet without a name."""

    name: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class ExampleFile:
    """A return: its path in the returns folder, its bytes, its records, and the status it should end with."""

    path: str
    content: bytes
    records: tuple[Record, ...]
    status: Status = "in_service"

    def count(self, fate: Fate) -> int:
        """Number of records that meet `fate`."""
        return sum(record.fate == fate for record in self.records)

    def accepted_gbp(self) -> Decimal:
        """Pounds on the accepted records, to the penny."""
        return sum((record.amount for record in self.records if record.fate == "accepted"), Decimal("0.00"))


def csv_file(
    path: str,
    records: Iterable[Record],
    *,
    encoding: str = "utf-8",
    line_end: str = "\r\n",
    dos_pound: bool = False,
    status: Status = "in_service",
) -> ExampleFile:
    """A CSV; `dos_pound` writes the pound sign as byte 0x9C, as old exports do."""
    kept = tuple(records)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=line_end)
    for record in kept:
        writer.writerow(record.cells)
    content = buffer.getvalue().encode(encoding)
    if dos_pound:
        content = content.replace("£".encode(encoding), b"\x9c")
    return ExampleFile(path, content, kept, status)


def xlsx_file(path: str, sheets: Sequence[Sheet]) -> ExampleFile:
    """A workbook whose bytes do not depend on the time of writing: same records, same sha256."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in sheets:
        worksheet = workbook.create_sheet(sheet.name)
        for record in sheet.records:
            worksheet.append(record.cells)
        for cell in [cell for row in worksheet.iter_rows() for cell in row if cell.is_date]:
            cell.number_format = "dd/mm/yyyy"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return ExampleFile(path, _without_clock(buffer.getvalue()), tuple(r for s in sheets for r in s.records))


def _without_clock(content: bytes) -> bytes:
    """The same archive with fixed times; stored, because compressors differ between machines."""
    frozen = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(frozen, "w") as target:
        for name in sorted(source.namelist()):
            body = _CREATED_OR_MODIFIED.sub(rb"\g<1>2025-04-30T12:00:00Z\g<2>", source.read(name))
            target.writestr(zipfile.ZipInfo(name, _FIXED_ZIP_TIME), body)
    return frozen.getvalue()


def number_from(*key: object, below: int) -> int:
    """A whole number in [0, below) that depends on `key` alone: no random state, the same on every machine."""
    digest = sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below
