"""Alerts of runs that the daemon makes. Runs of `totalplace run` are passed over: the command says its own when it ends."""

from collections.abc import Iterator

import dagster as dg

from orchestration.alerts.after_run import alert_after_run
from orchestration.alerts.settings import alert_settings
from orchestration.jobs import LAND
from orchestration.resources import TotalPlace

COMMAND_TAG = "totalplace/command"


def _alert(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> dg.SkipReason:
    if not alert_settings().is_on:
        return dg.SkipReason("alerts are off: no TOTALPLACE_ALERT_ setting names a channel")
    if context.dagster_run.tags.get(COMMAND_TAG):
        return dg.SkipReason("a run of the command line says its own alerts")
    return dg.SkipReason(alert_after_run(totalplace.home, context.instance))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="After a run: tells who must act of rules broken and returns owed, once each, where alerts are on.",
)
def alert_after_success(context: dg.RunStatusSensorContext, totalplace: TotalPlace) -> Iterator[dg.SkipReason]:
    if context.dagster_run.job_name == LAND.name:  # nothing is checked yet
        yield dg.SkipReason("landed; alerts follow the check")
    else:
        yield _alert(context, totalplace)


@dg.run_failure_sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="After a run that failed, or a release that a gate held back: tells the data team, once, where alerts are on.",
)
def alert_after_failure(context: dg.RunFailureSensorContext, totalplace: TotalPlace) -> Iterator[dg.SkipReason]:
    yield _alert(context, totalplace)
