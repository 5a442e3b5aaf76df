"""What a home has to say: broken rules, rules that could not run, returns owed, runs that failed; never the value of a cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from expectations.catalogue import load_catalogue, rules_for
from expectations.wording import advice
from ingest.calendar import ReturnDue
from ingest.home import Home
from ingest.periods import parse_period
from ingest.records import FileRecord
from ingest.registry import load_registry
from orchestration.alerts.decisions import Alert
from orchestration.alerts.settings import AlertSettings
from orchestration.alerts.subjects import due_alerts, finding_alerts, registry_alerts, report_link, run_alerts
from orchestration.run_failures import failed_runs, why
from tests.unit.ingest.test_records import file_record, part_record

SETTINGS = AlertSettings()
TODAY = date(2024, 12, 31)


def passed() -> dict[str, dict[str, Any]]:
    rules = [rule for grain in ("line", "return") for rule in rules_for(load_catalogue(), "spend", grain)]
    return {
        rule.rule_id: {"rule_id": rule.rule_id, "outcome": "passed", "severity": rule.severity, "failed_count": 0} for rule in rules
    }


def record(results: dict[str, dict[str, Any]], **part: Any) -> FileRecord:
    made = part_record("kent.spend.2024-06", **part)
    made = replace(made, kind="spend", period="2024-06", rule_results=list(results.values()))
    return replace(file_record(made, key="k", name="kent/june.csv", sha256="s"), report_path="reports/kent/a b.html")


def found(home: Home, results: dict[str, dict[str, Any]], **part: Any) -> list[Alert]:
    return finding_alerts(home, [record(results, **part)], SETTINGS)


def failed(results: dict[str, dict[str, Any]], rule_id: str, **more: Any) -> dict[str, dict[str, Any]]:
    return results | {rule_id: results[rule_id] | {"outcome": "failed", "failed_count": 3} | more}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_return_that_keeps_every_rule_says_nothing(home: Home) -> None:
    assert found(home, passed()) == []


def test_a_broken_rule_says_what_where_how_much_what_to_do_and_who(home: Home) -> None:
    (alert,) = found(home, failed(passed(), "amount_parses", failed_gbp="1250.5"))
    assert alert.key == "finding:kent.spend.2024-06:amount_parses"
    assert alert.title == "kent/june.csv: broken: Every line has an amount that parses"
    assert alert.words == "The amount could not be read as money. Found 3 times, £1,250.50 at stake."
    assert alert.to_do == advice(next(rule for rule in load_catalogue() if rule.rule_id == "amount_parses"))
    assert alert.to_do
    assert alert.who_acts == "kent (who submitted the file)"
    assert alert.link == str(home.root / "reports/kent/a b.html")


def test_a_warning_wakes_nobody(home: Home) -> None:
    assert found(home, failed(passed(), "payee_is_not_blank")) == []


def test_a_rule_that_could_not_run_or_left_no_result_is_said(home: Home) -> None:
    results = passed()
    results["amount_parses"] |= {"outcome": "could_not_run", "cause": "the engine fell over"}
    del results["payment_date_parses" if "payment_date_parses" in results else "payee_is_not_blank"]
    alerts = found(home, results)
    assert [alert.who_acts for alert in alerts] == ["the data team"] * 2
    assert {alert.words for alert in alerts} == {
        "The rule could not run: the engine fell over.", "The rule could not run: no result was recorded.",
    }  # fmt: skip


def test_another_number_of_rows_or_another_revision_is_another_thing_to_say(home: Home) -> None:
    marks = {
        alert.fingerprint
        for results in (failed(passed(), "amount_parses"), failed(passed(), "amount_parses", failed_count=4))
        for alert in found(home, results)
    }
    assert len(marks) == 2


def test_no_value_of_a_cell_is_in_an_alert() -> None:
    rules = [rule for rule in load_catalogue() if "{value}" in rule.message]
    assert rules
    for rule in rules:
        result = {"rule_id": rule.rule_id, "outcome": "failed", "severity": "blocking", "failed_count": 1, "value": "Jane Doe"}
        (alert,) = finding_alerts(Home(Path("home")), [replace(record({"x": result} | passed()), report_path="")], SETTINGS)[:1]
        assert "Jane Doe" not in repr(alert)
        assert "{" not in alert.words + alert.to_do


def test_a_link_is_an_address_where_a_setting_says_where_reports_are(home: Home) -> None:
    on_the_web = AlertSettings(reports_url="https://reports.example.org")
    assert report_link(home, record(passed()), on_the_web) == "https://reports.example.org/kent/a%20b.html"


def due(agency: str, name: str, state: str, due_on: date, publisher: str = "kent") -> ReturnDue:
    period = parse_period(name)
    assert period is not None
    return ReturnDue(
        agency, "spend", period, publisher, "month", due_on, due_on, state, None, None, True, 1, False, "the code",  # type: ignore[arg-type]
    )  # fmt: skip


def test_returns_owed_are_one_alert_for_each_publisher_and_kind() -> None:
    rows = [
        due("kent", "2024-08", "late", date(2024, 11, 1)),
        due("kent", "2024-09", "late", date(2024, 12, 1)),
        due("kent", "2024-10", "not_yet_due", date(2025, 1, 1)),
        due("kent", "2021-10", "not_received", date(2021, 11, 1)),  # nobody is rung for what is long past
        due("york", "2024-08", "received", date(2024, 11, 1), "york"),
    ]
    (alert,) = due_alerts(rows, TODAY, SETTINGS)
    assert (alert.key, alert.is_error, alert.who_acts) == ("returns_due:kent:spend", False, "the data team rings kent")
    assert alert.words == "Spend late: 2024-09 (due 1 December 2024), 2024-08 (due 1 November 2024). The rule: the code."
    assert "registry/calendar.csv" in alert.to_do


def test_past_grace_is_an_error_and_another_thing_to_say() -> None:
    late = due_alerts([due("kent", "2024-08", "late", date(2024, 11, 1))], TODAY, SETTINGS)[0]
    missing = due_alerts([due("kent", "2024-08", "not_received", date(2024, 11, 1))], TODAY, SETTINGS)[0]
    assert (late.key, late.is_error) == (missing.key, not missing.is_error)
    assert late.fingerprint != missing.fingerprint


def test_a_publisher_for_many_names_a_few() -> None:
    rows = [due(f"a{n}", "2024-08", "not_received", date(2024, 11, 1), "ministry") for n in range(9)]
    (alert,) = due_alerts(rows, TODAY, SETTINGS)
    assert alert.title == "ministry: spend not received (for a0, a1, a2, a3, a4 and 4 more)"


@dg.op
def breaks() -> None:
    raise dg.Failure(description="the disk is full")


@dg.asset
def counted() -> None:
    """A table."""


@dg.asset_check(asset=counted, blocking=True)
def adds_up() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, description="a pound is missing")


def test_the_last_run_of_a_job_that_failed_is_said_in_its_own_words() -> None:
    @dg.op
    def mends() -> None: ...

    broken = dg.GraphDefinition(name="count_it", node_defs=[breaks]).to_job()
    mended = dg.GraphDefinition(name="count_it", node_defs=[mends]).to_job()
    with dg.DagsterInstance.ephemeral() as instance:
        assert failed_runs(instance) == []
        run_id = broken.execute_in_process(instance=instance, raise_on_error=False).run_id
        (run,) = failed_runs(instance)
        assert (run.job_name, run.run_id, run.words, run.is_blocked) == ("count_it", run_id, "the disk is full", False)
        (alert,) = run_alerts([run], AlertSettings(ui_url="http://dagster"))
        assert (alert.title, alert.link) == ("A run failed: count it", f"http://dagster/runs/{run_id}")
        mended.execute_in_process(instance=instance)
        assert failed_runs(instance) == []


def test_a_closed_gate_is_a_blocked_release() -> None:
    job = dg.Definitions(assets=[counted], asset_checks=[adds_up], jobs=[dg.define_asset_job("publish")]).resolve_job_def("publish")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        words = "the gate 'adds up' is closed: a pound is missing"
        assert why(result.all_events) == words
        (run,) = failed_runs(instance)
        assert (run.words, run.is_blocked) == (words, True)
        assert run_alerts([run], SETTINGS)[0].title == "A release is blocked"


def test_rows_of_the_registry_that_cannot_be_used_are_warnings_without_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_text(
        "agency_slug,agency_name,agency_type\nA Person,x,la_lower\nfine,Fine Town,la_parish\nbarnsley-mbc,Barnsley MBC,la_unitary\n"
    )
    first, second = registry_alerts(load_registry(tmp_path), tmp_path)
    assert (first.sort, first.is_error, first.title) == (
        "finding", False, "registry/agencies.csv: row 2 cannot be used as it stands",
    )  # fmt: skip
    assert first.words.startswith("registry/agencies.csv row 2 is not in force: agency_slug is not a slug")
    assert "Person" not in first.words
    assert second.words.startswith("registry/agencies.csv row 4: the name of barnsley-mbc is a name of barnsley-metropolitan")
    assert first.key != second.key
    assert registry_alerts(load_registry(None), tmp_path) == []


def test_a_registry_file_by_a_wrong_name_has_no_row_to_correct(tmp_path: Path) -> None:
    (tmp_path / "agency.csv").write_text("agency_slug,agency_name,agency_type\n")
    (alert,) = registry_alerts(load_registry(tmp_path), tmp_path)
    assert (alert.title, alert.to_do) == (
        "registry/agency.csv cannot be used as it stands", "Rename it in the returns folder.",
    )  # fmt: skip
