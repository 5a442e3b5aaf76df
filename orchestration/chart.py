"""A small bar chart as an image inside text: money by month, as the web UI shows it in an asset's metadata.

Belongs here: drawing. Pure: numbers in, SVG out, no font, script or address from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal
from html import escape

_BAR, _GAP, _HEIGHT, _TOP, _LEFT = 34, 8, 120, 22, 8
_INK, _CREDIT, _TEXT, _LINE = "#1f6feb", "#b35900", "#6b7280", "#9ca3af"  # readable on the UI's light and dark grounds


def short_pounds(amount: Decimal) -> str:
    """\u00a31.2m, \u00a3340k, \u00a35: no more figures than a bar has room for."""
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    for unit, mark in ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")):
        if size >= unit:
            scaled = size / unit
            return f"{sign}\u00a3{scaled:.1f}{mark}" if scaled < 10 else f"{sign}\u00a3{scaled:.0f}{mark}"
    return f"{sign}\u00a3{size:.0f}"


def text_bars(amounts: Sequence[Decimal | None], width: int = 24) -> list[str]:
    """The same as text: blocks for money paid, dots for money that came back, nothing for none."""
    largest = max([abs(amount) for amount in amounts if amount is not None], default=Decimal(0)) or Decimal(1)
    return [
        "" if not amount else ("\u2588" if amount > 0 else "\u2591") * max(1, int(abs(amount) / largest * width + Decimal("0.5")))
        for amount in amounts
    ]


def bars_svg(bars: Sequence[tuple[str, Decimal | None]], title: str) -> str:
    """Bars from nought upwards, credits downwards in another colour; None is a month without lines, and is said to be."""
    top = max([amount for _, amount in bars if amount is not None and amount > 0], default=Decimal(0))
    bottom = min([amount for _, amount in bars if amount is not None and amount < 0], default=Decimal(0))
    span = (top - bottom) or Decimal(1)
    zero = _TOP + float(top / span) * _HEIGHT
    width, height = 2 * _LEFT + len(bars) * (_BAR + _GAP), _TOP + _HEIGHT + 36
    parts = [f'<line x1="0" x2="{width}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{_LINE}"/>']
    for position, (label, amount) in enumerate(bars):
        x = _LEFT + position * (_BAR + _GAP)
        middle, told = x + _BAR / 2, "none" if amount is None else short_pounds(amount)
        size = 0.0 if amount is None else max(float(abs(amount) / span) * _HEIGHT, 1.0 if amount else 0.0)
        y = zero - size if (amount or 0) >= 0 else zero
        colour = _INK if (amount or 0) >= 0 else _CREDIT
        parts.append(f'<rect x="{x}" y="{y:.1f}" width="{_BAR}" height="{size:.1f}" fill="{colour}"/>')
        parts.append(f'<text x="{middle}" y="{y - 4:.1f}" {_style(10)}>{told}</text>')
        parts.append(f'<text x="{middle}" y="{height - 6}" {_style(10)}>{escape(label)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _style(size: int) -> str:
    return f'text-anchor="middle" font-family="system-ui,sans-serif" font-size="{size}" fill="{_TEXT}"'


def as_markdown_image(svg: str, words: str) -> str:
    """The image as Markdown that holds it whole; the words stand in for it where it cannot be seen."""
    told = words.replace("[", "(").replace("]", ")").replace("\n", " ")
    return f"![{told}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
