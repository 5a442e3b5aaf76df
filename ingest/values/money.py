"""Money from a cell, exact to the penny.

Belongs here: every way published files write an amount. Source of the forms: design/returns.md, "What real files do".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

PENNY = Decimal("0.01")
LARGEST = Decimal("9999999999999999.99")  # what DECIMAL(18,2) holds
_NOISE = re.compile(r"[£\u00a3\x9c\ufffd\s\u00a0\u202f']|GBP", re.IGNORECASE)
_PLAIN = re.compile(r"^[+-]?(\d+|\d{1,3}(,\d{3})+|\d+(,\d+)*)(\.\d*)?$|^[+-]?\.\d+$")
_FLOAT_NOISE = 1e-6  # a spreadsheet's 1263.6100000000001 is 1263.61, not an amount with 13 decimals


@dataclass(frozen=True)
class Money:
    """An amount in pounds; `is_rounded` when the cell held more than two decimals."""

    amount_gbp: Decimal
    is_rounded: bool = False


def _to_pennies(value: Decimal) -> Money | None:
    pennies = value.quantize(PENNY, rounding=ROUND_HALF_EVEN)
    if abs(pennies) > LARGEST:
        return None
    return Money(pennies, is_rounded=pennies != value)


def parse_money(cell: object) -> Money | None:
    """The amount in a cell, or None when it holds none (blank and text alike: the caller knows which).

    Accepts numbers, "1,234.50", "£1,234", "1,234.50-", "(1,234.00)", "1616.23 ", "CR"/"DR" suffixes, and the pound sign as any of
    the bytes publishers write it with. More than two decimals: rounded half-even, flagged.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return _to_pennies(Decimal(cell))
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            return None
        pennies = _to_pennies(Decimal(repr(cell)))
        if pennies and pennies.is_rounded and abs(float(pennies.amount_gbp) - cell) < _FLOAT_NOISE:
            return Money(pennies.amount_gbp)
        return pennies
    if not isinstance(cell, str):
        return None
    return _parse_text(cell)


def _parse_text(cell: str) -> Money | None:
    text = _NOISE.sub("", cell)
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1], -1
    if text[-2:].upper() in ("CR", "DR"):
        sign = -sign if text[-2:].upper() == "CR" else sign
        text = text[:-2]
    if text.endswith("-") and not text.startswith("-"):
        text, sign = text[:-1], -sign
    if not _PLAIN.match(text):
        return _scientific(text, sign)
    if "," in text and not re.match(r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$", text):
        return None  # "1,23" or "12,34.5": a decimal comma or a typing slip; guessing would move the decimal point
    try:
        return _to_pennies(sign * Decimal(text.replace(",", "")))
    except InvalidOperation:
        return None


def _scientific(text: str, sign: int) -> Money | None:
    if not re.match(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}$", text):
        return None
    return _to_pennies(sign * Decimal(text))
