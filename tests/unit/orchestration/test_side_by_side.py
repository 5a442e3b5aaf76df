"""Statements run when what they depend on is done, on any connection; one that fails stops the others and is not committed."""

from collections.abc import Iterator
from threading import Barrier, get_ident

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.side_by_side import run_graph


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}


def _make(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    cursor.execute(f"create table {name} as select 1 as i")


def test_each_sees_what_it_depends_on(connection: duckdb.DuckDBPyConnection) -> None:
    depends_on = {"a": (), "b": ("a", "a_source"), "c": ("a",), "d": ("b", "c")}

    def make(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        read = " union all ".join(["select 1 as i", *(f"from {parent}" for parent in depends_on[name] if parent != "a_source")])
        cursor.execute(f"create table {name} as {read}")

    run_graph(connection, depends_on, make, workers=2)
    assert connection.execute("select count(*) from d").fetchone() == (1 + 2 + 2,)


def test_two_run_at_one_time(connection: duckdb.DuckDBPyConnection) -> None:
    both = Barrier(2, timeout=20)  # broken when one waits for the other to end
    run_graph(connection, {"a": (), "b": ()}, lambda cursor, name: (_make(cursor, name), both.wait()), workers=2)
    assert _tables(connection) == {"a", "b"}


def test_what_is_pinned_is_done_on_the_connection_itself(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create temp table mine as select 7 as i")  # no other connection sees it
    names = [f"t{number}" for number in range(20)]

    def make(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        cursor.execute(f"create table {name} as from temp.mine")

    run_graph(connection, dict.fromkeys(names, ()), make, workers=2, pinned=names)
    assert _tables(connection) == {"mine", *names}


def test_nothing_waits_for_what_comes_last(connection: duckdb.DuckDBPyConnection) -> None:
    done: list[str] = []
    depends_on = {"a": (), "test_a": ("a",), "b": ("a",), "c": ("b",), "test_c": ("c",)}
    run_graph(connection, depends_on, lambda _, name: done.append(name), workers=1, last={"test_a", "test_c"})
    assert done == ["a", "b", "c", "test_a", "test_c"]


@pytest.mark.parametrize("workers", [1, 2])
def test_one_that_fails_stops_the_others(connection: duckdb.DuckDBPyConnection, workers: int) -> None:
    def make(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        _make(cursor, name)
        if name == "bad":
            raise LookupError("not this way")

    depends_on = {"good": (), "bad": ("good",), "after": ("bad",), "later": ("after",)}
    with pytest.raises(LookupError, match="not this way"):
        run_graph(connection, depends_on, make, workers=workers)
    assert _tables(connection) == {"good"}


def test_the_second_connection_says_what_failed_there(connection: duckdb.DuckDBPyConnection) -> None:
    first = get_ident()
    both = Barrier(2, timeout=20)

    def act(_: duckdb.DuckDBPyConnection, name: str) -> None:
        both.wait()
        if get_ident() != first:
            raise ValueError("on the other")

    with pytest.raises(ValueError, match="on the other"):
        run_graph(connection, {"a": (), "b": ()}, act, workers=2)


@settings(deadline=None)  # threads wait for the machine
@given(st.lists(st.sets(st.integers(0, 30)), max_size=30), st.integers(1, 3))
def test_everything_is_done_once_and_in_order(parents: list[set[int]], workers: int) -> None:
    depends_on = {number: tuple(p for p in found if p < number) for number, found in enumerate(parents)}
    done: list[int] = []

    def act(_: duckdb.DuckDBPyConnection, number: int) -> None:
        assert set(depends_on[number]) <= set(done)
        done.append(number)

    with duckdb.connect() as connection:
        run_graph(connection, depends_on, act, workers=workers, pinned={0, 3}, last={2, 5})
    assert sorted(done) == list(depends_on)
