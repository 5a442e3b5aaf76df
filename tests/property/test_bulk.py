"""Read column by column, a file comes out as it does line by line: the same lines, ledger and findings, or a reason why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import load_catalogue, rules_for
from expectations.frames import engine_frame
from expectations.vector import failing
from ingest.bulk import NotRegular, extract, returns, survey
from ingest.home import Home
from ingest.kinds import SPEND
from ingest.landing import Landing, Receipt
from ingest.limits import DEFAULTS
from ingest.periods import Period
from ingest.reading import Reading
from ingest.records import FileRecord
from ingest.registry import Registry
from orchestration import intake, storing
from orchestration.bulk import sieve_of
from orchestration.checking import check_readings
from orchestration.frames import days_from_period
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY

BANK = Path(__file__).parents[1] / "bank"
QUICK = settings(max_examples=15, derandomize=True, database=None, deadline=None)
EVERY_FILE = replace(DEFAULTS, bulk_bytes=0)
NO_FILE = replace(DEFAULTS, bulk_bytes=1 << 60)


def take_in(root: Path, name: str, content: bytes, registry: Registry, is_bulk: bool) -> tuple[Home, Receipt, FileRecord, bool]:
    """Land, read, check and store one file; whether it was read column by column."""
    folder, home = root / "returns", Home(root / ("bulk" if is_bulk else "lines"))
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    landing = Landing(home, limits=EVERY_FILE if is_bulk else NO_FILE)
    (receipt,) = landing.land_folder(folder).receipts
    surveyed = intake.read_landed(landing, registry, receipt)
    reading = intake.take_lines(landing, registry, surveyed)
    (checked,) = check_readings([reading], registry)
    return home, receipt, storing.store(home, checked, registry), reading.survey is not None


def outcome(home: Home, record: FileRecord) -> dict[str, object]:
    """What was made of a file, apart from how and when."""
    lines: list[dict[str, object]] = []
    for part in record.parts:
        for path in (*part.accepted_paths, *([part.plain_path] if part.is_held and part.plain_path else [])):
            table = pq.read_table(home.root / path).drop_columns(["landed_at"])
            lines += [{**row, "is_held": part.is_held} for row in table.to_pylist()]
        if part.quarantine_path:
            table = pq.read_table(home.root / part.quarantine_path).drop_columns(["landed_at", "amount_raw", "rule_ids"])
            lines += [{**row, "is_held": part.is_held or "held"} for row in table.to_pylist()]
    findings = pq.read_table(home.root / record.findings_path).drop_columns(["finding_id"]).to_pylist()
    rules = [{k: v for k, v in r.items() if k != "cause"} for p in record.parts for r in p.rule_results]
    return {
        "lines": sorted(lines, key=lambda row: (row["row_number"], str(row["cell_ref"]))),
        "findings": sorted(
            (f for f in findings if f["severity"] != "info"), key=lambda f: (f["rule_id"], f["row_number"] or 0, f["message"])
        ),
        "ledger": [entry for part in record.parts for entry in part.ledger],
        "rules": [r for r in rules if not str(r["rule_id"]).startswith("stored_")],
        "suspense": [entry for part in record.parts for entry in part.suspense],
        "returns": [(p.return_id, p.period, p.financial_year, p.is_held, p.hold_reason) for p in record.parts],
    }


def compare(root: Path, name: str, content: bytes, registry: Registry = REGISTRY) -> None:
    """Assert that both ways give the same."""
    home, _, record, _ = take_in(root, name, content, registry, is_bulk=True)
    other, _, expected, _ = take_in(root, name, content, registry, is_bulk=False)
    assert_same(outcome(home, record), outcome(other, expected))


def assert_same(found: dict[str, object], wanted: dict[str, object]) -> None:
    for key, value in wanted.items():
        assert found[key] == value, key


with (BANK / "expected.csv").open(encoding="utf-8", newline="") as handle:
    TEXTS = [(row["file"], row["publisher"]) for row in csv.DictReader(handle) if row["file"].endswith(".csv")]


def test_the_bank_comes_out_the_same_both_ways(tmp_path: Path) -> None:
    """What is not regular takes the one way there is; the others are checked together, which is what costs."""
    returns = tmp_path / "returns"
    for name, publisher in TEXTS:
        (returns / publisher).mkdir(parents=True, exist_ok=True)
        (returns / publisher / name).write_bytes((BANK / name).read_bytes())
    regular: set[str] = set()
    outcomes: list[dict[str, dict[str, object]]] = []
    for limits in (EVERY_FILE, NO_FILE):
        home = Home(tmp_path / f"home-{limits.bulk_bytes}")
        landing = Landing(home, limits=limits)
        readings: list[Reading] = []
        for receipt in landing.land_folder(returns).receipts:
            reading = intake.take_lines(landing, REGISTRY, intake.read_landed(landing, REGISTRY, receipt))
            if limits is EVERY_FILE and reading.survey is not None:
                regular.add(receipt.file_name)
            if receipt.file_name in regular:
                readings.append(reading)
        checked = check_readings(readings, REGISTRY)
        outcomes.append({file.reading.receipt.file_name: outcome(home, storing.store(home, file, REGISTRY)) for file in checked})
    assert len(regular) >= 25, "else little of the bank was read column by column"
    for name in regular:
        assert_same(outcomes[0][name], outcomes[1][name])


HEADER = "Date,Supplier,Reference,Description,Amount\n"


def _payments(first: int, last: int) -> str:
    return "".join(f"{n:02d}/06/2024,Bolt {n} Ltd,R{n},rent {n},{n}.50\n" for n in range(first, last))


SECOND_HEADERS = {  # below which the columns hold something else; the old columns of amounts or dates are blank in it, or not
    "the VAT under the amount": HEADER
    + _payments(1, 11)
    + ",Date,Supplier,Amount,VAT Amount\n"
    + "".join(f",0{n}/06/2024,Zed {n},{n}00.00,{n}0.00\n" for n in range(1, 9)),
    "shorter": HEADER.replace("Amount", "Directorate,Service,Amount")
    + "".join(f"{n:02d}/06/2024,Bolt {n} Ltd,R{n},d,x,y,{n}.50\n" for n in range(1, 20))
    + "Date,Supplier,Amount,,,,\n"
    + "".join(f"{n:02d}/06/2024,Acme {n} Ltd,{n}.25,,,,\n" for n in range(1, 20)),
    "the amount elsewhere": HEADER
    + _payments(1, 11)
    + "Date,Amount,Supplier,Description,\n"
    + "".join(f"0{n}/06/2024,{n}.50,Zed {n},d,\n" for n in range(1, 9)),
    "the date elsewhere": HEADER
    + _payments(1, 11)
    + ",Date,Supplier,Description,Amount\n"
    + "".join(f",0{n}/06/2024,Zed {n},d,{n}.50\n" for n in range(1, 9)),
    "a cell too long": HEADER + _payments(1, 4) + "01/06/2024,Bolt,R1," + "x" * 1_200_000 + ",5.00\n",
}


@pytest.mark.parametrize("content", SECOND_HEADERS.values(), ids=SECOND_HEADERS)
def test_what_only_the_careful_reader_can_tell_is_left_to_it(tmp_path: Path, content: str) -> None:
    compare(tmp_path, f"{COUNCIL}/june-2024.csv", content.encode())


CELLS = {
    "amount": st.sampled_from(
        [
            "1.00",
            "-2.50",
            "1,234.50",
            "£3",
            "(4.00)",
            "5.005",
            "",
            "n/a",
            "99999999999.00",
            "12,34",
            " 7 ",
            "1e3",
            "-0.00",
            "Amount",
        ]
    ),
    "date": st.sampled_from(
        ["01/06/2024", "30/06/2024", "2024-06-15", "", "31/06/2024", "01/06/2042", "Total", "15 June 2024", "45455", "01  06 2024"]
    ),
    "payee": st.sampled_from(
        ["ACME LTD", "ACME  LTD", " Bolt & Co ", "", "Total", "TOTAL GAS & POWER", 'The "Inn"', "A\nB", "É Ltd"]
    ),
    "text": st.sampled_from(["", "x", " y ", "Total", "1.50", "a,b"]),
}


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table of any of these cells, ragged here and there, with lines repeated."""
    rows = draw(st.lists(st.tuples(CELLS["date"], CELLS["payee"], CELLS["text"], CELLS["amount"]), min_size=1, max_size=25))
    rows += draw(st.lists(st.sampled_from(rows), max_size=5))
    width = draw(st.lists(st.integers(min_value=1, max_value=6), min_size=len(rows), max_size=len(rows)))
    is_ragged = draw(st.booleans())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    if draw(st.booleans()):
        writer.writerow(["Payments over £500"])
    is_referenced = draw(st.booleans())
    writer.writerow(["Date", "Supplier", "Reference" if is_referenced else "Description", "Amount"])
    for row, cells in zip(rows, width, strict=True):
        writer.writerow(((*row, "", "")[:cells]) if is_ragged else row)
        if draw(st.integers(min_value=0, max_value=30)) == 0:
            out.write("\n")
    return out.getvalue().encode()


