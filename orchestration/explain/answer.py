"""The shape of an explanation, and how a release is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

Row = dict[str, Any]
PROVENANCE = ("file_name", "sheet_name", "row_number", "cell_ref")


class ExplainError(ValueError):
    """There is nothing to explain. The message says what was asked for, and what there is."""


@dataclass(frozen=True)
class Part:
    """Rows of one kind under a title. `right`: columns that hold numbers; `more`: how many rows are not shown."""

    title: str
    rows: list[Row]
    right: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Explanation:
    """Money is in pounds (Decimal), rates are fractions. `rules` and `arithmetic` are sentences; `parts` the rows behind them."""

    about: str
    release_id: str
    rules: list[str]
    arithmetic: list[str]
    parts: list[Part]
    notes: list[str] = field(default_factory=list[str])


def ask(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> list[Row]:
    """Rows of a query as mappings.

    Raises ExplainError where the release holds no such table or column: it was made before there was one.
    """
    try:
        cursor = connection.execute(query, list(values))
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        words = str(error).splitlines()[0]
        raise ExplainError(
            f"this release cannot be explained so far, it was made by an older version ({words}): run again"
        ) from error
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(ask(connection, "select 1 as found from duckdb_tables() where table_name = ?", [name]))


def part(title: str, rows: list[Row], limit: int, right: Sequence[str] = ()) -> Part:
    """The first rows, with how many there are beyond them."""
    return Part(title, rows[:limit], tuple(right), max(len(rows) - limit, 0))


def lines(
    connection: duckdb.DuckDBPyConnection, title: str, where: str, values: Sequence[object], limit: int, *, extra: str = ""
) -> Part:
    """Lines of `fct_flow` with file, sheet, row and cell, the largest first. `extra`: further columns, with a comma before."""
    counted = ask(connection, f"select count(*) as n from fct_flow where {where}", values)[0]["n"]
    rows = ask(
        connection,
        f"""
        select agency_slug, payment_date, amount_gbp{extra}, file_name, sheet_name, row_number, cell_ref
        from fct_flow where {where}
        order by abs(amount_gbp) desc, file_name, sheet_name, row_number, cell_ref, flow_id limit ?""",
        [*values, limit],
    )
    return Part(title, rows, ("amount_gbp", "row_number"), counted - len(rows))
