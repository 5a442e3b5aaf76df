"""Statements of one database side by side: which may run at one time, and running them on a few connections.

Belongs here: the order that a graph leaves open, who takes what, a transaction for each. Must not: know what a statement does.

Of a small table most of a statement's time is its planning, which DuckDB does on one thread; so two are planned at a time. Each is
committed when it is done, because another connection sees only what is committed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Condition
from typing import Generic, TypeVar

import duckdb

T = TypeVar("T", bound=Hashable)
Act = Callable[[duckdb.DuckDBPyConnection, T], object]


def run_graph(
    connection: duckdb.DuckDBPyConnection,
    depends_on: Mapping[T, Sequence[T]],
    act: Act[T],
    *,
    workers: int,
    pinned: Collection[T] = (),
    last: Collection[T] = (),
) -> None:
    """Call `act` for every item when all that it depends on is done; what is no item itself counts for nothing. The items come in
    an order in which none precedes what it depends on.

    `pinned`: done on `connection` itself. `last`: taken when nothing else can be (tests: nobody waits for them). Raises what `act`
    raises, when all that had begun has ended; what failed is not committed.
    """
    work = _Work(depends_on, pinned, last)
    with ExitStack() as opened:
        cursors = [opened.enter_context(_another(connection)) for _ in range(workers - 1)]
        pool = opened.enter_context(ThreadPoolExecutor(max(workers - 1, 1), thread_name_prefix="build"))
        others = [pool.submit(_take_part, work, cursor, act, False) for cursor in cursors]
        try:
            _take_part(work, connection, act, True)
        finally:
            failures = [error for other in others if (error := other.exception())]
    if failures:
        raise failures[0]


def _another(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor that works in the database that the connection works in, not in the first one that was opened."""
    row = connection.execute("select current_database()").fetchone()
    assert row is not None
    cursor = connection.cursor()
    cursor.execute(f'use "{row[0]}"')
    return cursor


class _Work(Generic[T]):
    """What is left to do. An item on which more depends comes before one on which less does."""

    def __init__(self, depends_on: Mapping[T, Sequence[T]], pinned: Collection[T], last: Collection[T]) -> None:
        self._is_stopped = False
        self._changed = Condition()
        self._left = len(depends_on)
        self._waits = {item: len({p for p in parents if p in depends_on}) for item, parents in depends_on.items()}
        self._next: dict[T, list[T]] = {item: [] for item in depends_on}
        height = dict.fromkeys(depends_on, 0)
        for item in reversed(list(depends_on)):
            for parent in {p for p in depends_on[item] if p in depends_on}:
                self._next[parent].append(item)
                height[parent] = max(height[parent], height[item] + 1)
        self._rank = {item: (item in last, -height[item], number) for number, item in enumerate(depends_on)}
        self._pinned = frozenset(pinned)
        self._ready: tuple[list[tuple[tuple[bool, int, int], T]], ...] = ([], [])  # for anybody, and pinned
        for item, count in self._waits.items():
            if not count:
                self._put(item)

    def _put(self, item: T) -> None:
        heapq.heappush(self._ready[item in self._pinned], (self._rank[item], item))

    def take(self, is_first: bool) -> T | None:
        """The next item, when there is one; None when all are done or somebody stopped. `is_first`: may take what is pinned."""
        with self._changed:
            while self._left and not self._is_stopped:
                for queue in reversed(self._ready) if is_first else self._ready[:1]:
                    if queue:
                        return heapq.heappop(queue)[1]
                self._changed.wait()
        return None

    def done(self, item: T) -> None:
        with self._changed:
            self._left -= 1
            for waiting in self._next[item]:
                self._waits[waiting] -= 1
                if not self._waits[waiting]:
                    self._put(waiting)
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()


def _take_part(work: _Work[T], cursor: duckdb.DuckDBPyConnection, act: Act[T], is_first: bool) -> None:
    try:
        while (item := work.take(is_first)) is not None:
            cursor.execute("begin")
            act(cursor, item)
            cursor.execute("commit")
            work.done(item)
    except BaseException:
        work.stop()
        with suppress(duckdb.Error):  # where the commit itself failed there is nothing to take back
            cursor.execute("rollback")
        raise
