"""What is imported late is there when it is asked for, and not before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def said(code: str) -> str:
    """What a process of its own prints: modules that others imported would hide what is asked here."""
    return subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.strip()


def test_a_module_is_loaded_when_something_of_it_is_asked_for() -> None:
    code = """
import gc, sys
from expectations.late_imports import loaded_late
with loaded_late("wsgiref.util", "nowhere"):
    import wsgiref.util
    from wsgiref import util
    try:
        import nowhere
    except ModuleNotFoundError as error:
        print(error.name)
print("wsgiref.util" in sys.modules, "posixpath" in object.__getattribute__(util, "__dict__"))
print("guess_scheme" in object.__getattribute__(util, "__dict__"), util.guess_scheme({}), gc.isenabled(), len(sys.meta_path))
"""
    before = said("import sys; import expectations.late_imports; print(len(sys.meta_path))")
    assert said(code).split("\n") == ["nowhere", "True False", f"False http True {before}"]


def test_the_engine_loads_no_charts_and_has_them_when_asked() -> None:
    code = """
import sys
from expectations import engine
engine.library()
print("altair.vegalite" in sys.modules, "scipy.stats._stats_py" in sys.modules)
import altair, scipy.stats
print(altair.Chart.__name__, round(float(scipy.stats.norm.cdf(0)), 1))
"""
    assert said(code).split("\n") == ["False False", "Chart 0.5"]


def test_the_engine_tells_nothing_but_faults() -> None:
    code = """
import logging, sys
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
from expectations import engine
engine.library().get_context(mode="ephemeral")
told = logging.getLogger("great_expectations.data_context.types.base")
print(told.level == logging.INFO)
told.info("made a folder")
told.error("at fault")
"""
    assert said(code).split("\n") == ["True", "at fault"]
