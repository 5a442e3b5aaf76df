"""Reading a landed file: type, kind, sheets, candidate lines, tally, and the returns it holds.

Belongs here: the order of the steps, and holding a file whose content cannot be read as a return. Must not: judge lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pandas as pd

from ingest import archives
from ingest.bulk.survey import Survey
from ingest.editions import stated_edition
from ingest.kinds import COUNT, KINDS, SPEND, Kind
from ingest.kinds.service_expenditure import find_layout, read_service_expenditure
from ingest.kinds.table import read_table
from ingest.landing import Receipt
from ingest.limits import DEFAULTS, Limits
from ingest.lines import type_lines
from ingest.mapping import Proposal, learn, learn_kind, proposal_words
from ingest.opening import CannotOpen, open_file
from ingest.parts import Publication, ReturnPart, split_returns
from ingest.periods import PeriodDecision, parse_period, period_in_name
from ingest.personal_data import policies_for
from ingest.readers import Sheet
from ingest.recognition import recognise, synonyms_of
from ingest.registry import FileFacts, Registry
from ingest.rows import Extract
from ingest.tally import Tally, TallyFailed, take_tally

_SCORED_KINDS = (SPEND, COUNT)  # kinds that likeness may find; any other is named by its sub-folder or by exact headers


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
    survey: Survey | None = None  # of a large file whose lines are taken up when it is checked
    is_archive: bool = False
    packed_count: int = 0  # tables in it, where it is an archive

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
    reading.encoding, reading.delimiter = opened.encoding, opened.delimiter
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
    reading.packed_count = contents.table_count
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
    if hint := reading.receipt.kind_hint:
        reading.kind = KINDS[hint]
    else:
        reading.kind = recognise(sheets, lambda kind: synonyms_for(reading, kind, registry))
    if reading.kind is None:
        scored = learn_kind(sheets, [(kind, synonyms_for(reading, kind, registry)) for kind in _SCORED_KINDS])
        if scored is None:
            reading.hold("kind_is_recognised", "no row names the columns of a kind of return that is known")
            return False
        reading.kind, learned = scored
        if not learned.has_header:
            _hold_with_proposals(reading, learned.held)
            return False
    return True


def _hold_with_proposals(reading: Reading, proposals: list[Proposal]) -> None:
    """Hold a file none of whose rows names the columns for sure; the notes carry what is proposed."""
    reading.mapping_confidence = min(proposal.confidence for proposal in proposals)
    for proposal in proposals:
        reading.proposals.append(proposal)
        words = f"no row names the columns for sure; {proposal_words(proposal, reading.receipt.publisher_slug)}"
        reading.hold("header_is_found", words)


def synonyms_for(reading: Reading, kind: Kind, registry: Registry) -> dict[str, str]:
    """Normalised header -> field as the file's publisher writes it, in the period that the file names, else in any."""
    period = parse_period(reading.facts.period) or period_in_name(reading.receipt.file_name)
    return synonyms_of(kind, registry, reading.receipt.publisher_slug, period)


def _extract(reading: Reading, sheets: list[Sheet], registry: Registry) -> None:
    assert reading.kind is not None
    kind, slug = reading.kind, reading.receipt.publisher_slug
    if kind.shape == "matrix":
        period = _matrix_period(reading, sheets).period
        roles = registry.service_line_roles(period.financial_year) if period else {}
        extract = read_service_expenditure(sheets, roles, registry.agency_by_authority_code)
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
    _date_edition(reading, typed.frame)
    _part(reading, sheets, typed.frame, registry)


def _date_edition(reading: Reading, frame: pd.DataFrame) -> None:
    """Where files.csv does not say when the file was published, its lines may."""
    if reading.facts.published_as_at is not None or reading.kind is None:
        return
    if stated := stated_edition(frame, reading.kind, reading.receipt.landed_instant):
        reading.facts = replace(reading.facts, published_as_at=stated, is_dated_by_lines=True)
        words = f"the edition is dated {stated:%d %B %Y, %H:%M}: no line was changed later"
        reading.notes.append(Note("edition_decided", words, value=stated.isoformat()))


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
