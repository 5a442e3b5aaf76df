"""Laws of dividing money over places: the macro and the models of place history themselves, on invented money and histories."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
QUICK = settings(max_examples=40, derandomize=True, database=None, deadline=None)
SLOW = settings(max_examples=15, derandomize=True, database=None, deadline=None)
MACROS = "".join((PROJECT / "macros" / f"{name}.sql").read_text() for name in ("largest_remainder", "financial_year"))
WHOLE = 10**12


def rendered(text: str) -> str:
    """SQL of a model's text; a ref is a table of that name."""
    return jinja2.Environment().from_string(MACROS + text).render(ref=lambda name: name)


def model(folder: str, name: str) -> str:
    """`create view` of a model of the project."""
    return f"create view {name} as {rendered((PROJECT / 'models' / folder / f'{name}.sql').read_text())}"


def divided(connection: duckdb.DuckDBPyConnection, pence: int, units: dict[str, int]) -> dict[str, int]:
    connection.execute(
        "create or replace table shares (group_id integer, code varchar, pence hugeint, units hugeint, total hugeint)"
    )
    total = sum(units.values())
    connection.executemany(
        "insert into shares values (1, ?, ?, ?, ?)", [[code, pence, unit, total] for code, unit in units.items()]
    )
    sql = rendered('{{ largest_remainder("shares", "group_id", "pence", "units", "total", "code") }}')
    return dict(connection.execute(f"select code, part_pence from ({sql})").fetchall())


codes = st.sampled_from([f"P{number}" for number in range(9)])
weights = st.dictionaries(codes, st.integers(0, WHOLE), min_size=1).filter(lambda units: sum(units.values()) > 0)


@QUICK
@given(st.integers(-(10**14), 10**14), weights)
def test_largest_remainder_divides_without_loss(pence: int, units: dict[str, int]) -> None:
    with duckdb.connect() as connection:
        parts = divided(connection, pence, units)
        assert sum(parts.values()) == pence
        total = sum(units.values())
        for code, part in parts.items():
            assert part == 0 or (part > 0) == (pence > 0)
            assert abs(part - Fraction(pence * units[code], total)) < 1
            assert units[code] or part == 0
        assert parts == {code: -part for code, part in divided(connection, -pence, units).items()}
        assert parts == divided(connection, pence, dict(reversed(units.items())))


@QUICK
@given(st.integers(1, 1000), st.integers(1, 9), st.integers(1, WHOLE))
def test_equal_claims_on_a_penny_go_by_place_code(pence: int, count: int, unit: int) -> None:
    with duckdb.connect() as connection:
        parts = divided(connection, pence, {f"P{number}": unit for number in range(count)})
    ordered = [parts[f"P{number}"] for number in range(count)]
    assert ordered == sorted(ordered, reverse=True) and ordered[0] - ordered[-1] <= 1


def geography(changes: list[tuple[str, str, str, Fraction]], people: dict[tuple[str, str], int]) -> duckdb.DuckDBPyConnection:
    """The models of place history over changes (old, new, kind, weight) and populations (place, vintage)."""
    connection = duckdb.connect()
    connection.execute("create table stg_registry__places (place_code varchar, valid_from date, valid_to date)")
    places = sorted({code for change in changes for code in change[:2]} | {"ALONE"})
    connection.executemany("insert into stg_registry__places values (?, null, null)", [[code] for code in places])
    connection.execute(
        "create table stg_registry__place_changes (from_place_code varchar, to_place_code varchar, change_kind varchar,"
        " weight decimal(18, 12), weight_basis varchar, vintage varchar)"
    )
    rows = [[old, new, kind, f"{float(weight):.12f}", "population", "2021"] for old, new, kind, weight in changes]
    if rows:
        connection.executemany("insert into stg_registry__place_changes values (?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        "create table stg_registry__populations (place_code varchar, vintage varchar, reference_year integer,"
        " population_count bigint)"
    )
    counts = [[code, vintage, int(vintage[-4:]), count] for (code, vintage), count in people.items()]
    if counts:
        connection.executemany("insert into stg_registry__populations values (?, ?, ?, ?)", counts)
    connection.execute(model("intermediate/place", "int_place__lineage"))
    connection.execute(model("intermediate/place", "int_place__restatements"))
    return connection


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[str, str, str, Fraction]], dict[tuple[str, str], int]]:
    """Three generations of places; each place of one goes to one of the next (merge or recode) or is split over two."""
    changes: list[tuple[str, str, str, Fraction]] = []
    for generation in (0, 1):
        olds = [f"G{generation}{letter}" for letter in "abcd"]
        news = [f"G{generation + 1}{letter}" for letter in "abc"]
        for old in olds if generation == 0 else news and [f"G1{letter}" for letter in "abc"]:
            if draw(st.booleans()) and generation == 1:
                continue
            if draw(st.integers(0, 3)) == 0:
                first, second = draw(st.permutations(news))[:2]
                share = Fraction(draw(st.integers(1, 9)), 10)
                changes += [(old, first, "split", share), (old, second, "split", 1 - share)]
            else:
                changes.append((old, draw(st.sampled_from(news)), "merge", Fraction(1)))
    vintages = draw(st.sets(st.sampled_from(["census_2011", "census_2021"])))
    people = {
        (f"G0{letter}", vintage): draw(st.integers(1, 10**6))
        for letter in "abcd"
        for vintage in sorted(vintages)
        if draw(st.integers(0, 4))
    }
    return changes, people


