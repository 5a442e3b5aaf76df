"""The placeholders a message may hold, and what stands in for one whose value is not known.

A reader must never meet `{period_from}`: so the set is closed, a catalogue that uses another is refused, and each has
words that read well in its place. Filling them in is wording's business.
"""

from __future__ import annotations

import string

STAND_INS = {
    "value": "(blank)",
    "field": "right",
    "count": "some",
    "allowed": "the allowed values",
    "min_value": "the lowest value allowed",
    "max_value": "the highest value allowed",
    "period_from": "its first day",
    "period_to": "its last day",
    "financial_year": "the year of the line",
}


def placeholders(text: str) -> tuple[str, ...]:
    """The placeholders of a template, in order. `{a.b}`, `{a[0]}` and `{a:>9}` count as the unknown names they are."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return (text,)
    return tuple(
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in parts
        if name is not None
    )


def unknown_placeholders(text: str) -> tuple[str, ...]:
    """Placeholders that have no stand-in (or the whole text, if its braces do not pair)."""
    return tuple(name for name in placeholders(text) if name not in STAND_INS)
