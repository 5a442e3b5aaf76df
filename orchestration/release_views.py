"""Published tables that a release keeps as views: narrow parts in the schema `parts`, and the view that puts them together.

Belongs here: which parts a view is made of, which of their columns may be released, and copying them. A table of flows repeats on
every line what thousands of lines share; written out in full it is most of the work of a release and most of its size. Who reads
the view sees the table; the Parquet file beside it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb

PARTS = "parts"
# Each part: the columns that are released of it (payees have names, which are not), and the order of its rows, "" as they stand.
VIEWS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "fct_flow": {
        "int_flow__lines": (
            "row_number, cell_column, own_flow_id, own_cell_ref, payment_date, amount_gbp, decision_key, payee_no",
            "",
        ),
        "int_flow__ledger_facts": ("*", "decision_key"),
        "int_flow__payees": ("payee_no, supplier_id, resolved_supplier_id", "payee_no"),
        "int_flow__other_facts": ("*", "all"),
    }
}
_KEYS = {
    "decision_key": "Joins a line to what was decided of it and of lines like it",
    "payee_no": "Joins a line to its payee",
    "flow_prefix": "What the ids of the lines begin with; the rest is the cell",
    "cell_column": "Column of the cell of the amount",
    "own_flow_id": "Id of the line where it does not follow from prefix, column and row",
    "own_cell_ref": "Cell of the amount where it does not follow from column and row",
}


def copy_view(connection: duckdb.DuckDBPyConnection, source: str, name: str, words: Mapping[str, str]) -> str:
    """Copy the parts of a published view out of the attached database `source`, and make the view over them; returns its SQL.

    `words`: column descriptions of the view, which its parts get too. Raises KeyError for a view that VIEWS does not know.
    """
    found = connection.execute(
        "select sql from duckdb_views() where database_name = ? and schema_name = 'main' and view_name = ?", [source, name]
    ).fetchone()
    assert found is not None
    sql: str = found[0]
    connection.execute(f"create schema if not exists {PARTS}")
    for table, (columns, order) in VIEWS[name].items():
        part = table.removeprefix("int_")
        ordered = f" order by {order}" if order else ""
        connection.execute(f"create table {PARTS}.{part} as select {columns} from {source}.main.{table}{ordered}")
        _comment(connection, part, name, words)
        sql, count = re.subn(rf'"?{re.escape(source)}"?\."?main"?\."?{table}"?', f"{PARTS}.{part}", sql)
        assert count, f"{name} does not read {table}"
    body = re.split(r"\bAS\b", sql, maxsplit=1, flags=re.IGNORECASE)[1]
    body = body.strip().rstrip(";")
    connection.execute(f"create view {name} as {body}")
    return body


def _comment(connection: duckdb.DuckDBPyConnection, part: str, view: str, words: Mapping[str, str]) -> None:
    connection.execute(f"comment on table {PARTS}.{part} is 'Part of the view {view}: read that'")
    for (column,) in connection.execute(
        "select column_name from duckdb_columns() where schema_name = ? and table_name = ? and database_name = current_database()",
        [PARTS, part],
    ).fetchall():
        text = words.get(column, _KEYS.get(column, "")).replace("'", "''")
        if text:
            connection.execute(f"comment on column {PARTS}.{part}.\"{column}\" is '{text}'")
