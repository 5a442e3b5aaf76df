"""Kinds whose rows are lines (all but the revenue outturn): header segments, title lines, totals, notes, blanks told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ingest.headers import Header, Synonyms, as_header
from ingest.kinds import Kind
from ingest.mapping.contradiction import amounts_elsewhere, codes_for_names, without_namesakes
from ingest.mapping.learning import changed_header, extended
from ingest.mapping.proposal import propose
from ingest.readers.cells import Cell, Sheet, is_blank
from ingest.rows import ZERO, Extract, Layout, OddLine, RawLine, RowFate, Segment
from ingest.values.money import parse_money
from ingest.values.text import header_key

_TOTAL_WORDS = re.compile(r"^(grand |sub ?|overall |page |report )?totals?\b|\btotals?$")
_MONEY_TEXT = re.compile(r"^\(?-?\s*£?\s*-?\d[\d,]*\.\d{2}\)?-?$")


def read_table(sheets: Sequence[Sheet], kind: Kind, synonyms: Synonyms) -> Extract:
    """Candidate lines of every visible sheet, and the fate of every row."""
    extract = Extract()
    for sheet in sheets:
        if sheet.is_hidden:
            extract.note(
                "hidden_sheet_reported", f"hidden sheet '{sheet.name}' with {sheet.row_count} rows is not read", sheet.name
            )
            extract.rows += [RowFate(sheet.name, n, False, "hidden_sheet") for n in range(1, sheet.row_count + 1)]
            continue
        _SheetReader(sheet, kind, synonyms, extract).read()
    return extract


def read_odd_lines(head: Sheet, header: Header, odd: Iterable[OddLine], row_count: int, kind: Kind, synonyms: Synonyms) -> Extract:
    """Candidate lines and fates of the records of a large file that are not plain, and of the rows down to its header (`head`)."""
    extract = Extract()
    reader = _SheetReader(head, kind, synonyms, extract)
    reader.begin(header, row_count)
    for line in odd:
        reader.take_odd(line, header)
    return extract


class _SheetReader:
    """One pass over one sheet. Keeps the header in force and the running sum that a total row would repeat."""

    def __init__(self, sheet: Sheet, kind: Kind, synonyms: Synonyms, extract: Extract) -> None:
        self.sheet, self.kind, self.synonyms, self.extract = sheet, kind, synonyms, extract
        self.running = self.section = ZERO  # sums of the lines since the header, and since the last subtotal
        self.section_count = 0
        self.identifying = [name for name in kind.mandatory if name != "amount_gbp"]
        self.expected = [field.name for field in kind.fields if field.is_expected]

    def read(self) -> None:
        first = next((h for i, row in enumerate(self.sheet.rows) if (h := as_header(i, row, self.kind, self.synonyms))), None)
        if first is None:
            reason = "blank" if all(map(_is_blank_row, self.sheet.rows)) else "no_header"
            if reason == "no_header":
                self.extract.sheets_without_header.append(self.sheet.name)
            self.extract.rows += [
                RowFate(self.sheet.name, n, False, "blank" if _is_blank_row(row) else reason)
                for n, row in enumerate(self.sheet.rows, start=1)
            ]
            return
        first, words = without_namesakes(first, self.sheet.rows, self.kind)
        for told in words:
            self.extract.note("header_mapped", told, self.sheet.name)
        self._contradictions(first)
        self._above(first)
        self._below(first)

    def begin(self, header: Header, row_count: int) -> None:
        """Take the rows down to the header, the only one of the sheet."""
        self._above(header)
        self._note_mapping(header)
        self.extract.rows.append(RowFate(self.sheet.name, header.index + 1, False, "header"))
        self._segment(header, header.index + 2, row_count)

    def take_odd(self, line: OddLine, header: Header) -> None:
        """Take one row, after the plain lines that stand before it."""
        self.running += line.plain_gbp_before
        self.section += line.plain_gbp_before
        self.section_count += line.plain_count_before
        if _is_blank_row(line.cells):
            self.extract.rows.append(RowFate(self.sheet.name, line.row_number, False, "blank"))
        elif self._may_be_header(line, header) and as_header(line.row_number - 1, line.cells, self.kind, self.synonyms):
            self.running = self.section = ZERO
            self.section_count = 0
            self.extract.rows.append(RowFate(self.sheet.name, line.row_number, False, "repeated_header"))
        else:
            self._row(line.row_number, line.cells, header)

    def _may_be_header(self, line: OddLine, header: Header) -> bool:
        amount = _amount_cell(line.cells, header)
        return not is_blank(amount) and parse_money(amount) is None

    def _contradictions(self, header: Header) -> None:
        if told := codes_for_names(self.sheet.rows, header):
            self.extract.note("payee_is_a_name", told, self.sheet.name)
        if amounts_elsewhere(self.sheet.rows, header, self.kind) is not None:
            without = {key: name for key, name in self.synonyms.items() if name != "amount_gbp"}
            self.extract.scored.append(propose(self.sheet.rows, self.kind, without, header.index, self.sheet.name))

    def _above(self, header: Header) -> None:
        """Rows before the first header are title lines, or the data itself where the header stands below it."""
        before = self.sheet.rows[: header.index]
        data_like = [self._looks_like_data(row, header) for row in before]
        if any(data_like):
            words = f"the header stands on row {header.index + 1}, below {sum(data_like)} rows of data"
            self.extract.note("header_mapped", words, self.sheet.name)
            self._segment(header, 1, header.index)
        first_data = data_like.index(True) if any(data_like) else header.index
        for number, row in enumerate(before, start=1):
            if number > first_data and not _is_blank_row(row):
                self._row(number, row, header)  # a line without its date is a line still, a total a total
            else:
                self._exclude(number, row, "blank" if _is_blank_row(row) else "title", header if any(data_like) else None)

    def _below(self, header: Header) -> None:
        self._note_mapping(header)
        self.extract.rows.append(RowFate(self.sheet.name, header.index + 1, False, "header"))
        start = header.index + 1
        for index in range(header.index + 1, self.sheet.row_count):
            row = self.sheet.rows[index]
            if _is_blank_row(row):
                self.extract.rows.append(RowFate(self.sheet.name, index + 1, False, "blank"))
                continue
            if self._money(row, header) is None and (found := self._header_at(index, row, header)):
                self._segment(header, start + 1, index)
                start = index + 1
                if found.columns != header.columns:
                    self._note_mapping(found)
                header = found
                self.running = self.section = ZERO
                self.section_count = 0
                self.extract.rows.append(RowFate(self.sheet.name, index + 1, False, "repeated_header"))
                continue
            self._row(index + 1, row, header)
        self._segment(header, start + 1, self.sheet.row_count)

    def _header_at(self, index: int, row: list[Cell], header: Header) -> Header | None:
        """The row as a repeated or changed header: by known names, else by likeness to the header in force. What is like a header
        and cannot be mapped for sure is kept as a proposal: the file is held with it."""
        found = as_header(index, row, self.kind, self.synonyms)
        if found is not None and not (set(found.missing(self.kind)) - set(header.missing(self.kind))):
            return without_namesakes(found, self.sheet.rows, self.kind)[0]
        proposal = changed_header(self.sheet.rows, index, header, self.kind, self.synonyms, self.sheet.name)
        if proposal is None:
            return found
        self.extract.scored.append(proposal)
        if proposal.is_accepted:
            self.synonyms = extended(self.synonyms, proposal)
            return as_header(index, row, self.kind, self.synonyms)
        return found

    def _row(self, number: int, row: list[Cell], header: Header) -> None:
        money = self._money(row, header)
        blank_ids = [name for name in self.identifying if is_blank(_cell(row, header.columns.get(name)))]
        if money is not None:
            if self._is_total(row, header, money, blank_ids):
                self._exclude(number, row, "total", header)
                self.section, self.section_count = ZERO, 0
                return
            self.running += money
            self.section += money
            self.section_count += 1
        elif self._is_note(row, header, blank_ids):
            self._exclude(number, row, "note", header)
            return
        self._line(number, row, header)

    def _is_note(self, row: list[Cell], header: Header, blank_ids: list[str]) -> bool:
        """No money, and nothing of a line: no identifying cell, or one sentence alone on its row in whichever column."""
        if not is_blank(_amount_cell(row, header)) or self._stray(row, header) is not None:
            return False
        if any(not is_blank(_cell(row, header.columns.get(name))) for name in self.expected):
            return False
        return len(blank_ids) == len(self.identifying) or sum(not is_blank(cell) for cell in row) == 1

    def _is_total(self, row: list[Cell], header: Header, amount: Decimal, blank_ids: list[str]) -> bool:
        """A total names itself, repeats the running sum, or is the sum of the lines since the last subtotal; it has neither date
        nor reference of its own.

        "TOTAL GAS & POWER" is a supplier: its lines carry dates and references. A total's own word may stand in the date's column.
        """
        if not is_blank(_cell(row, header.columns.get(self.kind.reference_field or ""))):
            return False
        day = self.kind.period_field or ""
        if day in self.identifying and self.kind.field(day).type == "date" and day not in blank_ids:
            return bool(_TOTAL_WORDS.search(header_key(_cell(row, header.columns[day]))))
        if not blank_ids:
            return False
        filled = [cell for column, cell in enumerate(row) if not is_blank(cell) and column != header.columns.get("amount_gbp")]
        if any(isinstance(cell, str) and _TOTAL_WORDS.search(header_key(cell)) for cell in filled):
            return True
        if not filled and amount == self.running and amount != 0:
            return True
        is_section = self.section_count > 1 and amount == self.section and amount != 0
        return is_section and len(blank_ids) == len(self.identifying)

    def _looks_like_data(self, row: list[Cell], header: Header) -> bool:
        if self.kind.needs_amount and self._money(row, header) is None:
            return False
        return all(not is_blank(_cell(row, header.columns.get(name))) for name in self.identifying if name in header.columns)

    def _line(self, number: int, row: list[Cell], header: Header) -> None:
        width = len(row)
        cells = {name: row[column] if column < width else None for name, column in header.columns.items()}
        stray = self._stray(row, header) if is_blank(_amount_cell(row, header)) else None
        mark = hash(tuple(map(str, row)))  # the whole row: a line number in an unmapped column makes two lines different
        self.extract.lines.append(RawLine(self.sheet.name, number, header.columns.get("amount_gbp", 0), cells, stray, mark))
        self.extract.rows.append(RowFate(self.sheet.name, number, True))

    def _stray(self, row: list[Cell], header: Header) -> Decimal | None:
        """Money-like cells outside the amount column, on a row whose amount is blank: what a shifted row would lose."""
        if not self.kind.finds_strays:
            return None
        known = {column for name, column in header.columns.items() if name in ("vat_amount_gbp", "payment_date", "reference")}
        for column, cell in enumerate(row):
            if column in known:
                continue
            if (isinstance(cell, float) and not cell.is_integer()) or (isinstance(cell, str) and _MONEY_TEXT.match(cell.strip())):
                money = parse_money(cell)
                return money.amount_gbp if money else None
        return None

    def _exclude(self, number: int, row: list[Cell], reason: str, header: Header | None) -> None:
        money = self._money(row, header) if header else None
        self.extract.rows.append(RowFate(self.sheet.name, number, False, reason, money if money is not None else ZERO))

    def _segment(self, header: Header, first_row: int, last_row: int) -> None:
        if last_row >= first_row and "amount_gbp" in header.columns:
            self.extract.segments.append(Segment(self.sheet.name, first_row, last_row, (header.columns["amount_gbp"],)))
            self.extract.layouts.append(Layout(self.sheet.name, first_row, last_row, header.columns))

    @staticmethod
    def _money(row: list[Cell], header: Header) -> Decimal | None:
        money = parse_money(_amount_cell(row, header))
        return money.amount_gbp if money else None

    def _note_mapping(self, header: Header) -> None:
        self.extract.mapped_fields |= header.columns.keys()
        self.extract.headers.append((self.sheet.name, header))
        row = self.sheet.rows[header.index]
        pairs = ", ".join(f"{name} from '{str(row[column]).strip()}'" for name, column in header.columns.items())
        words = f"header on row {header.index + 1}: {pairs}"
        if header.unmapped:
            words += f"; not used: {', '.join(repr(text) for text in header.unmapped.values())}"
        self.extract.note("header_mapped", words, self.sheet.name)


def _amount_cell(row: list[Cell], header: Header) -> Cell:
    return _cell(row, header.columns.get("amount_gbp"))


def _cell(row: list[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None


def _is_blank_row(row: list[Cell]) -> bool:
    return all(cell == "" or is_blank(cell) for cell in row)
