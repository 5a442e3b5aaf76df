"""Catalogue rules as Great Expectations suites: one suite for each kind and grain.

Each expectation carries `meta={"rule_id": ...}`, by which the runner finds its result (GX returns those that raised
first). Values a run supplies stay GX run-time parameters, so that a suite is built once and used for every return.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from expectations.catalogue import Rule, load_catalogue, rules_for
from expectations.conditions import Clause
from expectations.engine import library, row_conditions


def suite_for(kind: str, grain: str) -> Any:
    """The gx.ExpectationSuite of all catalogue rules in force for a kind and grain."""
    return build_suite(rules_for(load_catalogue(), kind, grain), kind)


@lru_cache(maxsize=64)
def build_suite(rules: tuple[Rule, ...], kind: str) -> Any:
    """A gx.ExpectationSuite of these rules. Raises what GX raises on arguments an expectation does not take."""
    grains = "_".join(sorted({rule.grain for rule in rules}))
    return library().ExpectationSuite(name=f"{kind}_{grains}", expectations=[build_expectation(rule, kind) for rule in rules])


def build_expectation(rule: Rule, kind: str) -> Any:
    """The gx expectation of one rule."""
    arguments = {name: _argument(value) for name, value in rule.arguments_for(kind).items()}
    condition = _condition(rule.row_condition)
    if condition is not None:
        arguments["row_condition"] = condition
    expectation = getattr(library().expectations, rule.expectation)
    return expectation(column=rule.column, meta={"rule_id": rule.rule_id}, **arguments)


def _argument(value: object) -> object:
    if isinstance(value, str) and value.startswith("$"):
        return {"$PARAMETER": value[1:]}
    return list(cast(tuple[object, ...], value)) if isinstance(value, tuple) else value


def _condition(clauses: tuple[Clause, ...]) -> Any:
    conditions = [_clause(clause) for clause in clauses]
    if len(conditions) > 1:
        return row_conditions().AndCondition(conditions=conditions)
    return conditions[0] if conditions else None


def _clause(clause: Clause) -> Any:
    column = row_conditions().Column(clause.column)
    by_operator: Mapping[str, Any] = {
        "is_blank": column.is_null,
        "is_not_blank": column.is_not_null,
        "==": lambda: column == clause.value,
        "!=": lambda: column != clause.value,
        ">": lambda: column > clause.value,
        ">=": lambda: column >= clause.value,
        "<": lambda: column < clause.value,
        "<=": lambda: column <= clause.value,
    }
    return by_operator[clause.operator]()
