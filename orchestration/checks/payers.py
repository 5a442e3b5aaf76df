"""The rules over all payments of a payer, which the models decide: one check each, from the index of rules.

Belongs here: reading what the models made of them. Must not: decide. A warning: a possible duplicate is a question for the payer.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from orchestration.checks.results import SAMPLE_ROWS, check_result, payer_rule_specs
from orchestration.checks.statuses import RuleStatus, catalogue_rules
from orchestration.resources import TotalPlace

PAYERS = dg.AssetKey("mart_duplicate_payments_summary")
_RESULTS = """
    select rule_id, return_id, outcome, failed_count, cause
    from main.qa_rule_index
    where grain = 'payer' and (return_id is null or status = 'in_service')
    order by all
"""
_FAILING = """
    select rule_id, file_name, value, message, amount_gbp
    from main.qa_findings
    where rule_id in (select rule_id from intake.rules where grain = 'payer')
    order by rule_id, amount_gbp desc nulls last, agency_slug, period, value
"""


@dg.multi_asset_check(name="rules_over_payers", specs=payer_rule_specs(PAYERS))
def rules_over_payers(totalplace: TotalPlace) -> Iterator[dg.AssetCheckResult]:
    """Every rule of the grain `payer`, with what breaks it."""
    with duckdb.connect(str(totalplace.home.warehouse), read_only=True) as connection:
        yield from payer_results(connection)


def payer_results(connection: duckdb.DuckDBPyConnection) -> Iterator[dg.AssetCheckResult]:
    """The checks, from the working database. A rule that is not in the index could not run."""
    statuses = {rule.rule_id: RuleStatus(rule) for rule in catalogue_rules(("payer",))}
    for rule_id, return_id, outcome, failed_rows, cause in connection.execute(_RESULTS).fetchall():
        if rule_id in statuses:
            statuses[rule_id].add(return_id or "the folder", outcome, int(failed_rows or 0), cause)
    failing = connection.execute(_FAILING).fetchall()
    for rule_id, status in statuses.items():
        if not any(status.counts.values()):
            status.add("all returns", "could_not_run", cause="no result was recorded")
        mine = [row for row in failing if row[0] == rule_id]
        status.failed_rows = len(mine)
        sample: list[dict[str, object]] = [
            {"file": row[1], "value": row[2], "what_to_do": row[3], "amount_gbp": None if row[4] is None else str(row[4])}
            for row in mine[:SAMPLE_ROWS]
        ]
        yield check_result(PAYERS, status, sample)
