"""Positions are complete and right whatever the frame looks like, and checking costs no Python call per row."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations import engine
from expectations.catalogue import KINDS, load_catalogue
from expectations.conditions import parse_condition
from expectations.runner import RuleResult, run_rules
from tests.rules.rule_cases import CONTEXT, DATED, good_frame

ROOT = Path(__file__).parents[2]


def _run(frame: pd.DataFrame, kind: str = "spend", context: dict[str, object] = CONTEXT) -> dict[str, RuleResult]:
    results = run_rules(frame, kind=kind, grain="line", context=context, rules=DATED)
    return {result.rule_id: result for result in results}


def test_positions_are_complete_for_fifty_thousand_failures() -> None:
    frame = good_frame("spend", "line", 2).iloc[np.tile([0, 1], 50_000)].reset_index(drop=True)
    frame.loc[1::2, "agency_known"] = False
    frame.loc[1::2, "amount"] = np.nan
    results = _run(frame)
    for rule_id in ("agency_is_known", "amount_parses"):
        assert np.array_equal(results[rule_id].failed_positions, np.arange(1, 100_000, 2))
        assert results[rule_id].checked_count == 100_000
    assert results["amount_is_not_absurd"].checked_count == 50_000


@pytest.mark.parametrize(
    "index",
    [
        [30, 10, 20],
        ["c", "a", "b"],
        [5, 5, 5],
        pd.Index([1, 2, 3], name="row_number"),
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["sheet", "row"]),
    ],
)
def test_positions_do_not_depend_on_the_index_of_the_frame(index: object) -> None:
    frame = good_frame("spend", "line", amount_raw="x", amount=None)
    frame.index = pd.Index(index) if isinstance(index, list) else index  # type: ignore[assignment]
    assert _run(frame)["amount_parses"].failed_positions.tolist() == [2]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_text_of_every_type_gives_the_same_result(dtype: str) -> None:
    frame = good_frame("count", "line", flow=None, funding_route="lottery", financial_year="2024-26")
    text = ["flow", "funding_route", "financial_year", "amount_raw", "place_status"]
    results = _run(frame.astype(dict.fromkeys(text, dtype)), "count")
    failed = {rule_id for rule_id, result in results.items() if result.outcome == "failed"}
    assert failed == {"flow_is_present", "funding_route_is_known", "financial_year_is_well_formed"}
    assert {result.outcome for result in results.values()} == {"passed", "failed"}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("as_date", [False, True])
def test_dates_of_every_resolution_and_bounds_of_either_type(unit: str, as_date: bool) -> None:
    frame = good_frame("spend", "line", payment_date=datetime(2026, 4, 1))
    frame["payment_date"] = frame["payment_date"].astype(f"datetime64[{unit}]")
    bounds: dict[str, object] = {"period_min": date(2023, 4, 1), "period_max": date(2026, 3, 31)}
    result = _run(frame, context=bounds if as_date else CONTEXT)["payment_date_in_period"]
    assert result.failed_positions.tolist() == [2]


def test_date_beyond_nanoseconds() -> None:
    frame = good_frame("spend", "line")
    frame["payment_date"] = pd.Series([np.datetime64("2024-05-01", "s")] * 2 + [np.datetime64("9999-12-31", "s")])
    assert _run(frame)["payment_date_in_period"].failed_positions.tolist() == [2]


@pytest.mark.parametrize("dtype", ["int32", "float32", "Int64", "Float64"])
def test_numbers_of_every_type(dtype: str) -> None:
    frame = good_frame("count", "return").astype({"line_count": dtype})
    results = run_rules(frame, kind="count", grain="return", context={})
    assert {result.outcome for result in results} == {"passed"}


@pytest.mark.parametrize(
    ("condition", "checked_count", "failed"),
    [
        ("", 4, [1, 3]),
        ("place_code is not blank", 3, [1, 3]),
        ("place_code is blank", 1, []),
        ("row_number > 7", 2, [3]),
        ("row_number >= 8 and row_number < 9", 1, []),
        ("row_number != 9 and place_code is not blank", 2, [1]),
        ('place_code == "E07000120" and row_number <= 9', 3, [1, 3]),
    ],
)
def test_row_conditions_pick_their_rows(condition: str, checked_count: int, failed: list[int]) -> None:
    frame = good_frame("spend", "line", 4).assign(
        payee_name=["A", None, "C", None],
        row_number=[7, 7, 8, 9],
        place_code=["E07000120", "E07000120", None, "E07000120"],
    )
    rule = next(rule for rule in load_catalogue() if rule.rule_id == "payee_is_not_blank")
    rule = replace(rule, row_condition=parse_condition(condition))
    (result,) = run_rules(frame, kind="spend", grain="line", context=CONTEXT, rules=[rule])
    assert (result.checked_count, result.failed_positions.tolist()) == (checked_count, failed)


def test_frame_is_left_as_it_was() -> None:
    frame = good_frame("spend", "line", payee_name="  ", amount_raw=None)
    before = frame.copy(deep=True)
    _run(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_frames_do_not_leak_into_one_another_or_stay_in_memory() -> None:
    assert _run(good_frame("spend", "line", 5, payee_name=None))["payee_is_not_blank"].failed_positions.tolist() == [4]
    assert _run(good_frame("spend", "line", 2))["payee_is_not_blank"].outcome == "passed"

    from expectations.suites import suite_for  # here, since it is the engine that is under test

    prepared = pd.DataFrame({"line_count": [1]})
    alive = weakref.ref(prepared)
    engine.validate(prepared, suite_for("spend", "month"), {})
    del prepared
    gc.collect()
    assert alive() is None


def test_results_cannot_be_changed() -> None:
    result = _run(good_frame("spend", "line", payee_name=None))["payee_is_not_blank"]
    with pytest.raises(ValueError, match="read-only"):
        result.failed_positions[0] = 1


def test_threads_do_not_mix_their_frames() -> None:
    found: dict[int, list[int]] = {}

    def check(row_count: int) -> None:
        frame = good_frame("spend", "line", row_count, payee_name=None)
        found[row_count] = _run(frame)["payee_is_not_blank"].failed_positions.tolist()

    threads = [threading.Thread(target=check, args=(row_count,)) for row_count in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {row_count: [row_count - 1] for row_count in range(2, 10)}


@pytest.mark.parametrize("kind", KINDS)
def test_no_python_call_per_row(kind: str) -> None:
    """Counted, not timed: a loaded machine must not fail it, and one `map` over a column must."""
    good = good_frame(kind, "line")
    calls = [_python_calls(good.iloc[np.tile([0, 1, 2], times)], kind) for times in (100, 100, 1000)]
    # The first round pays for imports and caches; between the others lie 2,700 rows.
    assert calls[2] - calls[1] < 1000


def _python_calls(frame: pd.DataFrame, kind: str) -> int:
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        _run(frame, kind)
    finally:
        sys.setprofile(previous)
    return count


def test_engine_is_imported_late_and_writes_nothing(tmp_path: Path) -> None:
    """In a process of its own: no import until a rule runs, no file in folder or home, no progress bars."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    script = """
import os, sys
import pandas as pd
from expectations.catalogue import load_catalogue
from expectations.runner import run_rules
load_catalogue()
run_rules(pd.DataFrame(), kind="spend", grain="month", context={})
assert "great_expectations" not in sys.modules
results = run_rules(pd.DataFrame({"line_count": [0]}), kind="spend", grain="month", context={})
assert [r.outcome for r in results] == ["failed", "could_not_run"], results
assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
assert not {"dagster", "dbt"} & set(sys.modules)
"""
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(home), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
