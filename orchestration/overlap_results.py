"""Results and findings of the rules that compare files in service, in the shape of `intake.rule_results` and of findings.

Belongs here: their shape, and of which kinds rows are compared. Must not: compare anything.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from expectations.catalogue import Rule
from ingest.findings import Finding
from ingest.lake import SCHEMAS
from ingest.revisions import Revision

# The kinds whose rows are payments or awards, with the date without which two rows cannot be said to be one.
DATE_FIELDS = {
    kind: name
    for kind, name in (("spend", "payment_date"), ("procurement_card", "payment_date"), ("grants", "award_date"))
    if kind in SCHEMAS and name in SCHEMAS[kind].names
}


def result_of(
    revision: Revision, rule: Rule, outcome: str, checked: int, failed: int, gbp: Decimal | None, cause: str
) -> dict[str, Any]:
    return {
        "return_id": revision.part.return_id, "revision_id": revision.part.revision_id, "agency_slug": revision.part.agency_slug,
        "rule_id": rule.rule_id, "grain": rule.grain, "severity": rule.severity, "outcome": outcome, "checked_count": checked,
        "failed_count": failed, "failed_gbp": gbp, "cause": cause,
    }  # fmt: skip


def finding_of(rule: Rule, revision: Revision, words: str, value: str) -> Finding:
    part = revision.part
    return Finding(
        rule_id=rule.rule_id,
        severity=rule.severity,  # type: ignore[arg-type]
        owner=rule.owner,  # type: ignore[arg-type]
        message=words,
        expected=rule.expected,
        publisher_slug=revision.file.publisher_slug,
        agency_slug=part.agency_slug,
        kind=part.kind,
        period=part.period,
        return_id=part.return_id,
        revision_id=part.revision_id,
        file_name=revision.file.file_name,
        value=value,
    )
