"""How much of a folder's ledger money says what was bought: `python -m benchmarks.purchases [--home HOME] [--returns RETURNS]`.

Prints, for each type of agency, the share of money by grade, what is not a purchase, and the largest sums that no rule knows.
Reads the current release of the home; with `--returns` it runs that folder into the home first.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.classification import chosen_release, table

SHARES = """
with lines as (
    select
        a.agency_type, abs(f.amount_gbp) as gbp, f.purchase_grade as grade, coalesce(c.is_purchase, true) as is_purchase
    from fct_flow as f
    left join dim_agency as a on f.agency_slug = a.agency_slug
    left join dim_purchase_category as c on f.purchase_category = c.purchase_category
    where f.layer = 'transactions'
)
select
    agency_type,
    round(sum(gbp) / 1e6, 1) as gbp_m,
    coalesce(sum(gbp) filter (where not is_purchase), 0) / sum(gbp)::double as not_a_purchase,
    coalesce(sum(gbp) filter (where is_purchase and grade = 'A'), 0) / sum(gbp)::double as a,
    coalesce(sum(gbp) filter (where is_purchase and grade = 'B'), 0) / sum(gbp)::double as b,
    coalesce(sum(gbp) filter (where is_purchase and grade = 'C'), 0) / sum(gbp)::double as c,
    coalesce(sum(gbp) filter (where grade is not null), 0) / sum(gbp)::double as known,
    coalesce(sum(gbp) filter (where is_purchase and grade in ('A', 'B')), 0)
        / nullif(sum(gbp) filter (where is_purchase), 0)::double as headline
from lines
group by agency_type
order by agency_type
"""
UNKNOWN = """
select agency_slug, concat_ws(' / ', expense_type, expense_area, department, merchant_category), absolute_gbp
from qa_unclassified_purchases
order by absolute_gbp desc
limit 12
"""


def report(release: Path) -> str:
    """The tables of a release (or of a working database), as Markdown."""
    with duckdb.connect(str(release), read_only=True) as connection:
        shares = connection.execute(SHARES).fetchall()
        unknown = connection.execute(UNKNOWN).fetchall()
    heads = ("agency type", "£m", "not a purchase", "A", "B", "C", "known, of all money", "A and B, of purchases")
    return "\n\n".join([table(heads, shares), table(("agency", "labels", "£"), unknown)])


def main() -> None:
    """Print the report."""
    print(report(chosen_release(__doc__ or "")))


if __name__ == "__main__":
    main()
