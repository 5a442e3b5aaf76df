"""Whatever the bytes: rows or findings, never an exception; and whatever the table: a ledger that adds up."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.kinds import KINDS
from orchestration.checked import CheckedFile
from orchestration.checking import check_reading
from orchestration.storing import store
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, TRUST, check, read

BANK = Path(__file__).parents[1] / "bank"
QUICK = settings(max_examples=40, derandomize=True, database=None, deadline=None)
ZERO = Decimal("0.00")


def ledger(checked: CheckedFile) -> tuple[int, Decimal]:
    entries = [entry for part in checked.parts for entry in part.ledger]
    rows = sum(e.accepted_count + e.quarantined_count + e.excluded_count for e in entries)
    return rows, sum((e.accepted_gbp + e.quarantined_gbp + e.excluded_gbp for e in entries), ZERO)


def assert_accounted_for(checked: CheckedFile) -> None:
    """Held with a blocking finding, or every row and penny of the tally in the ledger."""
    reading = checked.reading
    if not checked.parts:
        assert any(f.severity == "blocking" for f in checked.findings)
    elif not all(part.is_held for part in checked.parts):
        assert reading.tally is not None
        assert ledger(checked) == (reading.tally.row_count, reading.tally.total_gbp)


HEADS = st.sampled_from(
    [
        *(b"", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04xl/workbook", b"\xd0\xcf\x11\xe0"),
        *(b"Date,Supplier,Amount\n", b'Date,Supplier,Amount\n1,"', b"agency_slug,financial_year,flow,amount_gbp\n"),
        *(b"Identifier,Amount Awarded,Award Date,Recipient Org:Name\n", b"Date,Merchant,MCC,Amount\n"),
        *(b"ask_id,place_code,asking_agency,asked_agency,ask,status,asked_date\n", b"place_code,financial_year,value,unit\n"),
        b"body_id,place_code,body_name,member_agencies,start_date,third_sector_seats,decides_money\n",
        b"Net current expenditure (\xa3 thousand)\nE-code,Local authority,Fees\n",
    ]
)
BYTES = st.one_of(st.binary(max_size=200), st.text('0123456789/,"\n\r;- .TotalEe£²', max_size=200).map(str.encode))


@settings(QUICK, max_examples=150)
@given(head=HEADS, tail=BYTES, kind=st.sampled_from([None, *KINDS]))
def test_any_bytes_are_read_or_held(head: bytes, tail: bytes, kind: str | None) -> None:
    reading = read(head + tail, kind=kind)
    assert reading.is_held == (not reading.parts)


@settings(QUICK, max_examples=25)
@given(head=HEADS, tail=BYTES, kind=st.sampled_from([None, "spend", "count", "grants", "outcomes", "governance_bodies"]))
def test_any_bytes_are_checked_to_rows_or_findings(head: bytes, tail: bytes, kind: str | None) -> None:
    assert_accounted_for(check(head + tail, kind=kind))


GOOD = [
    "header_last.csv",
    "second_header_shifted.csv",
    "count_unreadable_years.csv",
    "bare_cr.csv",
    "total_rows.csv",
    "pound_9c.csv",
]
BOOKS = ["several_sheets_one_hidden.xlsx", "outturn.xlsx"]


@settings(QUICK, max_examples=40)
@given(name=st.sampled_from(GOOD + BOOKS), at=st.integers(0, 10_000), cut=st.integers(0, 40), put=st.binary(max_size=4))
def test_damaged_files_are_read_or_held(name: str, at: int, cut: int, put: bytes) -> None:
    content = (BANK / name).read_bytes()
    at %= len(content)
    reading = read(content[:at] + put + content[at + cut :], name)
    assert reading.is_held == (not reading.parts)


CELL = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "Total",
            "Date",
            "Amount",
            "9" * 30,
            "1e99",
            "²",
            "31/12/9999",
            "00:00:00",
            "-5-",
            "(5",
            "a\nb",
            "=1+1",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)
DAY = st.dates(date(2024, 4, 1), date(2025, 3, 31)).map(lambda d: d.strftime("%d/%m/%Y"))
AMOUNT = st.one_of(
    st.integers(-(10**8), 10**8).map(lambda n: f"{Decimal(n).scaleb(-2):,}"),
    st.sampled_from(["5.00-", "(5.00)", "£7", "1.005", "2000000000", "tba", ""]),
)
ROW = st.one_of(
    st.tuples(DAY, st.sampled_from(["Acme Ltd", "TOTAL GAS & POWER", 'A "B", C']), st.text("R123", max_size=3), AMOUNT),
    st.tuples(st.just(""), st.sampled_from(["Grand Total", ""]), st.just(""), AMOUNT),
    st.just(()),
    st.just(("Date", "Supplier", "Reference", "Amount")),
    st.just(("Supplier", "Amount", "Date")),
    st.lists(CELL, max_size=6).map(tuple),
)


@dataclass(frozen=True)
class Dialect:
    """How a generated table is written."""

    line_end: str
    encoding: str
    has_header_last: bool


DIALECTS = st.builds(
    Dialect, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans()
)


def written(head: tuple[str, ...], rows: list[tuple[str, ...]], dialect: Dialect) -> bytes:
    out = io.StringIO()
    ordered = [*rows, head] if dialect.has_header_last else [head, *rows]
    csv.writer(out, lineterminator=dialect.line_end).writerows(ordered)
    return out.getvalue().encode(dialect.encoding)


@settings(QUICK, max_examples=30)
@given(rows=st.lists(ROW, max_size=12), dialect=DIALECTS)
def test_ledger_of_any_spend_table_adds_up(rows: list[tuple[str, ...]], dialect: Dialect) -> None:
    checked = check(written(("Date", "Supplier", "Reference", "Amount"), rows, dialect), "spend 2024-25.csv")
    assert_accounted_for(checked)
    if checked.parts:
        assert checked.reading.tally is not None
        assert ledger(checked) == (checked.reading.tally.row_count, checked.reading.tally.total_gbp)


COUNT_ROW = st.tuples(
    st.sampled_from([COUNCIL, TRUST, "nobody", "../x", ""]),
    st.sampled_from(["2024-25", "2023/24", "24-25", "0000-01", "2024-04", ""]),
    st.sampled_from(["", "E07000120", "E99999999"]),
    st.sampled_from(["outlay", "income", "", "sideways"]),
    AMOUNT,
)


@settings(QUICK, max_examples=10)
@given(rows=st.lists(COUNT_ROW, max_size=5), dialect=DIALECTS)
def test_ledger_of_any_count_adds_up_and_its_returns_differ(
    rows: list[tuple[str, ...]], dialect: Dialect, tmp_path_factory: pytest.TempPathFactory
) -> None:
    head = ("agency_slug", "financial_year", "place_code", "flow", "amount_gbp")
    checked = check(written(head, rows, dialect), "count.csv")
    assert_accounted_for(checked)
    record = store(Home(tmp_path_factory.mktemp("home")), checked, REGISTRY)
    assert len({part.revision_id for part in record.parts}) == len(record.parts)
    paths = [path for part in record.parts for path in (part.lake_path, part.quarantine_path) if path]
    assert len(set(paths)) == len(paths)


@settings(QUICK, max_examples=20)
@given(rows=st.lists(ROW, min_size=1, max_size=8), lost=st.integers(0, 10**6))
def test_lost_line_never_goes_unseen(rows: list[tuple[str, ...]], lost: int) -> None:
    """The gate can fail: take one line with money from what the parser found, and the return is held."""
    content = written(("Date", "Supplier", "Reference", "Amount"), rows, Dialect("\n", "utf-8", False))
    reading = read(content, "spend 2024-25.csv")
    if reading.is_held:
        return
    (part,) = reading.parts
    money = [i for i, amount in enumerate(part.lines["amount_gbp"]) if isinstance(amount, Decimal) and amount]
    if not money:
        return
    part.lines = part.lines.drop(index=money[lost % len(money)]).reset_index(drop=True)
    checked = check_reading(reading, REGISTRY)
    assert checked.parts[0].is_held
    assert "ledger_money_balances" in {f.rule_id for f in checked.parts[0].findings}
