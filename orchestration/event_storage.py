"""Dagster's event log of a home, with its SQLite connections kept open and each event written in one go.

Belongs here: how fast events are written. Must not: change what is written (a test holds the two against each other).

Dagster opens a connection, commits with a flush to disk and closes it (a checkpoint of the log) for every event and again for its
index: of an incremental run that writes 2,300 events this was half of the time. Here a connection stays open for the few shards in
use, and a commit is left to the operating system (`synchronous = NORMAL`): a power cut may lose the last events of a run, never the
database, and never money: that is in the lake. An event is turned into text once, and its rows of the index are one transaction.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import EventLogEntry
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    AssetKeyTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._time import datetime_from_timestamp
from sqlalchemy import Connection, Engine, bindparam, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import StaticPool

from orchestration.event_memory import note_written

OPEN_SHARDS = 4  # the index, the run at hand, and a few that somebody looks at
_BUSY_SECONDS = 30
DAGSTERS_OWN = {  # what is replaced, as it was
    name: getattr(SqliteEventLogStorage, name) for name in ("_connect", "has_table", "store_event", "store_event_batch")
}
_ENGINES, _TABLES = "_totalplace_engines", "_totalplace_tables"
_TIMES = "_totalplace_times"
_RECORD = '{"__class__": "EventLogRecord", "event_log_entry": %s, "storage_id": %d}'  # as Dagster writes one
_STEP_OUTPUT = DagsterEventType.STEP_OUTPUT
_MANY = {  # what a run writes hundreds of; Dagster itself stores the rest
    _STEP_OUTPUT,
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    DagsterEventType.ASSET_CHECK_EVALUATION,
    DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
}
_EVENT = SqlEventLogStorageTable.insert()
_TAG = AssetEventTagsTable.insert()
_CHECK = AssetCheckExecutionsTable.insert()
_CHECKED = (
    AssetCheckExecutionsTable.update()
    .where(AssetCheckExecutionsTable.c.asset_key == bindparam("of_asset"))
    .where(AssetCheckExecutionsTable.c.check_name == bindparam("of_check"))
    .where(AssetCheckExecutionsTable.c.run_id == bindparam("of_run"))
    .where(AssetCheckExecutionsTable.c.partition.is_(None))
)


def write_events_fast() -> None:
    """From now on, for every SQLite event log of this process. Dagster's own way stays where the log is kept elsewhere."""
    SqliteEventLogStorage._connect = _connect  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    SqliteEventLogStorage.has_table = _has_table
    SqliteEventLogStorage.store_event = _store_event
    SqliteEventLogStorage.store_event_batch = _store_event_batch


def _store_event(self: Any, event: EventLogEntry) -> None:
    if _is_of_many(event):
        _store(self, [event])
    else:
        DAGSTERS_OWN["store_event"](self, event)


def _store_event_batch(self: Any, events: Sequence[EventLogEntry]) -> None:
    """What a run plans comes as one batch."""
    if len({event.run_id for event in events}) == 1 and all(map(_is_of_many, events)):
        _store(self, events)
    else:
        for event in events:
            self.store_event(event)


def _is_of_many(event: EventLogEntry) -> bool:
    told = event.dagster_event
    if told is None or not event.run_id or told.event_type not in _MANY:
        return False
    if told.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
        return told.asset_check_evaluation_data.partition is None
    if told.event_type is DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
        return told.asset_check_planned_data.partitions_subset is None
    return True


def _store(storage: Any, events: Sequence[EventLogEntry]) -> None:
    """Of one run: into its own shard, and what is about assets and checks into the index too, each in one transaction."""
    rows = [storage._event_to_row(event) for event in events]
    with storage.run_connection(events[0].run_id) as connection:
        connection.execute(_EVENT, rows)
    indexed = [(event, row) for event, row in zip(events, rows, strict=True) if event.dagster_event_type != _STEP_OUTPUT]
    if indexed:
        has_times = _has_times(storage)
        with storage.index_connection() as connection:
            for event, row in indexed:
                told = event.get_dagster_event()
                number = int(connection.execute(_EVENT, row).lastrowid)
                if told.event_type is DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
                    connection.execute(_CHECK, _planned_check(told, row, number))
                elif told.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
                    _store_evaluation(connection, told, row, number)
                else:
                    _store_asset(storage, connection, event, row, number, has_times)


def _planned_check(told: DagsterEvent, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    planned = told.asset_check_planned_data
    return {
        "asset_key": planned.asset_key.to_string(),
        "check_name": planned.check_name,
        "partition": None,
        "run_id": row["run_id"],
        "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value,
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": number,
    }


def _store_evaluation(connection: Connection, told: DagsterEvent, row: Mapping[str, Any], number: int) -> None:
    evaluation = told.asset_check_evaluation_data
    status = AssetCheckExecutionRecordStatus.SUCCEEDED if evaluation.passed else AssetCheckExecutionRecordStatus.FAILED
    target = evaluation.target_materialization_data
    asset, run = evaluation.asset_key.to_string(), row["run_id"]
    found = {
        "execution_status": status.value,
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": number,
        "materialization_event_storage_id": target.storage_id if target else None,
        "partition": None,
    }
    keys = {"of_asset": asset, "of_check": evaluation.check_name, "of_run": run}
    if not connection.execute(_CHECKED, found | keys).rowcount:  # it was not planned
        connection.execute(_CHECK, found | {"asset_key": asset, "check_name": evaluation.check_name, "run_id": run})


def _store_asset(
    storage: Any, connection: Connection, event: EventLogEntry, row: Mapping[str, Any], number: int, has_times: bool
) -> None:
    told = event.get_dagster_event()
    entry: dict[str, Any] = {"asset_key": row["asset_key"], "last_run_id": row["run_id"]}
    if told.event_type is DagsterEventType.ASSET_MATERIALIZATION:
        entry["last_materialization"] = _RECORD % (row["event"], number)
        tags = storage._tags_for_asset_event(event)
        if tags:
            common = {"event_id": number, "asset_key": row["asset_key"], "event_timestamp": row["timestamp"]}
            connection.execute(_TAG, [common | {"key": key, "value": value} for key, value in tags.items()])
        note_written(storage, event, number)
    if has_times:
        entry["last_materialization_timestamp"] = datetime_from_timestamp(event.timestamp)
    new = insert(AssetKeyTable)
    told_anew = {name: new.excluded[name] for name in entry if name != "asset_key"}
    connection.execute(new.on_conflict_do_update(["asset_key"], set_=told_anew), entry)


def _has_times(storage: Any) -> bool:
    """A log that a much older Dagster began may lack the column."""
    if _TIMES not in storage.__dict__:
        storage.__dict__[_TIMES] = storage.has_asset_key_index_cols()
    return bool(storage.__dict__[_TIMES])


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
    if table_name not in known and DAGSTERS_OWN["has_table"](self, table_name):
        known.add(table_name)
    return table_name in known


def _without_flush(connection: Any, _: object) -> None:
    connection.execute("pragma synchronous = normal")
