"""Great Expectations: the only module that imports it, and only when the first rule runs (the import takes seconds).

Belongs here: the ephemeral context, one validation of one frame, and GX's results as plain values.
Does not belong here: what a result means for a return (runner).

GX is told to be quiet: no analytics, no progress bars, and nothing written to disk.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.late_imports import loaded_late

# Positions only: values, counts of values and a query text over every failing row would each cost more than the check.
_RESULT_FORMAT: dict[str, object] = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 0,
}

# Half of GX's import: charts and distributions, which no rule of ours asks for.
_UNUSED = ("altair", "scipy.stats")

# Of all its modules this one sets its own logger to INFO while it is imported, and then tells of a folder that it makes for itself.
_TALKS = "great_expectations.data_context.types.base"

# The context and its one data source are shared, and a validation loads its frame into them.
_LOCK = threading.RLock()


@dataclass(frozen=True, eq=False)
class EngineResult:
    """What GX said of one rule: counts of the rows within its condition, or the `error` that kept it from running."""

    rule_id: str
    success: bool
    row_count: int
    missing_count: int
    failed_count: int
    failed_positions: npt.NDArray[np.int64]
    error: str | None


def library() -> Any:
    """The great_expectations package, imported at the first call."""
    with _LOCK:
        # Read by GX while it is imported, so it has to stand in the environment before.
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        with _quickly() if "great_expectations" not in sys.modules else nullcontext():
            logging.getLogger("great_expectations").setLevel(logging.ERROR)
            import great_expectations

            logging.getLogger(_TALKS).addFilter(_is_a_fault)
        return great_expectations


def _is_a_fault(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


@contextmanager
def _quickly() -> Iterator[None]:
    from expectations.field_copies import fields_copied_lightly

    with loaded_late(*_UNUSED), fields_copied_lightly():
        yield


def row_conditions() -> Any:
    """GX's module of row conditions (`Column`, `AndCondition`), which the package itself does not offer."""
    library()
    from great_expectations.expectations import row_conditions

    return row_conditions


def rendering_parts() -> Any:
    """GX's classes for a page of data docs: `Result`, `SuiteResult`, `PageRenderer`."""
    library()
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    return SimpleNamespace(
        Result=ExpectationValidationResult, SuiteResult=ExpectationSuiteValidationResult, PageRenderer=ValidationResultsPageRenderer
    )


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    gx = library()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("returns").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def validate(frame: pd.DataFrame, suite: Any, parameters: dict[str, object]) -> list[EngineResult]:
    """Check a frame (indexed 0..n-1) against a gx suite; `parameters` fill its $PARAMETERs. Raises what GX raises."""
    with _LOCK:
        definition = _batch_definition()
        try:
            batch = definition.get_batch(batch_parameters={"dataframe": frame})
            outcome = batch.validate(suite, result_format=_RESULT_FORMAT, expectation_parameters=parameters)
        finally:
            # Otherwise the last frame stays in memory until the next one comes.
            manager = definition.data_asset.datasource.get_execution_engine().batch_manager
            manager.batch_data_cache.clear()
            manager.reset_batch_cache()
    return [_plain(result) for result in outcome.results]


def _plain(result: Any) -> EngineResult:
    details = cast(dict[str, Any], result.result or {})
    return EngineResult(
        rule_id=str(result.expectation_config.meta["rule_id"]),
        success=bool(result.success),
        row_count=int(details.get("element_count") or 0),
        missing_count=int(details.get("missing_count") or 0),
        failed_count=int(details.get("unexpected_count") or 0),
        failed_positions=np.asarray(details.get("unexpected_index_list") or [], dtype=np.int64),
        error=_error(cast(dict[str, Any], result.exception_info or {}), details),
    )


def _error(exception_info: dict[str, Any], details: dict[str, Any]) -> str | None:
    """GX puts an exception either straight into exception_info or one level down, by metric."""
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "the engine raised an exception without a message")
    if "unexpected_index_list" not in details:
        return "the engine gave no list of failing rows"
    return None
