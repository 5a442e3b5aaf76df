"""The language of the catalogue's `row_condition` column: which rows a rule is about.

    amount_raw is not blank
    line_count > 0 and period is blank

Clauses, joined by " and ": `<column> is blank`, `<column> is not blank` or `<column> <operator> <JSON value>`.
GX 1.9 deprecated conditions given as strings, so suites turns these clauses into GX's Condition objects. Nothing here
imports GX: the catalogue is validated without paying for its import.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_BLANK = re.compile(r"^(?P<column>[a-z][a-z0-9_]*) is (?P<negated>not )?blank$")
_COMPARISON = re.compile(r"^(?P<column>[a-z][a-z0-9_]*) (?P<operator>==|!=|>=|<=|>|<) (?P<value>.+)$")


class ConditionError(ValueError):
    """A row condition that is not in the language above."""


@dataclass(frozen=True)
class Clause:
    """One clause: `operator` is `is_blank`, `is_not_blank`, or a comparison with `value`."""

    column: str
    operator: str
    value: str | int | float | bool | None = None


def parse_condition(text: str) -> tuple[Clause, ...]:
    """The clauses of a condition, empty for a blank text. Raises ConditionError."""
    if not text.strip():
        return ()
    return tuple(_parse_clause(part.strip()) for part in text.split(" and "))


def _parse_clause(text: str) -> Clause:
    blank = _BLANK.match(text)
    if blank:
        return Clause(blank["column"], "is_not_blank" if blank["negated"] else "is_blank")
    comparison = _COMPARISON.match(text)
    if not comparison:
        raise ConditionError(f"{text!r} is not `<column> is [not] blank` or `<column> <operator> <value>`")
    try:
        value = json.loads(comparison["value"])
    except json.JSONDecodeError as error:
        raise ConditionError(f"the value in {text!r} is not JSON (text needs double quotes)") from error
    if not isinstance(value, (str, int, float, bool)):
        raise ConditionError(f"the value in {text!r} is neither text, a number nor true or false")
    return Clause(comparison["column"], comparison["operator"], value)
