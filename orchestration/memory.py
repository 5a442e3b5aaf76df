"""Giving back memory that nothing uses any more, and not looking for it where there is none.

Belongs here: asking the allocators and the collector. Must not: decide when, but for saying so: between the large steps of a run,
each of which takes what it needs anew. Allocators keep what they had for the next time, and the next step has its own.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it no garbage is looked for: of thousands of objects that are all wanted each would be looked at again and again. A
    decorator too."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


def give_back() -> None:
    """Collect what is left over and let the system have it; where the C library cannot be asked, only that of Arrow."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # not the GNU library
        return


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no circles of garbage meanwhile: among hundreds of thousands of new tuples that takes a fifth of the time, and finds
    none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
