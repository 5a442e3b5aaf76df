"""The lake: checked lines as Parquet, one file per return revision; held lines likewise, under quarantine.

Belongs here: the columns of a kind's lines on disk, the flow id, writing a file aside and renaming it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.home import Home, written_aside
from ingest.kinds import KINDS, FieldType, Kind

MONEY = pa.decimal128(18, 2)
_COMMON: list[tuple[str, pa.DataType]] = [
    ("flow_id", pa.string()),
    ("return_id", pa.string()),
    ("revision_id", pa.string()),
    ("publisher_slug", pa.string()),
    ("agency_slug", pa.string()),
    ("kind", pa.string()),
    ("period", pa.string()),
    ("financial_year", pa.string()),
    ("file_name", pa.string()),
    ("file_sha256", pa.string()),
    ("sheet_name", pa.string()),
    ("row_number", pa.int32()),
    ("cell_ref", pa.string()),
    ("published_as_at", pa.timestamp("us")),
    ("landed_at", pa.timestamp("us")),
    ("amount_gbp", MONEY),
]
_ARROW: dict[FieldType, pa.DataType] = {
    "text": pa.string(), "money": MONEY, "date": pa.date32(), "number": pa.float64(), "integer": pa.int64(),
    "boolean": pa.bool_(), "mark": pa.bool_(),
}  # fmt: skip
# Columns of a kind that are not fields of it, and fields that stay behind: free text for its reader, and what only helped to
# recognise or split the file.
_ADDED: dict[str, list[tuple[str, pa.DataType]]] = {
    "spend": [("place_code", pa.string())],
    "procurement_card": [("place_code", pa.string())],
    "service_expenditure": [("line_key", pa.string()), ("measure", pa.string())],
}
_FEW_LINES = 10_000
_NOT_CARRIED = frozenset(("note", "agency_name", "card_transaction", "last_modified"))


def _own_columns(kind: Kind) -> list[tuple[str, pa.DataType]]:
    """A kind's own columns: its fields in order, without those that every kind has."""
    common = {name for name, _ in _COMMON} | _NOT_CARRIED
    return [(field.name, _ARROW[field.type]) for field in kind.fields if field.name not in common] + _ADDED.get(kind.name, [])


SCHEMAS: dict[str, pa.Schema] = {name: pa.schema(_COMMON + _own_columns(kind)) for name, kind in KINDS.items()}
QUARANTINE_EXTRA: list[tuple[str, pa.DataType]] = [("amount_raw", pa.string()), ("rule_ids", pa.string())]


@dataclass(frozen=True)
class Provenance:
    """Where lines come from: written on every one of them."""

    return_id: str
    revision_id: str
    publisher_slug: str
    kind: str
    period: str | None
    file_name: str
    file_sha256: str
    published_as_at: datetime | None
    landed_at: datetime


def flow_prefix(return_id: str, agency: str | None, sheet: str | None) -> str:
    """What the flow ids of a sheet's lines begin with."""
    return hashlib.sha256(f"{return_id}\x1f{agency}\x1f{sheet}".encode()).hexdigest()[:16] + "-"


def flow_ids(return_id: str, lines: pd.DataFrame) -> list[str]:
    """A stable id per line: return, agency and sheet as a hash, then the cell. A corrected revision keeps unchanged rows' ids."""
    prefixes: dict[tuple[object, object], str] = {}
    ids: list[str] = []
    for agency, sheet, cell in zip(lines["agency_slug"], lines["sheet_name"], lines["cell_ref"], strict=True):
        if (agency, sheet) not in prefixes:
            prefixes[(agency, sheet)] = flow_prefix(return_id, agency, sheet)
        ids.append(prefixes[(agency, sheet)] + cell)
    return ids


def constants_of(where: Provenance) -> Mapping[str, object]:
    """The columns that are the same on every line."""
    return vars(where) | {"measure": "net_current_expenditure"}


def lines_table(lines: pd.DataFrame, where: Provenance, *, is_quarantine: bool = False) -> pa.Table:
    """Typed lines as the table of their kind, sorted by sheet order and row as they stand in the file."""
    schema = SCHEMAS[where.kind]
    if is_quarantine:
        schema = pa.schema([*schema, *QUARANTINE_EXTRA])
    count = len(lines)
    constant = constants_of(where)
    columns: dict[str, pa.Array] = {}
    for column in schema:
        if column.name == "flow_id":
            values: list[object] = list(flow_ids(where.return_id, lines))
        elif column.name in constant:
            columns[column.name] = pa.repeat(pa.scalar(constant[column.name], column.type), count)
            continue
        elif column.name == "line_key":
            values = list(lines["line_label"])
        elif column.name in lines:
            values = lines[column.name].tolist()
        else:
            columns[column.name] = pa.nulls(count, column.type)
            continue
        columns[column.name] = pa.array(values, column.type, from_pandas=True)  # NaN, NaT and NA are blanks
    return pa.table(columns, schema=schema)


def write_parquet(table: pa.Table, target: Path) -> None:
    """Write aside, flush, rename: no reader meets half a file. Its folder is flushed by the record that names it."""
    with written_aside(target, flush="file") as aside:
        write_table(table, aside)


def write_table(table: pa.Table, target: Path) -> None:
    """As the lake's files are written: in a few thousand lines a dictionary costs more than it saves."""
    pq.write_table(table, target, compression="zstd", use_dictionary=len(table) > _FEW_LINES)


def _file_stem(revision_id: str) -> str:
    """The revision's id where it may be a file's name; else its hash: an agency's name in it came out of a file."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,199}", revision_id):
        return revision_id
    return hashlib.sha256(revision_id.encode()).hexdigest()[:32]


def lake_path(home: Home, kind: str, publisher_slug: str, revision_id: str) -> Path:
    return home.lake / kind / publisher_slug / f"{_file_stem(revision_id)}.parquet"


def plain_path(path: Path) -> Path:
    """Where the plain lines of a large file lie, beside its others."""
    return path.with_name(f"{path.stem}.plain.parquet")


def quarantine_path(home: Home, publisher_slug: str, revision_id: str) -> Path:
    return home.quarantine / publisher_slug / f"{_file_stem(revision_id)}.parquet"


def layer_of(kind: str | None) -> str | None:
    return KINDS[kind].layer if kind else None
