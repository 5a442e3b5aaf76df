"""Reading a landed file: type, kind, sheets, candidate lines, tally, and the returns it holds.

Belongs here: the order of the steps, and holding a file whose content cannot be read as a return. Must not: judge lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import pandas as pd

from ingest import sniff
from ingest.headers import Synonyms, as_header
from ingest.kinds import COUNT, KINDS, SPEND, SUPPORTED, Kind
from ingest.kinds.service_expenditure import find_layout, read_service_expenditure
from ingest.kinds.table import read_table
from ingest.landing import Receipt
from ingest.lines import type_lines
from ingest.mapping import Proposal, learn, learn_kind, proposal_words
from ingest.periods import Period, PeriodDecision, decide_period, financial_year_of_line, months_of, parse_period, period_in_name
from ingest.readers import Sheet, UnreadableFile, read_delimited, read_workbook
from ingest.readers.cells import is_blank
from ingest.registry import FileFacts, Registry
from ingest.rows import Extract
from ingest.tally import Tally, TallyFailed, take_tally
from ingest.values.text import header_key

_NOT_TABLES = {
    "html": "the file is a web page, not a table: the download probably met an error or a login page",
    "pdf": "the file is a PDF: publish the table itself as CSV or XLSX",
    "empty": "the file is empty",
    "binary": "the file is neither text nor a workbook",
}
_SCORED_KINDS = (SPEND, COUNT)  # kinds that likeness may find; any other is named by its sub-folder or by exact headers
_LATER_TYPES = {
    "ods": "OpenDocument spreadsheets", "zip": "ZIP archives", "json": "JSON files", "parquet": "Parquet files",
}  # fmt: skip


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
    """All that reading one landed file yields. `is_held`: it holds no return that could be checked; `notes` say why.

    `hold_reason`: it was read, and is held whole all the same. `mapping_confidence`: 1 where every mandatory column has a known
    name, less where scoring found it or proposes it, None where nothing names the columns.
    """

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
    hold_reason: str = ""
    mapping_confidence: float | None = None
    encoding: str = ""
    delimiter: str = ""
    proposals: list[Proposal] = field(default_factory=list[Proposal])

    def hold(self, rule_id: str, words: str, value: str | None = None) -> Reading:
        self.notes.append(Note(rule_id, words, value=value))
        self.is_held = True
        return self


def read_file(content: bytes, receipt: Receipt, registry: Registry) -> Reading:
    """Read a file as far as it can be read. Never raises for what is in the file: it is held with a note instead."""
    reading = Reading(receipt, registry.files.get(receipt.file_name, FileFacts(None, None)))
    content_type = sniff.detect_type(content)
    if content_type in _NOT_TABLES:
        return reading.hold("file_is_a_table", _NOT_TABLES[content_type], content[:60].decode("latin-1"))
    if content_type in _LATER_TYPES:
        return reading.hold("kind_is_supported", f"{_LATER_TYPES[content_type]} are not read yet: the file is kept and held")
    encoding = delimiter = ""
    try:
        if content_type == "text":
            encoded = sniff.decide_encoding(content)
            encoding = encoded.choice
            text = sniff.decode(content, encoding)
            split = sniff.decide_delimiter(text)
            delimiter = split.choice
            words = f"encoding {encoding}: {encoded.reason}; delimiter {split.reason}"
            reading.notes.append(Note("encoding_decided", words))
            reading.encoding, reading.delimiter = encoding, delimiter
            sheets = read_delimited(text, delimiter)
        else:
            sheets = read_workbook(content)
    except UnreadableFile as error:
        return reading.hold("file_is_readable", str(error))
    reading.physical_row_count = sum(sheet.row_count for sheet in sheets)
    if not any(not is_blank(cell) for sheet in sheets for row in sheet.rows for cell in row):
        return reading.hold("file_is_a_table", _NOT_TABLES["empty"])
    if not _decide_kind(reading, sheets, registry):
        return reading
    _extract(reading, sheets, registry)
    if not reading.is_held:
        try:
            reading.tally = take_tally(content, content_type, reading.extract.segments, encoding, delimiter)
        except TallyFailed as error:
            reading.tally_cause = str(error)
    return reading


def _decide_kind(reading: Reading, sheets: list[Sheet], registry: Registry) -> bool:
    """Settle the kind: the sub-folder's word, else the content. False: held, the note says why."""
    if hint := reading.receipt.kind_hint:
        reading.kind = KINDS[hint]
    elif any(find_layout(sheet) for sheet in sheets):
        reading.kind = KINDS["service_expenditure"]
    else:
        reading.kind = _kind_by_header(sheets, synonyms_for(reading, SPEND, registry))
    if reading.kind is None:
        scored = learn_kind(sheets, [(kind, synonyms_for(reading, kind, registry)) for kind in _SCORED_KINDS])
        if scored is None:
            reading.hold("kind_is_recognised", "no row names the columns of a kind of return that is known")
            return False
        reading.kind, learned = scored
        if not learned.has_header:
            _hold_with_proposals(reading, learned.held)
            return False
    if not reading.kind.is_supported:
        words = f"a return of kind '{reading.kind.name}': recognised and kept, not read yet (read today: {', '.join(SUPPORTED)})"
        reading.hold("kind_is_supported", words)
        return False
    return True


