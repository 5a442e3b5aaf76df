"""The submitter's report: what became of a file, what is wrong with it, where, and who acts; worded for a finance officer.

Belongs here: grouping findings (`groups`), where they stand (`where`), the verdict (`submission`), and writing it down: `page`
(HTML), `listing` (CSV), `terminal` (text). Text out of a file is a stranger's: `plain_text` disarms it everywhere.
Must not: judge, read the file, or store anything but the report.
"""

from __future__ import annotations

from ingest.submitter_report.groups import Group, group_findings
from ingest.submitter_report.listing import write_csv
from ingest.submitter_report.page import write_html
from ingest.submitter_report.plain_text import neutral, visible
from ingest.submitter_report.submission import ReturnOutcome, Submission, verdict
from ingest.submitter_report.terminal import report_lines

__all__ = [
    "Group",
    "ReturnOutcome",
    "Submission",
    "group_findings",
    "neutral",
    "report_lines",
    "verdict",
    "visible",
    "write_csv",
    "write_html",
]
