"""What `benchmarks.overlap` is measured on: returns with places and planted payments, and the narrow lines that the bare job gets.

The generated bodies (`benchmarks.generate`) serve no place; here three of them serve one place, as a council, police and fire do,
and each of the others one of its own. All buy from the same 40,000 suppliers, so that nearly every supplier of that place is
shared: many times what published ledgers show. What the generator lacks is planted, one line in a hundred: documents paid twice
with and without a credit, a supplier set up twice, one document and two suppliers, payments of several lines.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb

from benchmarks.generate import AGENCIES, COLUMNS, SPELLINGS, agency_slug, spellings

SHARED_PLACE = "E07000117"
PLACES = [SHARED_PLACE] * 3 + [f"E07000{n}" for n in (*range(119, 129), *range(170, 177))]
PLANTED_SHARE, PLANTED_YEAR = 0.01, 2025


def make_returns(generated: Path, returns: Path, rows: int) -> None:
    """The generated returns (linked) with places of the bodies and a further ledger of each, in which payments are planted."""
    shutil.copytree(generated, returns, copy_function=os.link)
    with (returns / "registry" / "agency_places.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["agency_slug", "place_code", "weight", "driver"])
        writer.writerows([agency_slug(n), place, 1, "boundary"] for n, place in enumerate(PLACES))
    for agency in range(AGENCIES):
        path = returns / agency_slug(agency) / "spend" / f"{agency_slug(agency)}-{PLANTED_YEAR}-26.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter[str](handle, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(_planted(agency, int(rows * PLANTED_SHARE / AGENCIES)))


def _planted(agency: int, count: int) -> Iterator[dict[str, object]]:
    names, numbers = spellings()
    line = 0
    for case in range(count // 3):
        supplier = (case * 7 + agency) % len(numbers)
        name, number, day = names[supplier * SPELLINGS], numbers[supplier], date(PLANTED_YEAR, 4, 1) + timedelta(case % 300)
        other = names[(supplier + 1) % len(numbers) * SPELLINGS]
        pounds, reference = 600 + case % 5_000, f"INV-{agency:02d}{case:06d}"
        # name, number, reference, pounds, days later
        paid = {
            0: [(name, number, reference, pounds, 0), (name, number, f"{reference} R", pounds, 12)],
            1: [(name, number, reference, pounds, 0), (name, number, reference, pounds, 9), (name, number, "CN", -pounds, 20)],
            2: [(name, f"A{case}", reference, pounds, 0), (name, f"B{case}", reference, pounds, 5)],
            3: [(name, number, reference, pounds, 0), (other, "", reference.lower(), pounds, 3)],
            4: [(name, number, reference, pounds, 0), (name, number, reference, 5, 0), (name, number, reference, 7, 0)],
        }[case % 5]
        for payee, written, document, amount, later in paid:
            line += 1
            yield {
                "Body Name": f"Bench Body {agency + 1:02d}", "Payment Date": (day + timedelta(later)).strftime("%d/%m/%Y"),
                "Supplier Name": payee, "Supplier ID": written, "Transaction Number": document, "Net Amount": f"{amount}.00",
                "VAT Amount": "0.00", "Expense Type": "Software", "Expense Area": "ICT", "Department": "ICT - 1001",
                "Description": f"Planted {case}", "Cost Centre": "CC1", "Line": line,
            }  # fmt: skip


_NARROW = """
    create table narrow.lines as
    with ledgers as (select distinct agency_slug, financial_year from warehouse.int_flow__origins),
    numbered as (
        select *, dense_rank() over (order by agency_slug) as agency_no, left(financial_year, 4)::integer as year,
            dense_rank() over (order by agency_slug, financial_year) as ledger_no
        from ledgers
    ),
    suppliers as (
        select payee_no, names.supplier_key, dense_rank() over (order by names.supplier_id) as supplier_no,
            dense_rank() over (order by payees.resolved_supplier_id) as party_no, names.supplier_id is not null as is_named,
            case coalesce(classes.supplier_class, 'unclassified') when 'charity' then 1 when 'company' then 2
                when 'unclassified' then 3 when 'individual' then 4 when 'public_body' then 5 when 'redacted' then 6 else 7
            end as class_no
        from warehouse.int_flow__payees as payees left join warehouse.stg_intake__supplier_names as names using (payee_name)
        left join warehouse.int_supplier__classes as classes using (resolved_supplier_id)
        where payees.resolved_supplier_id is not null
    )
    select row_number() over () as line_no, agency_no::smallint as agency_no, year::smallint as year,
        ledger_no::smallint as ledger_no,
        lines.payment_date as day, (lines.amount_gbp * 100)::bigint as pence,
        case when is_named then supplier_no::integer end as supplier_no, party_no::integer as party_no,
        coalesce(class_no, 8)::tinyint as class_no, coalesce(set_up_key, hash(supplier_key)) as set_up_no,
        reference_key as reference_no, nullif(coalesce(own_document_key, reference_key), 0) as document_no,
        (datediff('month', make_date(year, 4, 1), lines.payment_date) + 12)::tinyint as month_no,
        case when classification_grade <> 'unclassified' then services.code_no end as service_no,
        case when is_purchase then purchases.code_no end as purchase_no, purchases.code_no as any_purchase_no,
        coalesce(facts.purchase_grade in ('A', 'B'), false) as is_headline
    from warehouse.int_flow__lines as lines
    inner join warehouse.int_flow__ledger_facts as facts using (decision_key)
    inner join numbered using (agency_slug, financial_year)
    left join suppliers using (payee_no)
    left join narrow.codes as services on services.lens = 1 and facts.service_code = services.code
    left join narrow.codes as purchases on purchases.lens = 2 and facts.purchase_category = purchases.code
    left join warehouse.seed_purchase_categories as categories on facts.purchase_category = categories.purchase_category
"""
_SMALL = {
    "codes": """select 1 as lens, service_code as code, (row_number() over ())::smallint as code_no
            from (select distinct service_code from warehouse.int_flow__ledger_facts where service_code is not null)
        union all select 2, purchase_category, (row_number() over ())::smallint
            from (select distinct purchase_category from warehouse.int_flow__ledger_facts where purchase_category is not null)""",
    "above": """select used.lens, used.code_no, above.code_no as above_no, len(above.code) as depth
        from narrow.codes as used join narrow.codes as above
            on used.lens = above.lens and (used.code = above.code or starts_with(used.code, above.code || '.'))""",
    "themes": """select code_no as service_no, dense_rank() over (order by theme_code)::smallint as theme_no, weight_units as units,
            total_units as total
        from warehouse.int_count__service_themes join narrow.codes on lens = 1 and code = service_code where is_partition""",
    "places": """select dense_rank() over (order by agency_slug)::smallint as agency_no,
            dense_rank() over (order by place_code)::smallint as place_no
        from (select distinct agency_slug, place_code from warehouse.int_agency__place_weights
            where agency_slug in (select agency_slug from warehouse.int_flow__origins))""",
}


def write_narrow(warehouse: Path, target: Path) -> None:
    """The lines of a built warehouse as whole numbers, and what the numbers of codes, themes and places mean."""
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target), config={"memory_limit": "2GB"}) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")  # its views name it so
        for name, query in _SMALL.items():
            connection.execute(f"create table narrow.{name} as {query}")
        connection.execute(_NARROW)
