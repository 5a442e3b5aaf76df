"""run_rules: a frame in, exactly one RuleResult out for every rule of the catalogue that concerns it.

A rule passes only when the engine says that it looked at every row and found none failing. Anything else that is not a
list of failing rows - a missing column, an exception, a value nobody supplied, a result that does not come back - is
`could_not_run` with its cause, never a pass.

Does not belong here: what happens to the rows (quarantine), the words (wording), or GX itself (engine).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.catalogue import DECIDED_GRAINS, GRAINS, KINDS, Rule, load_catalogue, rules_for
from expectations.engine import EngineResult, validate
from expectations.frames import engine_frame, engine_value, has_column
from expectations.suites import build_suite
from expectations.vector import applies

Outcome = Literal["passed", "failed", "not_applicable", "could_not_run"]

# Rules to results: the seam at which a test makes a rule raise or lose its result.
Engine = Callable[[pd.DataFrame, tuple[Rule, ...], str, Mapping[str, object]], Sequence[EngineResult]]

_NO_POSITIONS: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
_NO_POSITIONS.flags.writeable = False

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class RuleResult:
    """One rule on one frame.

    `checked_count` is the rows the rule had something to check in; `failed_positions` the failing rows as positions in
    the frame (0-based, ascending, all of them); `cause` says why a rule could not run or did not apply. A rule that
    expects rows fails on an empty frame without a position.
    """

    rule_id: str
    outcome: Outcome
    checked_count: int
    failed_positions: npt.NDArray[np.int64]
    cause: str | None

    @property
    def failed_count(self) -> int:
        return len(self.failed_positions)


def run_rules(
    frame: pd.DataFrame,
    *,
    kind: str,
    grain: str,
    context: Mapping[str, object],
    on: date | None = None,
    rules: Sequence[Rule] | None = None,
    engine: Engine | None = None,
) -> list[RuleResult]:
    """Check a frame against the rules of a kind and grain; results in catalogue order.

    `context` holds the values the catalogue looks up with `$` (`period_min` and `period_max` for spend lines: dates or
    datetimes, both inclusive). `on` picks the rules in force on a day (default: all not retired). `rules` replaces the
    catalogue and `engine` Great Expectations. Raises ValueError for a kind or grain that has no frame; faults of the
    frame, the context or the engine are results.
    """
    if kind not in KINDS or grain not in GRAINS:
        raise ValueError(f"there are no rules for kind {kind!r} and grain {grain!r}")
    if grain in DECIDED_GRAINS:
        raise ValueError(f"rules of the {grain} grain are decided without the engine")
    wanted = rules_for(load_catalogue() if rules is None else rules, kind, grain, on)
    if len(frame) == 0:
        return [_result_without_rows(rule) for rule in wanted]

    obstacles = {rule: _obstacle(rule, frame, kind, context) for rule in wanted}
    runnable = tuple(rule for rule, cause in obstacles.items() if cause is None)
    found = _run(engine or great_expectations_engine, frame, runnable, kind, context)
    return [
        _could_not_run(rule, cause) if cause is not None else _judge(rule, found.get(rule.rule_id, []), len(frame))
        for rule, cause in obstacles.items()
    ]


def run_rules_together(
    frames: Sequence[pd.DataFrame], *, kind: str, grain: str, rules: Sequence[Rule] | None = None, engine: Engine | None = None
) -> list[list[RuleResult]]:
    """`run_rules` over many frames in one call of the engine, because each call costs: one list of results per frame.

    For rules that look up nothing in the context. Where a rule could not run on all frames together, the frames are run one by
    one: a fault in one return is not the others'.
    """
    filled = [i for i, frame in enumerate(frames) if len(frame)]
    alone = {
        i: run_rules(frame, kind=kind, grain=grain, context={}, rules=rules) for i, frame in enumerate(frames) if not len(frame)
    }
    if len(filled) > 1:
        whole = pd.concat([frames[i] for i in filled], ignore_index=True)
        together = run_rules(whole, kind=kind, grain=grain, context={}, rules=rules, engine=engine)
        if all(result.outcome != "could_not_run" for result in together):
            split = _split(together, whole, [len(frames[i]) for i in filled], load_catalogue() if rules is None else rules)
            return [alone[i] if i in alone else split[filled.index(i)] for i in range(len(frames))]
    return [
        alone[i] if i in alone else run_rules(frame, kind=kind, grain=grain, context={}, rules=rules, engine=engine)
        for i, frame in enumerate(frames)
    ]


def _split(
    results: Sequence[RuleResult], whole: pd.DataFrame, lengths: Sequence[int], rules: Sequence[Rule]
) -> list[list[RuleResult]]:
    """The results of a frame as results of the frames it was made of. The rows a rule checked are counted anew, and have to be as
    many as the engine says."""
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    by_id = {rule.rule_id: rule for rule in rules}
    prepared = engine_frame(whole, (column for result in results for column in by_id[result.rule_id].frame_columns()))
    split: list[list[RuleResult]] = [[] for _ in lengths]
    for result in results:
        checked = np.add.reduceat(applies(by_id[result.rule_id], prepared).astype(np.int64), bounds[:-1])
        agrees = int(checked.sum()) == result.checked_count
        for part, start in enumerate(bounds[:-1]):
            own = result.failed_positions[np.searchsorted(result.failed_positions, [start])[0] :]
            own = own[: np.searchsorted(own, [bounds[part + 1]])[0]] - start
            own.flags.writeable = False
            if not agrees:
                cause = f"the engine checked {result.checked_count} rows where {int(checked.sum())} have something to check"
                split[part].append(RuleResult(result.rule_id, "could_not_run", 0, _NO_POSITIONS, cause))
            elif checked[part] == 0 and not len(own):
                split[part].append(RuleResult(result.rule_id, "not_applicable", 0, own, "no row has anything to check"))
            else:
                split[part].append(RuleResult(result.rule_id, "failed" if len(own) else "passed", int(checked[part]), own, None))
    return split


def _result_without_rows(rule: Rule) -> RuleResult:
    outcome: Outcome = "failed" if rule.expects_rows else "not_applicable"
    return RuleResult(rule.rule_id, outcome, 0, _NO_POSITIONS, "there are no rows to check")


def _obstacle(rule: Rule, frame: pd.DataFrame, kind: str, context: Mapping[str, object]) -> str | None:
    """Why a rule cannot even be given to the engine."""
    for column in rule.frame_columns():
        if not has_column(frame, column):
            return f"the column {column!r} is not in the frame"
    for name in rule.context_names(kind):
        # GX would take None for "no bound" and pass.
        if pd.isna(context.get(name)) is True:
            return f"the run's context has no {name!r}"
    return None


def _run(
    engine: Engine, frame: pd.DataFrame, rules: tuple[Rule, ...], kind: str, context: Mapping[str, object]
) -> dict[str, list[EngineResult]]:
    """The engine's results by rule. If it raises, the rules run one at a time: a bad one takes no other with it."""
    if not rules:
        return {}
    try:
        results = list(engine(frame, rules, kind, context))
    except Exception:  # nothing is hidden: logged whole, and the second go turns it into a could_not_run
        logger.exception("the engine raised on %d rules of %s; running them one by one", len(rules), kind)
        results = [result for rule in rules for result in _run_alone(engine, frame, rule, kind, context)]
    by_rule: dict[str, list[EngineResult]] = {}
    for result in results:
        by_rule.setdefault(result.rule_id, []).append(result)
    return by_rule


