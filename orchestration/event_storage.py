"""Dagster's event log of a home, with its SQLite connections kept open.

Belongs here: how fast events are written. Must not: change what is written.

Dagster opens a connection, commits with a flush to disk and closes it (a checkpoint of the log) for every event and again for its
index: of an incremental run that writes 1,700 events this was half of the time. Here a connection stays open for the few shards in
use, and a commit is left to the operating system (`synchronous = NORMAL`): a power cut may lose the last events of a run, never the
database, and never money: that is in the lake.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

OPEN_SHARDS = 4  # the index, the run at hand, and a few that somebody looks at
_BUSY_SECONDS = 30
_ASK = SqliteEventLogStorage.has_table
_ENGINES, _TABLES = "_totalplace_engines", "_totalplace_tables"


def keep_connections_open() -> None:
    """From now on, for every SQLite event log of this process. Dagster's own way stays where the log is kept elsewhere."""
    SqliteEventLogStorage._connect = _connect  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    SqliteEventLogStorage.has_table = _has_table


@contextmanager
def _connect(self: Any, shard: str) -> Iterator[Connection]:
    with self._db_lock, _engine(self, shard).connect() as connection, connection.begin():
        yield connection


def _engine(storage: Any, shard: str) -> Engine:
    engines: OrderedDict[tuple[int, str], Engine] = storage.__dict__.setdefault(_ENGINES, OrderedDict())
    key = (os.getpid(), shard)  # a connection is never taken over a fork
    known = engines.pop(key, None)
    if known is not None and not Path(storage.path_for_shard(shard)).exists():  # wiped
        known.dispose()
        storage._initialized_dbs.discard(shard)
        known = None
    if known is None:
        known = create_engine(
            storage.conn_string_for_shard(shard),
            poolclass=StaticPool,  # one connection; the storage's lock lets one thread at a time use it
            connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(known, "connect", _without_flush)
    engines[key] = known
    if shard not in storage._initialized_dbs:
        storage._initdb(known)
        storage._initialized_dbs.add(shard)
    while len(engines) > OPEN_SHARDS:
        engines.popitem(last=False)[1].dispose()
    return known


def _has_table(self: Any, table_name: str) -> bool:
    """Dagster asks for each check that it stores, each time over a new connection. A table once found stays while its file does."""
    known: set[str] = self.__dict__.setdefault(_TABLES, set())
    if not Path(self.path_for_shard(INDEX_SHARD_NAME)).exists():  # wiped
        known.clear()
    if table_name not in known and _ASK(self, table_name):
        known.add(table_name)
    return table_name in known


def _without_flush(connection: Any, _: object) -> None:
    connection.execute("pragma synchronous = normal")
