"""An incremental build: of the warehouse only what depends on what changed, by the statements that dbt ran before.

Belongs here: what dbt compiled and the content hashes of the last build, kept beside the working database; deciding whether they
hold. Must not: run statements (that is `kept_statements`), compile (that is dbt's) or word a failure: whatever goes otherwise than
well here is built again by dbt, from the start, which says it.

dbt takes about 30 ms a node beside its SQL, on 450 nodes. What it compiled holds as long as the project, the registry in force and
the engine are the same (rules are compiled into models from registry and seeds alone); then the kept statements are run where a
table that they read has another content. A table that is built anew and is what it was stops there: nobody downstream is built.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import file_sha256
from ingest.home import Home, written_aside
from orchestration.compiled import empty_build, keep_empty
from orchestration.kept_statements import (
    MEMORY,
    Kept,
    KeptNode,
    KeptStatements,
    NotThisWay,
    asked_about,
    content_hash,
    mark,
    relation_of,
    source_hashes,
)
from orchestration.memory import give_back
from orchestration.next_build import give_up
from orchestration.transform import PROJECT, NodeResult, TransformError, run_dbt

KEPT, BUILT = "build.json", "warehouse.duckdb"
_CODE = ("kept_build", "kept_rows", "kept_statements", "next_build")  # that decides which rows are kept
# Tables of the registry that statements are written from: their rows are in what dbt compiles. Of the others only the columns.
COMPILED_IN = ("purchase_rules", "service_rules", "transfer_rules")


@dataclass(frozen=True)
class Build:
    """A build that has ended but for its file: `finish` writes that and keeps it (to be called once; raises TransformError). Until
    then nobody else may open the working database. `row_counts`: by name of a table."""

    results: list[NodeResult]
    row_counts: Mapping[str, int]
    finish: Callable[[], None]


def build(home: Home, say: Callable[[str], None] = lambda _: None) -> list[NodeResult]:
    """`begin_build`, finished: the results of every node."""
    begun = begin_build(home, say)
    begun.finish()
    return begun.results


def begin_build(home: Home, say: Callable[[str], None] = lambda _: None) -> Build:
    """Build the working database of a home, which holds its sources: by the kept statements where they hold, else by `dbt build`.

    Every node has its result: one that was not built anew has taken no time. Raises TransformError as `run_dbt` does.
    """
    give_back()
    warehouse = home.warehouse
    folder = warehouse.parent / "kept"
    key = project_key(warehouse)
    kept = _read(folder)
    found = (folder / BUILT, kept) if kept is not None and kept.key == key else compiled(warehouse, key)
    if found is not None:
        statements = None
        try:
            statements = KeptStatements(warehouse, *found)
            statements.run()
        except (NotThisWay, LookupError, OSError, duckdb.Error) as cause:  # no room for a copy of the last file, say
            say(f"built from the start: {' '.join(str(cause).split())[:300]}")
            if statements is not None:
                statements.close()
            give_up(warehouse)
            remove_models(warehouse)
        else:
            return _begun(statements, folder)
    return _by_dbt(home, folder, key)


def compiled(warehouse: Path, key: str = "") -> tuple[Path, Kept] | None:
    """The empty build of what dbt compiled for this working database, with its file; None where it is not there yet."""
    folder = empty_build(key or project_key(warehouse))
    kept = _read(folder) if folder else None
    return (folder / BUILT, kept) if folder and kept else None


def _begun(statements: KeptStatements, folder: Path) -> Build:
    kept = Kept(statements.kept.key, statements.kept.nodes, statements.hashes, "")

    def finish() -> None:
        try:
            statements.finish()
            _keep(folder, statements.warehouse, kept)
        except (duckdb.Error, OSError) as error:
            cause = " ".join(str(error).split())[:300]
            raise TransformError(
                f"the working database could not be written: {cause} (run again: it is built from the start)"
            ) from error

    results = [statements.results[node.unique_id] for node in kept.nodes]
    return Build(results, statements.row_counts, finish)


def _by_dbt(home: Home, folder: Path, key: str) -> Build:
    forget(home)
    warehouse = home.warehouse
    nodes: list[KeptNode] = []
    results = run_dbt(
        ["build", "--exclude-resource-type", "unit_test"], warehouse, home.root / "build" / "dbt-logs", nodes_into(nodes)
    )
    if any(result.status not in ("success", "pass") for result in results):
        return Build(results, _row_counts(warehouse), lambda: None)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(MEMORY)
        tables = _tables(nodes)
        hashes = source_hashes(connection, (name for name in tables if name.startswith("source.")))
        known = {name: table for name, table in tables.items() if name not in hashes}
        asked = asked_about(nodes)
        hashes |= {name: (content_hash if name in asked else mark)(connection, table) for name, table in known.items()}
    _keep(folder, warehouse, Kept(key, tuple(nodes), hashes, ""))
    seeds = {node.name for node in nodes if node.resource_type == "seed"}
    unknown = Kept(key, tuple(nodes), dict.fromkeys(hashes, ""), "", is_empty=True)
    keep_empty(key, warehouse, seeds, lambda aside: _note(aside, unknown))
    return Build(results, _row_counts(warehouse), lambda: None)


def _row_counts(warehouse: Path) -> dict[str, int]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute("select table_name, estimated_size from duckdb_tables() where schema_name = 'main'").fetchall()
    return {name: int(size) for name, size in rows}


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

    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')} {duckdb.__version__}\n".encode())
    for name in _CODE:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
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
            content = content_hash(connection, f"registry.{table}") if table in COMPILED_IN else ""
            digest.update(f"{table} {columns} {content}\n".encode())
    return digest.hexdigest()


def _tables(nodes: Iterable[KeptNode]) -> dict[str, str]:
    """unique id -> relation of every source that is read, and of every table built from them."""
    nodes = list(nodes)
    sources = {name: relation_of(name) for node in nodes for name in node.depends_on if name.startswith("source.")}
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
        return {name: content_hash(connection, f'main."{name}"') for (name,) in names}


def _read(folder: Path) -> Kept | None:
    """The build that is kept, or None when there is none, or the database is not the one that was built."""
    try:
        content = json.loads((folder / KEPT).read_text())
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


def built_anew(results: Sequence[NodeResult]) -> list[str]:
    """Names of the models that were built, not kept."""
    return [r.name for r in results if r.resource_type == "model" and r.message != "kept"]
