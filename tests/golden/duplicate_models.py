"""The models of possible duplicate payments as plain SQL, for a bare DuckDB connection: no dbt, no warehouse around them.

Belongs here: rendering what stands in dbt_project, in the order in which it is built. What must not be here: SQL of its own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from jinja2 import Environment

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
_STEPS = "numbering lines ledgers transactions repeats payments credits naive members groups"
_MODELS = (
    *(f"intermediate/payment/int_payment__{name}" for name in _STEPS.split()),
    "marts/duplication/mart_possible_duplicate_payment_lines",
    "marts/duplication/mart_possible_duplicate_payments",
    "marts/duplication/mart_duplicate_payments_summary",
)
_MACROS = "".join(
    (PROJECT / "macros" / f"{name}.sql").read_text() for name in ("normalised_reference", "money", "provenance_columns")
)
_JINJA = Environment(extensions=["jinja2.ext.do"])


def rendered(sql: str) -> str:
    """SQL with the macros of the project; a model is named without a schema."""
    return _JINJA.from_string(_MACROS + sql).render(ref=lambda name: name)


SQL = {path.rsplit("/", 1)[1]: rendered((PROJECT / "models" / f"{path}.sql").read_text()) for path in _MODELS}


def make_neighbours(database: duckdb.DuckDBPyConnection) -> None:
    """The tables that the models read besides ledger lines and names of suppliers, empty."""
    database.execute("create table dim_supplier (resolved_supplier_id varchar, supplier_name varchar)")
    database.execute(
        "create table stg_registry__duplicate_reviews (group_id varchar, status varchar, reason varchar, reviewed_on date)"
    )
    repeated = "kind varchar, agency_slug varchar, financial_year varchar, amount_gbp decimal(18, 2)"
    database.execute(f"create table stg_intake__repeated_rows ({repeated})")


def build(database: duckdb.DuckDBPyConnection) -> None:
    """Every model anew, from `stg_spend__lines`, `stg_procurement_card__lines` and `stg_intake__supplier_names`."""
    for name, sql in SQL.items():
        database.execute(f"create or replace temp table {name} as {sql}")
