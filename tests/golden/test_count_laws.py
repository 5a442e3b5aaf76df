"""Laws of consolidation over random money, on the SQL of the treatment itself in a bare database.

The compiled model runs on tables written here: no pipeline, no build of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import jinja2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
MACROS = [ROOT / "dbt_project" / "macros" / f"{name}.sql" for name in ("transfer_kinds", "treatment")]
MODEL = ROOT / "dbt_project" / "models" / "intermediate" / "count" / "int_count__treated.sql"
YEAR, PLACE = "2024-25", "X"
RETURNING = ("a", "b", "c")  # agencies whose returns are in; `t` is the one whose return is added
KINDS = (None, "purchase", "grant", "pooled", "recharge", "collection_on_behalf", "tax")


class Outlay(NamedTuple):
    """One group of allocated money."""

    agency: str
    payee: str | None
    kind: str | None
    pence: int
    service: str
    capital: str
    place: str


@pytest.fixture(scope="module")
def treated() -> Iterator[Any]:
    """A function from outlays, returned agencies and net agencies to the treated rows, by the model's own SQL."""
    text = "".join(path.read_text() for path in MACROS) + MODEL.read_text()
    sql = jinja2.Environment(autoescape=False).from_string(text).render(ref=lambda name: name)
    connection = duckdb.connect()
    connection.execute("""
        create table int_place__allocated (
            agency_slug varchar, counterparty_agency varchar, transfer_kind varchar, amount_pence bigint, service_code varchar,
            capital_or_revenue varchar, place_code varchar, financial_year varchar, flow varchar, funding_route varchar,
            funding_stream varchar, expenditure_basis varchar, place_basis varchar, method_grade varchar);
        create table int_place__perimeter (place_code varchar, financial_year varchar, agency_slug varchar);
        create table int_agency__counting_layer (agency_slug varchar, financial_year varchar, has_outlays boolean);
        create table int_agency__account_basis (
            agency_slug varchar, financial_year varchar, capital_or_revenue varchar, is_net boolean);
        create table int_count__listed_receipts (
            agency_slug varchar, financial_year varchar, counterparty_agency varchar, funding_route varchar,
            expenditure_basis varchar);
        insert into int_place__perimeter select 'X', '2024-25', unnest(['a', 'b', 'c', 't']);
    """)

    def run(outlays: list[Outlay], returned: tuple[str, ...], net: frozenset[str]) -> list[tuple[Any, ...]]:
        for table in ("int_place__allocated", "int_agency__counting_layer", "int_agency__account_basis"):
            connection.execute(f"delete from {table}")
        rows = [(*o, YEAR, "outlay", "unknown", None, "gross", "in", "A") for o in outlays if o.agency in returned]
        if rows:
            marks = ", ".join("?" * 14)
            connection.executemany(f"insert into int_place__allocated values ({marks})", rows)
        for agency in returned:
            connection.execute("insert into int_agency__counting_layer values (?, ?, true)", [agency, YEAR])
            connection.execute("insert into int_agency__account_basis values (?, ?, 'all', ?)", [agency, YEAR, agency in net])
        return connection.execute(
            "select agency_slug, counterparty_agency, transfer_kind, payer_pence, amount_pence, eliminated_pence,"
            f" consolidated_pence, treatment from ({sql})"
        ).fetchall()

    yield run
    connection.close()


OUTLAYS = st.lists(
    st.builds(
        Outlay,
        st.sampled_from((*RETURNING, "t")),
        st.sampled_from((*RETURNING, "t", "far", None)),
        st.sampled_from(KINDS),
        st.integers(-50_000, 100_000),
        st.sampled_from(("01", "02", "03")),
        st.sampled_from(("revenue", "capital")),
        st.sampled_from((PLACE, PLACE, "UNALLOCATED")),
    ),
    max_size=25,
)
NET = st.frozensets(st.sampled_from((*RETURNING, "t")))
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(outlays=OUTLAYS, net=NET)
def test_adding_a_return_never_adds_more_than_its_own_outlays(treated: Any, outlays: list[Outlay], net: frozenset[str]) -> None:
    before = sum(row[6] for row in treated(outlays, RETURNING, net))
    rows = treated(outlays, (*RETURNING, "t"), net)
    own = sum(row[4] for row in rows if row[0] == "t")
    eliminated = sum(row[5] for row in rows if row[0] == "t")
    assert eliminated >= 0
    assert sum(row[6] for row in rows) <= before + own


@FEW
@given(outlays=OUTLAYS, net=NET)
def test_every_penny_is_in_one_column_and_none_is_eliminated_below_nought(
    treated: Any, outlays: list[Outlay], net: frozenset[str]
) -> None:
    rows = treated(outlays, (*RETURNING, "t"), net)
    transfers: dict[tuple[Any, ...], int] = {}
    for agency, payee, kind, payer, amount, eliminated, consolidated, treatment in rows:
        assert consolidated == amount - eliminated
        assert payer == (amount if treatment != "received" else payer)
        assert treatment != "received" or (amount, eliminated, consolidated) == (0, 0, 0)
        transfers[agency, payee, kind] = transfers.get((agency, payee, kind), 0) + eliminated
    assert all(pence >= 0 for pence in transfers.values())
    assert sum(row[3] for row in rows) == sum(outlay.pence for outlay in outlays)


@FEW
@given(outlays=OUTLAYS, net=NET, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(treated: Any, outlays: list[Outlay], net: frozenset[str], seed: Any) -> None:
    shuffled = list(outlays)
    seed.shuffle(shuffled)
    everyone = (*RETURNING, "t")
    assert sorted(treated(outlays, everyone, net), key=str) == sorted(treated(shuffled, everyone, net), key=str)


def test_a_collection_never_is_spend_whether_or_not_the_receiver_returned(treated: Any) -> None:
    outlays = [Outlay("a", "t", kind, 100, "01", "revenue", PLACE) for kind in ("collection_on_behalf", "tax")]
    for returned in (RETURNING, (*RETURNING, "t")):
        assert [row[6] for row in treated(outlays, returned, frozenset())] == [0, 0]
