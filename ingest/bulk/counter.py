"""The DuckDB that counts and reads back: one for the process, because opening one costs more than counting a small file.

Belongs here: opening it, within a bound on memory. Nothing is kept in it.
"""

from __future__ import annotations

import os
from functools import lru_cache

import duckdb

MEMORY = "300MB"  # what it may hold while it counts


def cursor() -> duckdb.DuckDBPyConnection:
    """A connection of its own for the caller to close; one thread, so that records come in the order of the file."""
    return _database(os.getpid()).cursor()


@lru_cache(maxsize=1)
def _database(_process: int) -> duckdb.DuckDBPyConnection:
    """Of this process: a fork does not share its parent's."""
    return duckdb.connect(config={"memory_limit": MEMORY, "threads": 1})
