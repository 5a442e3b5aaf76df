"""The bare job that overlap and possible duplicates are measured against: `python -m benchmarks.bare_overlap LINES OUT`.

SQL by hand, on whole numbers alone. LINES is a DuckDB file with the narrow lines of the same warehouse (`overlap_lines.py`): payer,
year, supplier, reference and document, service and purchase as numbers, pence, day. It rolls lines up to payments, finds the four
tiers with credits and the recurring guard, the naive steps, what agencies overlap in by both lenses, in pairs and by theme, shared
suppliers with what each payer pays, in which months and what for, who could buy together, and what lies beside the lead. It
makes no names, ids, words or provenance, knows no reviews, divides nothing over places, and is tested by nobody: the least that
it can cost.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

_CELL = "lens, place_no, year, scope, theme_no, cell_no"
PAYMENTS = {
    "payments": """select agency_no, supplier_no, set_up_no, day, max(document_no) as document_no, max(ledger_no) as ledger_no,
            sum(pence)::bigint as pence
        from narrow.lines where supplier_no is not null
        group by agency_no, supplier_no, set_up_no, reference_no, day,
            case when reference_no is null and day is null then line_no end""",
    "sets": """select agency_no, supplier_no, pence, count(*) as times from payments where pence > 0 group by all
        having count(*) > 1""",
    "repeats": """select payments.rowid as payment_no, payments.*, times
        from payments join sets using (agency_no, supplier_no, pence)""",
    "same_document": """select agency_no, supplier_no, pence, document_no,
            case when count(distinct set_up_no) < count(*) then 1 else 3 end as tier
        from repeats where document_no is not null group by agency_no, supplier_no, pence, document_no having count(*) > 1""",
    "pairs": """select agency_no, supplier_no, pence from repeats where times = 2 and pence >= 50000 group by all
        having count(day) = 2 and count(distinct document_no) = count(document_no) and max(day) - min(day) <= 30""",
    "higher": """select payment_no, tier, hash(agency_no, supplier_no, pence, document_no) as group_no
        from repeats join same_document using (agency_no, supplier_no, pence, document_no)
        union all
        select payment_no, 2, hash(agency_no, supplier_no, pence) from repeats join pairs using (agency_no, supplier_no, pence)""",
    "documents": """select agency_no, document_no, pence from payments where document_no is not null and pence > 0 group by all
        having min(supplier_no) <> max(supplier_no)""",
    "others": """select payments.rowid as payment_no, 4 as tier, hash(agency_no, document_no, pence) as group_no
        from payments semi join documents using (agency_no, document_no, pence) anti join higher on payments.rowid = payment_no
        qualify count(*) over (partition by agency_no, document_no, pence) > 1""",
    "grouped": """select payments.*, tier, group_no from payments
        join (from higher union all from others) as found on payments.rowid = found.payment_no""",
    "credits": """select credits.rowid as credit_no, grouped.group_no from payments as credits
        join grouped on credits.agency_no = grouped.agency_no and credits.supplier_no = grouped.supplier_no
            and credits.pence = -grouped.pence
        where credits.pence < 0 and credits.day between grouped.day and grouped.day + 365
        qualify row_number() over (partition by credits.rowid order by
            coalesce(credits.document_no = grouped.document_no, false) desc, tier, grouped.day desc, group_no) = 1""",
    "groups": """select tier, group_no, any_value(pence) as pence, count(*) as payments, any_value(coalesce(credits, 0)) as credits,
            greatest(0, count(*) - any_value(coalesce(credits, 0)) - 1) * any_value(pence) as again_pence,
            arg_max(ledger_no, ledger_no) as ledger_no
        from grouped left join (select group_no, count(*) as credits from credits group by all) using (group_no) group by all""",
    "soon": """select * from (select *, day - lag(day) over part as days, min(day) over whole as first, max(day) over whole as last
            from repeats where day is not null
            window whole as (partition by agency_no, supplier_no, pence), part as (whole order by day))
        where days <= 30""",
    "cancelled": """select agency_no, supplier_no, pence, count(*) as credits from payments
        join (select agency_no, supplier_no, pence, min(first) as first, max(last) as last from soon group by all) as sets
            on payments.agency_no = sets.agency_no and payments.supplier_no = sets.supplier_no and payments.pence = -sets.pence
        where payments.pence < 0 and payments.day between first and last + 365 group by all""".replace(
        "select agency_no, supplier_no, pence, count", "select sets.agency_no, sets.supplier_no, sets.pence, count"
    ),
    "naive_payments": """select ledger_no, sum(pence) as payments, sum(pence) filter (is_left) as after_credits,
            sum(pence) filter (is_left and times = 2) as after_recurring
        from (select soon.*, row_number() over (partition by agency_no, supplier_no, pence order by day desc)
            > coalesce(credits, 0) as is_left from soon left join cancelled using (agency_no, supplier_no, pence)) group by all""",
    "naive_lines": """select ledger_no, sum(pence) as pence from (
            select *, day - lag(day) over (partition by agency_no, supplier_no, pence order by day) as days
            from narrow.lines semi join (select agency_no, supplier_no, pence from narrow.lines
                where supplier_no is not null and day is not null and pence > 0 group by all having count(*) > 1) as sets
            using (agency_no, supplier_no, pence) where day is not null) where days <= 30 group by all""",
    "ledgers": """select ledger_no, count(*) as lines, sum(pence) as pence, sum(pence) filter (supplier_no is null) as unnamed,
            count(document_no) as documents, count(day) as days from narrow.lines group by all""",
    "payment_counts": "select ledger_no, count(*) as payments from payments group by all",
}
AGENCIES = {
    "bought": """select 2 as lens, place_no, year, 0 as theme_no, purchase_no as code_no, agency_no, is_headline,
            sum(pence) as pence
        from narrow.lines join narrow.places using (agency_no) where purchase_no is not null group by all""",
    "served": """select 1 as lens, place_no, year, theme_no, service_no as code_no, agency_no, true as is_headline,
            sum(pence * units // total) as pence
        from (select place_no, year, service_no, agency_no, sum(pence)::hugeint as pence
            from narrow.lines join narrow.places using (agency_no) where service_no is not null group by all)
        join narrow.themes using (service_no) group by all""",
    "spend": "from bought union all from served",
    "codes": """select used.lens, used.place_no, used.year, used.code_no, arg_min(above_no, depth) as cell_no
        from (select distinct lens, place_no, year, code_no from spend) as used
        join narrow.above on used.lens = above.lens and used.code_no = above.code_no
        join (select distinct lens, place_no, year, code_no from spend) as higher
            on higher.code_no = above_no and higher.lens = used.lens and higher.place_no = used.place_no and higher.year = used.year
        group by all""",
    "agency_cells": f"""select {_CELL}, agency_no, greatest(sum(pence), 0) as pence from spend
        join codes using (lens, place_no, year, code_no) join (select unnest([1, 2]) as scope) on scope = 2 or is_headline
        group by all""",
    "cells": f"""select {_CELL}, count(*) as agencies, sum(pence) as pence, sum(pence) - max(pence) as overlap,
            sum(power(pence / whole, 2)) as hhi
        from (select *, sum(pence) over (partition by {_CELL}) as whole from agency_cells where pence > 0) group by all""",
    "by_theme": "select lens, place_no, year, scope, theme_no, sum(pence) as pence, sum(overlap) as overlap from cells"
    " group by grouping sets ((lens, place_no, year, scope), (lens, place_no, year, scope, theme_no))",
    "agency_pairs": f"""select lens, place_no, year, scope, a.agency_no as one, b.agency_no as other,
            sum(least(a.pence, b.pence)) as pence
        from agency_cells as a join agency_cells as b using ({_CELL})
        where a.agency_no < b.agency_no and least(a.pence, b.pence) > 0 group by all""",
}
SUPPLIERS = {
    "nets": """select agency_no, year, class_no, party_no, sum(pence)::bigint as pence, count(*) as lines
        from narrow.lines group by all""",
    "by_class": """select place_no, year, agency_no, class_no, sum(greatest(pence, 0)) as pence, sum(greatest(-pence, 0)) as credits
        from nets join narrow.places using (agency_no) group by all""",
    "excluded": """select place_no, year, class_no, count(*) as payees, count(*) filter (payers > 1) as shared from (
            select place_no, year, class_no, party_no, count(*) as payers from nets join narrow.places using (agency_no)
            where class_no in (4, 5) and pence >= 50000 group by all) group by all""",
    "payers": """select *, row_number() over (partition by place_no, year, party_no order by pence desc, agency_no) as rank
        from nets join narrow.places using (agency_no) where class_no <= 3 and pence >= 50000
        qualify count(*) over (partition by place_no, year, party_no) > 1""",
    "purposes": """select lines.agency_no, lines.year, lines.party_no, service_no, any_purchase_no as purchase_no,
            count(*) as lines, sum(lines.pence)::bigint as pence, bit_or(1::bigint << month_no) as months
        from narrow.lines semi join payers using (agency_no, year, party_no) group by all""",
    "payer_purposes": """select agency_no, year, party_no, sum(lines) as lines, bit_or(months) as months,
            list(distinct service_no) as services, list(distinct purchase_no) as purchases from purposes group by all""",
    "shared": """select place_no, year, party_no, count(*) as payers, sum(pence) as pence, sum(pence) - max(pence) as beside
        from payers group by all""",
    "joint": """select place_no, year, party_no, purchase_no, count(distinct agency_no) as payers, sum(purposes.lines) as lines,
            bit_or(months) as months, list(distinct service_no) as services
        from purposes join payers using (agency_no, year, party_no) group by all""",
    "beside_the_lead": """select place_no, year, agency_no, service_no, sum(spent::hugeint * greatest(pence, 0) // whole) as pence
        from (select place_no, purposes.*, payers.pence as spent,
                sum(greatest(purposes.pence, 0)) over (partition by agency_no, year, party_no) as whole
            from purposes join payers using (agency_no, year, party_no) where rank > 1)
        where whole > 0 group by all""",
}
KEPT = (
    "grouped groups credits naive_payments naive_lines ledgers payment_counts agency_cells cells by_theme agency_pairs by_class"
    " excluded payers payer_purposes shared joint beside_the_lead"
).split()


def run(lines: Path, out: Path, memory: str = "1GB") -> None:
    """Make the tables of the three parts in the DuckDB file `out`; those that are asked for stay."""
    for path in (out, Path(f"{out}.wal")):
        path.unlink(missing_ok=True)
    with duckdb.connect(str(out), config={"threads": 2, "memory_limit": memory}) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{lines}' as narrow (read_only)")
        for name, query in (PAYMENTS | AGENCIES | SUPPLIERS).items():
            kept = "" if name in KEPT or name == "payments" else "temp "
            connection.execute(f"create {kept}table {name} as {query}")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
