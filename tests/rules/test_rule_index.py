"""The rule x return index, rule by rule: delete a rule's results, or make the rule raise, and the index is red.

One small home with a return of every kind (and a file that is none) is read, judged and laid out once; every rule of the catalogue
is then taken away, or made to raise, by itself.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import dagster as dg
import duckdb
import numpy as np
import pandas as pd
import pytest

from expectations import runner
from expectations.catalogue import Rule, load_catalogue
from expectations.engine import EngineResult
from expectations.frames import engine_frame
from expectations.vector import applies, failing
from ingest.findings import Finding
from ingest.home import Home
from ingest.landing import Landing
from ingest.reading import Reading
from ingest.records import FileRecord
from ingest.registry import Registry, load_registry
from ingest.revisions import decide_revisions
from orchestration import intake, months, overlaps, storing
from orchestration.checked import CheckedFile
from orchestration.checking import check_readings
from orchestration.checks.gates import index_result, judged_result
from orchestration.checks.payers import payer_results
from orchestration.checks.results import check_result, stopped_results, together_results
from orchestration.checks.statuses import current_parts, rule_statuses
from orchestration.file_rules import FOLDER_RULES, FOLDER_RULES_OF_THE_COUNT, decide, file_rule_rows, file_rules, owed_by
from orchestration.notices import folder_results, registry_findings
from orchestration.warehouse import current_records, prepare_warehouse

REPOSITORY = Path(__file__).resolve().parents[2]
MODELS = REPOSITORY / "dbt_project" / "models"
ASSET, TODAY = dg.AssetKey("any"), date(2026, 1, 5)
RULES = {rule.rule_id: rule for rule in load_catalogue() if rule.is_in_force(None)}
ENGINE_RULES = sorted(name for name, rule in RULES.items() if rule.is_for_engine and rule.grain != "month")
OVERLAP_RULES = {
    "row_stands_in_one_file_only": "_row_rule",
    "return_has_one_publisher": "_publisher_rule",
    "replaced_file_is_earlier_revision": "replaced_file_rule",
}
TOGETHER = sorted(name for name, rule in RULES.items() if rule.grain in ("month", "overlap"))
FILES = (
    "exampleshire-council/April 2024.csv", "exampleshire-council/May 2024.csv", "exampleshire-council/asks",
    "exampleshire-council/count", "exampleshire-council/culture_barriers", "exampleshire-council/culture_enablers",
    "exampleshire-council/governance_bodies", "exampleshire-council/grants", "exampleshire-council/invest_to_save",
    "exampleshire-council/joint_arrangements", "exampleshire-council/outcomes", "exampleshire-council/procurement_card",
    "exampleshire-icb/funding", "exampleshire-jobcentre/benefits", "registry",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A small home, laid out; `checked`: one judged file of each kind."""

    home: Home
    registry: Registry
    readings: Mapping[str, Reading]
    checked: Mapping[str, CheckedFile]
    records: Sequence[FileRecord]


