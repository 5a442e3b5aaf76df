"""The rules of a return as a whole, run for many returns in one call of the engine.

Belongs here: which returns can be asked together, and giving each its own result. Must not: hold anything (that is `checking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from expectations.catalogue import Rule
from expectations.runner import run_rules
from orchestration.checked import CheckedPart

STORED_COLUMNS = ("stored_count_difference", "stored_gbp_difference")  # blank but for large files


def run_return_rules(parts: Sequence[CheckedPart], rules: dict[str, Rule]) -> None:
    """The return's own rules. A return with a blank in its summary is run alone: blanks decide for a whole frame whether a rule
    could run."""
    together: dict[tuple[str, bool], list[CheckedPart]] = {}
    for part in parts:
        if part.summary.drop(columns=list(STORED_COLUMNS)).isna().any(axis=None):
            _share_results([part], rules)
        else:
            together.setdefault((part.kind, part.stored is None), []).append(part)
    for same_kind in together.values():
        _share_results(same_kind, rules)


def _share_results(parts: Sequence[CheckedPart], rules: dict[str, Rule]) -> None:
    frame = pd.concat([part.summary for part in parts], ignore_index=True)
    results = list(run_rules(frame, kind=parts[0].kind, grain="return", context={"kind": parts[0].kind}))
    if len(parts) > 1 and any(0 < result.checked_count < len(parts) for result in results):
        for part in parts:  # a rule is about some of them only: alone, each says for itself whether it is
            _share_results([part], rules)
        return
    for result in results:
        failed = set(result.failed_positions.tolist())
        for position, part in enumerate(parts):
            own = result
            if result.outcome in ("passed", "failed") and len(parts) > 1:
                broken = position in failed
                own = replace(
                    result,
                    outcome="failed" if broken else "passed",
                    checked_count=min(result.checked_count, 1),  # not how many were checked beside it: that is chance
                    failed_positions=np.zeros(int(broken), dtype=np.int64),
                )
            part.results.append((rules[result.rule_id], own))
