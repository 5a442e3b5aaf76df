"""Whether the returns that are due are in: one check for each kind that the calendar knows, as of today.

Belongs here: the checks, and the job that asks them each morning when no return has come. A return in its days of grace is a
warning, one past grace an error; neither blocks a release.

Dagster's own FreshnessPolicy is not used: it looks at when an asset was materialised, which every run does, and would call a
publisher fresh that has sent nothing for a year.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import dagster as dg

from ingest.calendar import ReturnDue
from ingest.kinds import KINDS
from ingest.registry import HERE, Registry, read_rows
from orchestration.metadata import table
from orchestration.resources import TotalPlace
from orchestration.returns_due import PRESSING, due_now, is_pressing

RETURNS_DUE = dg.AssetKey("qa_returns_due")
_COLUMNS = {
    "agency": "string", "period": "string", "state": "string", "due_on": "string", "days_late": "int", "publisher": "string",
}  # fmt: skip


def _noun(kind: str) -> str:
    return kind.replace("_", " ")


def check_name(kind: str) -> str:
    return f"{kind}_is_in_when_due"


def _shipped_kinds() -> list[str]:
    return [kind for kind in KINDS if kind in {row["kind"] for row in read_rows(HERE / "calendar.csv")}]


OTHERS = "other_returns_are_in_when_due"  # kinds that only a place's own calendar asks for
_SPECS = [
    dg.AssetCheckSpec(
        check_name(kind), asset=RETURNS_DUE, description=f"Every return of {_noun(kind)} that the calendar asks for is in when due."
    )
    for kind in _shipped_kinds()
] + [
    dg.AssetCheckSpec(OTHERS, asset=RETURNS_DUE, description="Every return that the place's own calendar asks for is in when due.")
]


@dg.multi_asset_check(specs=_SPECS, name="returns_are_in_when_due")
def returns_are_in_when_due(totalplace: TotalPlace) -> Iterator[dg.AssetCheckResult]:
    """As of today, whatever day the release speaks of. A calendar that cannot be asked is said to be so: it is no data failure."""
    shipped = _shipped_kinds()
    try:
        registry, today = totalplace.registry(), totalplace.now().date()
        due = due_now(totalplace.home, registry, today)
    except Exception as error:  # noqa: BLE001 (whatever it is, the check says so)
        for spec in _SPECS:
            yield could_not_run(spec.name, error)
        return
    for kind in shipped:
        yield freshness_result(check_name(kind), [one for one in due if one.kind == kind], registry, today)
    yield freshness_result(OTHERS, [one for one in due if one.kind not in shipped], registry, today)


def could_not_run(name: str, error: Exception) -> dg.AssetCheckResult:
    words = f"COULD NOT RUN: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return dg.AssetCheckResult(
        passed=False, check_name=name, asset_key=RETURNS_DUE, severity=dg.AssetCheckSeverity.ERROR, description=words,
        metadata={"outcome": "could_not_run"},
    )  # fmt: skip


def freshness_result(name: str, due: Sequence[ReturnDue], registry: Registry, today: date) -> dg.AssetCheckResult:
    """One check: passed when nothing that fell due within the last year is owed; a warning while all that is owed is in grace."""
    owed = sorted((one for one in due if is_pressing(one, today)), key=lambda one: (-(one.days_late or 0), one.agency_slug))
    missing = [one for one in owed if one.state == "not_received"]
    older = sum(one.state == "not_received" and one.due_on < today - PRESSING for one in due)
    agencies = list(dict.fromkeys(_name(one, registry) for one in owed))
    if owed:
        more = f" and {len(agencies) - 3} more agencies" if len(agencies) > 3 else ""
        words = (
            f"{len(missing)} not received, {len(owed) - len(missing)} late, of {', '.join(agencies[:3])}{more}: ring the publisher,"
            " or say in registry/calendar.csv that it publishes no more"
        )
    else:
        words = f"all {len(due)} returns that were asked for are in, or not yet due" if due else "the calendar asks for none"
    metadata: dict[str, Any] = {
        "as_of": str(today), "asked_for": len(due), "late": len(owed) - len(missing), "not_received": len(missing),
        "not_received_over_a_year_ago": older,
    }  # fmt: skip
    if owed:
        rows: list[dict[str, object]] = [
            {
                "agency": _name(one, registry), "period": one.period.name, "state": one.state.replace("_", " "),
                "due_on": str(one.due_on), "days_late": one.days_late, "publisher": one.publisher_slug,
            }
            for one in owed
        ]  # fmt: skip
        metadata["owed"] = table(_COLUMNS, rows)
    severity = dg.AssetCheckSeverity.WARN if owed and not missing else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        passed=not owed, check_name=name, asset_key=RETURNS_DUE, severity=severity, description=words, metadata=metadata
    )


def _name(one: ReturnDue, registry: Registry) -> str:
    return registry.agencies.get(one.agency_slug, {}).get("agency_name") or one.agency_slug


RETURNS_DUE_CHECKS = dg.define_asset_job(
    "check_returns_due",
    selection=dg.AssetSelection.checks(returns_are_in_when_due),
    description="Ask as of today whether the returns that are due are in. Builds nothing.",
)
EVERY_MORNING = dg.ScheduleDefinition(
    name="returns_due_every_morning",
    job=RETURNS_DUE_CHECKS,
    cron_schedule="30 5 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A publisher that sends nothing starts no run: this one looks all the same.",
)