@SLOW
@given(histories())
def test_a_restated_place_keeps_all_of_itself(
    history: tuple[list[tuple[str, str, str, Fraction]], dict[tuple[str, str], int]],
) -> None:
    """Every code is on both geographies, whole, at codes that are ends of the chain, unless its parts were never counted."""
    changes, people = history
    followed, formed = {old for old, *_ in changes}, {new for _, new, *_ in changes}
    with geography(changes, people) as connection:
        rows = connection.execute(
            "select geography, place_code, restated_place_code, weight_units, total_units, restated_by from int_place__restatements"
        ).fetchall()
        places = {row[0] for row in connection.execute("select place_code from stg_registry__places").fetchall()}
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for geo, code, target, units, total, by in rows:
            sums[geo, code] += units
            assert 0 <= units <= total
            if geo == "as_is_now":
                assert target not in followed
            elif by == "not_divided":
                assert target == code
            else:
                assert target not in formed
        assert set(sums) == {(geo, code) for geo in ("as_is_now", "as_first_was") for code in places}
        assert all(sums[geo, code] == total > 0 for geo, code, _, _, total, _ in rows)
        units = {target: unit for geo, code, target, unit, *_ in rows if (geo, code) == (rows[0][0], rows[0][1])}
        assert sum(divided(connection, 123_457, units).values()) == 123_457


@SLOW
@given(histories())
def test_back_and_forth_is_where_it_started(
    history: tuple[list[tuple[str, str, str, Fraction]], dict[tuple[str, str], int]],
) -> None:
    """Where nothing was split, every part that a place of today is divided into is wholly that place today."""
    changes, people = history
    if any(kind == "split" for _, _, kind, _ in changes):
        changes = [(old, new, "merge", Fraction(1)) for old, new in {old: new for old, new, *_ in changes}.items()]
    with geography(changes, people) as connection:
        astray = connection.execute(
            """
            select back.place_code, back.restated_place_code, forth.restated_place_code
            from int_place__restatements as back
            inner join int_place__restatements as forth
                on back.restated_place_code = forth.place_code and forth.geography = 'as_is_now'
            inner join int_place__restatements as now on back.place_code = now.place_code and now.geography = 'as_is_now'
            where back.geography = 'as_first_was'
                and (forth.restated_place_code <> now.restated_place_code or forth.weight_units <> forth.total_units)
            """
        ).fetchall()
    assert astray == []


@pytest.fixture(scope="module")
def shipped() -> duckdb.DuckDBPyConnection:
    """The shipped places with areas of the test."""
    connection = duckdb.connect()
    for table in ("places", "place_changes", "populations"):
        path = PROJECT / "seeds" / f"seed_{table}.csv"
        connection.execute(f"create table stg_registry__{table} as select * from read_csv('{path}', header = true)")
    connection.execute("alter table stg_registry__place_changes alter vintage type varchar")
    connection.execute("alter table stg_registry__place_changes alter weight type decimal(18, 12)")
    connection.execute(model("intermediate/place", "int_place__lineage"))
    connection.execute(model("intermediate/place", "int_place__restatements"))
    connection.execute(
        "create table int_agency__counting_layer as select unnest(['2014-15', '2019-20', '2024-25']) as financial_year"
    )
    connection.execute(
        "create table stg_registry__areas as select area_code, place_code, null::date as valid_from, null::date as valid_to"
        " from (values ('CUMBERLAND', 'E06000063'), ('CHRISTCHURCH', 'E07000048'), ('DORSET-COAST', 'E07000048'),"
        " ('DORSET-COAST', 'E06000028'), ('DORSET-COAST', 'E06000029'), ('GATESHEAD', 'E08000037')) as t (area_code, place_code)"
    )
    connection.execute(model("intermediate/scope", "int_scope__places"))
    return connection


@pytest.mark.parametrize(
    ("area", "year", "inside", "outside"),
    [
        ("CUMBERLAND", "2014-15", {"E07000026", "E07000028", "E07000029"}, {"E07000027", "E06000064"}),
        ("GATESHEAD", "2014-15", {"E08000020", "E08000037"}, set[str]()),
        # One part of a merged place does not bring the whole place in; all of its parts do.
        ("CHRISTCHURCH", "2019-20", {"E07000048"}, {"E06000058"}),
        ("DORSET-COAST", "2019-20", {"E06000058"}, {"E06000059"}),
    ],
)
def test_an_area_holds_the_codes_that_lie_in_it_whole(
    shipped: duckdb.DuckDBPyConnection, area: str, year: str, inside: set[str], outside: set[str]
) -> None:
    rows = shipped.execute(
        "select place_code from int_scope__places where scope_kind = 'area' and scope_code = ? and financial_year = ?", [area, year]
    ).fetchall()
    held = {code for (code,) in rows}
    assert inside <= held
    assert not outside & held
