"""Mapping of unseen layouts: which row names the columns and which column is which field, by name and by content.

Belongs here: scores, proposals, and what is learned from them for one file. Exact names (`ingest.headers`) come first and
cost nothing here. Must not: know any agency, read bytes, or map by position alone.
"""

from __future__ import annotations

from ingest.mapping.learning import Learned, changed_header, learn, learn_kind, propose_sheets
from ingest.mapping.proposal import THRESHOLD, Candidate, FieldChoice, Proposal, propose
from ingest.mapping.wording import paste_rows, proposal_words

__all__ = [
    "THRESHOLD",
    "Candidate",
    "FieldChoice",
    "Learned",
    "Proposal",
    "changed_header",
    "learn",
    "learn_kind",
    "paste_rows",
    "proposal_words",
    "propose",
    "propose_sheets",
]
