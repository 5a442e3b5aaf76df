"""Which row names the columns, where no row does so exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.headers import Synonyms
from ingest.kinds import Kind
from ingest.mapping.names import field_similarities
from ingest.readers.cells import Cell, is_blank
from ingest.values.dates import parse_date
from ingest.values.money import parse_money

_TOP, _BOTTOM = 200, 50  # rows looked at first: headers stand at the top, or last
_LONGEST = 60  # characters of a header
LIKE = 0.6  # a name this near is worth following
_LIKE_ENOUGH = 1.0  # the likeness that all cells of a row must have together: one sure name, or two half sure


def is_header_like(row: Sequence[Cell]) -> bool:
    """Words, two cells of them at least, and nothing that is money or a date."""
    filled = [cell for cell in row if not is_blank(cell)]
    if len(filled) < 2:
        return False
    return all(
        isinstance(cell, str) and len(cell) <= _LONGEST and any(c.isalpha() for c in cell) and not _is_value(cell)
        for cell in filled
    )


def _is_value(cell: str) -> bool:
    return cell[:1].isdigit() and (parse_money(cell) is not None or parse_date(cell, "dmy") is not None)


def likeness(row: Sequence[Cell], kind: Kind, synonyms: Synonyms) -> float:
    """How much of a header the row is by its names: the sum over fields of the best similarity; 0 without a mandatory field."""
    best: dict[str, float] = {}
    for cell in row:
        if isinstance(cell, str) and not is_blank(cell):
            for field, similarity in field_similarities(cell.strip(), synonyms).items():
                if similarity >= LIKE and similarity > best.get(field, 0.0):
                    best[field] = similarity
    return sum(best.values()) if any(name in best for name in kind.mandatory) else 0.0


def find_header(rows: Sequence[list[Cell]], kind: Kind, synonyms: Synonyms) -> int | None:
    """The index of the row most like a header of the kind, or None."""
    near = [*range(min(_TOP, len(rows))), *range(max(_TOP, len(rows) - _BOTTOM), len(rows))]
    found = _best(near, rows, kind, synonyms)
    return found if found is not None else _best(range(_TOP, max(_TOP, len(rows) - _BOTTOM)), rows, kind, synonyms)


def _best(indexes: Iterable[int], rows: Sequence[list[Cell]], kind: Kind, synonyms: Synonyms) -> int | None:
    best: tuple[float, int] | None = None
    for index in indexes:
        if not is_header_like(rows[index]):
            continue
        score = likeness(rows[index], kind, synonyms)
        if score >= _LIKE_ENOUGH and (best is None or score > best[0] + 1e-3):
            best = (score, index)
    return best[1] if best else None
