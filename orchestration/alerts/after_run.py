"""Looking at a home after a run, by whomever it was made, and saying what there is to say.

Belongs here: gathering the state now, and what `totalplace run` and the sensors call. Both look at the same state and share one
memory, so that a thing is said once whichever comes first. Nothing here raises: a run does not fail for an alert.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from ingest.home import Home
from ingest.registry import load_registry
from orchestration.alerts.decisions import Alert, StateNow, in_order
from orchestration.alerts.say import Spoken, say, utc_now
from orchestration.alerts.settings import AlertSettings, alert_settings
from orchestration.alerts.subjects import command_alert, due_alerts, finding_alerts, registry_alerts, run_alerts
from orchestration.returns_due import due_now
from orchestration.run_failures import failed_runs
from orchestration.warehouse import current_records

if TYPE_CHECKING:
    import dagster as dg

LOG = logging.getLogger("totalplace.alerts")


def alert_after_run(home: Home, instance: dg.DagsterInstance | None, failure: str | None = None) -> str:
    """Say what is new. `instance` None: failed runs are not looked at; `failure`: why a command ended without a release, "" that it
    did not, None when no command ended. Returns a line on what was said, "" where alerts are off."""
    try:
        settings = alert_settings()
        if not settings.is_on:
            return ""
        spoken: Spoken = say(home, settings, state_of(home, settings, utc_now().date(), instance, failure), utc_now())
    except Exception as error:  # whatever it is, it is not the run's fault; the words of a setting hold no secret
        LOG.exception("alerts could not be said")
        return f"alerts FAILED: {type(error).__name__}: {error}"
    if spoken.failed:
        LOG.error(spoken.words)
    return spoken.words


def state_of(
    home: Home, settings: AlertSettings, today: date, instance: dg.DagsterInstance | None = None, failure: str | None = None
) -> StateNow:
    """All there is to say of a home, of the sorts that the settings ask for; a sort that cannot be looked at is left out."""
    alerts: list[Alert] = []
    sorts: set[str] = set()

    def look(sort: str, found: Callable[[], list[Alert]]) -> None:
        if sort not in settings.about:
            return
        try:
            alerts.extend(found())
            sorts.add(sort)
        except Exception:  # a registry that cannot be read, a database that is gone: the others are said all the same
            LOG.exception("alerts about %s could not be gathered", sort)

    if instance is not None:
        look("run", lambda: run_alerts(failed_runs(instance), settings))
    if failure is not None and "run" in settings.about:
        sorts.add("command")
        if failure and not any(alert.sort == "run" and alert.words in failure for alert in alerts):
            alerts.append(command_alert(failure))
    folder = home.root / "registry"
    look(
        "finding",
        lambda: [*finding_alerts(home, current_records(home), settings), *registry_alerts(load_registry(folder), folder)],
    )
    look("returns_due", lambda: due_alerts(due_now(home, load_registry(folder), today), today, settings))
    return StateNow(in_order(alerts), frozenset(sorts))
