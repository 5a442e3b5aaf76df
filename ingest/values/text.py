"""Text from a cell: what a person sees, without the padding."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

_NON_WORD = re.compile(r"[^a-z0-9]+")


def cell_text(cell: object) -> str | None:
    """A cell as text, white space squeezed; None when blank. Whole floats lose the ".0" that spreadsheets give to codes."""
    if cell is None:
        return None
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable() and "  " not in cell:  # as most cells are: only its ends may want tidying
            return cell.strip() or None
        return " ".join(cell.split()) or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def header_key(cell: object) -> str:
    """A header as it is looked up: lower case, only letters and digits, single spaces ("* Net Amount (£)" -> "net amount")."""
    return _text_key(cell) if isinstance(cell, str) else _text_key(cell_text(cell) or "")


@lru_cache(maxsize=1 << 14)  # the cells of a table repeat themselves
def _text_key(text: str) -> str:
    return _NON_WORD.sub(" ", (cell_text(text) or "").lower().replace("&", " and ")).strip()
