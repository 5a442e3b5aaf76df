"""The release: Parquet marts, one DuckDB file, a manifest; built aside, swapped whole (design: contract).

Belongs here: copying what dbt built, hashing it, publishing it. Nothing reads a half release: the folder is complete before
`releases/current` points at it, and the pointer moves in one step.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from orchestration.transform import MANIFEST

PUBLISHED_PREFIXES = ("mart_", "fct_", "dim_", "qa_")
_FRICTIONLESS = {"VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime", "DOUBLE": "number"}


class ReleaseError(RuntimeError):
    """A release could not be published. The message says why; the release before it stays current."""


@dataclass(frozen=True)
class Release:
    """A published release."""

    release_id: str
    folder: Path
    manifest: dict[str, Any]


def current_release(home: Home) -> Release | None:
    """The release that readers see, or None."""
    folder = home.current_release
    if not (folder / "manifest.json").exists():
        return None
    manifest = json.loads((folder / "manifest.json").read_text())
    return Release(manifest["release_id"], folder.resolve(), manifest)


def list_releases(home: Home) -> list[Release]:
    """Every complete release, oldest first."""
    found: list[Release] = []
    for path in sorted(home.releases.glob("*/manifest.json")):
        if path.parent.is_symlink() or path.parent.name.startswith("."):
            continue
        manifest = json.loads(path.read_text())
        found.append(Release(manifest["release_id"], path.parent, manifest))
    return sorted(found, key=lambda r: str(r.manifest["created_at"]))


def input_fingerprint(inputs: list[dict[str, Any]], code: str, as_known_on: str | None) -> str:
    """What decides a release's content: input revisions, code, and the instant it is known on."""
    return hashlib.sha256(json.dumps([inputs, code, as_known_on], sort_keys=True).encode()).hexdigest()[:16]


def publish(home: Home, inputs: list[dict[str, Any]], code: str, now: datetime, as_known_on: datetime | None = None) -> Release:
    """Copy the published tables out of the working database into a new release and make it current (a release as known on
    an instant is published beside, `current` does not move).

    Raises ReleaseError when the working database has no tables to publish.
    """
    known = as_known_on.isoformat() if as_known_on else None
    fingerprint = input_fingerprint(inputs, code, known)
    release_id = f"{now:%Y%m%dT%H%M%S}-{fingerprint[:8]}" + ("-as-known" if known else "")
    home.releases.mkdir(parents=True, exist_ok=True)
    aside = home.releases / f".{release_id}.part"
    if aside.exists():
        shutil.rmtree(aside)
    (aside / "marts").mkdir(parents=True)
    try:
        tables = _copy_tables(home.warehouse, aside)
        if not tables:
            raise ReleaseError("the working database holds no marts: nothing was published, the release before stays current")
        manifest: dict[str, Any] = {
            "release_id": release_id,
            "created_at": now.isoformat(),
            "as_known_on": known,
            "code_version": code,
            "input_fingerprint": fingerprint,
            "inputs": inputs,
            "tables": tables,
        }
        _write_json(aside / "manifest.json", manifest)
        _write_json(aside / "datapackage.json", _datapackage(release_id, aside, tables))
        _flush(aside)
        final = home.releases / release_id
        if final.exists():
            shutil.rmtree(final)
        aside.replace(final)
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    if not known:
        point_current(home, release_id)
    return Release(release_id, final, manifest)


def point_current(home: Home, release_id: str) -> None:
    """Move `releases/current` in one step: readers see the old release or the new one."""
    link = home.releases / ".current.part"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(home.current_release)


