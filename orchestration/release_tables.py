"""The tables of a release: copied out of the working database with their words and caveats, and the facts of each.

Belongs here: what stands in `totalplace.duckdb`, `marts/` and `datapackage.json`. Must not: decide when a release is made, or move
`current`.

The words travel with the figures four times, because no reader shows them all: as comments in DuckDB, as metadata of each Parquet
file, as descriptions in the data package, and as the tables `meta_tables` and `meta_columns` for tools that show none of those.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import file_sha256
from orchestration.engine import open_without_log, work_on_one_thread_each
from orchestration.flow_file import FOLDER as FLOWS
from orchestration.flow_file import write_flows
from orchestration.release_notes import notes_of
from orchestration.release_views import copy_view
from orchestration.side_by_side import run_graph
from orchestration.transform import MANIFEST
from orchestration.warehouse import DUCKDB_LIMITS

PUBLISHED_PREFIXES = ("mart_", "fct_", "dim_", "qa_")
_META = {
    "meta_tables": {
        "": "Every table of the release with its meaning and the notes to read with it. Grain: table_name.",
        "table_name": "Name of the table",
        "description": "What the table holds, and its grain",
        "notes": "What to know before using its figures, a sentence each",
    },
    "meta_columns": {
        "": "Every column of the release with its meaning. Grain: table_name, column_name.",
        "table_name": "Name of the table",
        "column_name": "Name of the column",
        "column_number": "Place of the column in the table, from 1",
        "data_type": "DuckDB type",
        "description": "What the column holds, with its unit",
    },
}
_META_TYPES = {"column_number": "integer"}
_FRICTIONLESS = {"VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime", "DOUBLE": "number"}
_Columns = Sequence[tuple[str, str]]  # names and types
_Step = tuple[str, str]


@dataclass(frozen=True)
class Words:
    """What is said of a table: itself, its columns, and the caveats that its columns bring with them."""

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()

    @property
    def comment(self) -> str:
        return " ".join((self.description, *self.notes)).strip()


def copy_tables(warehouse: Path, folder: Path) -> dict[str, Any]:
    """Copy the published tables into `folder`/totalplace.duckdb and `folder`/marts, with their words.

    Returns per table the facts that the manifest shows: row_count, content_hash, sums_gbp, columns. Empty when there is none.
    """
    with open_without_log(folder / "totalplace.duckdb", DUCKDB_LIMITS) as connection:
        source = warehouse.stem  # views in it name their tables with the database's own name
        connection.execute(f"attach '{_quoted(warehouse)}' as {source} (read_only)")
        workers = 1
        if work_on_one_thread_each(connection, source):
            workers = 2
            connection.execute("pragma force_compression = 'dictionary'")  # to try every way took a third of the copy
        made = _Made(connection, warehouse, folder)
        run_graph(connection, made.steps(beside_file=workers > 1), made.make, workers=workers)
    return dict(sorted(made.tables.items()))


class _Made:
    """A release as it is made, step by step: ("table", name), then ("words", ""), then ("file", "") and ("parquet", name)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, warehouse: Path, folder: Path) -> None:
        self.source, self.folder, self.kept_flows = warehouse.stem, folder, warehouse.parent / FLOWS
        self.described = _described()
        self.published = dict(_published(connection, self.source))
        self.views: dict[str, str] = {}
        self.columns: Mapping[str, _Columns] = {}
        self.words: dict[str, Words] = {}
        self.tables: dict[str, Any] = {}

    def steps(self, beside_file: bool) -> dict[_Step, tuple[_Step, ...]]:
        """What is to be done, each with what comes before it. `beside_file`: Parquet is written while the database file is."""
        words, file = ("words", ""), ("file", "")
        steps: dict[_Step, tuple[_Step, ...]] = {("table", name): () for name in self.published}
        steps[words] = tuple(steps)
        steps[file] = (words,)
        names = {*self.published, *_META} if self.published else ()
        longest_first = sorted(names, key=lambda name: (name != "fct_flow", name))
        return steps | {("parquet", name): (words if beside_file else file,) for name in longest_first}

    def make(self, cursor: duckdb.DuckDBPyConnection, step: _Step) -> None:
        what, name = step
        if what == "table":
            self._copy(cursor, name)
        elif what == "words":
            self._describe(cursor)
        elif what == "file":
            cursor.execute("force checkpoint")  # it waits: a statement that filters holds the file for a moment
        else:
            self._write(cursor, name)

    def _copy(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if self.published[name]:
            said = self.described.get(name, {})
            words = {column: _one_line(text) for column, text in said.items()}
            self.views[name] = copy_view(cursor, self.source, name, words)
        else:
            cursor.execute(f"create table {name} as select * from {self.source}.main.{name} order by all")

    def _describe(self, cursor: duckdb.DuckDBPyConnection) -> None:
        columns = _columns(cursor)
        self.words = {name: _words(name, columns[name], self.described.get(name, {})) for name in columns}
        if self.words:
            self.words |= _create_meta(cursor, self.words, columns)
        self.columns = _columns(cursor)
        for name in sorted(self.words):
            _comment(cursor, name, "view" if name in self.views else "table", self.words[name])

    def _write(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        path, words, columns = self.folder / "marts" / f"{name}.parquet", self.words[name], self.columns[name]
        if name == "fct_flow" and name in self.views:
            flows = write_flows(cursor, self.views[name], _metadata(words), path, self.kept_flows)
            pounds = None if flows.amount_gbp is None else str(flows.amount_gbp)
            self.tables[name] = _told(flows.row_count, flows.hash_sum, {"amount_gbp": pounds}, columns)
        else:
            _write_parquet(cursor, name, words, path)
            self.tables[name] = _facts(cursor, name, columns)


def data_package(release_id: str, folder: Path, created_at: str, as_known_on: str | None = None) -> dict[str, Any]:
    """The release as a Frictionless data package, from the tables that lie in `folder`."""
    resources: list[dict[str, Any]] = []
    with duckdb.connect(str(folder / "totalplace.duckdb"), read_only=True) as connection:
        described = connection.execute("select table_name, description, notes from meta_tables order by table_name").fetchall()
        for name, description, notes in described:
            path = folder / "marts" / f"{name}.parquet"
            columns = connection.execute(
                "select column_name, data_type, description from meta_columns where table_name = ? order by column_number", [name]
            ).fetchall()
            fields = [{"name": column, "type": _field_type(kind), "description": words} for column, kind, words in columns]
            resources.append({
                "name": name, "path": f"marts/{name}.parquet", "format": "parquet", "mediatype": "application/vnd.apache.parquet",
                "description": " ".join(filter(None, (description, notes))), "bytes": path.stat().st_size,
                "hash": f"sha256:{file_sha256(path)}", "schema": {"fields": fields},
            })  # fmt: skip
    later = "later returns, revisions and corrections are not in it"
    vintage = f"As known on {as_known_on}: {later}." if as_known_on else "As known when made."
    return {
        "profile": "data-package", "name": "total-place", "version": release_id, "created": f"{created_at}Z",
        "description": f"English public money by place, consolidated. {vintage}", "resources": resources,
    }  # fmt: skip


def _described() -> dict[str, dict[str, str]]:
    """Table and column descriptions of the dbt docs ("" is the table's own)."""
    if not MANIFEST.exists():
        return {}
    nodes: dict[str, Any] = json.loads(MANIFEST.read_text())["nodes"]
    return {
        node["name"]: {"": node["description"]} | {c["name"]: c["description"] for c in node["columns"].values()}
        for node in nodes.values()
        if node["resource_type"] == "model"
    }


def _words(name: str, columns: _Columns, described: Mapping[str, str]) -> Words:
    names = [column for column, _ in columns]
    return Words(_one_line(described.get("", "")), {c: _one_line(described.get(c, "")) for c in names}, notes_of(name, names))


def _create_meta(
    connection: duckdb.DuckDBPyConnection, words: Mapping[str, Words], columns: Mapping[str, _Columns]
) -> dict[str, Words]:
    """Write `meta_tables` and `meta_columns`, which describe themselves too; returns their words."""
    own = {name: Words(said[""], {c: text for c, text in said.items() if c}) for name, said in _META.items()}
    everything = {**words, **own}
    for name in own:
        wanted = ", ".join(f"{column} {_META_TYPES.get(column, 'varchar')}" for column in own[name].columns)
        connection.execute(f"create table {name} ({wanted})")
    tables = [(name, said.description, " ".join(said.notes) or None) for name, said in sorted(everything.items())]
    _insert(connection, "meta_tables", tables)
    known = {**columns, **_columns(connection)}
    rows = [
        (name, column, number, kind, everything[name].columns.get(column, ""))
        for name in sorted(everything)
        for number, (column, kind) in enumerate(known[name], start=1)
    ]
    _insert(connection, "meta_columns", rows)
    return own


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """All rows in one statement, a list for each column: one by one took seconds."""
    values = ", ".join(f"unnest(${number})" for number in range(1, len(rows[0]) + 1))
    connection.execute(f"insert into {table} select {values}", [list(column) for column in zip(*rows, strict=True)])


def _columns(connection: duckdb.DuckDBPyConnection) -> Mapping[str, _Columns]:
    """Names and types of the columns of every table and view of this very database, in order; of its parts not."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and schema_name = 'main' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def _published(connection: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, bool]]:
    """Names of what is published, and whether each is a view."""
    found = connection.execute(
        "select table_name, false from duckdb_tables() where database_name = $1 and schema_name = 'main'"
        " union all select view_name, true from duckdb_views() where database_name = $1 and schema_name = 'main' order by 1",
        [source],
    ).fetchall()
    return [(name, is_view) for name, is_view in found if name.startswith(PUBLISHED_PREFIXES)]


def _comment(connection: duckdb.DuckDBPyConnection, name: str, sort: str, words: Words) -> None:
    if words.comment:
        connection.execute(f"comment on {sort} {name} is {_literal(words.comment)}")
    for column, text in words.columns.items():
        if text:
            connection.execute(f'comment on column {name}."{column}" is {_literal(text)}')


def _metadata(words: Words) -> dict[str, str]:
    """What is said of a table, as the key-value metadata of its Parquet file."""
    return {
        "description": words.description,
        "notes": " ".join(words.notes),
        "columns": json.dumps(words.columns, sort_keys=True),
    }


def _write_parquet(connection: duckdb.DuckDBPyConnection, name: str, words: Words, path: Path) -> None:
    metadata = ", ".join(f"{key}: {_literal(text)}" for key, text in _metadata(words).items())
    connection.execute(
        f"copy (select * from {name}) to '{_quoted(path)}' (format parquet, compression zstd, kv_metadata {{{metadata}}})"
    )


def _facts(connection: duckdb.DuckDBPyConnection, name: str, columns: _Columns) -> dict[str, Any]:
    """Row count, sum of each `_gbp` column, and a hash of the content that does not depend on row order: DuckDB's own 64-bit hash
    of each row, added up (a cryptographic one of every row took longer than writing the rows)."""
    money = [column for column, kind in columns if column.endswith("_gbp") and kind.startswith("DECIMAL")]
    sums = ", ".join(f'sum("{column}")' for column in money)
    row = ", ".join(f'"{column}"' for column, _ in columns)
    query = f"select count(*), sum(hash({row})::hugeint){', ' + sums if sums else ''} from {name}"
    facts = connection.execute(query).fetchone()
    assert facts is not None
    sums_gbp = {column: str(value) if isinstance(value, Decimal) else None for column, value in zip(money, facts[2:], strict=True)}
    return _told(facts[0], facts[1], sums_gbp, columns)


def _told(row_count: int, hash_sum: int | None, sums_gbp: Mapping[str, str | None], columns: _Columns) -> dict[str, Any]:
    """The facts of a table in the shape of the manifest."""
    return {
        "row_count": row_count,
        "content_hash": hashlib.sha256(f"{row_count}:{hash_sum}:{columns}".encode()).hexdigest(),
        "sums_gbp": dict(sums_gbp),
        "columns": [{"name": column, "type": kind} for column, kind in columns],
    }


def _field_type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return "number"
    if kind.endswith("[]"):
        return "array"
    if "INT" in kind:
        return "integer"
    return _FRICTIONLESS.get(kind.split(" ")[0], "string")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
