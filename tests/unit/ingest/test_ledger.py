"""The ledger: every row and penny once, and a difference when one is missing."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ingest.ledger import LedgerDifference, LedgerEntry, ledger_difference, ledger_entries, money_sum
from ingest.reading import Reading
from ingest.rows import RowFate
from tests.unit.ingest.intake_helpers import COUNCIL, TRUST, read

SPEND = "Title\nDate,Supplier,Amount\n03/06/2024,Acme,5.00\n04/06/2024,Bolt,7.00\n,Total,12.00\n"
COUNT = f"agency_slug,financial_year,flow,amount_gbp\n{COUNCIL},2024-25,outlay,5\n{TRUST},2024-25,outlay,7\n"


def entries(reading: Reading, *accepted: list[bool]) -> list[list[LedgerEntry]]:
    parts = zip(reading.parts, accepted, strict=True)
    return [ledger_entries(reading, part, pd.Series(good), part is reading.parts[0]) for part, good in parts]


def test_money_sum_leaves_out_what_did_not_parse() -> None:
    assert money_sum([Decimal("1.10"), None, Decimal("-0.10")]) == Decimal("1.00")
    assert str(money_sum([])) == "0.00"


def test_one_agency_takes_every_row_of_the_file() -> None:
    assert entries(read(SPEND), [True, False]) == [
        [
            LedgerEntry(COUNCIL, 5, 1, 1, 3, Decimal("24.00"), Decimal("5.00"), Decimal("7.00"), Decimal("12.00")),
        ]
    ]


def test_agencies_have_their_own_entries_and_the_header_none() -> None:
    zero, five, seven = Decimal("0.00"), Decimal("5.00"), Decimal("7.00")
    assert entries(read(COUNT), [True], [False]) == [
        [
            LedgerEntry(TRUST, 1, 1, 0, 0, seven, seven, zero, zero),
            LedgerEntry(None, 1, 0, 0, 1, zero, zero, zero, zero),
        ],
        [LedgerEntry(COUNCIL, 1, 0, 1, 0, five, zero, five, zero)],
    ]


def test_difference_is_nothing_when_the_counts_agree() -> None:
    assert ledger_difference(read(SPEND)) == LedgerDifference(0, Decimal("0.00"))


def test_row_and_penny_that_the_parser_lost_are_seen() -> None:
    reading = read(SPEND)
    reading.extract.rows.pop(0)
    reading.parts[0].lines = reading.parts[0].lines.iloc[1:]
    assert ledger_difference(reading) == LedgerDifference(1, Decimal("5.00"))


def test_row_and_penny_that_the_parser_invented_are_seen() -> None:
    reading = read(SPEND)
    reading.extract.rows.append(RowFate(None, 99, False, "total", Decimal("0.01")))
    assert ledger_difference(reading) == LedgerDifference(-1, Decimal("-0.01"))


def test_without_a_tally_there_is_no_difference_to_give() -> None:
    reading = read(SPEND)
    reading.tally = None
    assert ledger_difference(reading) == LedgerDifference(None, None)
    (entry,) = entries(reading, [True, True])[0]
    assert (entry.row_count, entry.file_gbp) == (5, None)
