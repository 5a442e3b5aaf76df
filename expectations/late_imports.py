"""Modules that a library imports at its start and hardly ever uses: loaded when they are first used, not before.

Belongs here: the import machinery for that. Knows no library.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


class _LateFinder(MetaPathFinder):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def loaded_late(*names: str) -> Iterator[None]:
    """Within the block these modules are imported in name only: each is loaded when something of it is asked for, then or later.

    Nothing that is imported is garbage: collection rests within the block, and what stands at its end is not looked at again.
    """
    finder = _LateFinder(frozenset(names))
    was_collecting = gc.isenabled()
    sys.meta_path.insert(0, finder)
    gc.disable()
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        gc.freeze()
        if was_collecting:
            gc.enable()
