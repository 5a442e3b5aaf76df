"""Rules over whole columns: which rows a rule is about, and which of them fail, without the engine.

Belongs here: the catalogue's expectations and conditions in vectorised form. Two uses: the rows of a batch that the engine's
totals must be split over (runner), and the sieve that tells a large file's plain lines from those the engine has to judge
(`ingest.bulk`). Great Expectations stays the judge: `tests/property/test_rule_vectors.py` holds the two against each other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.catalogue import Rule
from expectations.conditions import Clause
from expectations.frames import engine_value

Mask = npt.NDArray[np.bool_]
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def applies(rule: Rule, frame: pd.DataFrame) -> Mask:
    """True for the rows that a rule checks: within its condition, and with a value (a rule of presence needs none).

    `frame` is one of `frames.engine_frame`.
    """
    within = np.ones(len(frame), dtype=bool)
    for clause in rule.row_condition:
        within &= _holds(clause, _column(frame, clause.column))
    if rule.expectation != "ExpectColumnValuesToNotBeNull":
        within &= _column(frame, rule.column).notna().to_numpy(dtype=bool)
    return within


def failing(rule: Rule, frame: pd.DataFrame, kind: str, context: Mapping[str, object]) -> Mask:
    """True for the rows that break a rule. Raises KeyError when the frame or the context lacks what the rule needs."""
    return applies(rule, frame) & ~_kept(rule, _column(frame, rule.column), kind, context)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return cast(pd.Series, frame[name])


def _holds(clause: Clause, column: pd.Series) -> Mask:
    if clause.operator in ("is_blank", "is_not_blank"):
        blank = column.isna().to_numpy(dtype=bool)
        return blank if clause.operator == "is_blank" else ~blank
    return _true(_COMPARE[clause.operator](column, clause.value))


def _kept(rule: Rule, column: pd.Series, kind: str, context: Mapping[str, object]) -> Mask:
    arguments = {name: _value(value, context) for name, value in rule.arguments_for(kind).items()}
    if rule.expectation == "ExpectColumnValuesToNotBeNull":
        return column.notna().to_numpy(dtype=bool)
    if rule.expectation == "ExpectColumnValuesToBeInSet":
        return column.isin(list(arguments["value_set"])).to_numpy(dtype=bool)
    if rule.expectation == "ExpectColumnValuesToMatchRegex":
        return _true(column.astype("str").str.contains(arguments["regex"], regex=True))
    kept = np.ones(len(column), dtype=bool)
    if arguments.get("min_value") is not None:
        kept &= _true(column > arguments["min_value"] if arguments.get("strict_min") else column >= arguments["min_value"])
    if arguments.get("max_value") is not None:
        kept &= _true(column < arguments["max_value"] if arguments.get("strict_max") else column <= arguments["max_value"])
    return kept


def _value(value: object, context: Mapping[str, object]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return engine_value(context[value[1:]])
    return value


def _true(column: pd.Series) -> Mask:
    return column.fillna(False).to_numpy(dtype=bool)
