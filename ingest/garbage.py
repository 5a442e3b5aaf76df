"""Looking for no garbage where there is none.

Belongs here: letting the collector rest. Must not: know who makes what.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it no garbage is looked for: of thousands of objects that are all wanted each would be looked at again and again,
    which takes a fifth of the time. A decorator too."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()
