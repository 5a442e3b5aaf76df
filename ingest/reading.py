"""Reading a landed file: type, kind, sheets, candidate lines, tally, and the returns it holds.

Belongs here: the order of the steps, and holding a file whose content cannot be read as a return. Must not: judge lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import pandas as pd

from ingest import archives
from ingest.headers import as_header, nearly_header
from ingest.kinds import COUNT, KINDS, SPEND, SUPPORTED, Kind
from ingest.kinds.service_expenditure import find_layout, read_service_expenditure
from ingest.kinds.table import read_table
from ingest.landing import Receipt
from ingest.limits import DEFAULTS, Limits
from ingest.lines import type_lines
from ingest.opening import CannotOpen, open_file
from ingest.periods import Period, PeriodDecision, decide_period, financial_year_of_line, parse_period, period_in_name
from ingest.readers import Sheet
from ingest.registry import FileFacts, Registry
from ingest.rows import Extract
from ingest.tally import Tally, TallyFailed, take_tally
from ingest.values.text import header_key


@dataclass(frozen=True)
class Note:
    """Something decided or found while reading; the catalogue gives it severity and owner."""

    rule_id: str
    words: str
    sheet_name: str | None = None
    row_number: int | None = None
    value: str | None = None
    outcome: str = "failed"


@dataclass
class ReturnPart:
    """The lines of one return (publisher, agency, kind, period) found in a file. `agency_slug` None: lines of many agencies."""

    agency_slug: str | None
    period: Period | None
    period_reason: str
    lines: pd.DataFrame


@dataclass
class Reading:
    """All that reading one landed file yields. `is_held`: it holds no return that could be checked; `notes` say why."""

    receipt: Receipt
    facts: FileFacts
    kind: Kind | None = None
    notes: list[Note] = field(default_factory=list[Note])
    extract: Extract = field(default_factory=Extract)
    parts: list[ReturnPart] = field(default_factory=list[ReturnPart])
    tally: Tally | None = None
    tally_cause: str = ""
    physical_row_count: int = 0
    is_held: bool = False
    is_archive: bool = False

    def hold(self, rule_id: str, words: str, value: str | None = None) -> Reading:
        self.notes.append(Note(rule_id, words, value=value))
        self.is_held = True
        return self


def read_file(content: bytes, receipt: Receipt, registry: Registry, limits: Limits = DEFAULTS) -> Reading:
    """Read a file as far as it can be read. Never raises for what is in the file: it is held with a note instead."""
    reading = Reading(receipt, registry.files.get(receipt.file_name, FileFacts(None, None)))
    if archives.is_archive(content):
        return _read_archive(reading, content, limits)
    try:
        opened = open_file(content, limits)
    except CannotOpen as cause:
        return reading.hold(cause.rule_id, cause.words, cause.value)
    reading.notes += [Note(rule_id, words) for rule_id, words in opened.notes]
    reading.physical_row_count = opened.row_count
    if not _decide_kind(reading, opened.sheets, registry):
        return reading
    _extract(reading, opened.sheets, registry)
    if not reading.is_held:
        try:
            reading.tally = take_tally(content, opened.content_type, reading.extract.segments, opened.encoding, opened.delimiter)
        except TallyFailed as error:
            reading.tally_cause = str(error)
        else:
            reading.notes += _unvalued_cells(reading.tally)
    return reading


def _read_archive(reading: Reading, content: bytes, limits: Limits) -> Reading:
    """An archive holds no lines of its own: what it holds landed beside it, what it may not hold is told here."""
    reading.is_archive = True
    contents = archives.survey(content, limits, archives.depth_of(reading.receipt.file_name))
    reading.notes += [Note(rule_id, words, value=name) for rule_id, name, words in contents.notes]
    if contents.cause:
        return reading.hold(contents.rule_id, contents.cause)
    return reading


def _unvalued_cells(tally: Tally) -> list[Note]:
    """Cells whose value the file does not hold: they were read as blank."""
    sheets: dict[str | None, list[str]] = {}
    for name, cell in tally.unvalued:
        sheets.setdefault(name, []).append(cell)
    return [
        Note(
            "cells_have_values",
            f"{len(cells):,} {'cells hold' if len(cells) > 1 else 'cell holds'} an error such as #REF!, or a formula whose result"
            f" was never calculated, read as blank: {', '.join(cells[:5])}{' and more' if len(cells) > 5 else ''}",
            name,
        )
        for name, cells in sheets.items()
    ]


def _decide_kind(reading: Reading, sheets: list[Sheet], registry: Registry) -> bool:
    """Settle the kind: the sub-folder's word, else the content. False: held, the note says why."""
    slug = reading.receipt.publisher_slug
    if hint := reading.receipt.kind_hint:
        reading.kind = KINDS[hint]
    elif any(find_layout(sheet) for sheet in sheets):
        reading.kind = KINDS["service_expenditure"]
    else:
        reading.kind = _kind_by_header(sheets, registry, slug)
    if reading.kind is None:
        nearest = nearly_header((row for sheet in sheets for row in sheet.rows), SPEND, registry.synonyms("spend", slug))
        words = "no row names the columns of a kind of return that is known"
        if nearest:
            index, columns, missing = nearest
            words += f"; row {index + 1} comes nearest as spend: it has {', '.join(columns)} and lacks {', '.join(missing)}"
        reading.hold("header_is_found" if nearest else "kind_is_recognised", words)
        return False
    if not reading.kind.is_supported:
        words = f"a return of kind '{reading.kind.name}': recognised and kept, not read yet (read today: {', '.join(SUPPORTED)})"
        reading.hold("kind_is_supported", words)
        return False
    return True


