"""Laws of supplier overlap over the model itself: what one more payer, one more pound or the threshold do to it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from duplicate_models import PROJECT, rendered
from hypothesis import given, settings
from hypothesis import strategies as st

MODEL = PROJECT / "models" / "intermediate" / "supplier" / "int_supplier__payers.sql"
THRESHOLD = 50_000  # pence
SUPPLIERS = st.sampled_from(["a", "b", "c"])
AGENCIES = ("council", "police", "fire", "board")
Paid = dict[tuple[str, str], int]
paid_pence = st.dictionaries(
    st.tuples(SUPPLIERS, st.sampled_from(AGENCIES)), st.integers(1, 200_000) | st.sampled_from([49_999, 50_000, 50_001])
)


def _model() -> str:
    """The SQL of int_supplier__payers on tables of the models' names."""
    macros = (PROJECT / "macros" / "supplier_overlap.sql").read_text(encoding="utf-8")
    return rendered(macros + MODEL.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_supplier__placed (kind_no integer, site_no integer, supplier_no integer, class_no tinyint,"
            " method_grade varchar, is_credit boolean, part_pence bigint, whole_pence bigint)"
        )
        connection.execute("create table int_supplier__kinds (kind_no integer, payer_no integer)")
        connection.executemany("insert into int_supplier__kinds values (?, ?)", [(n, n) for n in range(len(AGENCIES))])
        connection.execute(f"create view payers as {_model()}")
        yield connection


def _measures(database: duckdb.DuckDBPyConnection, paid: Paid, weight: int = 1) -> tuple[int, int]:
    """SS and SN in pence of a place that has one part in `weight` of every payer."""
    database.execute("delete from int_supplier__placed")
    for (supplier, agency), pence in paid.items():
        database.execute(
            "insert into int_supplier__placed values (?, 1, ?, 2, 'A', false, ?, ?)",
            [AGENCIES.index(agency), ord(supplier), pence // weight, pence],
        )
    found = database.execute(
        "select coalesce(sum(spend_pence), 0), coalesce(sum(spend_pence) filter (where payer_rank > 1), 0) from payers"
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


@settings(max_examples=60, deadline=None)
@given(paid=paid_pence)
def test_it_is_what_the_formula_says(database: duckdb.DuckDBPyConnection, paid: Paid) -> None:
    shared, non_lead = 0, 0
    for supplier in "abc":
        spends = [pence for (name, _), pence in paid.items() if name == supplier and pence >= THRESHOLD]
        if len(spends) > 1:
            shared += sum(spends)
            non_lead += sum(spends) - max(spends)
    assert _measures(database, paid) == (shared, non_lead)
    assert 0 <= non_lead <= shared <= sum(paid.values())


@settings(max_examples=40, deadline=None)
@given(paid=paid_pence, supplier=SUPPLIERS, agency=st.sampled_from(AGENCIES), pence=st.integers(1, 200_000))
def test_a_further_payer_never_lowers_it(
    database: duckdb.DuckDBPyConnection, paid: Paid, supplier: str, agency: str, pence: int
) -> None:
    without = {key: value for key, value in paid.items() if key != (supplier, agency)}
    before, after = _measures(database, without), _measures(database, without | {(supplier, agency): pence})
    assert after[0] >= before[0] and after[1] >= before[1]


@settings(max_examples=20, deadline=None)
@given(agency=st.sampled_from(AGENCIES), spends=st.dictionaries(SUPPLIERS, st.integers(1, 10**9)))
def test_one_payer_shares_nothing(database: duckdb.DuckDBPyConnection, agency: str, spends: dict[str, int]) -> None:
    assert _measures(database, {(supplier, agency): pence for supplier, pence in spends.items()}) == (0, 0)


@pytest.mark.parametrize(("pence", "expected"), [(THRESHOLD - 1, (0, 0)), (THRESHOLD, (60_000 + THRESHOLD, THRESHOLD))])
def test_the_threshold(database: duckdb.DuckDBPyConnection, pence: int, expected: tuple[int, int]) -> None:
    assert _measures(database, {("a", "council"): 60_000, ("a", "police"): pence}) == expected


def test_the_threshold_is_before_the_division_over_places(database: duckdb.DuckDBPyConnection) -> None:
    assert _measures(database, {("a", "council"): 60_000, ("a", "police"): 80_000}, weight=10) == (14_000, 6_000)


def test_a_body_counts_with_the_one_that_took_over(database: duckdb.DuckDBPyConnection) -> None:
    numbers = [AGENCIES.index("council"), AGENCIES.index("police")]
    database.execute("update int_supplier__kinds set payer_no = ? where kind_no = ?", numbers)
    try:
        assert _measures(database, {("a", "council"): 60_000, ("a", "police"): 70_000}) == (0, 0)
    finally:
        database.execute("update int_supplier__kinds set payer_no = kind_no")
