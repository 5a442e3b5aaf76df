"""Gates: what must hold before a release goes out. They block; a bad return does not, it is held before.

Belongs here: checks over the whole warehouse. Each says what is wrong, where, and what to do.
"""

from typing import Any

import dagster as dg
import duckdb

from orchestration.metadata import table
from orchestration.resources import TotalPlace

CONSERVATION = dg.AssetKey("qa_conservation")
# Every statement that must hold, as (statement, agency, year, difference): the identities as the warehouse states them, and
# the three lines of each agency's and year's own statement, worked out here again from its printed figures.
_STATEMENTS = """
    select identity, agency_slug, financial_year, difference_gbp from main.qa_conservation
    union all
    select 'file = accepted + quarantined + excluded', agency_slug, financial_year,
        coalesce(file_gbp, 0) + coalesce(file_without_tally_gbp, 0) - coalesce(file_accepted_gbp, 0)
        - coalesce(file_quarantined_gbp, 0) - coalesce(file_excluded_gbp, 0)
    from main.mart_statement
    union all
    select 'accepted = consolidated + eliminated + net credits + income + not counted + subtotals', agency_slug, financial_year,
        accepted_gbp - consolidated_gbp - eliminated_gbp - net_credit_gbp - income_gbp - not_counted_gbp - subtotal_gbp
    from main.mart_statement
    union all
    select 'resources in - consolidated = change in reserves + unexplained', agency_slug, financial_year,
        resources_in_gbp - consolidated_gbp - change_in_reserves_gbp - unexplained_gbp
    from main.mart_statement
"""
_SHOWN = 50


@dg.asset_check(
    asset=CONSERVATION,
    name="every_pound_is_in_one_place",
    description="The three identities to the penny, for every agency and year: file = accepted + quarantined + excluded; accepted ="
    " consolidated + eliminated + not counted + income (unallocated money is in consolidated and shown apart); resources in -"
    " consolidated = change in reserves + unexplained. Blocks the release.",
    blocking=True,
)
def every_pound_is_in_one_place(totalplace: TotalPlace) -> dg.AssetCheckResult:
    """The identities of the count, as the warehouse itself states them and as each printed statement adds up."""
    names = ["identity", "agency_slug", "financial_year", "difference_gbp"]
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        rows = connection.execute(f"from ({_STATEMENTS}) as t(identity, agency_slug, financial_year, difference_gbp)").fetchall()
    broken: list[dict[str, object]] = [dict(zip(names, map(str, row), strict=True)) for row in sorted(rows, key=str) if row[3] != 0]
    words = f"{len(rows)} statements hold to the penny"
    if broken:
        words = (
            f"{len(broken)} of {len(rows)} statements do not add up: the release is stopped;"
            " see qa_conservation and mart_statement in build/warehouse.duckdb of the home"
        )
    elif not rows:
        words = "there is no statement to check: nothing was counted, the release is stopped"
    metadata: dict[str, Any] = {"statements": len(rows), "broken": len(broken)}
    if broken:
        metadata["statements_that_do_not_add_up"] = table(dict.fromkeys(names, "string"), broken[:_SHOWN])
    return dg.AssetCheckResult(
        passed=bool(rows) and not broken, severity=dg.AssetCheckSeverity.ERROR, description=words, metadata=metadata
    )
