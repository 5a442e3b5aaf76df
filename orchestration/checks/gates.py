"""Gates: what must hold before a release goes out. They block; a bad return does not, it is held before.

Belongs here: checks over the whole warehouse. Each says what is wrong, where, and what to do.
"""

from typing import Any

import dagster as dg
import duckdb

from expectations.catalogue import load_catalogue
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
RULE_INDEX = dg.AssetKey("qa_rule_index")
_RED = """
    select i.return_id, i.rule_id, i.severity, i.status, i.cause,
        i.severity = 'blocking' and i.status = 'in_service' and not exists (
            from intake.waivers as w
            where w.status = 'in_service' and w.revision_id = i.revision_id and w.rule_id = i.rule_id
        ) as is_unjudged
    from main.qa_rule_index as i
    where i.outcome = 'could_not_run'
    order by is_unjudged desc, i.rule_id, i.return_id
"""


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


@dg.asset_check(
    asset=RULE_INDEX,
    name="every_rule_ran_on_every_return",
    description="Every rule of the catalogue has a result on every return: passed, failed or not applicable. A rule without one, or"
    " one that could not run, is an error.",
)
def every_rule_ran_on_every_return(totalplace: TotalPlace) -> dg.AssetCheckResult:
    """The rule x return index has no red row, and no rule of the catalogue is missing from it."""
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        return index_result(connection)


def index_result(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    """The state of the index in the working database, as a check."""
    red = connection.execute(_RED).fetchall()
    total, returns = connection.execute("select count(*), count(distinct return_id) from main.qa_rule_index").fetchone() or (0, 0)
    had = {row[0] for row in connection.execute("select distinct rule_id from main.qa_rule_index").fetchall()}
    missing = sorted(rule.rule_id for rule in load_catalogue() if rule.is_in_force(None) and rule.rule_id not in had)
    rules = sorted({row[1] for row in red} | set(missing))
    words = f"{len(had)} rules on {returns} returns: each passed, failed or did not apply"
    if red or missing:
        first = "; ".join(f"{row[1]} on {row[0] or 'the folder'}: {row[4]}" for row in red[:3])
        words = f"could not run: {len(rules)} rules; {first}" if red else f"could not run: not in the index: {', '.join(missing)}"
    metadata: dict[str, Any] = {"results": total, "could_not_run": len(red), "rules_missing": ", ".join(missing) or "none"}
    if red:
        names = ("return", "rule", "severity", "status", "cause")
        rows: list[dict[str, object]] = [dict(zip(names, row, strict=False)) for row in red[:_SHOWN]]
        metadata["rules_that_could_not_run"] = table(dict.fromkeys(names, "string"), rows)
    return dg.AssetCheckResult(
        passed=bool(total) and not red and not missing,
        severity=dg.AssetCheckSeverity.ERROR,
        description=words,
        metadata=metadata,
    )


@dg.asset_check(
    asset=RULE_INDEX,
    name="everything_that_counts_was_judged",
    description="Every blocking rule has a result on every return in service. One that could not run holds its return; a return in"
    " service without a result was never judged. Blocks the release.",
    blocking=True,
)
def everything_that_counts_was_judged(totalplace: TotalPlace) -> dg.AssetCheckResult:
    """No return counts that a blocking rule has not judged, unless a person let it in."""
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        return judged_result(connection)


def judged_result(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    unjudged = [row for row in connection.execute(_RED).fetchall() if row[5]]
    words = "every return in service was judged by every blocking rule that it owes"
    if unjudged:
        first = "; ".join(f"{row[1]} on {row[0]}: {row[4]}" for row in unjudged[:3])
        words = f"could not run, the release is stopped: {first} (what to do: run again; the file is read and judged anew)"
    return dg.AssetCheckResult(
        passed=not unjudged,
        severity=dg.AssetCheckSeverity.ERROR,
        description=words,
        metadata={"results_missing": len(unjudged)},
    )
