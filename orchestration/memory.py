"""Giving back memory that nothing uses any more.

Belongs here: asking the allocators and the collector. Must not: decide when, but for saying so: between the large steps of a run,
each of which takes what it needs anew. Allocators keep what they had for the next time, and the next step has its own.
"""

from __future__ import annotations

import ctypes
import gc

import pyarrow as pa


def give_back() -> None:
    """Collect what is left over and let the system have it; where the C library cannot be asked, only that of Arrow."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # not the GNU library
        return
