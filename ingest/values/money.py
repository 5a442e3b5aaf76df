"""Money from a cell, exact to the penny.

Belongs here: every way published files write an amount. Source of the forms: design/returns.md, "What real files do".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

PENNY = Decimal("0.01")
LARGEST = Decimal("9999999999999999.99")  # what DECIMAL(18,2) holds
# The pound sign as its bytes are read in one code page or another: 0x9C is œ in cp1252, 0xA3 is ú in cp850, "Â£" is
# UTF-8 encoded twice.
_NOISE = re.compile(r"[£œúÂ\x9c\ufffd\s\u00a0\u202f']|GBP", re.IGNORECASE)
_PLAIN = re.compile(r"^[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?$|^[+-]?\.[0-9]+$")
_SIMPLE = re.compile(r"-?[0-9]{1,13}\.[0-9]{2}")  # as most cells are: pounds and pence, and nothing to make out
_SCIENTIFIC = re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}$")
_FLOAT_NOISE = 1e-6  # a spreadsheet's 1263.6100000000001 is 1263.61, not an amount with 13 decimals


@dataclass(frozen=True)
class Money:
    """An amount in pounds; `is_rounded` when the cell held more than two decimals."""

    amount_gbp: Decimal
    is_rounded: bool = False


def _to_pennies(value: Decimal) -> Money | None:
    if abs(value) > LARGEST:
        return None
    pennies = value.quantize(PENNY, rounding=ROUND_HALF_EVEN)
    return Money(pennies, is_rounded=pennies != value)


def parse_money(cell: object) -> Money | None:
    """The amount in a cell, or None when it holds none (blank and text alike: the caller knows which).

    Accepts numbers, "1,234.50", "£1,234", "1,234.50-", "(1,234.00)", "1616.23 ", "CR"/"DR" suffixes, and the pound sign as any of
    the bytes publishers write it with. More than two decimals: rounded half-even, flagged. None for two marks of minus on one
    amount ("(-5.00)", "-5.00 CR"): which of the two was meant cannot be known. None for what DECIMAL(18,2) cannot hold.
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


@lru_cache(maxsize=1 << 14)  # a row's amount is asked for by whoever looks at the row
def _parse_text(cell: str) -> Money | None:
    if _SIMPLE.fullmatch(cell):
        return Money(Decimal(cell))
    text = _NOISE.sub("", cell)
    if _SCIENTIFIC.match(text):
        return _to_pennies(Decimal(text))
    minuses = 0
    if text.startswith("(") and text.endswith(")"):
        text, minuses = text[1:-1], 1
    if text[-2:].upper() in ("CR", "DR"):
        minuses += text[-2:].upper() == "CR"
        text = text[:-2]
    if text.endswith("-"):
        text, minuses = text[:-1], minuses + 1
    if not _PLAIN.match(text):
        return None  # "1,23" or "12,34.5" too: a decimal comma or a typing slip; guessing would move the decimal point
    if minuses + text.startswith("-") > 1:
        return None
    amount = Decimal(text.replace(",", ""))
    return _to_pennies(-amount if minuses else amount)
