"""The models of possible duplicate payments as plain SQL, for a bare DuckDB connection: no dbt, no warehouse around them.

Belongs here: rendering what stands in dbt_project, in the order in which it is built. What must not be here: SQL of its own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from jinja2 import Environment

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
_STEPS = "numbering lines rolled candidates ledgers transactions repeats payments credits naive members groups"
_MODELS = (
    *(f"intermediate/payment/int_payment__{name}" for name in _STEPS.split()),
    "marts/duplication/mart_possible_duplicate_payment_lines",
    "marts/duplication/mart_possible_duplicate_payments",
    "marts/duplication/mart_duplicate_payments_summary",
)
_MACROS = "".join(
    (PROJECT / "macros" / f"{name}.sql").read_text()
    for name in ("normalised_reference", "payment_keys", "line_ids", "money", "provenance_columns")
)
_JINJA = Environment(extensions=["jinja2.ext.do"])


def rendered(sql: str) -> str:
    """SQL with the macros of the project; a model is named without a schema."""
    return _JINJA.from_string(_MACROS + sql).render(
        ref=lambda name: name, source=lambda _, name: f"stg_{name}__lines", config=lambda **_: ""
    )


_ORIGIN = (
    "agency_slug, kind, financial_year, return_id, revision_id, publisher_slug, period, file_name, file_sha256, sheet_name,"
    " published_as_at, landed_at"
)
# The narrow lines that the models read, as int_flow__lines and its neighbours would have them: ids are kept as they are.
_NARROW = {
    "int_flow__ledger_lines": "select * from stg_spend__lines union all by name select * from stg_procurement_card__lines",
    "int_flow__origins": f"""
        select hash({_ORIGIN}) as origin_no, dense_rank() over (order by agency_slug, financial_year) as ledger_no,
            '' as flow_prefix, null as place_code, {_ORIGIN}
        from (select distinct {_ORIGIN} from int_flow__ledger_lines)""",
    "int_flow__payees": """
        select row_number() over (order by payee_name) as payee_no, payee_name
        from (select distinct payee_name from int_flow__ledger_lines where payee_name is not null)""",
    "int_flow__lines": rendered(f"""
        select lines.row_number, '' as cell_column, lines.flow_id as own_flow_id, lines.cell_ref as own_cell_ref,
            lines.payment_date, lines.amount_gbp, origins.origin_no, payees.payee_no, {{{{ payment_keys("lines") }}}}
        from (select *, hash({_ORIGIN}) as origin_no from int_flow__ledger_lines) as lines
        inner join int_flow__origins as origins on lines.origin_no = origins.origin_no
        left join int_flow__payees as payees on lines.payee_name = payees.payee_name"""),
}
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
    for name, sql in (_NARROW | SQL).items():
        database.execute(f"create or replace temp table {name} as {sql}")
