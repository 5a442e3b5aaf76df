"""Worked cases as returns: each module writes its own places, agencies and files; one run of the pipeline counts them all.

Belongs here: what goes in. What must come out stands in the test modules beside this package. A module has `add(folder)` and
uses codes and slugs of its own, so that the cases do not touch one another: they are synthetic places of one folder of returns.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from .folder import ReturnsFolder


def write_all(path: Path) -> None:
    """Write every scenario's returns and the registry that they share into `path`."""
    folder = ReturnsFolder(path)
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name != "folder"):
        importlib.import_module(f"{__name__}.{module}").add(folder)
    folder.write_registry()
