"""The statements that dbt compiled, run again where a table that they read has another content.

Belongs here: which statements run, in which order, in which file; the content of what they make. Must not: know where a build is
kept, or when its statements hold (that is `kept_build`).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_without_log, work_on_one_thread_each
from orchestration.kept_rows import KeptRows
from orchestration.next_build import begin_next, make_anew, swap_in, take_sources
from orchestration.side_by_side import run_graph
from orchestration.transform import NodeResult

# Less memory than dbt has: it goes a little over.
MEMORY = "set memory_limit = '900MB'; set autoinstall_known_extensions = false"


@dataclass(frozen=True)
class KeptNode:
    """A node as dbt compiled it. `sql`: a model's or a test's select; "" for a seed, which only changes with the project."""

    unique_id: str
    resource_type: str
    name: str
    materialized: str
    sql: str
    depends_on: tuple[str, ...]
    fail_calc: str = ""
    error_if: str = ""
    before: tuple[str, ...] = ()  # settings that its statement is run under, and what takes them back
    after: tuple[str, ...] = ()
    kept_by: Mapping[str, Any] = field(default_factory=dict[str, Any])  # how its rows belong to returns (`kept_rows`)


@dataclass(frozen=True)
class Kept:
    """A build that went well. `hashes`: content of every source table and every table, by unique id. `stamp`: of the database file
    that holds it. `is_empty`: it holds seeds and what dbt compiled, no rows of models (`compiled`)."""

    key: str
    nodes: tuple[KeptNode, ...]
    hashes: Mapping[str, str]
    stamp: str
    is_empty: bool = False


@dataclass(frozen=True)
class _Shape:
    """How a table is made: its statement, with the types and constraints of its contract, its columns in order, as SQL, and how
    many rows it had."""

    sql: str
    columns: str
    row_count: int


class NotThisWay(Exception):
    """The kept statements cannot answer: dbt builds."""


class KeptStatements:
    """One build: in a copy of the last build's file, which takes the place of the prepared one; from an empty build, everything, in
    the prepared one itself.

    `results` by unique id and `hashes` are told when `run` has ended; the file is whole when `finish` has. `close` gives up.
    """

    def __init__(self, warehouse: Path, built: Path, kept: Kept) -> None:
        self.warehouse, self.kept = warehouse, kept
        self.results: dict[str, NodeResult] = {}
        self.hashes = dict(kept.hashes)
        self._changed = {node.unique_id for node in kept.nodes if kept.is_empty and node.resource_type == "seed"}
        self._asked_about = asked_about(kept.nodes)
        self._views = {node.unique_id: node.depends_on for node in kept.nodes if node.materialized == "view"}
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            connection.execute(MEMORY)
            self.hashes |= source_hashes(connection, (node_id for node_id in kept.hashes if node_id.startswith("source.")))
        self._changed |= {node_id for node_id, told in kept.hashes.items() if self.hashes[node_id] != told}
        self._target = warehouse if kept.is_empty else begin_next(warehouse, built)
        self._connection = open_without_log(self._target)
        try:
            self._connection.execute(MEMORY)
            self._connection.execute(f"attach '{_quoted(built)}' as built (read_only)")
            self._shapes = _shapes(self._connection)
        except BaseException:  # dbt builds in the very file
            self.close()
            raise

    def run(self) -> None:
        """Run what is touched. Raises NotThisWay when a test fails or something is not there, duckdb.Error, LookupError."""
        run = self._connection.execute
        run("pragma force_compression = 'dictionary'")  # to try every way took as long as building
        if not self.kept.is_empty:
            same = self.kept.hashes.keys() - self._changed
            unchanged = {".".join(name.split(".")[-2:]) for name in same if name.startswith("source.")}
            run("begin")
            take_sources(self._connection, self.warehouse, unchanged)
            run("commit")
        workers = 2 if work_on_one_thread_each(self._connection, self.warehouse.stem) else 1
        self._rows = KeptRows(self._connection)
        nodes = {node.unique_id: node for node in self.kept.nodes}
        run_graph(
            self._connection,
            {node.unique_id: node.depends_on for node in self.kept.nodes},
            lambda cursor, node_id: self._act(cursor, nodes[node_id]),
            workers=workers,
            pinned={node.unique_id for node in self.kept.nodes if node.kept_by},  # their rows are chosen by temporary tables
            last={node.unique_id for node in self.kept.nodes if node.resource_type == "test"},
        )

    def finish(self) -> None:
        """Write the file, and put it in its place. Raises duckdb.Error, OSError."""
        try:
            self._connection.execute("detach built")
            self._connection.execute("checkpoint")
        finally:
            self.close()
        if self._target != self.warehouse:
            swap_in(self._target, self.warehouse)

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each table, by its name."""
        told = {node.name: self.hashes.get(node.unique_id) for node in self.kept.nodes}
        return {
            table: _count(content) if (content := told.get(table)) else shape.row_count for table, shape in self._shapes.items()
        }

    def close(self) -> None:
        self._connection.close()

    def _act(self, cursor: duckdb.DuckDBPyConnection, node: KeptNode) -> None:
        started = time.perf_counter()
        is_touched = self.kept.is_empty or not self._changed.isdisjoint(node.depends_on)
        if node.resource_type == "test":
            if is_touched:
                _test(cursor, node)
        elif node.materialized == "view":
            if self.kept.is_empty:
                cursor.execute(f'create view main."{node.name}" as ({node.sql})')
            if is_touched:
                self._changed.add(node.unique_id)
        elif node.resource_type == "seed":
            if self.kept.is_empty:
                cursor.execute(self._shape(node).sql)
                cursor.execute(f'insert into main."{node.name}" from built.main."{node.name}"')
        elif is_touched:
            self._make(cursor, node)
        seconds = time.perf_counter() - started if is_touched else 0.0
        status = "pass" if node.resource_type == "test" else "success"
        said = "" if is_touched else "kept"
        self.results[node.unique_id] = NodeResult(node.unique_id, node.resource_type, node.name, status, said, 0, seconds)

    def _make(self, cursor: duckdb.DuckDBPyConnection, node: KeptNode) -> None:
        shape, node_id = self._shape(node), node.unique_id
        for setting in node.before:
            cursor.execute(setting)
        read = self._changed & _read_by(node, self._views)
        if not self.kept.is_empty and self._rows.can_keep(node.kept_by, read):
            if self._rows.build(node_id, node.name, node.sql, shape.columns, node.kept_by):
                self.hashes[node_id] = mark(cursor, f'main."{node.name}"')
        else:
            make_anew(cursor, node.name, shape.sql)
            cursor.execute(f'insert into main."{node.name}" select {shape.columns} from ({node.sql})')
            tell = content_hash if node_id in self._asked_about else mark
            self.hashes[node_id] = tell(cursor, f'main."{node.name}"')
        for setting in node.after:
            cursor.execute(setting)
        if self.hashes[node_id] != self.kept.hashes[node_id]:
            self._changed.add(node_id)

    def _shape(self, node: KeptNode) -> _Shape:
        if node.name not in self._shapes:
            raise NotThisWay(f"the last build holds no table {node.name}")
        return self._shapes[node.name]


