"""Figures, whole numbers, yes and no: what is read and what is left for a finding."""

from __future__ import annotations

import pytest

from ingest.values.numbers import parse_number, parse_truth, parse_whole


@pytest.mark.parametrize(
    ("cell", "number"),
    [("5.2", 5.2), (" 1,234.5 ", 1234.5), ("-0.25", -0.25), (".5", 0.5), (3, 3.0), (0.15, 0.15), ("1e3", 1000.0)],
)
def test_figures_are_read(cell: object, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize(
    "cell", [None, "", " ", "n/a", "12.5%", "1,23", "£5", True, float("nan"), float("inf"), "9" * 400, "e5", "٣", 10**400]
)
def test_what_is_no_figure_is_not_guessed(cell: object) -> None:
    assert parse_number(cell) is None


@pytest.mark.parametrize(("cell", "whole"), [("3", 3), (3.0, 3), ("3.5", None), ("three", None), (10**16, None)])
def test_whole_numbers(cell: object, whole: int | None) -> None:
    assert parse_whole(cell) == whole


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        ("Yes", True),
        ("FALSE", False),
        (True, True),
        (1, True),
        (0.0, False),
        ("n", False),
        ("mostly", None),
        (2, None),
        (None, None),
    ],
)
def test_yes_and_no(cell: object, truth: bool | None) -> None:
    assert parse_truth(cell) is truth
