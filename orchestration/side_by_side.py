"""Statements of one database side by side: which may run at one time, and running them on a few connections.

Belongs here: the levels of a graph, who takes what, a transaction for each connection and level. Must not: know what a statement
does.

Of a small table most of a statement's time is its planning, which DuckDB does on one thread; so two are planned at a time. A level
is committed before the next begins, because a connection sees only what is committed: some twenty commits for hundreds of tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

import duckdb

T = TypeVar("T")


def levels(depends_on: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many steps of the graph lie before each node. The nodes come in an order in which none precedes what it depends on; what
    is no node itself counts for nothing."""
    found: dict[str, int] = {}
    for node, parents in depends_on.items():
        found[node] = max((found[parent] + 1 for parent in parents if parent in found), default=0)
    return found


def run_levels(
    connection: duckdb.DuckDBPyConnection,
    ahead: Sequence[Sequence[T]],
    beside: Sequence[Sequence[T]],
    act: Callable[[duckdb.DuckDBPyConnection, T], None],
    *,
    workers: int,
    is_pinned: Callable[[T], bool],
) -> None:
    """Call `act` for everything in `ahead`, a level after the other, and for what is `beside` a level when that level is done
    (`beside` is as long as `ahead`): nothing waits for those.

    What is pinned is done on `connection` itself. Raises what `act` raises, when all that had begun has ended; what a level then
    wrote is not committed.
    """
    with ExitStack() as opened:
        cursors = [connection, *(opened.enter_context(connection.cursor()) for _ in range(workers - 1))]
        pool = opened.enter_context(ThreadPoolExecutor(max(workers - 1, 1), thread_name_prefix="build"))
        later: deque[T] = deque()
        for level, checks in zip([*ahead, ()], [(), *beside], strict=True):
            later.extend(checks)
            pinned = deque(item for item in level if is_pinned(item))
            free = deque(item for item in level if not is_pinned(item))
            others = [pool.submit(_work, cursor, (free, later), act) for cursor in cursors[1:]]
            try:
                _work(connection, (pinned, free, later), act)
            finally:
                failures = [error for other in others if (error := other.exception())]
            if failures:
                raise failures[0]


def _work(
    cursor: duckdb.DuckDBPyConnection, queues: Sequence[deque[T]], act: Callable[[duckdb.DuckDBPyConnection, T], None]
) -> None:
    cursor.execute("begin")
    try:
        for queue in queues:
            while queue:
                try:
                    item = queue.popleft()
                except IndexError:  # another took the last
                    break
                act(cursor, item)
    except BaseException:
        for queue in queues:  # nobody begins anything more
            queue.clear()
        cursor.execute("rollback")
        raise
    cursor.execute("commit")