def test_any_table_comes_out_the_same_both_ways(tmp_path_factory: pytest.TempPathFactory) -> None:
    @QUICK
    @given(content=tables(), named=st.booleans())
    def check(content: bytes, named: bool) -> None:
        compare(tmp_path_factory.mktemp("both"), f"{COUNCIL}/{'june-2024' if named else 'lines'}.csv", content)

    check()


TOLD = """Date,Supplier,Reference,Amount,VAT Amount,Note
01/06/2024,Acme Homes Ltd,T1,1.00,,plain
31/02/2024,Acme  Homes Ltd,T2,2.00,0.20,a date that is none
01/06/2042,Bolt and Sons,T3,3.00,,far away
02/06/2024,,T4,"1,234.50",x,nobody
02/06/2024,Bolt and Sons,T5,see invoice,,no amount
02/06/2024,Bolt and Sons,T6,,,none at all
02/06/2024,Bolt and Sons,T1,7.005,,rounded
02/06/2024,Bolt and Sons,T8,99999999999.00,,absurd
02/06/2024,Bolt and Sons,T8,99999999999.00,,absurd
"""
LEFT = """Total,,,24.00,,a total
02/06/2024,Bolt and Sons,T9,,,12.50
Date,Supplier,Reference,Amount,VAT Amount,Note
02/06/2024,É Ltd,T10,n/a,,no plain letters
02/06/2024,Bolt and Sons,T11,-0.00,,
02/06/2024,Bolt and Sons,T12,£3.005,,no plain letters
a note,,,,,
"""