def _kind_by_header(sheets: list[Sheet], registry: Registry, slug: str) -> Kind | None:
    keys = {header_key(cell) for sheet in sheets for row in sheet.rows[:30] for cell in row if isinstance(cell, str)}
    if "amount awarded" in keys and keys & {"recipient org name", "recipient org 0 name"}:
        return KINDS["grants"]
    kinds = [(COUNT, template_synonyms(COUNT)), (SPEND, registry.synonyms("spend", slug))]
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            for kind, synonyms in kinds:
                if as_header(index, row, kind, synonyms):
                    return kind
    return None


def template_synonyms(kind: Kind) -> dict[str, str]:
    """A template's headers are its field names."""
    return {header_key(name): name for name in kind.field_names}


def _extract(reading: Reading, sheets: list[Sheet], registry: Registry) -> None:
    assert reading.kind is not None
    kind, slug = reading.kind, reading.receipt.publisher_slug
    if kind.shape == "matrix":
        period = _matrix_period(reading, sheets).period
        roles = registry.service_line_roles(period.financial_year) if period else {}
        extract = read_service_expenditure(sheets, roles, registry.agency_by_ecode)
    else:
        synonyms = registry.synonyms(kind.name, slug) | (template_synonyms(kind) if kind.has_own_agency else {})
        extract = read_table(sheets, kind, synonyms)
    reading.extract = extract
    reading.notes += [Note(rule_id, words, sheet_name) for rule_id, words, sheet_name in extract.notes]
    if not extract.segments and "amount_gbp" not in extract.mapped_fields:
        reading.hold("header_is_found", f"no row names the columns of a {kind.name} return")
        return
    for name in extract.sheets_without_header:
        words = f"sheet '{name}' has no header row of a {kind.name} return; its rows are not read"
        reading.notes.append(Note("header_mapped", words, name))
    typed = type_lines(extract.lines, kind, registry, slug)
    reading.notes += [Note(rule_id, words) for rule_id, words in typed.notes]
    _part(reading, sheets, typed.frame, registry)


def _part(reading: Reading, sheets: list[Sheet], frame: pd.DataFrame, registry: Registry) -> None:
    """Split the lines into returns and give each its period."""
    kind, receipt = reading.kind, reading.receipt
    assert kind is not None
    if kind.has_own_agency:
        stated_of = {year: parse_period(year) if isinstance(year, str) else None for year in set(frame["financial_year"])}
        # all lines of an agency whose year cannot be read are one return, of an unknown period
        names = pd.Series([p.name if (p := stated_of[y]) else None for y in frame["financial_year"]], dtype=object)
        # lines that name no agency stand in the publisher's own return: two parts of one name would replace each other
        own = receipt.publisher_slug if receipt.publisher_slug in registry.agencies else None
        agencies = pd.Series([a if isinstance(a, str) else own for a in frame["agency_slug"]], dtype=object)
        groups = frame.groupby([agencies, names], dropna=False, sort=True) if len(frame) else []
        for keys, lines in groups:
            agency, year = cast("tuple[object, object]", keys)
            slug = agency if isinstance(agency, str) else None
            stated = parse_period(year) if isinstance(year, str) else None
            reason = f"the lines state {year}" if stated else "the lines state no financial year"
            reading.parts.append(ReturnPart(slug, stated, reason, lines.reset_index(drop=True)))
        if not reading.parts:
            reading.parts.append(ReturnPart(receipt.publisher_slug, None, "the file has no lines", frame))
        return
    if kind.shape == "matrix":
        decision = _matrix_period(reading, sheets)
        frame["financial_year"] = decision.period.financial_year if decision.period else None
        reading.parts.append(ReturnPart(None, decision.period, decision.reason, frame))
        return
    is_many = receipt.publisher_slug in registry.publishers
    groups = frame.groupby("agency_slug", dropna=False, sort=True) if is_many and len(frame) else [(receipt.publisher_slug, frame)]
    for agency, lines in groups:
        lines = lines.reset_index(drop=True)
        decision = decide_period(lines["payment_date"], receipt.file_name, reading.facts.period)
        lines["financial_year"] = [
            financial_year_of_line(day, decision.period) if decision.period else None for day in lines["payment_date"]
        ]
        slug = agency if isinstance(agency, str) else None
        reading.parts.append(ReturnPart(slug, decision.period, decision.reason, lines))


def _matrix_period(reading: Reading, sheets: list[Sheet]) -> PeriodDecision:
    if reading.facts.period:
        return PeriodDecision(parse_period(reading.facts.period), f"files.csv states {reading.facts.period}")
    for sheet in sheets:
        if (found := period_in_name(f"{sheet.name}.x")) and find_layout(sheet):
            return PeriodDecision(found, f"the sheet's name states {found.name}")
    named = period_in_name(reading.receipt.file_name)
    return PeriodDecision(named, f"the file name states {named.name}" if named else "neither sheet nor file name states a year")


def unread_money(reading: Reading) -> Decimal:
    """Money that stands on lines without an amount, outside the amount column; absolute values, so that none hides another."""
    strays = [abs(line.stray_gbp) for line in reading.extract.lines if line.stray_gbp is not None]
    return sum(strays, Decimal("0.00"))
