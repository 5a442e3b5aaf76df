"""A rule that did not run is never green: every way for the engine to say nothing, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from expectations.catalogue import DECIDED_GRAINS, GRAINS, KINDS, Rule, load_catalogue, rules_for
from expectations.engine import EngineResult
from expectations.runner import Engine, RuleResult, great_expectations_engine, run_rules
from tests.rules.rule_cases import CONTEXT, DATED, good_frame

SPEND = rules_for(load_catalogue(), "spend", "line")


def _run(
    frame: pd.DataFrame,
    context: Mapping[str, object] = CONTEXT,
    rules: Sequence[Rule] | None = None,
    engine: Engine | None = None,
) -> dict[str, RuleResult]:
    results = run_rules(frame, kind="spend", grain="line", context=context, rules=rules, engine=engine)
    assert [result.rule_id for result in results] == [rule.rule_id for rule in SPEND], "every rule has one result"
    return {result.rule_id: result for result in results}


def _only_broken(results: Mapping[str, RuleResult], *broken: str) -> list[str]:
    """The causes of the broken rules, after seeing that all the others passed."""
    assert {name: result.outcome for name, result in results.items() if name not in broken} == dict.fromkeys(
        (rule.rule_id for rule in SPEND if rule.rule_id not in broken), "passed"
    )
    assert [results[name].outcome for name in broken] == ["could_not_run"] * len(broken)
    assert [results[name].failed_count for name in broken] == [0] * len(broken)
    return [results[name].cause or "" for name in broken]


def _with(rule_id: str, **changes: object) -> list[Rule]:
    return [replace(rule, **changes) if rule.rule_id == rule_id else rule for rule in SPEND]  # type: ignore[arg-type]


def test_missing_column() -> None:
    results = _run(good_frame("spend", "line").drop(columns="payee_name"))
    assert _only_broken(results, "payee_is_not_blank") == ["the column 'payee_name' is not in the frame"]


def test_missing_column_of_a_row_condition() -> None:
    results = _run(good_frame("spend", "line").drop(columns="amount_raw"))
    causes = _only_broken(results, "amount_is_present", "amount_parses")
    assert causes == ["the column 'amount_raw' is not in the frame"] * 2


def test_every_column_missing() -> None:
    results = _run(pd.DataFrame(index=range(3)))
    assert {result.outcome for result in results.values()} == {"could_not_run"}


def test_exception_inside_great_expectations() -> None:
    rules = _with("amount_is_not_absurd", arguments={"min_value": 5, "max_value": 1})
    (cause,) = _only_broken(_run(good_frame("spend", "line"), rules=rules), "amount_is_not_absurd")
    assert cause == "min_value cannot be greater than max_value"


def test_bad_regular_expression() -> None:
    rules = _with("payee_is_not_blank", expectation="ExpectColumnValuesToMatchRegex", arguments={"regex": "["})
    (cause,) = _only_broken(_run(good_frame("spend", "line"), rules=rules), "payee_is_not_blank")
    assert cause


def test_arguments_that_the_expectation_does_not_take(caplog: pytest.LogCaptureFixture) -> None:
    rules = _with("payee_is_not_blank", arguments={"nonsense": 1})
    (cause,) = _only_broken(_run(good_frame("spend", "line"), rules=rules), "payee_is_not_blank")
    assert "nonsense" in cause
    assert "Traceback" in caplog.text, "a bug is logged whole, not hidden in a result"


def test_column_of_the_wrong_type() -> None:
    frame = good_frame("spend", "line").assign(amount=["1", "2", "3"])
    _only_broken(_run(frame), "amount_is_not_absurd")


def test_column_twice_in_the_frame() -> None:
    frame = good_frame("spend", "line")
    frame = pd.concat([frame, frame[["payee_name"]]], axis=1)
    (cause,) = _only_broken(_run(frame), "payee_is_not_blank")
    assert "more than once" in cause


@pytest.mark.parametrize("period_max", [None, pd.NaT, float("nan")])
def test_context_value_that_nobody_gave(period_max: object) -> None:
    """Great Expectations would take None for "no upper bound" and pass."""
    results = _run(good_frame("spend", "line"), rules=DATED, context={**CONTEXT, "period_max": period_max})
    assert _only_broken(results, "payment_date_in_period") == ["the run's context has no 'period_max'"]


def test_empty_context() -> None:
    _only_broken(_run(good_frame("spend", "line"), rules=DATED, context={}), "payment_date_in_period")


def test_flag_without_a_value() -> None:
    """Great Expectations skips missing values: a NULL flag would pass."""
    frame = good_frame("spend", "line").astype({"agency_known": "object"})
    frame.loc[1, "agency_known"] = None
    (cause,) = _only_broken(_run(frame), "agency_is_known")
    assert cause == "1 rows have no value in 'agency_known', where none is blank"


def test_rule_whose_engine_raises_takes_no_other_with_it() -> None:
    def engine(frame: pd.DataFrame, rules: tuple[Rule, ...], kind: str, context: Mapping[str, object]) -> Sequence[EngineResult]:
        if any(rule.rule_id == "amount_parses" for rule in rules):
            raise RuntimeError("the engine fell over")
        return great_expectations_engine(frame, rules, kind, context)

    results = _run(good_frame("spend", "line"), engine=engine)
    assert _only_broken(results, "amount_parses") == ["RuntimeError: the engine fell over"]


def _altered(alter: Mapping[str, Sequence[EngineResult]]) -> Engine:
    """Great Expectations, with the results of some rules replaced."""

    def engine(frame: pd.DataFrame, rules: tuple[Rule, ...], kind: str, context: Mapping[str, object]) -> Sequence[EngineResult]:
        results = great_expectations_engine(frame, rules, kind, context)
        kept = [result for result in results if result.rule_id not in alter]
        return [*kept, *(result for replaced in alter.values() for result in replaced)]

    return engine


def _engine_result(row_count: int = 3, failed_count: int = 0, positions: Sequence[int] = (), success: bool = True) -> EngineResult:
    return EngineResult("amount_parses", success, row_count, 0, failed_count, np.array(positions, dtype=np.int64), None)


@pytest.mark.parametrize(
    ("results", "cause"),
    [
        ([], "the engine returned no result"),
        ([_engine_result(), _engine_result()], "the engine returned more than one result"),
        ([_engine_result(failed_count=2, positions=[1], success=False)], "counted 2 failing rows and listed 1"),
        ([_engine_result(success=False)], "counted 0 failing rows"),
    ],
)
def test_result_that_is_dropped_doubled_or_torn(results: list[EngineResult], cause: str) -> None:
    engine = _altered({"amount_parses": results})
    (found,) = _only_broken(_run(good_frame("spend", "line"), engine=engine), "amount_parses")
    assert cause in found


def test_result_about_another_frame() -> None:
    stale = replace(_engine_result(row_count=2), rule_id="payee_is_not_blank")
    engine = _altered({"payee_is_not_blank": [stale]})
    (cause,) = _only_broken(_run(good_frame("spend", "line"), engine=engine), "payee_is_not_blank")
    assert cause == "the engine looked at 2 rows of 3"


@pytest.mark.parametrize("grain", [grain for grain in GRAINS if grain not in DECIDED_GRAINS])
@pytest.mark.parametrize("kind", KINDS)
def test_empty_frame(kind: str, grain: str) -> None:
    """Great Expectations passes everything on an empty frame."""
    results = run_rules(good_frame(kind, grain).iloc[:0], kind=kind, grain=grain, context=CONTEXT)
    expected = {
        rule.rule_id: "failed" if rule.rule_id == "return_has_lines" else "not_applicable"
        for rule in rules_for(load_catalogue(), kind, grain)
    }
    assert {result.rule_id: result.outcome for result in results} == expected
    assert {(result.checked_count, result.failed_count) for result in results} <= {(0, 0)}


def test_rule_with_nothing_to_check_is_not_applicable() -> None:
    frame = good_frame("spend", "line").assign(payment_date=None, days_from_period=None)
    result = _run(frame)["payment_date_in_period"]
    assert (result.outcome, result.checked_count) == ("not_applicable", 0)
    assert _run(frame)["payment_date_parses"].outcome == "failed"


@pytest.mark.parametrize(("kind", "grain"), [("lottery", "line"), ("spend", "cell"), ("spend", "file"), ("spend", "overlap")])
def test_unknown_kind_or_grain_is_a_bug_of_the_caller(kind: str, grain: str) -> None:
    with pytest.raises(ValueError, match=r"no rules|without the engine"):
        run_rules(pd.DataFrame(), kind=kind, grain=grain, context={})


def test_retired_rule_has_no_result() -> None:
    rules = _with("payee_is_not_blank", until=date(2027, 1, 1))
    frame = good_frame("spend", "line")
    ids = [
        [r.rule_id for r in run_rules(frame, kind="spend", grain="line", context=CONTEXT, rules=rules, on=on)]
        for on in (None, date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert ["payee_is_not_blank" in each for each in ids] == [False, True, False]
