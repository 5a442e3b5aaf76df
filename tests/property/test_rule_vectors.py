"""The vectorised rules and Great Expectations say the same of every row; many frames together give what each gives alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import KINDS, Rule, load_catalogue, rules_for
from expectations.frames import columns_of, engine_frame
from expectations.runner import run_rules, run_rules_together
from expectations.vector import applies, failing
from tests.rules.rule_cases import CASES, CONTEXT, good_frame

QUICK = settings(max_examples=10, derandomize=True, database=None, deadline=None)


def _values(kind: str, column: str) -> list[object]:
    """Good, bad and blank cells of a column, out of the bank of rule cases."""
    good = list(good_frame(kind, "line")[column])
    cells = [cells[column] for case in CASES if case.kind == kind for cells in (case.passing, case.failing) if column in cells]
    return [*good[:1], *cells] + ([] if isinstance(good[0], (bool, np.bool_, int, np.integer)) else [None])


@st.composite
def frames(draw: st.DrawFn, kind: str) -> pd.DataFrame:
    count = draw(st.integers(min_value=0, max_value=8))
    columns = {name: [draw(st.sampled_from(_values(kind, name))) for _ in range(count)] for name in columns_of(kind, "line")}
    like = good_frame(kind, "line")
    return pd.DataFrame(
        {name: pd.Series(values, dtype=None if like[name].dtype != bool else bool) for name, values in columns.items()}
    )


def _rules(kind: str) -> tuple[Rule, ...]:
    return rules_for(load_catalogue(), kind, "line")


@pytest.mark.parametrize("kind", KINDS)
def test_a_vectorised_rule_says_what_the_engine_says(kind: str) -> None:
    @QUICK
    @given(frame=frames(kind))
    def check(frame: pd.DataFrame) -> None:
        results = {r.rule_id: r for r in run_rules(frame, kind=kind, grain="line", context=CONTEXT)}
        for rule in _rules(kind):
            prepared = engine_frame(frame, rule.frame_columns())
            if results[rule.rule_id].outcome == "could_not_run":
                assert rule.on_blank == "could_not_run" and prepared[rule.column].isna().any()
                continue
            assert (
                np.flatnonzero(failing(rule, prepared, kind, CONTEXT)).tolist() == results[rule.rule_id].failed_positions.tolist()
            )
            assert int(applies(rule, prepared).sum()) == results[rule.rule_id].checked_count, rule.rule_id

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_frames_together_give_what_each_gives_alone(kind: str) -> None:
    @settings(QUICK, max_examples=3)  # each calls the engine for every frame
    @given(some=st.lists(frames(kind), min_size=2, max_size=3))
    def check(some: list[pd.DataFrame]) -> None:
        together = run_rules_together(some, kind=kind, grain="line")
        for frame, results in zip(some, together, strict=True):
            alone = run_rules(frame, kind=kind, grain="line", context={})
            assert [(r.rule_id, r.outcome, r.checked_count, r.failed_positions.tolist()) for r in results] == [
                (r.rule_id, r.outcome, r.checked_count, r.failed_positions.tolist()) for r in alone
            ]

    check()


def test_a_rule_that_cannot_run_on_one_frame_runs_on_the_others() -> None:
    good, bad = good_frame("spend", "line"), good_frame("spend", "line").drop(columns="agency_known")
    first, second = run_rules_together([good, bad], kind="spend", grain="line")
    assert {r.outcome for r in first} <= {"passed", "not_applicable"}
    assert [r.rule_id for r in second if r.outcome == "could_not_run"] == ["agency_is_known"]
