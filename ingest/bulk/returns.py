"""A large, regular file as a return: surveyed when it lands, split into plain and odd lines when it is checked.

Belongs here: what `ingest.reading` does for other files, from the survey's counts instead of rows in memory. One agency, one
period, known column names: any other file is read line by line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

import pandas as pd

from ingest.bulk import NotRegular
from ingest.bulk.broken import typed_with
from ingest.bulk.extract import Sieve, Writing, split_lines
from ingest.bulk.survey import Survey, find_shape, read_sample, take_survey
from ingest.durable import let_go
from ingest.headers import Synonyms, as_header
from ingest.kinds import KINDS, Kind
from ingest.kinds.table import read_odd_lines
from ingest.lake import SCHEMAS, Provenance, constants_of, flow_prefix
from ingest.landing import Receipt
from ingest.limits import Limits
from ingest.lines import type_lines
from ingest.mapping.contradiction import amounts_elsewhere, codes_for_names, without_namesakes
from ingest.parts import ReturnPart
from ingest.periods import (
    POSTING_LAG,
    decide_period,
    financial_year_of_line,
    period_in_name,
    posting_lag,
    reason_in_full,
    years_spanned,
)
from ingest.personal_data import policies_for
from ingest.readers.cells import Sheet
from ingest.reading import Note, Reading, synonyms_for
from ingest.recognition import recognise
from ingest.registry import FileFacts, Registry
from ingest.rows import OddLine
from ingest.sniff import detect_type
from ingest.values.dates import Order, parse_date, vote_order
from ingest.values.money import parse_money

HEADER_ROWS = 40  # a header further down is searched for line by line
_NEEDED = {"amount_gbp", "payment_date", "payee_name"}


def survey_return(path: Path, receipt: Receipt, registry: Registry, limits: Limits) -> Reading:
    """The reading of a large file without its lines. Raises NotRegular."""
    reading = Reading(receipt, registry.files.get(receipt.file_name, FileFacts(None, None)))
    slug = receipt.publisher_slug
    with path.open("rb") as handle:
        if detect_type(handle.read(1 << 16)) != "text":
            raise NotRegular("it is no text")
    if slug not in registry.agencies:
        raise NotRegular("its publisher is no registered agency of its own")
    sample = read_sample(path)
    head = Sheet(None, sample.rows[:HEADER_ROWS])
    kind = KINDS[receipt.kind_hint] if receipt.kind_hint else recognise([head], lambda k: synonyms_for(reading, k, registry))
    if kind is None or kind.is_template or not set(kind.mandatory) >= _NEEDED:
        raise NotRegular("it is no ledger of payments by its header")
    if policies_for(registry.personal_data, kind):
        raise NotRegular("a policy on personal data withholds fields of it")
    synonyms = synonyms_for(reading, kind, registry)
    shape = find_shape(path, kind, synonyms, limits.cell_characters)
    _refuse_contradictions(sample, kind, synonyms)
    survey = take_survey(path, shape)
    declared = registry.agencies[slug].get("date_order") or None
    order, reason, _ = vote_order(survey.dates, cast("Order | None", declared))
    days = _days(survey, order)
    if not reading.facts.period and not period_in_name(receipt.file_name) and years_spanned(days):
        raise NotRegular("its dates span years")
    decision = decide_period(days, receipt.file_name, reading.facts.period)
    reading.kind, reading.tally, reading.physical_row_count = kind, survey.tally, survey.tally.row_count
    reading.encoding, reading.delimiter = shape.encoding.choice, shape.delimiter.choice
    reading.mapping_confidence = 1.0
    words = f"encoding {shape.encoding.choice}: {shape.encoding.reason}; delimiter {shape.delimiter.reason}; read column by column"
    reading.notes.append(Note("encoding_decided", words))
    if any(day is not None for day in days):  # without a date there is no order of day and month to decide
        reading.notes.append(Note("date_format_decided", f"payment date: {reason}"))
    reading.parts = [ReturnPart(slug, decision.period, reason_in_full(decision, days), pd.DataFrame())]
    reading.survey = replace(survey, order=order)
    return reading


def _days(survey: Survey, order: Order) -> Counter[date | None]:
    days = Counter[date | None]()
    for text, count in survey.dates.items():
        days[parse_date(text, order)] += count
    return days


def _refuse_contradictions(sample: Sheet, kind: Kind, synonyms: Synonyms) -> None:
    header = next((h for i, row in enumerate(sample.rows[:HEADER_ROWS]) if (h := as_header(i, row, kind, synonyms))), None)
    if header is None:
        raise NotRegular(f"no header is found in the first {HEADER_ROWS} lines")
    if header.missing(kind):
        raise NotRegular(f"its header lacks {', '.join(header.missing(kind))}")
    _, namesakes = without_namesakes(header, sample.rows, kind)
    if namesakes or codes_for_names(sample.rows, header) or amounts_elsewhere(sample.rows, header, kind) is not None:
        raise NotRegular("what its columns hold contradicts their names")


def split_return(reading: Reading, where: Provenance, path: Path, registry: Registry, sieve: Sieve, target: Path) -> None:
    """Fill in the lines of a surveyed return: the plain ones go to `target`, the others into its part. Raises NotRegular."""
    survey, kind, (part,) = reading.survey, reading.kind, reading.parts
    assert survey is not None and kind is not None and part.agency_slug is not None
    header, period, slug = survey.shape.header, part.period, part.agency_slug
    schema = SCHEMAS[kind.name]
    lag = posting_lag(_days(survey, survey.order), period) if period else POSTING_LAG
    year_of = cache(lambda day: financial_year_of_line(day, period, lag) if period else None)
    writing = Writing(schema, {**constants_of(where), "agency_slug": slug}, flow_prefix(where.return_id, slug, None), year_of)
    synonyms = synonyms_for(reading, kind, registry)
    split = split_lines(path, survey, kind, synonyms, sieve, writing, target)
    let_go(path)
    _refuse_headers(split.odd, survey, kind, synonyms)
    extract = read_odd_lines(Sheet(None, survey.shape.head_rows), header, split.odd, survey.tally.row_count, kind, synonyms)
    extract.told_line_count = sum(len(lines.numbers) for lines in split.broken)
    lines = type_lines(extract.lines, kind, registry, slug, survey.order).frame
    repeated = {line.row_number for line in split.odd if line.is_repeated}
    lines["is_repeated_line"] = [number in repeated for number in lines["row_number"]]
    lines["financial_year"] = [year_of(day) for day in lines["payment_date"]]
    lines = typed_with(lines, split.broken, survey.shape, kind, slug, year_of)
    reading.extract = extract
    reading.notes += [Note(rule_id, words, sheet_name) for rule_id, words, sheet_name in extract.notes]
    part.lines, part.plain = lines, split.plain


def _refuse_headers(odd: Iterable[OddLine], survey: Survey, kind: Kind, synonyms: Synonyms) -> None:
    """A second header that names other columns would give the lines below it another meaning."""
    columns = survey.shape.header.columns
    for line in odd:
        amount, day = (_cell(line, columns[name]) for name in ("amount_gbp", "payment_date"))
        if amount and parse_money(amount) is not None:
            continue
        found = as_header(line.row_number - 1, line.cells, kind, synonyms)
        may_be = bool(amount and day) and parse_date(day, survey.order) is None
        if (found is None and may_be) or (found is not None and found.columns != columns):
            raise NotRegular(f"line {line.row_number:,} may be a header of its own")


def _cell(line: OddLine, column: int) -> str:
    cell = line.cells[column] if column < len(line.cells) else None
    return cell.strip() if isinstance(cell, str) else ""