def test_lines_that_break_a_rule_are_told_by_their_columns_and_nothing_else_is(tmp_path: Path) -> None:
    """Totals, headers, notes, money that stands elsewhere: what is no line for sure goes the other way."""
    for name, content, wanted in (("june-2024", TOLD, 8), ("july-2024", TOLD + LEFT, 8), ("lines", LEFT + TOLD, None)):
        compare(tmp_path / name, f"{COUNCIL}/{name}.csv", content.encode())
        landing = Landing(Home(tmp_path / name / "bulk"), limits=EVERY_FILE)
        (receipt,) = landing.receipts()
        reading = intake.take_lines(landing, REGISTRY, intake.read_landed(landing, REGISTRY, receipt))
        assert wanted is None or reading.extract.told_line_count == wanted


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, date(2024, 6, 1), date(2023, 5, 30), date(2023, 5, 29), date(2042, 1, 1)]),
            st.sampled_from([None, "Bolt"]),
            st.sampled_from([1.0, -1e9, 1e9, 1e9 + 0.01, float("nan")]),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.booleans(),
    st.booleans(),
)
def test_the_sieve_says_of_each_line_what_the_rules_say(lines: list[Any], has_period: bool, is_known: bool) -> None:
    """It asks each case once: a date, a payee or none, a repeat; the rules are asked of whole lines."""
    period = Period("2024-06", date(2024, 6, 1), date(2024, 7, 1)) if has_period else None
    days, payees, amounts, repeats = ([line[i] for line in lines] for i in range(4))
    frame = pd.DataFrame(
        {
            "row_number": np.arange(len(lines)),
            "amount_raw": pd.Series(["x"] * len(lines), dtype="str"),
            "amount": np.array(amounts, dtype="float64"),
            "agency_known": np.full(len(lines), is_known),
            "place_code": pd.Series([None] * len(lines), dtype="str"),
            "place_status": pd.Series(["blank"] * len(lines), dtype="str"),
            "is_repeated_line": np.array(repeats, dtype=bool),
            "payee_name": pd.Series(payees, dtype="str"),
            "payment_date": pd.to_datetime(pd.Series(days, dtype=object)),
            "payment_date_raw": pd.Series(["x"] * len(lines), dtype="str"),
            "days_from_period": np.array([days_from_period(day, period) for day in days], dtype="float64"),
        }
    )
    broken = np.zeros(len(lines), dtype=bool)
    for rule in rules_for(load_catalogue(), "spend", "line"):
        broken |= failing(rule, engine_frame(frame, rule.frame_columns()), "spend", {})
    candidates = extract.Candidates(
        np.array(amounts, dtype="float64"),
        pa.array(days, pa.date32()).dictionary_encode(),
        pa.array(payees, pa.string()),
        np.array(repeats, dtype=bool),
    )
    assert sieve_of(SPEND, period, is_known)(candidates).tolist() == (~broken).tolist()


