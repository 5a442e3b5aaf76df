"""The methodology page (docs/methodology.md): each rule of the count, its source, and an example worked by the models themselves.

Belongs here: sections, one module each, found by their name; the page is put together from them and a release of the scenarios.
Must not: a figure. Every number of an example is read from the release; the scenarios (`scenarios/`) are what goes in.

To add a section write a module with `SECTION = Section(order, title, (Worked(...), ...))`, whose SQL looks only at places and
agencies of its own scenario, then `make methodology`. `test_methodology.py` says when the page is not what the code yields.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from decimal import Decimal

import duckdb

HEAD = """# Methodology

Each rule of the count with its source and an example. The figures of the examples are not typed: they are read from a release
that the pipeline made of synthetic returns (`tests/golden/scenarios/`), and a test fails where this page differs from what the code
yields. `make methodology` writes it anew; the words stand in `tests/golden/methodology/`. What the models do step by step:
[count.md](count.md).

Sources are named as published: *GFSM* is the IMF's Government Finance Statistics Manual 2014, *WGA* HM Treasury's Whole of
Government Accounts, *GAO* the United States Government Accountability Office's guide GAO-15-49SP, *CRA* HM Treasury's Country and
Regional Analysis.
"""


@dataclass(frozen=True)
class Worked:
    """One rule with its example. `sql` is run on the release; its columns, named as they should be read, are the example's table.
    `after`: what to see in it."""

    title: str
    rule: str
    source: str
    sql: str
    after: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page; sections stand by `order`, then title."""

    order: int
    title: str
    worked: tuple[Worked, ...]
    intro: str = ""


def sections() -> list[Section]:
    """All sections of the page, in order."""
    modules = sorted(info.name for info in pkgutil.iter_modules(__path__))
    found: list[Section] = [importlib.import_module(f"{__name__}.{name}").SECTION for name in modules]
    return sorted(found, key=lambda section: (section.order, section.title))


def page(release: duckdb.DuckDBPyConnection) -> str:
    """The page as Markdown, from a release of the scenarios.

    Raises ValueError when an example has no rows: it would show nothing.
    """
    parts = [HEAD]
    for number, section in enumerate(sections(), start=1):
        parts.append(f"## {number}. {section.title}\n")
        if section.intro:
            parts.append(_paragraph(section.intro) + "\n")
        for worked in section.worked:
            parts.append(f"### {worked.title}\n\n{_paragraph(worked.rule)}\n\nSource: {_paragraph(worked.source)}\n")
            parts.append(_table(release, worked))
            if worked.after:
                parts.append(_paragraph(worked.after) + "\n")
    return "\n".join(parts)


def _table(release: duckdb.DuckDBPyConnection, worked: Worked) -> str:
    cursor = release.execute(worked.sql)
    names = [column[0] for column in cursor.description or []]
    rows = cursor.fetchall()
    if not rows:
        raise ValueError(f"the example '{worked.title}' has no rows")
    numeric = [all(_is_number(row[i]) or row[i] is None for row in rows) for i in range(len(names))]
    lines = [names, ["---:" if is_number else "---" for is_number in numeric]]
    lines += [[_cell(value) for value in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _paragraph(text: str) -> str:
    return " ".join(text.split())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4f}"
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    return str(value)
