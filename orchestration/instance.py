"""The Dagster instance of a home, shared by `totalplace run`, `totalplace ui` and the processes of a deployment, so that runs made
by any are in all.

Belongs here: where Dagster keeps its records, and under which limits it starts runs. Its storage is SQLite in the home, or the
PostgreSQL that TOTALPLACE_POSTGRES_URL names; Dagster reads the variable itself, so the password is written nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg

from ingest.home import Home, written_aside

POSTGRES_VARIABLE = "TOTALPLACE_POSTGRES_URL"
_DRIVER = "postgresql+psycopg2://"  # named, because SQLAlchemy's choice for plain postgresql:// is another one
_PATIENCE_SECONDS = 5
_BATCH = "1000"  # what a run plans is written at once, not event by event
_CONFIG = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    granularity: op
    default_limit: 1
  runs:
    max_concurrent_runs: 1
"""
# A run whose process died is marked as failed by the daemon; a PostgreSQL that went away is asked again before that.
_POSTGRES = f"""\
storage:
  postgres:
    postgres_url:
      env: {POSTGRES_VARIABLE}
run_monitoring:
  enabled: true
  poll_interval_seconds: 30
"""


class StorageUnreachable(RuntimeError):
    """Dagster's PostgreSQL does not answer, or its address cannot be used. The message is one line, without the password."""


def instance_config() -> str:
    """The text of dagster.yaml: the shipped settings, with PostgreSQL where the variable names one.

    Raises StorageUnreachable, without the address (it holds the password), for one that cannot be used.
    """
    address = os.environ.get(POSTGRES_VARIABLE, "")
    if address and not address.startswith(_DRIVER):
        raise StorageUnreachable(f"{POSTGRES_VARIABLE} cannot be used: write {_DRIVER}user:password@host:5432/database")
    return _CONFIG + (_POSTGRES if address else "")


def prepare_instance(home: Home) -> Path:
    """Write the instance's configuration when there is none or when it is ours for the other storage, and point DAGSTER_HOME at it.
    A configuration that somebody changed stays theirs. Returns its folder.

    Raises StorageUnreachable for an address of PostgreSQL that cannot be used.
    """
    folder = home.dagster.resolve()
    config = folder / "dagster.yaml"
    wanted = instance_config()
    if not config.exists() or (config.read_text() != wanted and config.read_text() in (_CONFIG, _CONFIG + _POSTGRES)):
        with written_aside(config) as aside:
            aside.write_text(wanted)
            aside.chmod(0o644)  # the daemon and the webserver of a deployment read it
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", _BATCH)
    os.environ["TOTALPLACE_HOME"] = str(home.root.resolve())
    return folder


@contextmanager
def open_instance() -> Iterator[dg.DagsterInstance]:
    """The prepared instance. Its PostgreSQL is asked once before, because Dagster itself asks again and again before it gives up.

    Raises StorageUnreachable when it is gone, at the start or under way.
    """
    address = os.environ.get(POSTGRES_VARIABLE, "")
    if not address:
        with dg.DagsterInstance.get() as instance:
            yield instance
        return
    import psycopg2
    from dagster_postgres.utils import DagsterPostgresException
    from sqlalchemy.exc import OperationalError

    parts = urlsplit(address)
    try:
        psycopg2.connect(address.replace(_DRIVER, "postgresql://", 1), connect_timeout=_PATIENCE_SECONDS).close()
        with dg.DagsterInstance.get() as instance:
            yield instance
    except (psycopg2.OperationalError, DagsterPostgresException, OperationalError) as error:
        raise StorageUnreachable(
            f"Dagster's records cannot be reached: PostgreSQL at {parts.hostname}:{parts.port or 5432} does not answer"
            f" ({POSTGRES_VARIABLE}); start it, then run again: nothing is lost"
        ) from error
