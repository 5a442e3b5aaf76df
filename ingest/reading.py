"""Reading a landed file: type, kind, sheets, candidate lines, tally, and the returns it holds.

Belongs here: the order of the steps, and holding a file whose content cannot be read as a return. Must not: judge lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pandas as pd

from ingest import sniff
from ingest.headers import nearly_header
from ingest.kinds import KINDS, SPEND, Kind
from ingest.kinds.service_expenditure import find_layout, read_service_expenditure
from ingest.kinds.table import read_table
from ingest.landing import Receipt
from ingest.lines import type_lines
from ingest.parts import Publication, ReturnPart, split_returns
from ingest.periods import PeriodDecision, parse_period, period_in_name
from ingest.personal_data import policies_for
from ingest.readers import Sheet, UnreadableFile, read_delimited, read_workbook
from ingest.readers.cells import is_blank
from ingest.recognition import recognise, template_synonyms
from ingest.registry import FileFacts, Registry
from ingest.rows import Extract
from ingest.tally import Tally, TallyFailed, take_tally

_NOT_TABLES = {
    "html": "the file is a web page, not a table: the download probably met an error or a login page",
    "pdf": "the file is a PDF, not a table",
    "empty": "the file is empty",
    "binary": "the file is neither text nor a workbook",
}
_LATER_TYPES = {
    "ods": "OpenDocument spreadsheets", "zip": "ZIP archives", "json": "JSON files", "parquet": "Parquet files",
}  # fmt: skip


@dataclass(frozen=True)
class Note:
    """Something decided or found while reading; the catalogue gives it severity and owner. `fault`: the words without the value,
    where many notes say the same of different values."""

    rule_id: str
    words: str
    sheet_name: str | None = None
    row_number: int | None = None
    value: str | None = None
    outcome: str = "failed"
    fault: str = ""


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
    slug = reading.receipt.publisher_slug
    if hint := reading.receipt.kind_hint:
        reading.kind = KINDS[hint]
    else:
        reading.kind = recognise(sheets, lambda kind: synonyms_of(kind, registry, slug))
    if reading.kind is None:
        nearest = nearly_header((row for sheet in sheets for row in sheet.rows), SPEND, registry.synonyms("spend", slug))
        words = "no row names the columns of a kind of return that is known"
        if nearest:
            index, columns, missing = nearest
            words += f"; row {index + 1} comes nearest as spend: it has {', '.join(columns)} and lacks {', '.join(missing)}"
        reading.hold("header_is_found" if nearest else "kind_is_recognised", words)
        return False
    return True


def synonyms_of(kind: Kind, registry: Registry, slug: str) -> dict[str, str]:
    """Normalised header -> field for a kind as a publisher writes it: its own synonyms first, then those of the kind it is like."""
    alike = registry.synonyms(kind.synonyms_of, slug) if kind.synonyms_of else {}
    own = registry.synonyms(kind.name, slug)
    return own | {key: name for key, name in alike.items() if key not in own} | template_synonyms(kind)


def _extract(reading: Reading, sheets: list[Sheet], registry: Registry) -> None:
    assert reading.kind is not None
    kind, slug = reading.kind, reading.receipt.publisher_slug
    if kind.shape == "matrix":
        period = _matrix_period(reading, sheets).period
        roles = registry.service_line_roles(period.financial_year) if period else {}
        extract = read_service_expenditure(sheets, roles, registry.agency_by_authority_code)
    else:
        extract = read_table(sheets, kind, synonyms_of(kind, registry, slug))
    reading.extract = extract
    reading.notes += [Note(rule_id, words, sheet_name) for rule_id, words, sheet_name in extract.notes]
    if not extract.segments and not extract.mapped_fields:
        reading.hold("header_is_found", f"no row names the columns of a {kind.name} return")
        return
    for name in extract.sheets_without_header:
        words = f"sheet '{name}' has no header row of a {kind.name} return; its rows are not read"
        reading.notes.append(Note("header_mapped", words, name))
    typed = type_lines(extract.lines, kind, registry, slug)
    reading.notes += [Note(rule_id, words) for rule_id, words in typed.notes]
    if policies_for(registry.personal_data, kind):  # what a policy withholds must not live on in the cells as read
        extract.lines = [replace(line, cells={}, row_mark=0) for line in extract.lines]
    _part(reading, sheets, typed.frame, registry)


def _part(reading: Reading, sheets: list[Sheet], frame: pd.DataFrame, registry: Registry) -> None:
    """Split the lines into returns and give each its period."""
    kind, receipt = reading.kind, reading.receipt
    assert kind is not None
    if kind.shape == "matrix":
        decision = _matrix_period(reading, sheets)
        frame["financial_year"] = decision.period.financial_year if decision.period else None
        reading.parts.append(ReturnPart(None, decision.period, decision.reason, frame))
        return
    own = receipt.publisher_slug if receipt.publisher_slug in registry.agencies else None
    is_many = receipt.publisher_slug in registry.publishers
    publication = Publication(receipt.publisher_slug, own, is_many, receipt.file_name, reading.facts.period)
    reading.parts += split_returns(frame, kind, publication)


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