def _copy_tables(warehouse: Path, aside: Path) -> dict[str, Any]:
    descriptions = _descriptions()
    database = aside / "totalplace.duckdb"
    tables: dict[str, Any] = {}
    with duckdb.connect(str(database)) as connection:
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute(f"attach '{_quoted(warehouse)}' as work (read_only)")
        names = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'work' and schema_name = 'main' order by table_name"
        ).fetchall()
        for (name,) in names:
            if not name.startswith(PUBLISHED_PREFIXES):
                continue
            connection.execute(f"create table {name} as select * from work.main.{name} order by all")
            _comment(connection, name, descriptions.get(name, {}))
            path = aside / "marts" / f"{name}.parquet"
            connection.execute(f"copy (select * from {name}) to '{_quoted(path)}' (format parquet, compression zstd)")
            tables[name] = _table_facts(connection, name)
        connection.execute("detach work")
        connection.execute("checkpoint")
    return tables


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str]]:
    """Names and types of a table of this very database, in order."""
    return connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? and database_name = current_database()"
        " order by column_index",
        [name],
    ).fetchall()


def _table_facts(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """Row count, sum of each `_gbp` column, and a hash of the content that does not depend on row order."""
    columns = _columns(connection, name)
    money = [column for column, kind in columns if column.endswith("_gbp") and kind.startswith("DECIMAL")]
    sums = ", ".join(f'sum("{column}")' for column in money)
    row = ", ".join(f"""coalesce(replace("{column}"::varchar, chr(31), ' '), chr(30))""" for column, _ in columns)
    query = f"select count(*), sum(md5_number_lower(concat_ws(chr(31), {row}))::hugeint){', ' + sums if sums else ''} from {name}"
    facts = connection.execute(query).fetchone()
    assert facts is not None
    digest = hashlib.sha256(f"{facts[0]}:{facts[1]}:{columns}".encode()).hexdigest()
    return {
        "row_count": facts[0],
        "content_hash": digest,
        "sums_gbp": {
            column: str(value) if isinstance(value, Decimal) else None for column, value in zip(money, facts[2:], strict=True)
        },
        "columns": [{"name": column, "type": kind} for column, kind in columns],
    }


def _descriptions() -> dict[str, dict[str, str]]:
    """Table and column descriptions of the dbt docs, so that the caveat stands where the figure is ("" is the table's own)."""
    if not MANIFEST.exists():
        return {}
    nodes: dict[str, Any] = json.loads(MANIFEST.read_text())["nodes"]
    found: dict[str, dict[str, str]] = {}
    for node in nodes.values():
        if node["resource_type"] == "model":
            found[node["name"]] = {"": node["description"]} | {c["name"]: c["description"] for c in node["columns"].values()}
    return found


def _comment(connection: duckdb.DuckDBPyConnection, name: str, descriptions: Mapping[str, str]) -> None:
    present = {column for column, _ in _columns(connection, name)}
    for column, words in descriptions.items():
        text = " ".join(words.split()).replace("'", "''")
        if not text:
            continue
        if column == "":
            connection.execute(f"comment on table {name} is '{text}'")
        elif column in present:
            connection.execute(f"""comment on column {name}."{column}" is '{text}'""")


def _datapackage(release_id: str, aside: Path, tables: Mapping[str, Any]) -> dict[str, Any]:
    """The release as a Frictionless data package."""
    descriptions = _descriptions()
    resources: list[dict[str, Any]] = []
    for name, facts in tables.items():
        path = aside / "marts" / f"{name}.parquet"
        words = descriptions.get(name, {})
        fields = [
            {"name": c["name"], "type": _field_type(c["type"]), "description": words.get(c["name"], "")} for c in facts["columns"]
        ]
        resources.append({
            "name": name, "path": f"marts/{name}.parquet", "format": "parquet", "mediatype": "application/vnd.apache.parquet",
            "description": words.get("", ""), "bytes": path.stat().st_size,
            "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}", "schema": {"fields": fields},
        })  # fmt: skip
    return {"profile": "data-package", "name": "total-place", "version": release_id, "resources": resources}


def _field_type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return "number"
    if "INT" in kind:
        return "integer"
    return _FRICTIONLESS.get(kind.split(" ")[0], "string")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True))


def _flush(folder: Path) -> None:
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        with path.open("rb") as handle:
            os.fsync(handle.fileno())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
