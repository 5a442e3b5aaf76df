"""Text out of a stranger's file, made safe to show: no formula runs, no invisible character disguises what stands there.

Belongs here: what a spreadsheet or a reader's eye could be deceived by. Escaping for HTML is the page's.
"""

from __future__ import annotations

import unicodedata

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LINE_BREAKS = {"\n": "\u21b5", "\r": "\u21b5", "\t": "\u21e5"}


def neutral(value: object) -> str:
    """Text that no spreadsheet runs: a leading = + - @ tab or return gets an apostrophe before it (numbers stay)."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA_STARTS) and not text.lstrip("+-").replace(",", "").replace(".", "").isdigit():
        return f"'{text}"
    return text


def visible(value: object) -> str:
    """The text with what cannot be seen written out: control, format and direction characters as ‹U+202E›, line breaks as ↵."""
    text = "" if value is None else str(value)
    if text.isprintable():
        return text
    return "".join(_LINE_BREAKS.get(mark) or _shown(mark) for mark in text.replace("\r\n", "\n"))


def _shown(mark: str) -> str:
    category = unicodedata.category(mark)
    return f"\u2039U+{ord(mark):04X}\u203a" if category[0] == "C" or category in ("Zl", "Zp") else mark


def shortened(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "\u2026"


def pounds(amount: object) -> str:
    """£1,234.50, or −£1,234.50 with a true minus, at which no line breaks; "unknown" for none."""
    if amount is None:
        return "unknown"
    text = f"{amount:,.2f}"
    return f"\u2212£{text[1:]}" if text.startswith("-") else f"£{text}"


def counted(count: int, noun: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
