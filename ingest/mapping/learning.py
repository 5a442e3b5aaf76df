"""What a file's own headers teach: accepted proposals become synonyms of this one file, and are read like any other.

Belongs here: when to score, and what to do with a proposal. Files whose mandatory columns are named exactly cost one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.headers import Header, Synonyms, as_header
from ingest.kinds import Kind
from ingest.mapping.names import name_similarity
from ingest.mapping.proposal import FieldChoice, Proposal, propose
from ingest.mapping.search import LIKE, find_header, is_header_like, likeness
from ingest.readers.cells import Cell, Sheet, is_blank
from ingest.values.text import cell_text, header_key

PLAUSIBLE = 0.3  # the score below which a column is no proposal for a mandatory field
CONTENT_PLAUSIBLE = 0.5  # where nothing but content speaks
_TOP = 50  # rows in which names of columns are looked for where no name is known
SAME_WORD = 0.8  # a cell this near a word of the header in force repeats it


@dataclass
class Learned:
    """Synonyms of one file (the known ones first), the proposals accepted and those that need a person, and the confidence of
    the whole mapping: 1 where every name is known, None where nothing could be proposed."""

    synonyms: Synonyms
    accepted: list[Proposal] = field(default_factory=list[Proposal])
    held: list[Proposal] = field(default_factory=list[Proposal])
    has_header: bool = False

    @property
    def confidence(self) -> float | None:
        if not self.has_header and not self.held:
            return None
        return min([1.0, *(p.confidence for p in self.accepted), *(p.confidence for p in self.held)])


def learn(sheets: Sequence[Sheet], kind: Kind, synonyms: Synonyms) -> Learned:
    """Find every visible sheet's header; score what exact names leave open."""
    learned = Learned(dict(synonyms))
    unnamed: list[Proposal] = []
    for sheet in sheets:
        if sheet.is_hidden:
            continue
        rows = sheet.rows
        header = next((found for i, row in enumerate(rows) if (found := as_header(i, row, kind, learned.synonyms))), None)
        if header is not None and not header.missing(kind):
            learned.has_header = True
            continue
        proposal = best_proposal(sheet, kind, learned.synonyms, header)
        if proposal is not None and proposal.is_accepted:
            take(learned, proposal)
        elif proposal is not None:
            (unnamed if header is None else learned.held).append(proposal)
        learned.has_header |= header is not None
    if learned.has_header:  # beside a sheet that is read, a summary or a list of codes is no return: only what has all of one is
        unnamed = [p for p in unnamed if not p.missing and all(c.chosen.score >= PLAUSIBLE for c in p.choices if c.is_mandatory)]
    learned.held += unnamed
    return learned


def take(learned: Learned, proposal: Proposal) -> None:
    """Make an accepted proposal's headers synonyms of this file."""
    learned.synonyms = extended(learned.synonyms, proposal)
    learned.accepted.append(proposal)
    learned.has_header = True


def extended(synonyms: Synonyms, proposal: Proposal) -> dict[str, str]:
    return dict(synonyms) | {header_key(header): name for header, name in proposal.learned.items()}


def best_proposal(sheet: Sheet, kind: Kind, synonyms: Synonyms, header: Header | None = None) -> Proposal | None:
    """The proposal for a sheet: its known header row, else the row most like one, else content alone. None: not a table of
    this kind."""
    rows = sheet.rows
    index = header.index if header is not None else find_header(rows, kind, synonyms)
    if index is not None:
        proposal = propose(rows, kind, synonyms, index, sheet.name)
        if header is not None or is_plausible(proposal):
            return proposal
    if len(rows) < 2:
        return None
    proposal = propose(rows, kind, synonyms, None, sheet.name)
    is_like = not proposal.missing and all(c.chosen.content >= CONTENT_PLAUSIBLE for c in proposal.choices if c.is_mandatory)
    return with_names_above(proposal, rows) if is_like else None


def with_names_above(proposal: Proposal, rows: Sequence[list[Cell]]) -> Proposal:
    """A proposal by content alone, with the words above its columns as their headers where one row near the top names them all.
    Nobody knows these names, so the confidence stays that of content alone; but a person has names to accept."""
    columns = list(proposal.columns.values())
    for index, row in enumerate(rows[:_TOP]):
        if is_header_like(row) and all(column < len(row) and not is_blank(row[column]) for column in columns):
            return replace(proposal, header_index=index, choices=tuple(_named(choice, row) for choice in proposal.choices))
    return proposal


def _named(choice: FieldChoice, row: list[Cell]) -> FieldChoice:
    candidates = tuple(
        replace(one, header=(cell_text(row[one.column]) or "") if one.column < len(row) else "") for one in choice.candidates
    )
    samples = tuple(sample for sample in choice.samples if sample != candidates[0].header)
    return replace(choice, candidates=candidates, samples=samples)


def is_plausible(proposal: Proposal) -> bool:
    """Two mandatory fields at least have a column that is more than chance, and a name speaks for one of them."""
    good = [c for c in proposal.choices if c.is_mandatory and c.chosen.score >= PLAUSIBLE]
    return len(good) >= 2 and any(c.chosen.name >= LIKE for c in good)


def learn_kind(sheets: Sequence[Sheet], kinds: Sequence[tuple[Kind, Synonyms]]) -> tuple[Kind, Learned] | None:
    """The kind whose fields a file without a known header fits best, with what was learned; None: no kind is plausible."""
    best: tuple[Kind, Learned] | None = None
    for kind, synonyms in kinds:
        learned = learn(sheets, kind, synonyms)
        if learned.confidence is not None and (best is None or learned.confidence > (best[1].confidence or 0.0)):
            best = (kind, learned)
    return best


def changed_header(
    rows: Sequence[list[Cell]], index: int, header: Header, kind: Kind, synonyms: Synonyms, sheet_name: str | None
) -> Proposal | None:
    """A proposal for row `index` where it looks like a header with changed names below the one in force: words only, no money
    and no date, half of them words of the header in force or names of fields. None: it is no header."""
    row = rows[index]
    if not is_header_like(row):
        return None
    words = [str(cell).strip() for cell in row if not is_blank(cell)]
    before = [str(cell).strip() for cell in rows[header.index] if not is_blank(cell)]
    if len(words) < max(2, len(before) // 2):
        return None
    again = sum(any(name_similarity(word, known) >= SAME_WORD for known in before) for word in words)
    if again < 2 or 2 * max(again, likeness(row, kind, synonyms)) < len(words):
        return None
    return propose(rows, kind, synonyms, index, sheet_name)


def propose_sheets(sheets: Sequence[Sheet], kinds: Sequence[tuple[Kind, Synonyms]]) -> list[Proposal]:
    """What each visible sheet's columns are, known names included, as the kind that fits the file best; none: nothing plausible."""
    best: list[Proposal] = []
    for kind, synonyms in kinds:
        found: list[Proposal] = []
        for sheet in sheets:
            if sheet.is_hidden:
                continue
            header = next((h for i, row in enumerate(sheet.rows) if (h := as_header(i, row, kind, synonyms))), None)
            if (proposal := best_proposal(sheet, kind, synonyms, header)) is not None:
                found.append(proposal)
        if max((p.confidence for p in found), default=0.0) > max((p.confidence for p in best), default=0.0) or not best:
            best = found
    return best
