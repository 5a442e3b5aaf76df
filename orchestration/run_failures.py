"""Why a Dagster run failed, in one line: a gate that closed, else the error itself.

Belongs here: reading a run's events. Must not: know who is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import dagster as dg

LONGEST = 600
_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
_LOOKED_BACK = 200  # runs of one home that are looked through for the last of each job
_TELLING = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION, dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE,
}  # fmt: skip


@dataclass(frozen=True)
class FailedRun:
    """The last finished run of a job, where it failed. `is_blocked`: a gate closed, so that a release was held back."""

    job_name: str
    run_id: str
    words: str
    is_blocked: bool


def closed_gate(events: Iterable[dg.DagsterEvent]) -> str | None:
    """The words of the first blocking check that failed, or None."""
    for event in events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            if evaluation.blocking and not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
                return f"the gate '{evaluation.check_name.replace('_', ' ')}' is closed: {evaluation.description}"
    return None


def why(events: Iterable[dg.DagsterEvent]) -> str:
    """The first failure among the events of a run, in one line."""
    found = list(events)
    if gate := closed_gate(found):
        return gate
    for event in found:
        if event.is_step_failure:
            failure = event.step_failure_data
            described = failure.user_failure_data.description if failure.user_failure_data else None
            error = failure.error
            cause = error.cause if error and error.cause else error
            return " ".join((described or (cause.message if cause else "a step failed")).split())[:LONGEST]
    for event in found:
        if event.event_type == dg.DagsterEventType.RUN_FAILURE and event.message:
            return " ".join(event.message.split())[:LONGEST]
    return "the run failed"


def failed_runs(instance: dg.DagsterInstance) -> list[FailedRun]:
    """The jobs whose last finished run failed, by name."""
    last: dict[str, dg.DagsterRun] = {}
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_FINISHED), limit=_LOOKED_BACK):
        last.setdefault(run.job_name, run)
    found: list[FailedRun] = []
    for job_name, run in sorted(last.items()):
        if run.status == dg.DagsterRunStatus.FAILURE:
            logged = instance.all_logs(run.run_id, of_type=_TELLING)
            events = [entry.dagster_event for entry in logged if entry.dagster_event is not None]
            found.append(FailedRun(job_name, run.run_id, why(events), closed_gate(events) is not None))
    return found
