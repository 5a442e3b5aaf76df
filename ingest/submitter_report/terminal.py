"""The report as lines of text, for a terminal.

Belongs here: layout. No colour: the words carry the meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.submitter_report.groups import Group
from ingest.submitter_report.plain_text import counted, pounds, visible
from ingest.submitter_report.submission import Submission, balance, verdict
from ingest.submitter_report.words import how_many, money, where


def report_lines(submission: Submission, groups: Sequence[Group]) -> list[str]:
    """The verdict, the count, then one entry per group."""
    said = verdict(submission, groups)
    lines = [submission.file_name, f"  {said.words} {said.then}".rstrip()]
    if submission.is_read:
        lines.append(
            f"  {counted(submission.row_count, 'row')}: {submission.accepted_count:,} accepted ({pounds(submission.accepted_gbp)}),"
            f" {submission.held_count:,} held ({pounds(submission.held_gbp)}),"
            f" {submission.left_out_count:,} left out ({pounds(submission.left_out_gbp)})"
        )
    lines.append(f"  {balance(submission)[1]}")
    for group in groups:
        lines += group_lines(group, submission.return_names)
    if not any(group.severity == "blocking" for group in groups):
        lines.append("  No blocking findings.")
    return [visible(line) for line in lines]


def group_lines(group: Group, returns: Mapping[str, str]) -> list[str]:
    """One group: how serious and what, then where and how much."""
    lines = [f"  {group.severity.upper():8}  {group.words}"]
    place = "; ".join(words for words in (how_many(group), where(group, 6, returns)) if words)
    if place and group.severity != "info":
        at_stake = money(group)
        lines.append(f"            {place}{f'; {at_stake}' if at_stake else ''}")
    return lines
