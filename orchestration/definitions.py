"""The code location: `build_definitions(overrides)` and one module-level call, nothing else."""

from __future__ import annotations

from typing import Any

import dagster as dg

from orchestration.alerts.sensors import alert_after_failure, alert_after_success
from orchestration.assets.landing import land
from orchestration.assets.release import release
from orchestration.assets.returns import check_returns
from orchestration.assets.warehouse import build_warehouse, prepare_working_database
from orchestration.checks.freshness import EVERY_MORNING, RETURNS_DUE_CHECKS, returns_are_in_when_due
from orchestration.checks.gates import (
    every_pound_is_in_one_place,
    every_rule_ran_on_every_return,
    everything_that_counts_was_judged,
)
from orchestration.checks.payers import rules_over_payers
from orchestration.event_memory import remember_what_was_written
from orchestration.event_storage import write_events_fast
from orchestration.jobs import CHECK, LAND, PUBLISH
from orchestration.resources import TotalPlace, home_from_environment
from orchestration.schedules import daily_schedule
from orchestration.sensors import checked, landed, returns_folder

write_events_fast()
remember_what_was_written()


def build_definitions(**overrides: Any) -> dg.Definitions:
    """All definitions. `overrides` replace resources by name (`totalplace=TotalPlace(home_path=...)`)."""
    resources = {"totalplace": TotalPlace(home_path=home_from_environment())} | overrides
    return dg.Definitions(
        assets=[land, check_returns, prepare_working_database, build_warehouse, release],
        asset_checks=[
            every_pound_is_in_one_place,
            every_rule_ran_on_every_return,
            everything_that_counts_was_judged,
            rules_over_payers,
            returns_are_in_when_due,
        ],
        jobs=[LAND, CHECK, PUBLISH, RETURNS_DUE_CHECKS],
        schedules=[EVERY_MORNING, daily_schedule()],
        sensors=[returns_folder, landed, checked, alert_after_success, alert_after_failure],
        resources=resources,
        executor=dg.in_process_executor,
    )


defs = build_definitions()
