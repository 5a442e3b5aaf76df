"""What there is to say of a home now: rules broken or not run, returns owed, runs that failed.

Belongs here: records, registry rows, returns due and failed runs to alerts, in words. Must not: read cells: the words of an alert
are those of the rule without the value, with file, rows and money, which the submitter's report shows as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from expectations.catalogue import Rule, load_catalogue, rules_for
from expectations.wording import advice, describe_fault
from ingest.calendar import ReturnDue
from ingest.home import Home
from ingest.records import FileRecord, PartRecord
from ingest.registry import Registry
from orchestration.alerts.decisions import Alert
from orchestration.alerts.settings import AlertSettings
from orchestration.checks.results import current_parts
from orchestration.returns_due import is_pressing
from orchestration.run_failures import FailedRun

PERIODS_NAMED = 6
AGENCIES_NAMED = 5
DATA_TEAM = "the data team"


def finding_alerts(home: Home, records: Sequence[FileRecord], settings: AlertSettings) -> list[Alert]:
    """One for each rule of each current return that holds something back, or that could not run."""
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    found: list[Alert] = []
    for record, part in current_parts(records):
        for result in _telling(part):
            rule = rules.get(str(result["rule_id"]))
            if rule is not None:
                found.append(_of_result(home, record, part, rule, result, settings))
    return list({alert.key: alert for alert in found}.values())


def _telling(part: PartRecord) -> Iterator[dict[str, object]]:
    """Results that somebody must act on; a rule of the kind that left none could not run."""
    results = {str(result["rule_id"]) for result in part.rule_results}
    for result in part.rule_results:
        if result["outcome"] == "could_not_run" or (result["outcome"] == "failed" and result["severity"] == "blocking"):
            yield result
    if part.kind is not None and part.period is not None:
        for grain in ("line", "return"):
            for rule in rules_for(load_catalogue(), part.kind, grain):
                if rule.rule_id not in results:
                    yield {"rule_id": rule.rule_id, "outcome": "could_not_run", "cause": "no result was recorded"}


def _of_result(
    home: Home, record: FileRecord, part: PartRecord, rule: Rule, result: dict[str, object], settings: AlertSettings
) -> Alert:
    is_silent = result["outcome"] == "could_not_run"
    count, money = int(str(result.get("failed_count") or 0)), result.get("failed_gbp")
    rows = f" {count:,} {'time' if count == 1 else 'times'}" if count else ""
    pounds = f", £{abs(Decimal(str(money))):,.2f} at stake" if money is not None and Decimal(str(money)) else ""
    if is_silent:
        words = f"The rule could not run: {result.get('cause') or 'no cause was recorded'}."
        to_do = "Look at the run in Dagster; until the rule runs, nobody knows whether the return keeps it."
    elif rule.rule_id in part.held_by and part.hold_reason:
        words, to_do = f"The return is held whole: {part.hold_reason}", advice(rule) or "See the report."
    else:
        fault = describe_fault(rule, kind=part.kind, financial_year=part.financial_year)
        words = f"{fault.partition('. ')[0].rstrip('.')}.{rows and f' Found{rows}{pounds}.'}"
        to_do = advice(rule) or "See the report."
    about = f"{part.return_id}:{rule.rule_id}" if part.period else f"{record.file_name}:{rule.rule_id}"
    return Alert(
        sort="finding",
        about=about,
        state=f"{part.revision_id} {result['outcome']} {count} {money}",
        title=f"{record.file_name}: {'a rule could not run' if is_silent else 'broken'}: {rule.sentence}",
        words=words,
        to_do=to_do,
        who_acts=DATA_TEAM if is_silent or rule.owner == "data_team" else f"{record.publisher_slug} (who submitted the file)",
        link=report_link(home, record, settings),
    )


def registry_alerts(registry: Registry, folder: Path) -> list[Alert]:
    """One for each row of the registry that is not in force, or whose name is another agency's: nobody may be at a terminal."""
    rows = [(fault.file_name, fault.row_number, fault.publishable) for fault in registry.faults]
    rows += [("registry/agencies.csv", clash.row_number, clash.publishable) for clash in registry.name_clashes]
    return [
        Alert(
            sort="finding",
            about=words,
            state=words,
            title=f"{file_name}{f': row {row_number}' if row_number else ''} cannot be used as it stands",
            words=f"{words}.",
            to_do="Correct the row in the returns folder; the others are in use."
            if row_number
            else "Rename it in the returns folder.",
            who_acts=DATA_TEAM,
            link=str(folder / Path(file_name).name),
            is_error=False,
        )
        for file_name, row_number, words in rows
    ]


