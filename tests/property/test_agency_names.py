"""What a folder adds never takes a name from what is shipped: on every day, the agency that a name means stays that agency."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

MODEL = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "intermediate" / "flow" / "int_flow__named_bodies.sql"
QUERY = re.sub(r'\{\{ ref\("(\w+)"\) \}\}', r"\1", MODEL.read_text())
CONNECTION = duckdb.connect(config={"threads": 1})
FIRST, DAYS = date(2024, 1, 1), 6
Row = tuple[str, str | None, str | None, date | None, date | None, int]  # as int_agency__names has them

days = st.one_of(st.none(), st.integers(0, DAYS).map(lambda n: FIRST + timedelta(n)))
keys = st.sampled_from(("A", "B"))


def rows_of(slugs: str, rank: st.SearchStrategy[int]) -> st.SearchStrategy[list[Row]]:
    row = st.tuples(keys, st.sampled_from(slugs), st.none(), days, days, rank)
    return st.lists(row, max_size=4, unique=True)


bodies = st.lists(st.tuples(keys, st.none(), st.sampled_from("xy"), days, days, st.just(0)), max_size=2, unique=True)


def meant(rows: list[Row]) -> dict[tuple[str, date], tuple[str | None, str | None]]:
    """(name, day) -> what it means there."""
    CONNECTION.execute(
        "create or replace table int_agency__names (name_key varchar, agency_slug varchar, public_body_id varchar, valid_from date,"
        " valid_to date, name_rank integer)"
    )
    if rows:
        CONNECTION.executemany("insert into int_agency__names values (?, ?, ?, ?, ?, ?)", rows)
    spans = CONNECTION.execute(f"select name_key, from_date, to_date, agency_slug, public_body_id from ({QUERY})").fetchall()
    found = [FIRST + timedelta(n) for n in range(-1, DAYS + 1)]
    return {(key, day): (slug, body) for key, start, end, slug, body in spans for day in found if start <= day < end}


@settings(max_examples=40, deadline=None)
@given(shipped=rows_of("pq", st.just(0)), public=bodies, added=rows_of("rs", st.sampled_from((1, 2))))
def test_a_folder_takes_no_name_away(shipped: list[Row], public: list[Row], added: list[Row]) -> None:
    before, after = meant(shipped + public), meant(shipped + public + added)
    for where, (slug, _) in before.items():
        if slug is not None:
            assert after[where][0] == slug
    alone = meant(added)
    for where, (slug, _) in alone.items():  # and what nobody shipped has, the folder's agency has
        if where not in meant(shipped):
            ambiguous = any(row[0] == where[0] and row[1] for row in shipped)
            assert ambiguous or after[where][0] == slug


def test_a_row_about_a_shipped_agency_comes_before_one_that_adds_an_agency() -> None:
    rows: list[Row] = [("A", "p", None, None, None, 1), ("A", "r", None, None, FIRST, 2)]
    assert set(meant(rows).values()) == {("p", None)}
    twins: list[Row] = [("A", slug, None, None, None, 2) for slug in "rs"]
    assert meant(twins) == {}  # which of the two is not ours to say
