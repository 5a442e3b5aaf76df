"""A count of published files that shares no code with the project: pandas for text, openpyxl and xlrd for workbooks, json and
zipfile of the standard library, and the eye's knowledge of which header names the amount."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import xlrd

AMOUNT_HEADERS = {
    "net amount(£)", "net amount (£)", "net amount", "amount paid", "amount", "total", "total invoice amount",
    "* total invoice amount", "amount awarded", "amount_gbp",
}  # fmt: skip


@dataclass(frozen=True)
class FileCount:
    row_count: int
    amount_gbp: Decimal


def count_file(path: Path, member: str = "") -> FileCount:
    """`member`: of an archive, the file in it."""
    if member:
        with zipfile.ZipFile(path) as archive:
            assert member.endswith(".csv")
            return count_csv(archive.read(member))
    counters = {".xlsx": count_xlsx, ".xls": count_xls, ".json": count_grants_json}
    counter = counters.get(path.suffix.lower())
    return counter(path) if counter else count_csv(path.read_bytes())


def count_grants_json(path: Path) -> FileCount:
    """A row for each grant, and one for the names that stand beside every value."""
    grants = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)["grants"]
    return FileCount(1 + len(grants), sum((grant["amountAwarded"] for grant in grants), Decimal(0)))


def count_xls(path: Path) -> FileCount:
    book = xlrd.open_workbook(str(path))
    counts = [_count([list[object](sheet.row_values(row)) for row in range(sheet.nrows)]) for sheet in book.sheets()]
    return FileCount(sum(c.row_count for c in counts), sum((c.amount_gbp for c in counts), Decimal(0)))


def count_csv(content: bytes) -> FileCount:
    try:
        content.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp1252"
    widest = 1 + max(line.count(b",") for line in content.splitlines() or [b""])
    frame = pd.read_csv(
        io.BytesIO(content),
        header=None,
        names=range(widest),
        dtype=str,
        keep_default_na=False,
        encoding=encoding,
        skip_blank_lines=False,
    )
    return _count([list(row) for row in frame.itertuples(index=False)])


def count_xlsx(path: Path) -> FileCount:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    counts = [_count([list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book.worksheets]
    return FileCount(sum(c.row_count for c in counts), sum((c.amount_gbp for c in counts), Decimal(0)))


def _count(rows: list[list[object]]) -> FileCount:
    headers = [(i, _amount_column(row)) for i, row in enumerate(rows) if _amount_column(row) is not None]
    assert headers, "no header row was found by the tally"
    while rows and all(cell in (None, "") for cell in rows[-1]) and isinstance(rows[-1][0], type(None)):
        rows.pop()  # a workbook's used area may end in empty formatted rows
    column = headers[0][1]
    total = Decimal(0)
    for i, row in enumerate(rows):
        if (i, _amount_column(row)) in headers:
            column = _amount_column(row)
            continue
        assert column is not None
        total += _pounds(row[column] if column < len(row) else None)
    return FileCount(len(rows), total)


def _amount_column(row: list[object]) -> int | None:
    words = [cell.strip().lower() if isinstance(cell, str) else "" for cell in row]
    if not any("date" in word or word == "financial_year" for word in words):
        return None
    return next((index for index, word in enumerate(words) if word in AMOUNT_HEADERS), None)


def _pounds(cell: object) -> Decimal:
    if cell is None or isinstance(cell, bool):
        return Decimal(0)
    if isinstance(cell, (int, float)):
        return Decimal(str(cell)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    text = re.sub(r"[£,\s]", "", str(cell))
    if not text:
        return Decimal(0)
    if text.endswith("-"):
        text = "-" + text[:-1]
    return Decimal(text)