@pytest.fixture(scope="module")
def desk(example_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("index")
    folder, home = root / "returns", Home(root / "home")
    for name in FILES:
        source, target = example_returns / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (folder / "mhclg-revenue-outturn").mkdir()
    shutil.copy(REPOSITORY / "tests" / "bank" / "outturn.xlsx", folder / "mhclg-revenue-outturn")
    (folder / "exampleshire-council" / "page.csv").write_text("<html><body>Sorry</body></html>")
    landing = Landing(home, lambda: datetime(2026, 1, 5))
    landing.land_folder(folder)
    registry = load_registry(home.root / "registry")
    readings = [intake.read_landed(landing, registry, receipt) for receipt in landing.receipts()]
    checked = check_readings(readings, registry)
    for file in checked:
        storing.store(home, file, registry)
    by_kind = {file.reading.kind.name: file for file in checked if file.reading.kind and file.parts}
    assert by_kind.keys() == {kind for rule in RULES.values() for kind in rule.kinds} - {"*"}, "a return of every kind"
    results, notices = folder_results(dict.fromkeys(FOLDER_RULES, list))
    prepare_warehouse(home, registry, TODAY, None, notices, results)
    return Desk(home, registry, {k: f.reading for k, f in by_kind.items()}, by_kind, current_records(home))


def index_sql() -> str:
    """The model as it is, over the tables that its staging models copy."""
    text = (MODELS / "quality" / "qa_rule_index.sql").read_text()
    for name in re.findall(r"stg_intake__(\w+)", text):
        assert f"source('intake', '{name}')" in (MODELS / "staging" / "intake" / f"stg_intake__{name}.sql").read_text()
    return _plain(text)


def _plain(text: str) -> str:
    return re.sub(r'\{\{ ref\("(\w+)"\) \}\}', r"\1", re.sub(r'\{\{ ref\("stg_intake__(\w+)"\) \}\}', r"intake.\1", text))


def with_index(connection: duckdb.DuckDBPyConnection) -> None:
    """The index over a working database, and what the models decide of payers: here no payment alarms and no review is a stranger.
    Its results are a table, so that they can be taken away."""
    connection.execute(
        """
        create table mart_duplicate_payments_summary as
        select agency_slug, financial_year, false as is_alarm, 0.00 as excess_gbp, 0.00 as rejected_excess_gbp
        from intake.returns where kind = 'spend' group by all;
        create table qa_duplicate_reviews (group_id varchar, state varchar);
        """
    )
    decided = (MODELS / "intermediate" / "payment" / "int_payment__rule_results.sql").read_text()
    connection.execute(f"create table int_payment__rule_results as {_plain(decided)}")
    connection.execute(f"create view main.qa_rule_index as {index_sql()}")


@pytest.fixture(scope="module")
def copy(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the working database with the index in it."""
    path = shutil.copy(desk.home.warehouse, tmp_path_factory.mktemp("copy") / "warehouse.duckdb")
    with duckdb.connect(str(path)) as connection:
        with_index(connection)
        yield connection


def red_rules(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute("select rule_id, any_value(cause) from qa_rule_index where outcome = 'could_not_run' group by all")
    return dict(rows.fetchall())


def assert_red(result: dg.AssetCheckResult, cause: str) -> None:
    """A check that could not run: an error in words, whatever the rule's severity, never a pass nor a plain failure."""
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    assert "could not run" in str(result.description)
    assert cause in str(result.description)


def test_the_index_is_complete_and_not_red(copy: duckdb.DuckDBPyConnection) -> None:
    (counts,) = copy.execute(
        """
        select count(distinct (revision_id, rule_id)) filter (where return_id is not null),
            count(*) filter (where return_id is null), count(*) filter (where outcome = 'could_not_run'),
            (select count(*) from intake.returns) * (select count(*) from intake.rules)
        from qa_rule_index
        """
    ).fetchall()
    assert counts[:3] == (counts[3], len(FOLDER_RULES) + len(FOLDER_RULES_OF_THE_COUNT), 0)
    assert {row[0] for row in copy.execute("select distinct rule_id from qa_rule_index").fetchall()} == set(RULES)
    assert index_result(copy).passed
    assert judged_result(copy).passed
    assert copy.execute("select count(*) from qa_rule_index where outcome = 'failed' and cause like '%web page%'").fetchone() == (
        1,
    )


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_a_rule_whose_results_are_deleted_is_red(copy: duckdb.DuckDBPyConnection, desk: Desk, rule_id: str) -> None:
    rule = RULES[rule_id]
    copy.execute("begin")
    try:
        copy.execute("delete from intake.rule_results where rule_id = ?", [rule_id])
        copy.execute("delete from int_payment__rule_results where rule_id = ?", [rule_id])
        assert red_rules(copy) == {rule_id: "no result was recorded"}
        assert_red(index_result(copy), "no result was recorded")
        is_of_counted = rule.severity == "blocking" and rule_id not in FOLDER_RULES
        assert judged_result(copy).passed is not is_of_counted, "what counts unjudged stops the release"
        if rule.grain == "payer":
            copy.execute("create table qa_findings (rule_id varchar, file_name varchar, value varchar, message varchar,"
                " amount_gbp decimal(18, 2), agency_slug varchar, period varchar)")  # fmt: skip
            check = {r.check_name: r for r in payer_results(copy)}
            assert_red(check[rule_id], "no result was recorded")
            assert all(r.passed for name, r in check.items() if name != rule_id)
        if rule.grain in ("month", "overlap"):
            check = {r.check_name: r for r in together_results(ASSET, copy, rule.grain)}
            assert_red(check[rule_id], "no result was recorded")
            assert all(r.passed or "could not run" not in str(r.description) for name, r in check.items() if name != rule_id)
    finally:
        copy.execute("rollback")
    if rule.grain not in ("month", "overlap", "payer") and rule_id not in FOLDER_RULES:
        parts = [
            (file, replace(part, rule_results=[row for row in part.rule_results if row["rule_id"] != rule_id]))
            for file, part in current_parts(desk.records)
        ]
        statuses = rule_statuses(parts, (rule.grain,), list(RULES.values()))
        assert_red(check_result(ASSET, statuses[rule_id], []), "no result was recorded")
        assert {name for name, status in statuses.items() if status.counts["could_not_run"]} == {rule_id}


def test_a_rule_that_left_the_index_altogether_is_red(copy: duckdb.DuckDBPyConnection) -> None:
    copy.execute("begin")
    copy.execute("delete from intake.rule_results where rule_id = 'amount_parses'")
    copy.execute("delete from intake.rules where rule_id = 'amount_parses'")
    result = index_result(copy)
    copy.execute("rollback")
    assert_red(result, "amount_parses")


def engine_that_raises(broken: str) -> runner.Engine:
    """The rules over whole columns (held against the engine elsewhere), one of which raises."""

    def engine(frame: pd.DataFrame, rules: tuple[Rule, ...], kind: str, context: Mapping[str, object]) -> Sequence[EngineResult]:
        if any(rule.rule_id == broken for rule in rules):
            raise RuntimeError("the rule fell over")
        prepared = engine_frame(frame, (column for rule in rules for column in rule.frame_columns()))
        results: list[EngineResult] = []
        for rule in rules:
            failed = np.flatnonzero(failing(rule, prepared, kind, context))
            count = int(applies(rule, prepared).sum()) if rule.row_condition else len(frame)
            missing = count - int(applies(rule, prepared).sum())
            results.append(EngineResult(rule.rule_id, not len(failed), count, missing, len(failed), failed, None))
        return results

    return engine


@pytest.mark.parametrize("rule_id", ENGINE_RULES)
def test_an_engine_rule_that_raises_is_red_and_holds_what_it_should_have_judged(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule_id: str
) -> None:
    rule = RULES[rule_id]
    kind = "spend" if rule.applies_to("spend") else rule.kinds[0]
    if rule.grain == "control":
        kind = "service_expenditure"  # its file prints totals
    monkeypatch.setattr(runner, "great_expectations_engine", engine_that_raises(rule_id))
    (file,) = check_readings([desk.readings[kind]], desk.registry)
    stored = storing.store(Home(tmp_path), file, desk.registry)
    assert file.parts
    for part, kept in zip(file.parts, stored.parts, strict=True):
        outcomes = {each.rule_id: (result.outcome, result.cause) for each, result in part.results}
        assert {name for name, (outcome, _) in outcomes.items() if outcome == "could_not_run"} == {rule_id}
        assert outcomes[rule_id][1] == "RuntimeError: the rule fell over"
        assert part.is_held is (rule.severity == "blocking"), "a blocking rule that could not run holds its return, no other does"
        (finding,) = [f for f in part.findings if f.rule_id == rule_id]
        assert (finding.outcome, finding.severity) == ("could_not_run", rule.severity)
        assert "could not run: RuntimeError: the rule fell over" in finding.message
        assert_red(check_result(ASSET, rule_statuses([(stored, kept)], (rule.grain,))[rule_id], []), "the rule fell over")


@pytest.mark.parametrize("rule", file_rules(), ids=lambda rule: rule.rule_id)
def test_a_rule_of_files_that_raises_is_red(desk: Desk, rule: Rule) -> None:
    def decided(each: Rule, reading: Reading, found: Sequence[Finding]) -> tuple[str, str]:
        if each is rule:
            raise KeyError("lost")
        return decide(each, reading, found)

    file = desk.checked["spend"]
    rows = file_rule_rows(file.reading, file.findings + file.parts[0].findings, decided)
    assert {r["rule_id"]: r["cause"] for r in rows if r["outcome"] == "could_not_run"} == {rule.rule_id: "KeyError: 'lost'"}
    record = next(r for r in desk.records if r.key == file.reading.receipt.key)
    part = replace(record.parts[0], rule_results=rows)
    assert_red(check_result(ASSET, rule_statuses([(record, part)], ("file",), [rule])[rule.rule_id], []), "KeyError: 'lost'")


def test_a_reading_that_breaks_off_holds_its_file_alone(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the programme is not the file's: every rule of it could not run, with the cause, and the next file is read."""
    home = Home(tmp_path / "home")
    for name in ("one", "two"):
        (tmp_path / "returns" / "exampleshire-council").mkdir(parents=True, exist_ok=True)
        (tmp_path / "returns" / "exampleshire-council" / f"{name}.csv").write_text(
            f"Date,Supplier,Amount\n01/06/2024,{name},1.00\n"
        )
    landing = Landing(home, lambda: datetime(2026, 1, 5))
    landing.land_folder(tmp_path / "returns")
    whole = intake.read_path

    def broken(path: Path, receipt: object, *rest: object) -> Reading:
        if "one" in receipt.file_name:  # type: ignore[attr-defined]
            raise ZeroDivisionError("nought")
        return whole(path, receipt, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "read_path", broken)
    readings = [intake.read_landed(landing, desk.registry, receipt) for receipt in landing.receipts()]
    records = {
        r.file_name[-7:]: r for r in (storing.store(home, f, desk.registry) for f in check_readings(readings, desk.registry))
    }
    (bad,), (good,) = records["one.csv"].parts, records["two.csv"].parts
    assert bad.is_held and not good.is_held
    assert {row["outcome"] for row in bad.rule_results} == {"could_not_run"}
    assert {row["rule_id"] for row in bad.rule_results} >= owed_by(None)
    assert all("ZeroDivisionError: nought" in row["cause"] for row in bad.rule_results)
    assert "could not run" in bad.hold_reason
    for grain in ("file", "line"):
        for status in rule_statuses([(records["one.csv"], bad)], (grain,)).values():
            if status.rule.kinds == ("*",):
                assert_red(check_result(ASSET, status, []), "ZeroDivisionError: nought")


@pytest.mark.parametrize("rule_id", FOLDER_RULES)
def test_a_rule_of_the_folder_that_raises_is_red(copy: duckdb.DuckDBPyConnection, rule_id: str) -> None:
    decided = dict.fromkeys(FOLDER_RULES, list) | {rule_id: partial(registry_findings, None)}  # type: ignore[arg-type]
    rows, findings = folder_results(decided)  # type: ignore[arg-type]
    by_rule = {row["rule_id"]: row for row in rows}
    assert {name: row["outcome"] for name, row in by_rule.items() if row["outcome"] != "passed"} == {rule_id: "could_not_run"}
    assert "AttributeError" in by_rule[rule_id]["cause"]
    (finding,) = findings
    assert finding.outcome == "could_not_run"
    copy.execute("begin")
    copy.execute(
        "update intake.rule_results set outcome = 'could_not_run', cause = $cause where rule_id = $rule_id",
        {"cause": by_rule[rule_id]["cause"], "rule_id": rule_id},
    )
    result = index_result(copy)
    copy.execute("rollback")
    assert_red(result, "AttributeError")


@pytest.mark.parametrize("rule_id", TOGETHER)
def test_a_rule_over_returns_together_that_raises_is_red(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule_id: str
) -> None:
    """It takes no other with it, and no return is held: these are warnings."""

    def fall_over(*_: object) -> None:
        raise RuntimeError("the rule fell over")

    if RULES[rule_id].grain == "month":
        monkeypatch.setattr(months, "run_rules_together", partial(runner.run_rules_together, engine=engine_that_raises(rule_id)))
    else:
        monkeypatch.setattr(overlaps, OVERLAP_RULES[rule_id], fall_over)
    assert RULES[rule_id].severity == "warning"
    assert_together(desk, tmp_path, {rule_id}, "the rule fell over")


def test_the_rules_of_months_that_break_off_are_red(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "_month_frame", lambda *_: 1 / 0)
    assert_together(desk, tmp_path, {"month_is_present", "month_is_complete"}, "ZeroDivisionError: division by zero")


def assert_together(desk: Desk, tmp_path: Path, broken: set[str], cause: str) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(desk.home.lake, home.lake)
    prepared = prepare_warehouse(home, desk.registry, TODAY, None, (), folder_results(dict.fromkeys(FOLDER_RULES, list))[0])
    assert any(r.status == "in_service" for r in prepared.revisions)
    assert [r.part.revision_id for r in prepared.revisions if r.status == "in_service"] == [
        r.part.revision_id for r in decide_revisions(current_records(home)) if r.status == "in_service"
    ]
    with duckdb.connect(str(home.warehouse)) as connection:
        with_index(connection)
        red = red_rules(connection)
        assert red.keys() == broken
        assert all(cause in words for words in red.values())
        assert_red(index_result(connection), cause)
        assert judged_result(connection).passed, "a warning that could not run stops nothing"
        for grain in ("month", "overlap"):
            for check in together_results(ASSET, connection, grain):
                if check.check_name in broken:
                    assert_red(check, cause)
                else:
                    assert "could not run" not in str(check.description)
        found = connection.execute("select rule_id from intake.findings where outcome = 'could_not_run'").fetchall()
        assert sorted(row[0] for row in found) == sorted(broken)


def test_what_the_working_database_would_have_decided_is_red_when_it_stops() -> None:
    found = [r for grain in ("month", "overlap") for r in stopped_results(ASSET, grain, "IOException: the disk is full")]
    assert sorted(str(r.check_name) for r in found) == TOGETHER
    for result in found:
        assert_red(result, "IOException: the disk is full")


def test_a_record_that_lost_a_result_is_made_anew(desk: Desk) -> None:
    landing = Landing(desk.home, lambda: datetime(2026, 1, 5))
    receipt = next(r for r in landing.receipts() if r.file_name.endswith("May 2024.csv"))
    record = intake.is_done(desk.home, desk.registry, receipt)
    assert record is not None
    part = record.parts[0]
    less = replace(part, rule_results=[row for row in part.rule_results if row["rule_id"] != "amount_parses"])
    intake.write_record(desk.home, replace(record, parts=[less]))
    assert intake.is_done(desk.home, desk.registry, receipt) is None
    intake.write_record(desk.home, record)