def report_link(home: Home, record: FileRecord, settings: AlertSettings) -> str:
    """The submitter's page: on the web where a setting says where the reports are, else its path."""
    if not record.report_path:
        return ""
    if settings.reports_url:
        relative = Path(record.report_path).relative_to(home.reports.name)
        return f"{settings.reports_url}/{quote(relative.as_posix())}"
    return str((home.root / record.report_path).absolute())


def due_alerts(due: Sequence[ReturnDue], today: date, settings: AlertSettings) -> list[Alert]:
    """One for each publisher and kind of which something is late or not received; an error once past grace."""
    owed: dict[tuple[str, str], list[ReturnDue]] = {}
    for one in due:
        if is_pressing(one, today):
            owed.setdefault((one.publisher_slug, one.kind), []).append(one)
    return [_of_owed(publisher, kind, mine, settings) for (publisher, kind), mine in sorted(owed.items())]


def _of_owed(publisher: str, kind: str, owed: Sequence[ReturnDue], settings: AlertSettings) -> Alert:
    missing = [one for one in owed if one.state == "not_received"]
    agencies = sorted({one.agency_slug for one in owed})
    others = [slug for slug in agencies if slug != publisher]
    named = ", ".join(others[:AGENCIES_NAMED]) + (
        f" and {len(others) - AGENCIES_NAMED} more" if len(others) > AGENCIES_NAMED else ""
    )
    whose = f" (for {named})" if others else ""
    lists = [f"{words}: {_periods(some)}" for words, some in (
        ("not received, and past grace", missing), ("late", [one for one in owed if one.state == "late"]),
    ) if some]  # fmt: skip
    noun = kind.replace("_", " ")
    return Alert(
        sort="returns_due",
        about=f"{publisher}:{kind}",
        state=" ".join(sorted(f"{one.agency_slug}/{one.period.name}/{one.state}" for one in owed)),
        title=f"{publisher}: {noun} {'not received' if missing else 'late'}{whose}",
        words=f"{noun[:1].upper()}{noun[1:]} {'; '.join(lists)}. The rule: {owed[-1].source}.",
        to_do="Ask the publisher for it and put the file into its folder. If it publishes no more, or another calendar holds for"
        " it, say so in registry/calendar.csv.",
        who_acts=f"{DATA_TEAM} rings {publisher}",
        link=f"{settings.ui_url}/assets/qa_returns_due?view=checks" if settings.ui_url else "totalplace returns due",
        is_error=bool(missing),
    )


def _periods(owed: Sequence[ReturnDue]) -> str:
    periods = sorted({(one.period, one.due_on) for one in owed}, reverse=True)
    shown = [f"{period.name} (due {due_on.day} {due_on:%B %Y})" for period, due_on in periods[:PERIODS_NAMED]]
    return ", ".join(shown) + (f" and {len(periods) - PERIODS_NAMED} more" if len(periods) > PERIODS_NAMED else "")


def run_alerts(failed: Sequence[FailedRun], settings: AlertSettings) -> list[Alert]:
    """One for each job whose last run failed."""
    return [
        Alert(
            sort="run",
            about=run.job_name,
            state=run.words,
            title="A release is blocked" if run.is_blocked else f"A run failed: {run.job_name.replace('_', ' ')}",
            words=run.words,
            to_do="The release before stays current. Look at the gate's rows in Dagster, mend what they name, and run again."
            if run.is_blocked
            else "Look at the run in Dagster (totalplace ui), mend what it names, and run again.",
            who_acts=DATA_TEAM,
            link=f"{settings.ui_url}/runs/{run.run_id}" if settings.ui_url else f"totalplace ui (run {run.run_id[:8]})",
        )
        for run in failed
    ]


def command_alert(words: str) -> Alert:
    """A run from the command line that ended without a release, for a reason that no Dagster run shows."""
    return Alert(
        sort="command", about="totalplace run", state=words, title="A run ended without a release", words=words,
        to_do="Mend what it names, and run again. The release before, where there is one, stays current.", who_acts=DATA_TEAM,
        link="totalplace run",
    )  # fmt: skip
