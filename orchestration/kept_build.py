"""An incremental build: of the warehouse only what depends on what changed, by the statements that dbt ran before.

Belongs here: what dbt compiled and the content hashes of the last build, kept beside the working database; deciding what to build
anew; running it. Must not: compile (that is dbt's) or word a failure: whatever goes otherwise than well here is built again by dbt,
from the start, which says it.

dbt takes about 30 ms a node beside its SQL, on 450 nodes. What it compiled holds as long as the project, the registry in force and
the engine are the same (rules are compiled into models from registry and seeds alone); then the kept statements are run where a
table that they read has another content. A table that is built anew and is what it was stops there: nobody downstream is built.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import file_sha256
from ingest.home import Home, written_aside
from orchestration.compiled import empty_build, keep_empty
from orchestration.kept_rows import KeptRows
from orchestration.memory import give_back
from orchestration.next_build import begin_next, make_anew, swap_in, take_sources
from orchestration.transform import PROJECT, NodeResult, run_dbt

KEPT, BUILT = "build.json", "warehouse.duckdb"
_VERSION = 6  # of the shape of what is kept
# Tables of the registry that statements are written from: their rows are in what dbt compiles. Of the others only the columns.
COMPILED_IN = ("purchase_rules", "service_rules", "transfer_rules")
_LONG = 0.3  # seconds that a large table takes
# Less memory than dbt has: it goes a little over. What is committed is written into the file once, at the end.
_MEMORY = "set memory_limit = '900MB'; set checkpoint_threshold = '100GB'; set autoinstall_known_extensions = false"


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
    """How a table is made: its statement, with the types and constraints of its contract, and its columns in order, as SQL."""

    sql: str
    columns: str


class _NotThisWay(Exception):
    """The kept statements cannot answer: dbt builds."""


def build(home: Home, say: Callable[[str], None] = lambda _: None) -> list[NodeResult]:
    """Build the working database of a home, which holds its sources: by the kept statements where they hold, else by `dbt build`.

    Every node has its result: one that was not built anew has taken no time. Raises TransformError as `run_dbt` does.
    """
    give_back()
    warehouse = home.warehouse
    folder = warehouse.parent / "kept"
    key = project_key(warehouse)
    base = folder
    kept = _read(folder)
    if (kept is None or kept.key != key) and (empty := empty_build(key)):
        base, kept = empty, _read(empty)
    if kept is not None and kept.key == key:
        try:
            results, hashes = _build_kept(warehouse, base / BUILT, kept)
        except (_NotThisWay, LookupError, duckdb.Error) as cause:
            say(f"built from the start: {' '.join(str(cause).split())[:300]}")
            remove_models(warehouse)
        else:
            _keep(folder, warehouse, Kept(key, kept.nodes, hashes, ""))
            return results
    forget(home)
    nodes: list[KeptNode] = []
    results = run_dbt(
        ["build", "--exclude-resource-type", "unit_test"], warehouse, home.root / "build" / "dbt-logs", nodes_into(nodes)
    )
    if all(result.status in ("success", "pass") for result in results):
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            connection.execute(_MEMORY)
            tables = _tables(nodes)
            hashes = _source_hashes(connection, (name for name in tables if name.startswith("source.")))
            marked = {node.unique_id for node in nodes if node.kept_by}
            hashes |= {
                name: _mark() if name in marked else _hash(connection, table)
                for name, table in tables.items()
                if name not in hashes
            }
        _keep(folder, warehouse, Kept(key, tuple(nodes), hashes, ""))
        seeds = {node.name for node in nodes if node.resource_type == "seed"}
        unknown = Kept(key, tuple(nodes), dict.fromkeys(hashes, ""), "", is_empty=True)
        keep_empty(key, warehouse, seeds, lambda aside: _note(aside, unknown))
    return results


def nodes_into(found: list[KeptNode]) -> Callable[[Any], None]:
    """What `run_dbt` calls with each of dbt's own results: the node as it was compiled."""

    def take(result: Any) -> None:
        node, kind = result.node, str(result.node.resource_type)
        found.append(
            KeptNode(
                unique_id=node.unique_id,
                resource_type=kind,
                name=node.name,
                materialized=str(node.config.materialized),
                sql="" if kind == "seed" else str(node.compiled_code),
                depends_on=() if kind == "seed" else tuple(sorted(node.depends_on.nodes)),
                fail_calc=str(node.config.fail_calc) if kind == "test" else "",
                error_if=str(node.config.error_if) if kind == "test" else "",
                before=tuple(hook.sql for hook in node.config.pre_hook) if kind == "model" else (),
                after=tuple(hook.sql for hook in node.config.post_hook) if kind == "model" else (),
                kept_by=dict(node.config.meta.get("kept_by", {})),
            )
        )

    return take


