"""The same bytes in service for two publishers: a folder that was renamed, or a file put into two folders, counts its place twice.

Belongs here: the rule `bytes_have_one_publisher`, decided over the returns in service together. Must not: take anything out: which
of the two is right is for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from expectations.catalogue import Rule
from ingest.findings import Finding
from ingest.revisions import Revision
from orchestration.overlap_results import finding_of, result_of


def copy_rule(revisions: Sequence[Revision], rule: Rule) -> tuple[list[dict[str, Any]], list[Finding]]:
    """A result for each return in service, and a finding for each whose file landed first in the folder of another publisher (as
    the same kind). Of two that landed at one instant the publisher whose slug comes first stands for the original."""
    serving = [r for r in revisions if r.status == "in_service" and r.part.kind is not None]
    originals: dict[tuple[str, str | None], list[Revision]] = {}
    for revision in sorted(serving, key=lambda r: (r.file.first_landed_at, r.file.publisher_slug, r.part.return_id)):
        same = originals.setdefault((revision.file.file_sha256, revision.part.kind), [])
        if not same or same[0].file.publisher_slug == revision.file.publisher_slug:
            same.append(revision)
    results: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for revision in serving:
        same = originals[revision.file.file_sha256, revision.part.kind]
        is_copy = same[0].file.publisher_slug != revision.file.publisher_slug
        gbp = sum((Decimal(str(entry["accepted_gbp"])) for entry in revision.part.ledger), Decimal("0.00")) if is_copy else None
        if is_copy:
            findings.append(_finding(rule, revision, _counterpart(revision, same), gbp))
        results.append(result_of(revision, rule, "failed" if is_copy else "passed", 1, int(is_copy), gbp, ""))
    return results, findings


def _counterpart(revision: Revision, same: Sequence[Revision]) -> Revision:
    """Of the returns of the other publisher's file, the one of this period."""
    return next((r for r in same if r.part.period == revision.part.period), same[0])


def _finding(rule: Rule, mine: Revision, other: Revision, gbp: Decimal | None) -> Finding:
    part, publishers = mine.part, (other.file.publisher_slug, mine.file.publisher_slug)
    words = (
        f"The very bytes of this file of {publishers[1]} are in service of {publishers[0]} too ({other.file.file_name}, which"
        f" landed first), so that £{gbp or 0:,.2f} count twice. If the folder {publishers[0]} was renamed to {publishers[1]}, or"
        f" the file lies there by mistake: totalplace returns withdraw {other.part.return_id} --reason ...; if it is this one that"
        f" lies in the wrong folder: totalplace returns withdraw {part.return_id} --reason ..."
    )
    return finding_of(rule, mine, words, value=other.file.file_name).at(amount_gbp=gbp)
