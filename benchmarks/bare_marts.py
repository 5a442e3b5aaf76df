"""The bare job that a whole run is measured against: `python -m benchmarks.bare_marts RETURNS OUT`.

Plain DuckDB over the generated returns, written by who knows the layout: `bare.py` (typed and checked Parquet), then the marts
that money asks for, on whole numbers: spend by body, year and category and by month, suppliers by the exact key of their names,
suppliers that several bodies pay, and payments that look alike. It lands nothing, reports nothing, says nothing of places,
services or transfers, and keeps nothing to build on: the least that such a job can cost.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks import bare

_KEY = "trim(regexp_replace(upper(payee_name), '[^A-Z0-9]+|\\b(LIMITED|LTD|PLC|LLP|THE)\\b', ' ', 'g'))"
STEPS = {
    "names": f"select payee_name, dense_rank() over (order by key)::integer as supplier_no"
    f" from (select distinct payee_name, {_KEY} as key from good)",
    "bodies": "select agency_slug, row_number() over (order by agency_slug)::smallint as body_no"
    " from (select distinct agency_slug from good)",
    "facts": """select names.supplier_no, bodies.body_no, year(good.year_start)::smallint as start_year, good.payment_date,
            (good.amount_gbp * 100)::bigint as pence
        from good inner join names using (payee_name) inner join bodies using (agency_slug)""",
    "by_supplier": "select supplier_no, start_year, body_no, sum(pence) as pence, count(*) as lines from facts group by all",
    "shared": """select a.body_no as one, b.body_no as other, a.start_year, count(*) as suppliers,
            sum(least(a.pence, b.pence)) as pence
        from by_supplier as a inner join by_supplier as b using (supplier_no, start_year)
        where a.body_no < b.body_no and a.pence > 0 and b.pence > 0 group by all""",
    "alike": """select * from (
            select *, payment_date - lag(payment_date) over (
                partition by supplier_no, body_no, pence order by payment_date) as days
            from facts semi join (
                select supplier_no, body_no, pence from facts where pence >= 50000 group by all having count(*) > 1
            ) as several using (supplier_no, body_no, pence)
        ) where days <= 30""",
    "by_category": """select agency_slug, year_start, expense_area, department, expense_type, sum(amount_gbp) as gbp,
            count(*) as lines
        from good group by all""",
    "by_month": """select agency_slug, year_start, date_trunc('month', payment_date) as month, sum(amount_gbp) as gbp,
            count(*) as lines
        from good group by all""",
}
KEPT = ("by_supplier", "shared", "alike", "by_category", "by_month")


def run(returns: Path, out: Path, memory: str = "1GB") -> None:
    """Write Parquet of the checked lines, of the broken ones, and of the marts into `out`."""
    bare.run(returns, out, memory)
    with duckdb.connect(config={"threads": 2, "memory_limit": memory, "temp_directory": str(out / "tmp")}) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"create view good as select * from '{out}/lines.parquet' where broken = 0")
        for name, query in STEPS.items():
            connection.execute(f"create table {name} as {query}")
        for name in KEPT:
            connection.execute(f"copy {name} to '{out}/{name}.parquet' {bare.PARQUET}")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