def project_key(warehouse: Path) -> str:
    """What compiled statements hold for: the files of the project, the rules of the registry in force (they are compiled into
    models), the versions of dbt and DuckDB."""
    from importlib.metadata import version

    digest = hashlib.sha256(f"{_VERSION} {version('dbt-core')} {version('dbt-duckdb')} {duckdb.__version__}\n".encode())
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = sorted(name for name in folders if name not in ("target", "logs"))
        for name in sorted(names):
            if name.endswith((".sql", ".yml", ".csv")):
                digest.update(f"{name}\n".encode() + Path(folder, name).read_bytes())
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, list(column_name order by column_index)::varchar from duckdb_columns()"
            " where schema_name = 'registry' group by all order by all"
        ).fetchall()
        for table, columns in rows:
            content = _hash(connection, f"registry.{table}") if table in COMPILED_IN else ""
            digest.update(f"{table} {columns} {content}\n".encode())
    return digest.hexdigest()


def _build_kept(warehouse: Path, built: Path, kept: Kept) -> tuple[list[NodeResult], dict[str, str]]:
    """Build anew what reads something that changed, in a copy of the last build's file that takes the place of the prepared one;
    from an empty build, everything, in the prepared one itself.

    Raises _NotThisWay when a test fails or something is not there.
    """
    results: list[NodeResult] = []
    hashes = dict(kept.hashes)
    changed = {node.unique_id for node in kept.nodes if kept.is_empty and node.resource_type == "seed"}
    views = {node.unique_id: node.depends_on for node in kept.nodes if node.materialized == "view"}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(_MEMORY)
        hashes |= _source_hashes(connection, (node_id for node_id in kept.hashes if node_id.startswith("source.")))
    changed |= {node_id for node_id, told in kept.hashes.items() if hashes[node_id] != told}
    target = warehouse if kept.is_empty else begin_next(warehouse, built)
    with duckdb.connect(str(target)) as connection:
        connection.execute(_MEMORY)
        connection.execute(f"attach '{_quoted(built)}' as built (read_only)")
        shapes = _shapes(connection)
        # Few commits: each of hundreds would wait for the disk; but of a large table what is not committed is slow to read. One way
        # of compressing: to try them all took as long as building.
        connection.execute("pragma force_compression = 'dictionary'")
        connection.execute("begin")
        if not kept.is_empty:
            same = kept.hashes.keys() - changed
            take_sources(connection, warehouse, {".".join(name.split(".")[-2:]) for name in same if name.startswith("source.")})
        rows = KeptRows(connection)
        for node in kept.nodes:
            started = time.perf_counter()
            is_touched = kept.is_empty or not changed.isdisjoint(node.depends_on)
            if node.resource_type == "test":
                if is_touched:
                    _test(connection, node)
            elif node.materialized == "view":
                if kept.is_empty:
                    connection.execute(f'create view main."{node.name}" as ({node.sql})')
                if is_touched:
                    changed.add(node.unique_id)
            elif node.resource_type == "seed":
                if kept.is_empty:
                    connection.execute(_shape(node, shapes).sql)
                    connection.execute(f'insert into main."{node.name}" from built.main."{node.name}"')
            elif is_touched:
                shape = _shape(node, shapes)
                for setting in node.before:
                    connection.execute(setting)
                if rows.can_keep(node.kept_by, changed & _read_by(node, views)):
                    if rows.build(node.unique_id, node.name, node.sql, shape.columns, node.kept_by):
                        hashes[node.unique_id] = _mark()
                else:
                    make_anew(connection, node.name, shape.sql)
                    connection.execute(f'insert into main."{node.name}" select {shape.columns} from ({node.sql})')
                    hashes[node.unique_id] = _mark() if node.kept_by else _hash(connection, f'main."{node.name}"')
                for setting in node.after:
                    connection.execute(setting)
                if hashes[node.unique_id] != kept.hashes[node.unique_id]:
                    changed.add(node.unique_id)
            seconds = time.perf_counter() - started if is_touched else 0.0
            if seconds > _LONG:
                connection.execute("commit")
                connection.execute("begin")
            status = "pass" if node.resource_type == "test" else "success"
            results.append(
                NodeResult(node.unique_id, node.resource_type, node.name, status, "" if is_touched else "kept", 0, seconds)
            )
        connection.execute("commit")
        connection.execute("detach built")
        connection.execute("checkpoint")
    if target != warehouse:
        swap_in(target, warehouse)
    return results, hashes


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
        "select table_name, any_value(tables.sql), string_agg('\"' || column_name || '\"', ', ' order by column_index)"
        " from duckdb_tables() as tables inner join duckdb_columns() as columns using (database_name, schema_name, table_name)"
        " where database_name = 'built' and schema_name = 'main' group by table_name"
    ).fetchall()
    return {table: _Shape(sql, columns) for table, sql, columns in rows}


