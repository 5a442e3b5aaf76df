"""The complete list of findings as CSV: one line each, however many, in the order of the report's groups.

Belongs here: the columns. What a spreadsheet would run as a formula is neutralised.
"""

from __future__ import annotations

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
QUOTE = '"'
NEEDS_QUOTES = (",", QUOTE, "\r", "\n")
LONGEST_VALUE = 1000  # a spreadsheet's cell holds 32,767 characters; nobody needs as many to recognise one


def write_csv(findings: Sequence[Finding], target: Path, grouping: Grouping | None = None) -> None:
    """Write every finding to `target`. `grouping`: that of these very findings; `group` is the group's number in the page."""
    numbers = (grouping or group_findings(findings)).numbers
    with written_aside(target, flush="file") as aside, aside.open("w", encoding="utf-8", newline="") as handle:
        handle.write("\ufeff" + _line(COLUMNS))  # the mark by which a spreadsheet knows UTF-8
        handle.writelines(_row(numbers[at], findings[at]) for at in sorted(range(len(findings)), key=numbers.__getitem__))


def _row(number: int, finding: Finding) -> str:
    return _line(
        (
            str(number),
            finding.severity,
            finding.owner,
            _safe(finding.file_name),
            _safe(finding.sheet_name),
            "" if finding.row_number is None else str(finding.row_number),
            finding.cell_ref or "",
            finding.field_name or "",
            _safe(finding.value and shortened(finding.value, LONGEST_VALUE)),
            _safe(finding.expected),
            _safe(finding.message),
            "" if finding.amount_gbp is None else str(finding.amount_gbp),
            _safe(finding.agency_slug),
            _safe(finding.period),
            _safe(finding.return_id),
            finding.rule_id,
            finding.finding_id,
        )
    )


def _line(cells: Sequence[str]) -> str:
    """Cells that are safe, as a line of a table: put together here, as a writer looks at every character of every cell again."""
    return ",".join(cells) + "\r\n"


@lru_cache(maxsize=1 << 12)  # most of a row's words stand on every row of its group
def _safe(text: str | None) -> str:
    """A cell with nothing that runs, and in quotes where it needs them."""
    shown = neutral(visible(text)) if text else ""
    return f'"{shown.replace(QUOTE, QUOTE * 2)}"' if any(mark in shown for mark in NEEDS_QUOTES) else shown