def test_a_stored_line_that_is_lost_closes_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"Date,Supplier,Amount\n" + b"".join(
        b"0%d/06/2024,Bolt and Sons %d Ltd,%d.50\n" % (n % 9 + 1, n, n) for n in range(1, 40)
    )
    split = intake.split_return

    def losing(*arguments: object) -> None:
        split(*arguments)  # type: ignore[arg-type]
        target = arguments[-1]
        assert isinstance(target, Path)
        table = pq.ParquetFile(target).read()
        pq.write_table(table.slice(1), target)

    monkeypatch.setattr(intake, "split_return", losing)
    _, _, record, _ = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", content, REGISTRY, is_bulk=True)
    (part,) = record.parts
    assert part.is_held and set(part.held_by) == {"stored_rows_balance", "stored_money_balances"}
    assert part.ledger[0]["accepted_gbp"] == "0.00" and Decimal(part.suspense[0]["amount_gbp"]) == Decimal("799.50")


LINES = b"Date,Supplier,Amount\n" + b"".join(b"0%d/06/2024,Bolt %d Ltd,%d.50\n" % (n % 9 + 1, n, n) for n in range(1, 40))


def a_penny_more(amounts: pa.Array) -> pa.Array:
    return pa.array([*amounts.to_pylist()[:-1], amounts[-1].as_py() + Decimal("0.01")], amounts.type)


def one_twice_for_another(amounts: pa.Array) -> pa.Array:
    return pa.array([amounts[1].as_py(), *amounts.to_pylist()[1:]], amounts.type)


@pytest.mark.parametrize("damage", [a_penny_more, one_twice_for_another])
def test_money_that_the_parser_reads_wrong_closes_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[pa.Array], pa.Array]
) -> None:
    """The tally is taken by another reader, to the penny."""
    right = extract.columns.plain_money
    monkeypatch.setattr(extract.columns, "plain_money", lambda cells: damage(right(cells)))
    _, _, record, is_bulk = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", LINES, REGISTRY, is_bulk=True)
    (part,) = record.parts
    assert is_bulk and part.is_held and part.held_by == ["ledger_money_balances"]


def test_a_record_that_the_parser_loses_closes_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = extract.Records.__iter__

    def losing(self: extract.Records) -> Iterator[Any]:
        for raw, numbers, ragged in records(self):
            yield raw.filter(pa.array([n != 7 for n in numbers.tolist()])), numbers[numbers != 7], ragged

    monkeypatch.setattr(extract.Records, "__iter__", losing)
    _, _, record, is_bulk = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", LINES, REGISTRY, is_bulk=True)
    (part,) = record.parts
    assert is_bulk and part.is_held and set(part.held_by) == {"ledger_rows_balance", "ledger_money_balances"}


