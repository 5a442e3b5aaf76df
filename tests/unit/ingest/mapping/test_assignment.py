"""The best assignment, against every assignment there is."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ingest.mapping.assignment import best_assignment

SCORES = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 5).flatmap(
        lambda columns: st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
)


@given(SCORES)
def test_sum_is_the_largest_there_is(scores: list[list[int]]) -> None:
    given_to = best_assignment(scores)
    used = [column for column in given_to if column >= 0]
    assert len(used) == len(set(used)) == min(len(scores), len(scores[0]))
    total = sum(scores[row][column] for row, column in enumerate(given_to) if column >= 0)
    width = max(len(scores), len(scores[0]))
    padded = [[*row, *[0] * (width - len(row))] for row in scores]
    assert total == max(sum(padded[r][c] for r, c in enumerate(p)) for p in permutations(range(width), len(scores)))


def test_nothing_to_assign() -> None:
    assert best_assignment([]) == []