def _hold_with_proposals(reading: Reading, proposals: list[Proposal]) -> None:
    """Hold a file none of whose rows names the columns for sure; the notes carry what is proposed."""
    reading.mapping_confidence = min(proposal.confidence for proposal in proposals)
    for proposal in proposals:
        reading.proposals.append(proposal)
        words = f"no row names the columns for sure; {proposal_words(proposal, reading.receipt.publisher_slug)}"
        reading.hold("header_is_found", words)


def synonyms_for(reading: Reading, kind: Kind, registry: Registry) -> Synonyms:
    """The names known for a kind's columns, in the period that the file names, else in any."""
    period = parse_period(reading.facts.period) or period_in_name(reading.receipt.file_name)
    known = registry.synonyms(kind.name, reading.receipt.publisher_slug, period)
    return known | (template_synonyms(kind) if kind.has_own_agency else {})


def _kind_by_header(sheets: list[Sheet], spend: Synonyms) -> Kind | None:
    keys = {header_key(cell) for sheet in sheets for row in sheet.rows[:30] for cell in row if isinstance(cell, str)}
    if {"amount awarded", "recipient org name"} <= keys:
        return KINDS["grants"]
    kinds = [(COUNT, template_synonyms(COUNT)), (SPEND, spend)]
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
        reading.mapping_confidence = 1.0 if extract.segments else None
    else:
        learned = learn(sheets, kind, synonyms_for(reading, kind, registry))
        if not learned.has_header and learned.held:
            _hold_with_proposals(reading, learned.held)
            return
        extract = read_table(sheets, kind, learned.synonyms)
        reading.mapping_confidence = learned.confidence
        _tell_scores(reading, learned.accepted + learned.held + extract.scored)
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


def _tell_scores(reading: Reading, proposals: list[Proposal]) -> None:
    """A note per mapping found by likeness; one that is not sure enough holds the file with what is proposed."""
    for proposal in proposals:
        reading.proposals.append(proposal)
        words = proposal_words(proposal, reading.receipt.publisher_slug)
        number = proposal.header_index + 1 if proposal.header_index is not None else None
        rule = "mapping_is_scored" if proposal.is_accepted else "header_is_found"
        reading.notes.append(Note(rule, words, proposal.sheet_name, number, f"{proposal.confidence:.2f}"))
        if not proposal.is_accepted:
            reading.hold_reason = f"columns are not known for sure: {words}"
        reading.mapping_confidence = min(reading.mapping_confidence or 0.0, proposal.confidence)


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
        slug = agency if isinstance(agency, str) else None
        whole = decide_period(lines["payment_date"], receipt.file_name, reading.facts.period)
        months = None if reading.facts.period else months_of(lines["payment_date"], receipt.file_name)
        for decision, of_period in _by_month(lines, months) if months else [(whole, lines)]:
            of_period = of_period.reset_index(drop=True)
            of_period["financial_year"] = [
                financial_year_of_line(day, decision.period) if decision.period else None for day in of_period["payment_date"]
            ]
            reading.parts.append(ReturnPart(slug, decision.period, decision.reason, of_period))


def _by_month(lines: pd.DataFrame, months: list[Period | None]) -> list[tuple[PeriodDecision, pd.DataFrame]]:
    """The lines of a file of several years as one return a month; lines that no month of them claims are one, without period."""
    names = pd.Series([month.name if month else "" for month in months], index=lines.index, dtype=object)
    periods = {month.name: month for month in months if month}
    found: list[tuple[PeriodDecision, pd.DataFrame]] = []
    for name, of_month in lines.groupby(names, sort=True):
        words = f"the file spans years; the dates of these lines {f'are in {name}' if name else 'cannot be used'}"
        found.append((PeriodDecision(periods.get(str(name)), words), of_month))
    return found


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
