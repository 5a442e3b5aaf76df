"""The complete list of findings as CSV: one line each, however many, in the order of the report's groups.

Belongs here: the columns. What a spreadsheet would run as a formula is neutralised.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ingest.durable import written_aside
from ingest.findings import Finding
from ingest.submitter_report.groups import Grouping, group_findings
from ingest.submitter_report.plain_text import neutral, shortened, visible

COLUMNS = (
    "group", "severity", "owner", "file_name", "sheet_name", "row_number", "cell_ref", "field_name", "value", "expected", "message",
    "amount_gbp", "agency_slug", "period", "return_id", "rule_id", "finding_id",
)  # fmt: skip
LONGEST_VALUE = 1000  # a spreadsheet's cell holds 32,767 characters; nobody needs as many to recognise one


def write_csv(findings: Sequence[Finding], target: Path, grouping: Grouping | None = None) -> None:
    """Write every finding to `target`. `group` is the group's number in the page."""
    grouping = grouping or group_findings(findings)
    numbered = [(grouping.number_of(finding), position) for position, finding in enumerate(findings)]
    numbered.sort()
    with written_aside(target, flush="file") as aside, aside.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, findings[position]) for number, position in numbered)


def _row(number: int, finding: Finding) -> list[object]:
    return [
        number,
        finding.severity,
        finding.owner,
        _safe(finding.file_name),
        _safe(finding.sheet_name),
        finding.row_number,
        finding.cell_ref,
        finding.field_name,
        _safe(finding.value and shortened(finding.value, LONGEST_VALUE)),
        _safe(finding.expected),
        _safe(finding.message),
        finding.amount_gbp,
        _safe(finding.agency_slug),
        _safe(finding.period),
        _safe(finding.return_id),
        finding.rule_id,
        finding.finding_id,
    ]


@lru_cache(maxsize=1 << 12)  # most of a row's words stand on every row of its group
def _safe(text: str | None) -> str:
    return neutral(visible(text)) if text else ""