def test_readers_that_number_records_differently_are_both_left_for_the_slow_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = returns.take_survey

    def short(path: Path, shape: Any) -> Any:
        found = right(path, shape)
        found.tally.row_counts[None] -= 1
        return found

    monkeypatch.setattr(returns, "take_survey", short)
    _, _, record, is_bulk = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", LINES, REGISTRY, is_bulk=True)
    (part,) = record.parts
    assert not is_bulk and not part.is_held and part.ledger[0]["accepted_count"] == 39


def test_repeated_lines_are_told_from_lines_that_are_merely_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marked by the amount alone, every line is alike: which of them equal an earlier one is told by all of their cells."""
    content = b"Date,Supplier,Amount,Reference\n" + b"".join(
        b'0%d/06/2024,Bolt Ltd,5.00,"T%d"\n' % (n % 9 + 1, n % 30)
        if n % 2
        else b"0%d/06/2024,Bolt Ltd,5.00,T%d\n" % (n % 9 + 1, n % 30)
        for n in range(1, 120)
    )
    monkeypatch.setattr(survey, "TELLING", 0)
    for most_alike in (2.0, 0.1):
        monkeypatch.setattr(survey, "MOST_ALIKE", most_alike)
        compare(tmp_path / str(most_alike), f"{COUNCIL}/june-2024.csv", content)
        _, _, record, _ = take_in(tmp_path / f"{most_alike}-again", f"{COUNCIL}/june-2024.csv", content, REGISTRY, is_bulk=True)
        (repeats,) = [r for r in record.parts[0].rule_results if r["rule_id"] == "line_is_not_repeated"]
        assert repeats["failed_count"] == 29


def test_a_stored_line_that_breaks_a_rule_is_a_fault_and_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"Date,Supplier,Amount\n01/06/2024,Acme Homes Ltd,1.00\n02/06/2024,Bolt and Sons,2.00\n02/06/2042,Corner Shop,3.00\n"
    monkeypatch.setattr(intake, "sieve_of", lambda *_: lambda lines: lines.payment_date.is_valid().to_numpy(zero_copy_only=False))
    _, _, record, _ = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", content, REGISTRY, is_bulk=True)
    (part,) = record.parts
    assert part.is_held and part.held_by == ["payment_date_in_period"]


def test_a_large_file_that_is_not_regular_is_held_with_the_reason(tmp_path: Path) -> None:
    content = b"Date,Supplier,Amount\r" + b"01/06/2024,S,1.00\r" * 50
    folder = tmp_path / "returns" / COUNCIL
    folder.mkdir(parents=True)
    (folder / "bare-cr.csv").write_bytes(content)
    landing = Landing(Home(tmp_path / "home"), limits=replace(DEFAULTS, bulk_bytes=0, line_by_line_bytes=100))
    (receipt,) = landing.land_folder(tmp_path / "returns").receipts
    reading = intake.read_landed(landing, REGISTRY, receipt)
    assert reading.is_held and reading.notes[0].rule_id == "file_is_within_limits"
    assert "bare carriage returns" in reading.notes[0].words


def test_plain_lines_keep_the_schema_of_the_lake(tmp_path: Path) -> None:
    from ingest.lake import SCHEMAS

    content = b"Date,Supplier,Amount,Transaction Number\n" + b"".join(
        b"01/06/2024,Bolt and Sons %d Ltd,%d.00,T%d\n" % (n, n, n) for n in range(1, 9)
    )
    home, _, record, is_bulk = take_in(tmp_path, f"{COUNCIL}/june-2024.csv", content, REGISTRY, is_bulk=True)
    assert is_bulk and record.parts[0].plain_path
    schema: pa.Schema = pq.read_schema(home.root / record.parts[0].plain_path)
    assert {f.name: f.type for f in schema} == {f.name: f.type for f in SCHEMAS["spend"]}


def test_not_regular_is_said_in_words() -> None:
    assert str(NotRegular("its dates span years")) == "its dates span years"
