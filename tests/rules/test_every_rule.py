"""Every rule of the catalogue has a case it passes and a case it catches, run through Great Expectations itself."""

from __future__ import annotations

import pytest

from expectations.catalogue import DECIDED_GRAINS, GRAINS, KINDS, Rule, load_catalogue, rules_for
from expectations.frames import columns_of, has_column
from expectations.runner import RuleResult, run_rules
from expectations.suites import suite_for
from tests.rules.rule_cases import CASES, CONTEXT, Case, good_frame, good_row

RULES = {rule.rule_id: rule for rule in load_catalogue()}
ENGINE_GRAINS = tuple(grain for grain in GRAINS if grain not in DECIDED_GRAINS)


def _case_id(case: Case) -> str:
    return f"{case.rule_id}-{case.kind}-{CASES.index(case)}"


def _run(case: Case, cells: dict[str, object]) -> RuleResult:
    grain = RULES[case.rule_id].grain
    results = run_rules(good_frame(case.kind, grain, 3, **cells), kind=case.kind, grain=grain, context=CONTEXT)
    return next(result for result in results if result.rule_id == case.rule_id)


@pytest.mark.parametrize("case", CASES, ids=_case_id)
def test_passing_case_passes(case: Case) -> None:
    result = _run(case, case.passing)
    assert (result.outcome, result.cause) == ("passed", None)
    assert result.checked_count > 0


@pytest.mark.parametrize("case", CASES, ids=_case_id)
def test_failing_case_is_caught_in_its_row_and_no_other(case: Case) -> None:
    result = _run(case, case.failing)
    assert (result.outcome, result.failed_positions.tolist(), result.cause) == ("failed", [2], None)


def test_cases_cover_the_whole_catalogue() -> None:
    assert {case.rule_id for case in CASES} == {rule.rule_id for rule in RULES.values() if rule.is_for_engine}


@pytest.mark.parametrize("case", CASES, ids=_case_id)
def test_case_is_of_a_kind_its_rule_applies_to(case: Case) -> None:
    assert RULES[case.rule_id].applies_to(case.kind)
    assert case.failing, "a failing case must change a cell"


@pytest.mark.parametrize("grain", ENGINE_GRAINS)
@pytest.mark.parametrize("kind", KINDS)
def test_good_frame_passes_every_rule_and_each_has_one_result(kind: str, grain: str) -> None:
    results = run_rules(good_frame(kind, grain), kind=kind, grain=grain, context=CONTEXT)
    assert [result.rule_id for result in results] == [rule.rule_id for rule in _rules(kind, grain)]
    assert {result.outcome for result in results} <= {"passed"}


@pytest.mark.parametrize("grain", ENGINE_GRAINS)
@pytest.mark.parametrize("kind", KINDS)
def test_suite_has_one_expectation_for_each_rule(kind: str, grain: str) -> None:
    suite = suite_for(kind, grain)
    assert suite.name == f"{kind}_{grain}" or not _rules(kind, grain)
    assert [item.meta["rule_id"] for item in suite.expectations] == [rule.rule_id for rule in _rules(kind, grain)]


@pytest.mark.parametrize("grain", ENGINE_GRAINS)
@pytest.mark.parametrize("kind", KINDS)
def test_rules_and_good_frames_keep_to_the_columns_agreed_with_intake(kind: str, grain: str) -> None:
    assert set(good_row(kind, grain)) == set(columns_of(kind, grain))
    frame = good_frame(kind, grain)
    for rule in _rules(kind, grain):
        assert all(has_column(frame, column) for column in rule.frame_columns()), rule.rule_id


def _rules(kind: str, grain: str) -> tuple[Rule, ...]:
    return rules_for(load_catalogue(), kind, grain)
