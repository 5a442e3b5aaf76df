"""The second reading of money: its own rules for what a cell is worth, beside `values.money`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

PENNY = Decimal("0.01")
LARGEST = Decimal(10) ** 16  # no column of money holds it: a number as large is a reference, not an amount
_AMOUNT = re.compile(
    r"^(?P<open>\()?(?P<sign>[+-])?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?P<point>\.[0-9]*)?(?P<after>-)?(?P<side>CR|DR)?(?P<close>\))?$",
    re.IGNORECASE,
)


def pounds(cell: Any, unit: int) -> Decimal:
    """What a cell is worth in pounds, when 1 means `unit` pounds; 0 for what is no amount."""
    if cell is None or isinstance(cell, bool):
        return Decimal(0)
    if isinstance(cell, (int, float, Decimal)):
        value = Decimal(str(cell))
        return pennies(value * unit) if value.is_finite() else Decimal(0)
    text = str(cell).strip()
    if len(text) > 1 and text[0] == '"' == text[-1]:
        text = text[1:-1]
    text = re.sub(r"[\s\u00a0£\x9cœúÂ\ufffd']|GBP", "", text, flags=re.IGNORECASE)
    match = _AMOUNT.match(text)
    if not match or not re.search(r"[0-9]", text):
        return _scientific(text)
    value = Decimal((match["digits"].replace(",", "") or "0") + (match["point"] or ""))
    if bool(match["open"]) != bool(match["close"]):
        return Decimal(0)
    credit = (match["side"] or "").upper() == "CR"
    minus = (match["sign"] == "-") + bool(match["open"]) + bool(match["after"]) + credit
    return Decimal(0) if minus > 1 else pennies(-value if minus else value) * unit


def pennies(value: Decimal) -> Decimal:
    return value.quantize(PENNY, rounding=ROUND_HALF_EVEN) if abs(value) < LARGEST else Decimal(0)


def _scientific(text: str) -> Decimal:
    if re.match(r"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}$", text):
        return pennies(Decimal(text))
    return Decimal(0)
