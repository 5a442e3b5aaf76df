"""The comparison of two releases, whole."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import duckdb

from orchestration.release_diff import money
from orchestration.release_diff.attribution import attribute
from orchestration.release_diff.causes import Evidence, cause_of, causes_of_columns
from orchestration.release_diff.facts import (
    Inputs,
    input_changes,
    inputs_of,
    made_with_changes,
    rule_changes,
    table_changes,
)
from orchestration.release_diff.shapes import NOUGHT, UNEXPLAINED, Cause, ChangedFigure, Figure, ReleaseDiff, gathered
from orchestration.release_history import Release

MEMORY = "1GB"  # what does not fit is spilled to disk


@contextmanager
def attached(before: Release, after: Release) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with both releases, read-only, as `a` and `b`."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set temp_directory = ?", [folder])
        connection.execute("set preserve_insertion_order = false")
        for side, release in (("a", before), ("b", after)):
            connection.execute(f"attach '{str(release.database).replace(chr(39), chr(39) * 2)}' as {side} (read_only)")
        yield connection


def compare_releases(before: Release, after: Release) -> ReleaseDiff:
    """Everything that differs, each changed figure with causes whose money sums to its difference.

    Raises duckdb.Error when a release's database cannot be read.
    """
    old, new = inputs_of(before), inputs_of(after)
    made_with = made_with_changes(before, after)
    if before.release_id == after.release_id:
        return ReleaseDiff(before.release_id, after.release_id, (), {}, (), (), ())
    with attached(before, after) as connection:
        figures = _figures(connection, old, new, made_with)
        rules = rule_changes(connection)
    return ReleaseDiff(
        before.release_id, after.release_id, input_changes(old, new), made_with, rules, table_changes(before, after), figures
    )


def _figures(
    connection: duckdb.DuckDBPyConnection, old: Inputs, new: Inputs, made_with: dict[str, list[str]]
) -> tuple[ChangedFigure, ...]:
    changed = money.changed_figures(connection)
    if not changed:
        return ()
    money.choose_agency_years(connection, [row.figure for row in changed if row.has_other_money])
    money.read_changed_lines(connection)
    evidence = Evidence(old, new, made_with, _repeated(connection), _kinds(changed), money.returns_that_changed(connection))
    strands = money.strands(connection)
    causes: dict[Figure, list[Cause]] = defaultdict(list)
    if strands:
        for effect in attribute(strands, money.legs(connection), may_places_differ=evidence.may_places_differ):
            causes[effect.figure].append(cause_of(effect, evidence))
    return tuple(sorted((_figure(row, causes.get(row.figure, []), evidence, bool(strands)) for row in changed), key=_by_size))


def _figure(row: money.ChangedRow, causes: list[Cause], evidence: Evidence, has_strands: bool) -> ChangedFigure:
    was, now = row.before, row.after
    columns = [column for column in {**was, **now} if was.get(column) != now.get(column)]
    bare = ChangedFigure(
        row.figure, row.place_name, was.get("aggregate_gbp"), now.get("aggregate_gbp"), was.get("consolidated_gbp"),
        now.get("consolidated_gbp"), {c: was.get(c) for c in columns}, {c: now.get(c) for c in columns},
    )  # fmt: skip
    told = [cause for cause in gathered(causes) if cause.aggregate_gbp or cause.consolidated_gbp]
    aggregate = bare.aggregate_difference_gbp - sum((c.aggregate_gbp for c in told), NOUGHT)
    consolidated = bare.consolidated_difference_gbp - sum((c.consolidated_gbp for c in told), NOUGHT)
    if aggregate or consolidated:
        words = "no cause was found" if has_strands else "a release made before fct_allocation was published tells no causes"
        told.append(Cause(UNEXPLAINED, words, aggregate_gbp=aggregate, consolidated_gbp=consolidated))
    if was and now:
        told += causes_of_columns(columns, row.figure, evidence)
    elif not told:  # a row without money that came or went, with all its columns: an agency that returned, or no longer does
        told += causes_of_columns(["coverage_status"], row.figure, evidence)
    return replace(bare, causes=tuple(told))


def _by_size(figure: ChangedFigure) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    return (
        -abs(figure.consolidated_difference_gbp),
        -abs(figure.aggregate_difference_gbp),
        tuple(part or "" for part in figure.figure),
    )


def _kinds(changed: Iterable[money.ChangedRow]) -> dict[tuple[str, str], tuple[str, str]]:
    """(agency, year) -> kinds of return whose account counted before and after."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in changed:
        key = (row.figure.agency_slug, row.figure.financial_year)
        before, after = found.get(key, ("none", "none"))
        found[key] = (row.before.get("kind") or before, row.after.get("kind") or after)
    return found


def _repeated(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Revisions of which another amount is counted in another file of the agency."""
    if "repeated_gbp" not in money.columns_in_both(connection, "qa_return_ledger"):
        return frozenset()
    sides = " union all ".join(
        f"select '{side}' as side, revision_id, repeated_count from {side}.qa_return_ledger" for side in ("a", "b")
    )
    rows = connection.execute(
        f"select revision_id from ({sides}) group by revision_id"
        " having sum(repeated_count) filter (side = 'a') is distinct from sum(repeated_count) filter (side = 'b')"
    ).fetchall()
    return frozenset(row[0] for row in rows)