def _read_by(node: KeptNode, views: Mapping[str, Sequence[str]]) -> set[str]:
    """Unique ids of the tables that a node reads, through views."""
    found: set[str] = set()
    ahead = list(node.depends_on)
    while ahead:
        node_id = ahead.pop()
        if node_id in views:
            ahead += views[node_id]
        else:
            found.add(node_id)
    return found


def _shapes(connection: duckdb.DuckDBPyConnection) -> dict[str, _Shape]:
    """Of every table of the last build, read at once: the catalogue takes its time whatever is asked."""
    rows = connection.execute(
        "select table_name, any_value(tables.sql), string_agg('\"' || column_name || '\"', ', ' order by column_index),"
        " any_value(tables.estimated_size)"
        " from duckdb_tables() as tables inner join duckdb_columns() as columns using (database_name, schema_name, table_name)"
        " where database_name = 'built' and schema_name = 'main' group by table_name"
    ).fetchall()
    return {table: _Shape(sql, columns, int(rows)) for table, sql, columns, rows in rows}


def _test(connection: duckdb.DuckDBPyConnection, node: KeptNode) -> None:
    row = connection.execute(f"select {node.fail_calc} {node.error_if} from ({node.sql}) as dbt_internal_test").fetchone()
    if row is None or row[0]:
        raise NotThisWay(f"the test {node.name} fails")


def content_hash(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Of the rows, whatever their order. Not for an adversary: it decides what is built again, not what is published."""
    row = connection.execute(f"select count(*), sum(hash(t)::hugeint) from {relation} as t").fetchone()
    return str(row)


def mark(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """In the place of a hash, where nobody asks what a table holds: built anew, it counts as changed."""
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return str((row[0], secrets.token_hex(8)))


def asked_about(nodes: Iterable[KeptNode]) -> set[str]:
    """Unique ids of the tables whose content decides whether others are built. Not of those whose rows are kept: what changes in
    them is seen there, and they are as large as all returns."""
    nodes = list(nodes)
    read = {parent for node in nodes if node.resource_type != "test" for parent in node.depends_on}
    return read - {node.unique_id for node in nodes if node.kept_by}


def _count(content: str) -> int:
    """How many rows there are, from their hash or mark."""
    return int(content.strip("()").split(",")[0])


def source_hashes(connection: duckdb.DuckDBPyConnection, node_ids: Iterable[str]) -> dict[str, str]:
    """Of the sources: files of the lake by what tells their content (`run.lake_files`), what ledgers share by what the files say
    (`run.ledger_contents`), tables by their rows."""
    views = {name for (name,) in connection.execute("select view_name from duckdb_views() where schema_name = 'lake'").fetchall()}
    hashes: dict[str, str] = {}
    for node_id in node_ids:
        schema, name = node_id.split(".")[-2:]
        relation = relation_of(node_id)
        if schema == "lake" and name in views:
            told = f"ledger_contents where name = '{name}'" if name.startswith("ledger_") else f"lake_files where kind = '{name}'"
            relation = f"(from run.{told})"
        hashes[node_id] = content_hash(connection, relation)
    return hashes


def relation_of(node_id: str) -> str:
    schema, table = node_id.split(".")[-2:]
    return f'{schema}."{table}"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
