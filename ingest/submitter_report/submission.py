"""What became of a submitted file: its returns, its rows and pounds, and the verdict in one sentence.

Belongs here: the facts at the top of the report, and their words. Must not: decide them (checking does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from ingest.submitter_report.groups import Group
from ingest.submitter_report.plain_text import counted, pounds

Tone = Literal["accepted", "part", "held"]


@dataclass(frozen=True)
class ReturnOutcome:
    """One return found in the file. `period` as in "2024-06" or "" where it is not known."""

    return_id: str
    agency_name: str
    kind: str
    period: str
    is_held: bool
    accepted_count: int
    held_count: int
    accepted_gbp: Decimal
    held_gbp: Decimal


@dataclass(frozen=True)
class Submission:
    """A file as it was submitted and what came of it. Rows and pounds are those of the ledger; `file_gbp` is the second count of
    the file, made without the parser (None: it could not be made). `is_read` False: no return could be read in
    it. `left_out_reasons`: why rows were left out, with how many. `packed_count`: the files in an archive that could be opened,
    each of which has a report of its own; None for every other file."""

    file_name: str
    publisher_name: str
    kind: str
    sha256: str
    at: datetime
    is_dry_run: bool
    is_read: bool
    returns: tuple[ReturnOutcome, ...]
    row_count: int
    accepted_count: int
    held_count: int
    left_out_count: int
    file_gbp: Decimal | None
    accepted_gbp: Decimal
    held_gbp: Decimal
    left_out_gbp: Decimal
    left_out_reasons: tuple[tuple[str, int], ...] = ()
    packed_count: int | None = None

    @property
    def is_held_whole(self) -> bool:
        if self.packed_count is not None:
            return False
        return not self.is_read or all(outcome.is_held for outcome in self.returns)

    @property
    def return_names(self) -> dict[str, str]:
        """Return id -> agency and period, for a file that holds several returns; else nothing needs naming."""
        if len(self.returns) < 2:
            return {}
        return {r.return_id: f"{r.agency_name}, {r.period or 'period not known'}" for r in self.returns}

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({outcome.period for outcome in self.returns if outcome.period}))


@dataclass(frozen=True)
class Verdict:
    """The one sentence (`words`), what follows from it (`then`), and its tone."""

    tone: Tone
    words: str
    then: str


def verdict(submission: Submission, groups: Sequence[Group], each: str = "each told below") -> Verdict:
    """What the submitter needs to know first. `each`: where what became of the files of an archive is told."""
    if submission.packed_count is not None:
        return _verdict_on_archive(counted(submission.packed_count, "file"), groups, each)
    is_, was = ("would be", "would be") if submission.is_dry_run else ("is", "was")
    held = [outcome for outcome in submission.returns if outcome.is_held]
    many = len(submission.returns) > 1
    stays = "The last good one, where there is one, stays in service."
    if submission.is_held_whole:
        thing = f"All {len(held)} returns of this file" if many else "This return"
        verb = is_.replace("is", "are") if many else is_
        return Verdict("held", f"{thing} {verb} held whole, because: {_because(groups)}", stays)
    loose = sum(outcome.held_count for outcome in submission.returns if not outcome.is_held)
    loose_gbp = sum((outcome.held_gbp for outcome in submission.returns if not outcome.is_held), Decimal("0.00"))
    thing = (
        f"{len(submission.returns) - len(held)} of the {len(submission.returns)} returns in this file" if held else "This return"
    )
    if many and not held:
        thing = f"All {len(submission.returns)} returns of this file"
    verb = was.replace("was", "were") if many else was
    held_verb = "would be" if submission.is_dry_run else "is" if loose == 1 else "are"
    rows = f", except that {counted(loose, 'row')} {_worth(loose_gbp, groups)} {held_verb} held"
    words = f"{thing} {verb} accepted{rows if loose else ''}."
    if held:
        whole = sum((outcome.held_gbp for outcome in held), Decimal("0.00"))
        words += f" {len(held)} {is_.replace('is', 'are') if len(held) > 1 else is_} held whole ({pounds(whole)})."
    checks = sum(group.severity == "warning" for group in groups)
    look = f"{counted(checks, 'thing')} below should be looked at." if checks else ""
    then = (
        f"{'Put the held rows right and send the whole file again: it replaces this one.' if loose else ''} {stays if held else ''}"
    )
    return Verdict("part" if loose or held else "accepted", words, " ".join(f"{then} {look}".split()))


def _verdict_on_archive(files: str, groups: Sequence[Group], each: str) -> Verdict:
    """An archive is no return: it is neither accepted nor held. What could not be unpacked is lost from it, and is said."""
    words = f"An archive of {files}, {each}."
    if not any(group.severity == "blocking" for group in groups):
        return Verdict("accepted", words, "")
    return Verdict("part", f"{words} Not everything in it could be unpacked: {_because(groups)}", "")


def _worth(held_gbp: Decimal, groups: Sequence[Group]) -> str:
    """ "worth £5.00", and that some amounts cannot be read."""
    unknown = any(group.unknown_count for group in groups if group.severity == "blocking" and group.is_about_rows)
    if unknown and not held_gbp:
        return "with amounts that cannot be read"
    return f"worth {pounds(held_gbp)}{', and amounts that cannot be read,' if unknown else ''}"


def _because(groups: Sequence[Group]) -> str:
    """The first cause that holds the whole return, and how many more there are."""
    causes = [group for group in groups if group.severity == "blocking" and not group.is_about_rows]
    if not causes:
        return "see below."
    words = causes[0].words.strip()
    words += "" if words.endswith((".", "!", "?")) else "."
    return words + (f" ({counted(len(causes) - 1, 'further cause')} below.)" if len(causes) > 1 else "")


def balance(submission: Submission) -> tuple[bool | None, str]:
    """Whether accepted, held and left out add up to the file as counted a second way (None: nothing to compare), in words."""
    placed = submission.accepted_gbp + submission.held_gbp + submission.left_out_gbp
    rows = submission.accepted_count + submission.held_count + submission.left_out_count
    if submission.packed_count is not None:
        return None, "Its rows and pounds are those of the files in it."
    if not submission.is_read:
        return None, "No return could be read in this file, so its money is not known."
    if submission.file_gbp is None:
        return None, "The file could not be counted a second way, so these sums could not be checked."
    if placed == submission.file_gbp and rows == submission.row_count:
        words = "Checked: counted a second time, independently, the file holds exactly these rows and pounds. Nothing is lost."
        return True, words
    return False, (
        f"The second, independent count of the file finds {counted(submission.row_count, 'row')} and {pounds(submission.file_gbp)};"
        f" the parts above add up to {counted(rows, 'row')} and {pounds(placed)}. The data team is looking into the difference."
    )
