"""Content that contradicts an exact name, and names that stand twice.

Belongs here: what can be seen only with the cells beside the headers. Cheap for files in order: samples of a few columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.headers import Header
from ingest.kinds import Kind
from ingest.mapping.content import Profile, fit, profile, sample
from ingest.readers.cells import Cell, column_letter
from ingest.values.money import parse_money
from ingest.values.text import cell_text, header_key

MOSTLY = 0.8  # of a column's sampled cells
CLEARLY = 0.3  # by how much one column must fit better than its namesake
_ROWS = 1_000


def _spread(rows: Sequence[list[Cell]], first: int, last: int) -> list[list[Cell]]:
    return list(rows[first : last : max(1, (last - first) // _ROWS)])


def without_namesakes(header: Header, rows: Sequence[list[Cell]], kind: Kind) -> tuple[Header, list[str]]:
    """Where two columns have the name of one field, the one whose content clearly fits better; else the leftmost, as it was.

    Returns the header and what was decided, in words.
    """
    row = rows[header.index]
    words: list[str] = []
    for name, column in header.columns.items():
        key = header_key(row[column])
        twins = [other for other in header.unmapped if header_key(row[other]) == key]
        if not twins:
            continue
        data = _spread(rows, header.index + 1, len(rows)) or _spread(rows, 0, header.index)
        fits = {c: fit(profile(sample(data, c)), kind.field(name)) for c in (column, *twins)}
        best = max(fits, key=lambda c: (fits[c], -c))
        chosen = best if fits[best] - fits[column] >= CLEARLY else column
        if chosen != column:
            unmapped = {c: text for c, text in header.unmapped.items() if c != chosen} | {column: str(row[column]).strip()}
            header = replace(header, columns=header.columns | {name: chosen}, unmapped=unmapped)
        why = "by what it holds" if chosen != column else "the leftmost"
        places = ", ".join(column_letter(c) for c in sorted(fits))
        words.append(f"columns {places} are all called '{str(row[chosen]).strip()}': {column_letter(chosen)} is read, {why}")
    return header, words


def codes_for_names(rows: Sequence[list[Cell]], header: Header) -> str | None:
    """What is wrong where the payee column holds codes, with the column that holds names where there is one; None: nothing."""
    column = header.columns.get("payee_name")
    if column is None:
        return None
    data = _spread(rows, header.index + 1, len(rows)) or _spread(rows, 0, header.index)
    cells = sample(data, column)
    if len(cells) < 2 or sum(isinstance(cell, str) and " " in cell.strip() for cell in cells) > (1 - MOSTLY) * len(cells):
        return None  # names of several words: the file is in order, and costs no more than this
    what = profile(cells)
    if max(what.code, what.integer) < MOSTLY:
        return None
    text = str(rows[header.index][column]).strip()
    named = [c for c in header.unmapped if _is_names(profile(sample(data, c)))]
    words = f"the column '{text}' holds codes ({', '.join(_examples(data, column))}), not names of payees"
    if named:
        words += f"; column {column_letter(named[0])} '{header.unmapped[named[0]]}' looks like the names"
    return words


def _is_names(what: Profile) -> bool:
    return what.name >= MOSTLY and what.several_words >= 0.3 and what.distinct >= 0.2


def _examples(data: Sequence[list[Cell]], column: int) -> list[str]:
    return list(dict.fromkeys(cell_text(cell) or "" for cell in sample(data, column)))[:3]


def amounts_elsewhere(rows: Sequence[list[Cell]], header: Header, kind: Kind) -> int | None:
    """The column that holds the money where the amount column holds none at all; None: nothing is wrong."""
    amount = header.columns.get("amount_gbp")
    data = _spread(rows, header.index + 1, len(rows)) or _spread(rows, 0, header.index)
    if amount is None or len(data) < 2 or any(parse_money(cell) is not None for cell in sample(data, amount)):
        return None
    taken = set(header.columns.values())
    width = max(map(len, data))
    fits = {
        c: fit(what, kind.field("amount_gbp")) for c in range(width) if c not in taken and (what := profile(sample(data, c))).pence
    }
    best = max(fits, key=lambda c: (fits[c], -c), default=None)
    return best if best is not None and fits[best] >= MOSTLY else None
