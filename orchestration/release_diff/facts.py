"""What changed between two releases beside money: revisions, what they were made with, rules, tables.

Belongs here: reading manifests and the quality tables. Must not: account for money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.made_with import changed_files
from orchestration.release_diff.money import columns_in_both
from orchestration.release_diff.shapes import InputChange, RuleChange, TableChange
from orchestration.release_history import Release

IN_SERVICE = "in_service"


@dataclass(frozen=True)
class Served:
    """One input of a release, as its manifest tells it."""

    return_id: str
    revision_id: str
    file_name: str
    sha256: str
    status: str
    waivers: tuple[str, ...]
    is_withdrawn: bool

    @property
    def standing(self) -> str:
        return "withdrawn" if self.is_withdrawn else self.status.replace("_", " ")


@dataclass(frozen=True)
class Inputs:
    """The inputs of a release: by (return, revision), and the one in service of each return."""

    by_revision: Mapping[tuple[str, str], Served]
    in_service: Mapping[str, Served]


def inputs_of(release: Release) -> Inputs:
    rows = [
        Served(
            row["return_id"], row["revision_id"], row["file_name"], row["sha256"], row["status"], tuple(row.get("waivers", ())),
            bool(row.get("is_withdrawn")),
        )
        for row in release.manifest.get("inputs", [])
    ]  # fmt: skip
    return Inputs({(r.return_id, r.revision_id): r for r in rows}, {r.return_id: r for r in rows if r.status == IN_SERVICE})


def input_changes(before: Inputs, after: Inputs) -> tuple[InputChange, ...]:
    """Revisions that one release knows and the other does not, or whose status or waivers differ."""
    changes: list[InputChange] = []
    for key in sorted({*before.by_revision, *after.by_revision}):
        old, new = before.by_revision.get(key), after.by_revision.get(key)
        there = new or old
        assert there is not None
        if old is not None and new is not None and (old.standing, old.waivers) == (new.standing, new.waivers):
            continue
        words = f"{old.standing if old else 'not there'} -> {new.standing if new else 'not there'}"
        if old is not None and new is not None and old.waivers != new.waivers:
            words += f", waivers {len(old.waivers)} -> {len(new.waivers)}"
        changes.append(
            InputChange(
                there.return_id, there.revision_id, there.file_name, there.sha256, old.standing if old else None,
                new.standing if new else None, words,
            )
        )  # fmt: skip
    return tuple(changes)


def made_with_changes(before: Release, after: Release) -> dict[str, list[str]]:
    """group -> files that differ. A release of before this was kept says only that its code version differs (group `code`)."""
    old, new = before.manifest.get("made_with"), after.manifest.get("made_with")
    if old is not None and new is not None:
        return changed_files(old, new)
    if before.manifest.get("code_version") == after.manifest.get("code_version"):
        return {}
    silent = before.release_id if old is None else after.release_id
    return {"code": [f"code, rules or registry (release {silent} does not say which)"]}


def rule_changes(connection: duckdb.DuckDBPyConnection) -> tuple[RuleChange, ...]:
    """Rules that fail or are reported another number of times, over the returns in service."""
    if not columns_in_both(connection, "qa_rule_index") or not columns_in_both(connection, "qa_findings"):
        return ()
    sides = " union all ".join(
        f"select '{side}' as side, rule_id, failed_count, 0 as finding_count from {side}.qa_rule_index"
        f" where status = '{IN_SERVICE}'"
        f" union all select '{side}', rule_id, 0, 1 from {side}.qa_findings"
        for side in ("a", "b")
    )
    sums = ", ".join(
        f"coalesce(sum({column}) filter (side = '{side}'), 0)::bigint as {column}_{side}"
        for column in ("failed_count", "finding_count")
        for side in ("a", "b")
    )
    rows = connection.execute(
        f"select rule_id, {sums} from ({sides}) group by rule_id"
        f" having failed_count_a <> failed_count_b or finding_count_a <> finding_count_b order by rule_id"
    ).fetchall()
    return tuple(RuleChange(*row) for row in rows)


def table_changes(before: Release, after: Release) -> tuple[TableChange, ...]:
    """Tables whose content differs, from the manifests."""
    old: dict[str, Any] = before.manifest.get("tables", {})
    new: dict[str, Any] = after.manifest.get("tables", {})
    changes: list[TableChange] = []
    for name in sorted({*old, *new}):
        a, b = old.get(name), new.get(name)
        if a and b and a["content_hash"] == b["content_hash"]:
            continue
        was, now = (a or {}).get("sums_gbp", {}), (b or {}).get("sums_gbp", {})
        sums = [(c, was.get(c), now.get(c)) for c in sorted({*was, *now}) if was.get(c) != now.get(c)]
        changes.append(TableChange(name, a and a["row_count"], b and b["row_count"], tuple(sums)))
    return tuple(changes)
