"""Figures that are not money, whole numbers, yes and no: from a cell.

Belongs here: reading one cell. A percent sign is not read: whether 15% means 15 or 0.15 is the submitter's to say.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^[+-]?(?=\.?[0-9])([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$")
_LARGEST_WHOLE = 10**15  # floats hold every whole number below
_TRUTHS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}


def parse_number(cell: object) -> float | None:
    """The figure in a cell, or None when it holds none ("1,234.5" and "-0.25" are figures; "12.5%", "n/a", NaN are not)."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        number = float(cell) if abs(cell) < 1e300 else float("inf")
        return number if abs(number) < 1e300 else None
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if not _NUMBER.match(text):
        return None
    number = float(text.replace(",", ""))
    return number if abs(number) < 1e300 else None


def parse_whole(cell: object) -> int | None:
    """The whole number in a cell, or None ("3" and 3.0 are, "3.5" is not)."""
    number = parse_number(cell)
    if number is None or not number.is_integer() or abs(number) >= _LARGEST_WHOLE:
        return None
    return int(number)


def parse_truth(cell: object) -> bool | None:
    """True or False from yes/no, true/false, y/n, 1/0 in any case; None for anything else."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        return {0: False, 1: True}.get(cell) if cell in (0, 1) else None  # type: ignore[arg-type]
    return _TRUTHS.get(cell.strip().lower()) if isinstance(cell, str) else None
