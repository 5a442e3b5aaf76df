"""Proposals in words, and as rows to paste into registry/header_synonyms.csv."""

from __future__ import annotations

import csv
import io

from ingest.mapping.proposal import Candidate, FieldChoice, Proposal
from ingest.readers.cells import column_letter


def paste_rows(proposal: Proposal, agency_slug: str) -> list[str]:
    """Rows of header_synonyms.csv (kind, agency_slug, header, field, valid_from, valid_to) that would make the proposal certain:
    its mandatory fields, and optional ones that are sure."""
    wanted = [c for c in proposal.choices if not c.is_exact and c.chosen.header and (c.is_mandatory or c.confidence >= 0.6)]
    return [_csv_row((proposal.kind, agency_slug, choice.chosen.header, choice.field, "", "")) for choice in wanted]


def _csv_row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def where(proposal: Proposal) -> str:
    sheet = f"sheet '{proposal.sheet_name}', " if proposal.sheet_name else ""
    return f"{sheet}row {proposal.header_index + 1}" if proposal.header_index is not None else f"{sheet}no header row"


def candidate_words(candidate: Candidate) -> str:
    name = f"'{candidate.header}' " if candidate.header else "without a name "
    return f"column {column_letter(candidate.column)} {name}({candidate.score:.2f})"


def choice_words(choice: FieldChoice) -> str:
    words = f"{choice.field} from {candidate_words(choice.chosen)}"
    if len(choice.candidates) > 1 and not choice.is_exact:
        words += f", next {candidate_words(choice.candidates[1])}"
    return words


def proposal_words(proposal: Proposal, agency_slug: str) -> str:
    """One sentence each: where, which column is which with score and runner-up, what is missing, what to paste."""
    shown = [choice for choice in proposal.choices if choice.is_mandatory or choice.confidence >= 0.6]
    lacking = f"has no column for {', '.join(proposal.missing)}; " if proposal.missing else ""  # first: it is what must be mended
    sure = "" if proposal.missing else f" (confidence {proposal.confidence:.2f})"
    words = f"{where(proposal)} {lacking}read as {proposal.kind}{sure}: " + "; ".join(map(choice_words, shown))
    if rows := paste_rows(proposal, agency_slug):
        aim = "make it certain" if proposal.is_accepted else "accept it"
        words += f". To {aim} add to registry/header_synonyms.csv: {' | '.join(rows)}"
    elif proposal.header_index is None:
        words += ". Put a row of column names above the data; columns are never read by their position alone"
    return words
