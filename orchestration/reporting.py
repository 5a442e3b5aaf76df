"""The submitter's report of a checked file: from what checking decided to the words and files of `ingest.submitter_report`.

Belongs here: gathering the facts at the top of a report, and writing it beside the lake. Must not: judge or word findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from ingest.findings import Finding
from ingest.home import Home
from ingest.ledger import LedgerEntry
from ingest.registry import Registry
from ingest.submitter_report import ReturnOutcome, Submission, group_findings, write_csv, write_html
from orchestration.checked import CheckedFile, CheckedPart

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Totals:
    """The ledger of a file added up. A file in which no return could be read has its rows held, its money unknown."""

    row_count: int
    accepted_count: int
    quarantined_count: int
    excluded_count: int
    file_gbp: Decimal | None
    accepted_gbp: Decimal
    quarantined_gbp: Decimal
    excluded_gbp: Decimal


def all_findings(checked: CheckedFile) -> list[Finding]:
    """The file's own findings, then those of its returns."""
    return checked.findings + [finding for part in checked.parts for finding in part.findings]


def file_totals(checked: CheckedFile) -> Totals:
    entries = [entry for part in checked.parts for entry in part.ledger]
    if not checked.parts:
        rows = checked.reading.physical_row_count
        return Totals(rows, 0, rows, 0, None, ZERO, ZERO, ZERO)
    return _totals(entries)


def _totals(entries: Sequence[LedgerEntry]) -> Totals:
    counted = [entry.file_gbp for entry in entries if entry.file_gbp is not None]
    return Totals(
        row_count=sum(entry.row_count for entry in entries),
        accepted_count=sum(entry.accepted_count for entry in entries),
        quarantined_count=sum(entry.quarantined_count for entry in entries),
        excluded_count=sum(entry.excluded_count for entry in entries),
        file_gbp=sum(counted, ZERO) if len(counted) == len(entries) else None,
        accepted_gbp=sum((entry.accepted_gbp for entry in entries), ZERO),
        quarantined_gbp=sum((entry.quarantined_gbp for entry in entries), ZERO),
        excluded_gbp=sum((entry.excluded_gbp for entry in entries), ZERO),
    )


def submission_of(checked: CheckedFile, registry: Registry, at: datetime, *, is_dry_run: bool) -> Submission:
    """The facts at the top of the report. `at`: when the file was received, or checked."""
    reading, receipt, totals = checked.reading, checked.reading.receipt, file_totals(checked)
    return Submission(
        file_name=receipt.file_name,
        publisher_name=_name(receipt.publisher_slug, registry),
        kind=reading.kind.name if reading.kind else "",
        sha256=receipt.sha256,
        at=at,
        is_dry_run=is_dry_run,
        is_read=bool(checked.parts),
        returns=tuple(_outcome(part, receipt.publisher_slug, registry) for part in checked.parts),
        row_count=totals.row_count,
        accepted_count=totals.accepted_count,
        held_count=totals.quarantined_count,
        left_out_count=totals.excluded_count,
        file_gbp=totals.file_gbp,
        accepted_gbp=totals.accepted_gbp,
        held_gbp=totals.quarantined_gbp,
        left_out_gbp=totals.excluded_gbp,
        packed_count=reading.packed_count if reading.is_archive and not reading.is_held else None,
        left_out_reasons=tuple(Counter(row.reason for row in reading.extract.rows if not row.is_line).most_common()),
    )


def _outcome(checked: CheckedPart, publisher_slug: str, registry: Registry) -> ReturnOutcome:
    totals = _totals(checked.ledger)
    return ReturnOutcome(
        return_id=checked.return_id,
        agency_name=_name(checked.part.agency_slug or publisher_slug, registry),
        kind=checked.kind,
        period=checked.part.period.name if checked.part.period else "",
        is_held=checked.is_held,
        accepted_count=totals.accepted_count,
        held_count=totals.quarantined_count,
        accepted_gbp=totals.accepted_gbp,
        held_gbp=totals.quarantined_gbp,
    )


def _name(slug: str, registry: Registry) -> str:
    row = registry.agencies.get(slug, {}) or registry.publishers.get(slug, {})
    return row.get("agency_name") or row.get("publisher_name") or slug


def write_report(home: Home, checked: CheckedFile, findings: Sequence[Finding], registry: Registry) -> Path:
    """Write `<home>/reports/<publisher>/<key>.html` and the complete `.csv` beside it; the page's path."""
    receipt = checked.reading.receipt
    target = home.reports / receipt.publisher_slug / f"{receipt.key}.html"
    grouping = group_findings(findings)
    write_csv(findings, target.with_suffix(".csv"), grouping)
    submission = submission_of(checked, registry, receipt.landed_instant, is_dry_run=False)
    write_html(submission, grouping.groups, target, f"{receipt.key}.csv")
    return target
