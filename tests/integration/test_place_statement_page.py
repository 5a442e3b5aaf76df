"""The statement in the documentation hangs together, and what needs no apportioning is in the returns as it stands there."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from place_statement_page import CODE, PAGE, YEAR, shown


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return shown(PAGE.read_text(encoding="utf-8")).splitlines()


def _pounds(line: str) -> list[Decimal]:
    """The amounts of a line; `-£5.00` is below nought, "£5.00 - £3.00" are two amounts."""
    return [Decimal(sign + text.replace(",", "")) for sign, text in re.findall(r"(-?)£([\d,]+\.\d\d)", line)]


def _section(lines: list[str], title: str) -> list[str]:
    """The rows of a table, without title and heads."""
    start = lines.index(next(line for line in lines if line.startswith(title)))
    return lines[start + 2 : lines.index("", start)]


def test_the_statement_is_of_hyndburn(lines: list[str]) -> None:
    assert lines[0] == f"Hyndburn ({CODE}), {YEAR}"


def test_it_adds_up(lines: list[str]) -> None:
    *bases, whole = [_pounds(row)[:3] for row in _section(lines, "Spend out")]
    assert [sum(column) for column in zip(*bases, strict=True)] == whole
    assert whole[0] - whole[1] == whole[2]
    agencies = [_pounds(row)[:3] for row in _section(lines, "Spend out by agency") if "£" in row]
    assert [sum(column) for column in zip(*agencies, strict=True)] == whole
    for title in ("Spend out, by delivery", "Themes"):
        assert sum(_pounds(row)[0] for row in _section(lines, title) if "£" in row) == whole[2]
    statement = next(line for line in lines if line.startswith("Resources in £"))
    resources, spent, left = _pounds(statement)
    assert (spent, resources - spent) == (whole[2], left)
    routes = [row for row in _section(lines, "Resources in, by route") if not re.match(r"Resources|Directed|Streams", row)]
    assert sum(_pounds(row)[0] for row in routes) == resources
    assert sum(_pounds(row)[1] for row in _section(lines, "Eliminations")) == whole[1]


@pytest.mark.returns
def test_the_councils_own_account_is_what_it_returned(lines: list[str], shared_returns: Path) -> None:
    (path,) = (shared_returns / "hyndburn-borough-council" / "count").glob(f"*{YEAR}*.csv")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    outlay = sum(Decimal(row["amount_gbp"].replace(",", "")) for row in rows if row["flow"] == "outlay")
    (row,) = [line for line in _section(lines, "Spend out by agency") if line.startswith("hyndburn-borough-council")]
    assert _pounds(row)[0] == outlay
