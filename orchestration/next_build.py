"""The next working database, begun as a copy of the last one's file: what did not change is there already.

Belongs here: copying the file aside, putting the sources of this run in the place of those of the last, making a table anew,
swapping the file in. Must not: decide what is built (that is `kept_build`).

Ten million lines cost as much to copy row by row as to read; the blocks of their file cost nearly nothing. The prepared database
stays as it is until the next one is whole: whoever is stopped, or fails, leaves the sources there and nothing under their name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

FOLDER = "next"  # beside the working database; the file in it has the name that views call their database by
_MADE_ANEW = ("lake", "run")  # schemas of views and of small tables
_KEPT = ("intake", "registry")


def begin_next(warehouse: Path, built: Path) -> Path:
    """Copy the last build's file aside, beside the prepared working database; returns the copy."""
    folder = warehouse.parent / FOLDER
    give_up(warehouse)  # what a stop left
    folder.mkdir()
    target = folder / warehouse.name
    with built.open("rb") as source, target.open("wb") as copy:
        size = left = os.fstat(source.fileno()).st_size
        try:
            while left and (done := os.copy_file_range(source.fileno(), copy.fileno(), left)):
                left -= done  # a file system that can shares the blocks
        except (OSError, AttributeError):
            left = size
    if left:
        shutil.copyfile(built, target)
    return target


def give_up(warehouse: Path) -> None:
    """Take away what was begun beside the prepared database."""
    shutil.rmtree(warehouse.parent / FOLDER, ignore_errors=True)


def take_sources(connection: duckdb.DuckDBPyConnection, prepared: Path, unchanged: Collection[str]) -> None:
    """Put the sources of the prepared database in the place of those in the copy. `unchanged`: tables (`schema.name`) that hold the
    same already."""
    run = connection.execute
    run(f"attach '{str(prepared).replace(chr(39), chr(39) * 2)}' as prepared (read_only)")
    for schema in _MADE_ANEW:
        run(f"drop schema if exists {schema} cascade")
        run(f"create schema {schema}")
    found = run("select database_name = 'prepared', schema_name, table_name from duckdb_tables() where database_name <> 'built'")
    tables = found.fetchall()
    mine = {(schema, name) for is_prepared, schema, name in tables if not is_prepared and schema in _KEPT}
    theirs = {(schema, name) for is_prepared, schema, name in tables if is_prepared}
    for schema, name in sorted(mine - theirs):
        run(f'drop table {schema}."{name}"')
    for schema, name in sorted(theirs):
        if f"{schema}.{name}" not in unchanged or (schema, name) not in mine:
            run(f'create or replace table {schema}."{name}" as from prepared.{schema}."{name}"')
    for (sql,) in run(
        "select sql from duckdb_views() where database_name = 'prepared' and not internal order by view_oid"
    ).fetchall():
        run(sql)


def make_anew(connection: duckdb.DuckDBPyConnection, table: str, sql: str) -> None:
    """The table, empty, by its statement, whatever stood there under its name."""
    connection.execute(f'drop table if exists main."{table}"')
    connection.execute(sql)


def swap_in(made: Path, warehouse: Path) -> None:
    """The next working database in the place of the prepared one, in one step."""
    made.replace(warehouse)
    shutil.rmtree(made.parent, ignore_errors=True)