def _shape(node: KeptNode, shapes: Mapping[str, _Shape]) -> _Shape:
    if node.name not in shapes:
        raise _NotThisWay(f"the last build holds no table {node.name}")
    return shapes[node.name]


def _test(connection: duckdb.DuckDBPyConnection, node: KeptNode) -> None:
    row = connection.execute(f"select {node.fail_calc} {node.error_if} from ({node.sql}) as dbt_internal_test").fetchone()
    if row is None or row[0]:
        raise _NotThisWay(f"the test {node.name} fails")


def _hash(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Of the rows, whatever their order. Not for an adversary: it decides what is built again, not what is published."""
    row = connection.execute(f"select count(*), sum(hash(t)::hugeint) from {relation} as t").fetchone()
    return str(row)


def _mark() -> str:
    """In the place of a hash, of a table whose rows are kept by return: what changes in it is seen there, and it is as large as all
    returns. Built whole, it counts as changed."""
    return secrets.token_hex(8)


def _source_hashes(connection: duckdb.DuckDBPyConnection, node_ids: Iterable[str]) -> dict[str, str]:
    """Of the sources: files of the lake by what tells their content (`run.lake_files`), what ledgers share by what the files say
    (`run.ledger_contents`), tables by their rows."""
    views = {name for (name,) in connection.execute("select view_name from duckdb_views() where schema_name = 'lake'").fetchall()}
    hashes: dict[str, str] = {}
    for node_id in node_ids:
        schema, name = node_id.split(".")[-2:]
        relation = _relation(node_id)
        if schema == "lake" and name in views:
            told = f"ledger_contents where name = '{name}'" if name.startswith("ledger_") else f"lake_files where kind = '{name}'"
            relation = f"(from run.{told})"
        hashes[node_id] = _hash(connection, relation)
    return hashes


def _relation(node_id: str) -> str:
    schema, table = node_id.split(".")[-2:]
    return f'{schema}."{table}"'


def _tables(nodes: Iterable[KeptNode]) -> dict[str, str]:
    """unique id -> relation of every source that is read, and of every table built from them."""
    nodes = list(nodes)
    sources = {name: _relation(name) for node in nodes for name in node.depends_on if name.startswith("source.")}
    models = {n.unique_id: f'main."{n.name}"' for n in nodes if n.resource_type == "model" and n.materialized != "view"}
    return sources | models


def remove_models(warehouse: Path) -> None:
    """Leave of a build that was given up only the sources that it began with."""
    with duckdb.connect(str(warehouse)) as connection:
        rows = connection.execute(
            "select 'view', view_name from duckdb_views() where schema_name = 'main' and not internal"
            " union all select 'table', table_name from duckdb_tables() where schema_name = 'main'"
            " order by 1 desc"
        ).fetchall()
        for kind, name in rows:
            connection.execute(f'drop {kind} if exists main."{name}" cascade')


def _keep(folder: Path, warehouse: Path, kept: Kept) -> None:
    """Keep the build: the database under a second name (whoever prepares the next one writes a new file), what it is last."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / KEPT).unlink(missing_ok=True)
    (folder / BUILT).unlink(missing_ok=True)
    os.link(warehouse, folder / BUILT)
    _note(folder, kept)


def _note(folder: Path, kept: Kept) -> None:
    """Write down what a build is, beside its database, and which file that is."""
    with written_aside(folder / KEPT) as aside:
        aside.write_text(json.dumps(asdict(kept) | {"stamp": _stamp(folder / BUILT, kept.is_empty)}))


def forget(home: Home) -> None:
    """Keep nothing: the next build is dbt's, from the start."""
    for name in (KEPT, BUILT):
        (home.warehouse.parent / "kept" / name).unlink(missing_ok=True)


def table_hashes(warehouse: Path) -> dict[str, str]:
    """The content of every table of the models and seeds, whatever the order of its rows."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'main' order by all").fetchall()
        return {name: _hash(connection, f'main."{name}"') for (name,) in names}


def _read(folder: Path) -> Kept | None:
    """The build that is kept, or None when there is none, or the database is not the one that was built."""
    try:
        content: dict[str, Any] = json.loads((folder / KEPT).read_text())
        if content["stamp"] != _stamp(folder / BUILT, content["is_empty"]):
            return None
        lists = ("depends_on", "before", "after")
        nodes = tuple(KeptNode(**node | {name: tuple(node[name]) for name in lists}) for node in content["nodes"])
        return Kept(content["key"], nodes, content["hashes"], content["stamp"], content["is_empty"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _stamp(path: Path, is_empty: bool) -> str:
    """An empty build is small and may be copied with the code: it is known by its bytes. A last build stays where it was made."""
    if is_empty:
        return file_sha256(path)
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def built_anew(results: Sequence[NodeResult]) -> list[str]:
    """Names of the models that were built, not kept."""
    return [r.name for r in results if r.resource_type == "model" and r.message != "kept"]