def _run_alone(engine: Engine, frame: pd.DataFrame, rule: Rule, kind: str, context: Mapping[str, object]) -> Sequence[EngineResult]:
    try:
        return engine(frame, (rule,), kind, context)
    except Exception as error:  # see _run
        logger.exception("the rule %s could not run", rule.rule_id)
        cause = f"{type(error).__name__}: {error}"
        return [EngineResult(rule.rule_id, False, 0, 0, 0, _NO_POSITIONS, cause)]


def great_expectations_engine(
    frame: pd.DataFrame, rules: tuple[Rule, ...], kind: str, context: Mapping[str, object]
) -> Sequence[EngineResult]:
    """The engine of every real run."""
    prepared = engine_frame(frame, (column for rule in rules for column in rule.frame_columns()))
    parameters = {name: engine_value(context[name]) for rule in rules for name in rule.context_names(kind)}
    return validate(prepared, build_suite(rules, kind), parameters)


def _judge(rule: Rule, results: Sequence[EngineResult], row_count: int) -> RuleResult:
    """What the engine's results for one rule amount to."""
    if len(results) != 1:
        return _could_not_run(rule, "the engine returned " + ("more than one result" if results else "no result"))
    result = results[0]
    positions = result.failed_positions
    checked_count = result.row_count - result.missing_count
    if result.error is not None:
        return _could_not_run(rule, result.error)
    if not rule.row_condition and result.row_count != row_count:
        return _could_not_run(rule, f"the engine looked at {result.row_count} rows of {row_count}")
    if len(positions) != result.failed_count or result.success != (result.failed_count == 0):
        return _could_not_run(rule, f"the engine counted {result.failed_count} failing rows and listed {len(positions)} of them")
    if rule.on_blank == "could_not_run" and result.missing_count:
        return _could_not_run(rule, f"{result.missing_count} rows have no value in {rule.column!r}, where none is blank")
    if checked_count == 0:
        return RuleResult(rule.rule_id, "not_applicable", 0, _NO_POSITIONS, "no row has anything to check")
    positions.flags.writeable = False
    return RuleResult(rule.rule_id, "failed" if len(positions) else "passed", checked_count, positions, None)


def _could_not_run(rule: Rule, cause: str) -> RuleResult:
    return RuleResult(rule.rule_id, "could_not_run", 0, _NO_POSITIONS, cause)
