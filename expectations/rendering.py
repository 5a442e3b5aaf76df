"""Results of the engine's rules as a page of Great Expectations data docs: the content, as the library renders it.

Belongs here: plain results back into the library's validation result, and its page renderer. Must not: write HTML (the library's
own loads style and scripts from the internet), or hold a value out of a file: the content is sentences and counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from expectations.catalogue import Rule
from expectations.engine import library, rendering_parts
from expectations.suites import build_expectation

NOT_SHOWN = "the cause is in the submitter's report and beside the check"


def validation_content(suite_name: str, kind: str, results: Sequence[tuple[Rule, Mapping[str, Any]]], at: str) -> dict[str, Any]:
    """The sections of a validation result page, as the library's renderer gives them (JSON).

    `results`: an engine rule and its row of `rule_results`, for each rule that had anything to check; `at`: when, in ISO form.
    A rule that could not run is an exception of the library's; its cause may quote a cell and is left out.
    """
    parts = rendering_parts()
    shown = [parts.Result(**_result(rule, row, kind)) for rule, row in results]
    passed = sum(bool(result.success) for result in shown)
    whole = parts.SuiteResult(
        results=shown,
        success=passed == len(shown),
        suite_name=suite_name,
        suite_parameters={},
        statistics={
            "evaluated_expectations": len(shown),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(shown) - passed,
            "success_percent": 100.0 * passed / len(shown) if shown else None,
        },
        meta={
            "great_expectations_version": library().__version__,
            "run_id": {"run_name": suite_name, "run_time": at},
            "validation_time": at,
            "batch_spec": {},
            "active_batch_definition": {},
        },
    )
    return cast(dict[str, Any], parts.PageRenderer().render(whole).to_json_dict())


@lru_cache(maxsize=512)
def _configuration(rule: Rule, kind: str) -> Any:
    """The rule's expectation as it is configured for the engine, with its sentence for a description."""
    configuration = build_expectation(rule, kind).configuration
    configuration.description = rule.sentence
    return configuration


def _result(rule: Rule, row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    checked, failed = int(row["checked_count"]), int(row["failed_count"])
    is_crash = row["outcome"] == "could_not_run"
    error = {"raised_exception": is_crash, "exception_message": f"could not run: {NOT_SHOWN}", "exception_traceback": ""}
    return {
        "success": row["outcome"] == "passed",
        "expectation_config": _configuration(rule, kind),
        "result": {
            "element_count": checked,
            "unexpected_count": failed,
            "unexpected_percent": 100.0 * failed / checked if checked else 0.0,
            "partial_unexpected_list": [],
        },
        "meta": {},
        "exception_info": error
        if is_crash
        else {"raised_exception": False, "exception_message": None, "exception_traceback": None},
    }
