"""The bare job that intake is measured against: `python -m benchmarks.bare RETURNS OUT`.

One pass of DuckDB over the generated returns: types the columns, checks the rules as a bit mask, writes Parquet, and the broken
lines apart. It knows the layout beforehand, keeps no originals, counts nothing twice, and says nothing to anybody: the least
that the work can cost.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

from benchmarks.generate import COLUMNS

PARQUET = "(format parquet, compression zstd, row_group_size 122880)"
# the bits of the mask, in order
RULES = (
    "nullif(trim(amount_raw), '') is not null",
    "amount_raw = '' or amount_gbp is not null",
    "amount_gbp is null or abs(amount_gbp) <= 1000000000",
    "payment_date is not null",
    "payment_date is null or (payment_date >= year_start - 366 and payment_date < year_start + 732)",
    "payee_name is not null",
    "agency_slug = any (['" + "', '".join(f"bench-body-{n:02d}" for n in range(1, 21)) + "'])",
)


def staged(glob: str) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
    typed = f"""
        select
            regexp_extract(filename, 'bench-body-[0-9]+') as agency_slug,
            make_date(regexp_extract(filename, '(20[0-9]{{2}})-[0-9]{{2}}.csv', 1)::integer, 4, 1) as year_start,
            try_strptime("Payment Date", '%d/%m/%Y')::date as payment_date, nullif(trim("Supplier Name"), '') as payee_name,
            nullif("Supplier ID", '') as payee_identifier, "Transaction Number" as reference,
            try_cast(replace("Net Amount", ',', '') as decimal(18, 2)) as amount_gbp, "Net Amount" as amount_raw,
            try_cast(replace("VAT Amount", ',', '') as decimal(18, 2)) as vat_amount_gbp, "Expense Type" as expense_type,
            "Expense Area" as expense_area, "Department" as department, "Description" as description,
            "Merchant Category" as merchant_category, "Supplier Postcode" as payee_postcode
        from read_csv('{glob}', header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, filename = true,
            columns = {{{columns}}})"""
    mask = " + ".join(f"case when coalesce(({rule}), false) then 0 else {1 << bit} end" for bit, rule in enumerate(RULES))
    return f"select *, ({mask})::smallint as broken from ({typed})"


def run(returns: Path, out: Path, memory: str = "1GB") -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with duckdb.connect(config={"threads": 2, "memory_limit": memory, "temp_directory": str(out / "tmp")}) as connection:
        connection.execute("set preserve_insertion_order = false")
        lines = staged(f"{returns}/bench-body-*/spend/*.csv")
        connection.execute(f"copy ({lines}) to '{out}/lines.parquet' {PARQUET}")
        connection.execute(f"copy (select * from '{out}/lines.parquet' where broken <> 0) to '{out}/broken.parquet' {PARQUET}")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
