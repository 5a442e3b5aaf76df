"""Files that another file of the same return replaced: whether they look like an earlier revision of it.

Belongs here: the rule `replaced_file_is_earlier_revision`. Which revision is in service is `ingest.revisions`'; nothing is decided
about that here.

A correction holds most of the payments of what it corrects. Two files of one month that have none in common are two halves of one
return, and the later would count alone; two that landed together and do not say when they were published have no order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb

from expectations.catalogue import Rule
from ingest.findings import Finding
from ingest.home import Home
from ingest.revisions import Revision
from orchestration.overlap_results import DATE_FIELDS, finding_of, result_of

LEAST_KEPT = Decimal("0.5")  # of the lines of a file: with fewer of them in its place it is hardly an earlier revision
TOGETHER = timedelta(hours=1)  # files that landed no further apart came together: their order says nothing


def replaced_file_rule(
    connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision], rule: Rule
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """A result for every revision in service, a finding for each that replaced a file of another name that hardly is an earlier
    revision of it. Lines are alike when agency, date and amount are."""
    results: list[dict[str, Any]] = []
    findings: list[Finding] = []
    replaced = {now.part.revision_id: before for now, before in _pairs(revisions)}
    for revision in revisions:
        if revision.status != "in_service":
            continue
        before = replaced.get(revision.part.revision_id)
        if before is None:
            results.append(result_of(revision, rule, "not_applicable", 0, 0, None, "it replaced no file of another name"))
            continue
        count, lost, gbp = _not_in(connection, home, before, revision)
        words = _words(before, revision, count, lost, gbp)
        results.append(result_of(revision, rule, "failed" if words else "passed", count, lost if words else 0, gbp, ""))
        if words:
            findings.append(finding_of(rule, revision, words, value=before.file.file_name).at(amount_gbp=gbp))
    return results, findings


def _pairs(revisions: Sequence[Revision]) -> Iterator[tuple[Revision, Revision]]:
    """(in service, the good revision before it) where these are payments or awards of two files of different names."""
    good: dict[str, list[Revision]] = {}
    for revision in revisions:
        if revision.status != "held" and revision.part.kind in DATE_FIELDS:
            good.setdefault(revision.part.return_id, []).append(revision)
    for of_return in good.values():
        ordered = sorted(of_return, key=lambda r: r.revision_number)
        for before, now in pairwise(ordered):
            if now.status == "in_service" and before.file.file_name != now.file.file_name:
                yield now, before


def _not_in(connection: duckdb.DuckDBPyConnection, home: Home, before: Revision, now: Revision) -> tuple[int, int, Decimal | None]:
    """(lines of the file before, how many of them the file in service has not, their pounds)."""
    old, new = (_lines(home, revision) for revision in (before, now))
    row = connection.execute(
        f"with missing as ({old} except all {new})"
        f" select (select count(*) from ({old})), count(*), sum(amount_gbp)::decimal(18, 2) from missing"
    ).fetchone()
    assert row is not None
    return row


def _lines(home: Home, revision: Revision) -> str:
    date_field = DATE_FIELDS[revision.part.kind or ""]
    paths = ", ".join("'" + str(home.root.resolve() / path).replace("'", "''") + "'" for path in revision.part.accepted_paths)
    if not paths:
        return "select null::varchar as agency_slug, null::date as paid_on, null::decimal(18, 2) as amount_gbp where false"
    return f"select agency_slug, {date_field} as paid_on, amount_gbp from read_parquet([{paths}], union_by_name = true)"


def _words(before: Revision, now: Revision, count: int, lost: int, gbp: Decimal | None) -> str:
    """What is doubtful of a replacement; "" where nothing is."""
    name, part = before.file.file_name, now.part
    same = f"{name} is {part.kind} of {part.period} too and is set aside: of two files of one return the later one counts."
    if count and lost > (1 - LEAST_KEPT) * count:
        return (
            f"{same} But {lost:,} of its {count:,} lines, worth £{gbp or 0:,.2f}, do not stand in this file. If both count, send"
            " them as one file; if this file was sent in its place, nothing needs doing."
        )
    dated = any(r.file.published_as_at is not None or r.file.is_dated_by_lines for r in (before, now))
    if lost and not dated and abs(now.file.landed_at - before.file.landed_at) <= TOGETHER:
        return (
            f"{same} They landed together and neither says when it was published, so which is the later is a guess;"
            f" {lost:,} of its {count:,} lines, worth £{gbp or 0:,.2f}, do not stand in this file. Say in files.csv"
            " (published_as_at) which is the later."
        )
    return ""
