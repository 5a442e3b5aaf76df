"""Candidate lines to typed lines: one pandas frame per file, raw text kept beside every typed money and date.

Belongs here: typing by the kind's fields. Must not: judge (that is `expectations`) or drop a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import pandas as pd

from ingest.kinds import Field, Kind
from ingest.periods import is_financial_year
from ingest.personal_data import policies_for, withhold
from ingest.readers.cells import cell_reference
from ingest.registry import Registry
from ingest.rows import RawLine
from ingest.values.dates import Order, read_date_column
from ingest.values.money import Money, parse_money
from ingest.values.numbers import parse_number, parse_truth, parse_whole
from ingest.values.text import cell_text, header_key


@dataclass(frozen=True)
class TypedLines:
    """The frame, and the decisions that typing took: (rule_id, words)."""

    frame: pd.DataFrame
    notes: tuple[tuple[str, str], ...]


def type_lines(
    lines: Sequence[RawLine], kind: Kind, registry: Registry, publisher_slug: str, decided: Order | None = None
) -> TypedLines:
    """Columns: sheet_name, row_number, cell_ref, agency_slug, every field of the kind, amount_raw, is_rounded, stray_gbp,
    is_repeated_line, and `<field>_raw`, the text of the cell, for every date and figure (of templates for money too). Numbers are
    float, whole numbers int, yes and no bool; None where the cell holds none. A kind without an amount has None for it.

    `decided`: the order of day and month, where the lines are some of a larger file that was looked at whole.
    """
    notes: list[tuple[str, str]] = []
    data: dict[str, list[object]] = {
        "sheet_name": [line.sheet_name for line in lines],
        "row_number": [line.row_number for line in lines],
        "cell_ref": [cell_reference(line.amount_column, line.row_number) for line in lines],
        "stray_gbp": [line.stray_gbp for line in lines],
    }
    for field in kind.fields:
        cells = [line.cells.get(field.name) for line in lines]
        if field.type == "money":
            _money_column(field.name, cells, data)
            if kind.is_template:
                data.setdefault(f"{field.name}_raw", [cell_text(cell) for cell in cells])
        elif field.type == "date":
            declared = registry.agencies.get(publisher_slug, {}).get("date_order") or None
            parsed = read_date_column(cells, cast("Order | None", declared), decided)
            data[field.name] = list(parsed.values)
            data[f"{field.name}_raw"] = [cell_text(cell) for cell in cells]
            if decided is None and any(v is not None for v in parsed.values):
                notes.append(("date_format_decided", f"{field.name.replace('_', ' ')}: {parsed.reason}"))
        elif field.type == "mark":
            data[field.name] = [cell_text(cell) is not None for cell in cells]
        elif field.type != "text":
            data[field.name] = [_FIGURES[field.type](cell) for cell in cells]
            data[f"{field.name}_raw"] = [cell_text(cell) for cell in cells]
        elif field.allowed or field.codes:
            data[field.name] = [_text(field, cell) for cell in cells]
        else:
            data[field.name] = [cell_text(cell) for cell in cells]
    if not kind.has_amount:
        _money_column("amount_gbp", [None] * len(lines), data)
    if kind.name_of_individual:
        _drop_individuals(kind, data)
    data["agency_slug"] = _agencies(lines, kind, registry, publisher_slug, data)
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in data.items()})
    frame["is_repeated_line"] = _repeated(lines, kind)
    withheld = withhold(frame, policies_for(registry.personal_data, kind), publisher_slug, registry.secret)
    return TypedLines(withheld.frame, (*notes, *withheld.notes))


def _repeated(lines: Sequence[RawLine], kind: Kind) -> list[bool]:
    """True for a line whose whole row equals that of an earlier line of the file."""
    if kind.shape == "matrix":
        return [False] * len(lines)
    seen: set[int] = set()
    repeated: list[bool] = []
    for line in lines:
        repeated.append(line.row_mark in seen)
        seen.add(line.row_mark)
    return repeated


def _money_column(name: str, cells: Sequence[object], data: dict[str, list[object]]) -> None:
    known: dict[object, Money | None] = {}
    parsed: list[Money | None] = []
    for cell in cells:
        if isinstance(cell, Decimal):
            parsed.append(Money(cell))
            continue
        key = (type(cell), cell)
        if key not in known:
            known[key] = parse_money(cell)
        parsed.append(known[key])
    data[name] = [m.amount_gbp if m else None for m in parsed]
    if name == "amount_gbp":
        data["amount_raw"] = [cell_text(cell) if not isinstance(cell, Decimal) else str(cell) for cell in cells]
        data["is_rounded"] = [bool(m and m.is_rounded) for m in parsed]


_FIGURES: Mapping[str, Callable[[object], object]] = {"number": parse_number, "integer": parse_whole, "boolean": parse_truth}


def _text(field: Field, cell: object) -> str | None:
    text = cell_text(cell)
    if text is None:
        return None
    if field.allowed and all(word == word.lower() for word in field.allowed):
        return text.lower().replace(" ", "_")
    if field.codes == "service":
        return service_code(text)
    if field.codes == "year":
        return financial_year(text)
    if field.codes == "place":
        return text.upper()
    if field.codes == "agencies":
        return ";".join(filter(None, (slug.strip() for slug in text.split(";")))) or None
    return text


def _drop_individuals(kind: Kind, data: dict[str, list[object]]) -> None:
    """Where the other side is a person, nothing that may name them goes further than this."""
    for name in kind.name_of_individual:
        marked = zip(data["recipient_is_individual"], data[name], strict=True)
        data[name] = [None if is_individual else text for is_individual, text in marked]


def service_code(text: str) -> str:
    """COFOG as text, zero-padded: a spreadsheet that made "04.5" a number is put right ("4.5" -> "04.5")."""
    return f"0{text}" if re.match(r"^\d(\.\d+)*$", text) else text


def financial_year(text: str) -> str:
    """ "2024/25" and "2024-2025" as "2024-25"; anything else unchanged, for the rule to name."""
    match = re.match(r"^(\d{4})\s*[-/]\s*(?:\d{2})?(\d{2})$", text)
    name = f"{match[1]}-{match[2]}" if match else text
    return name if is_financial_year(name) else text


def _agencies(
    lines: Sequence[RawLine], kind: Kind, registry: Registry, publisher_slug: str, data: dict[str, list[object]]
) -> list[object]:
    own: object = publisher_slug if publisher_slug in registry.agencies else None
    if kind.agency_field:
        slugs = data[kind.agency_field]
        return slugs if kind.field(kind.agency_field).is_mandatory else [own if slug is None else slug for slug in slugs]
    if kind.shape == "matrix":
        return [registry.agency_by_authority_code.get(str(line.cells.get("authority_code"))) for line in lines]
    if publisher_slug in registry.publishers and kind.agency_name_field:
        names = data.get(kind.agency_name_field, [None] * len(lines))
        return [registry.agency_by_name.get(header_key(name)) for name in names]
    return [own] * len(lines)
