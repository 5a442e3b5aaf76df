"""The best assignment of columns to fields: exact, small. One column serves one field."""

from __future__ import annotations

from collections.abc import Sequence


def best_assignment(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row (field) of a table of scores the column given to it, so that the sum is largest; -1 where none is left.

    The Hungarian method with potentials, O(rows² x columns). A field that nothing fits still gets a column: callers look at
    the score.
    """
    row_count = len(scores)
    column_count = max(row_count, len(scores[0]) if scores else 0)
    padded = [[-row[j] if j < len(row) else 0.0 for j in range(column_count)] for row in scores]
    row_price, column_price = [0.0] * (row_count + 1), [0.0] * (column_count + 1)
    taken_by, way = [0] * (column_count + 1), [0] * (column_count + 1)
    for row in range(1, row_count + 1):
        taken_by[0], column = row, 0
        slack = [float("inf")] * (column_count + 1)
        seen = [False] * (column_count + 1)
        while taken_by[column]:
            seen[column] = True
            current, step, nearest = taken_by[column], float("inf"), 0
            for j in range(1, column_count + 1):
                if seen[j]:
                    continue
                reduced = padded[current - 1][j - 1] - row_price[current] - column_price[j]
                if reduced < slack[j]:
                    slack[j], way[j] = reduced, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(column_count + 1):
                if seen[j]:
                    row_price[taken_by[j]] += step
                    column_price[j] -= step
                else:
                    slack[j] -= step
            column = nearest
        while column:
            taken_by[column], column = taken_by[way[column]], way[column]
    given = [-1] * row_count
    for j in range(1, column_count + 1):
        if taken_by[j] and j <= (len(scores[0]) if scores else 0):
            given[taken_by[j] - 1] = j - 1
    return given
