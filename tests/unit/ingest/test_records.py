"""File records on disk, and withdrawals applied to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.records import FileRecord, PartRecord, all_records, partition_key, read_record, record_path, write_record
from ingest.withdrawals import apply_withdrawals, withdraw, withdrawals


def part_record(return_id: str = "kent.spend.2024-06", year: str | None = "2024-25", is_held: bool = False) -> PartRecord:
    return PartRecord(
        return_id, f"{return_id}@k", "kent", "spend", "transactions", "2024-06", "2024-06-01", "2024-07-01", year,
        is_held,
        "why" if is_held else "", "lake/x.parquet", None, suspense=[{"amount_gbp": "5.00"}],
    )  # fmt: skip


def file_record(*parts: PartRecord, key: str = "k", name: str = "kent/june.csv", sha256: str = "aa") -> FileRecord:
    return FileRecord(
        key, name, sha256, "kent", "spec", datetime(2026, 1, 5, 10), datetime(2026, 1, 4, 9, 0, 0, 5), None,
        "lake/f.parquet", list(parts),
    )  # fmt: skip


def test_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    home, record = Home(tmp_path), file_record(part_record(), part_record("kent.spend.2024-07"))
    write_record(home, record)
    assert read_record(record_path(home, "kent", "k")) == record
    dated = replace(record, key="k2", published_as_at=datetime(2026, 1, 1))
    write_record(home, dated)
    assert read_record(record_path(home, "kent", "k2")) == dated


def test_money_is_written_as_text(tmp_path: Path) -> None:
    part = part_record()
    part.ledger = [{"file_gbp": Decimal("0.10")}]
    write_record(Home(tmp_path), file_record(part))
    found = read_record(record_path(Home(tmp_path), "kent", "k"))
    assert found is not None
    assert found.parts[0].ledger == [{"file_gbp": "0.10"}]


def test_record_refuses_what_it_cannot_hold_and_leaves_nothing(tmp_path: Path) -> None:
    part = part_record()
    part.controls = [{"x": object()}]
    with pytest.raises(TypeError, match="cannot hold object"):
        write_record(Home(tmp_path), file_record(part))
    assert all_records(Home(tmp_path)) == []


@pytest.mark.parametrize("text", ["", "{", "{}", '{"parts": [{"unknown": 1}]}', '{"parts": []}'])
def test_torn_or_older_record_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    assert read_record(path) is None
    assert read_record(tmp_path / "none.json") is None


def test_all_records_are_in_order_of_name_then_content(tmp_path: Path) -> None:
    for key, name, sha256 in (("1", "b", "aa"), ("2", "a", "bb"), ("3", "a", "aa")):
        write_record(Home(tmp_path), file_record(key=key, name=name, sha256=sha256))
    assert [record.key for record in all_records(Home(tmp_path))] == ["3", "2", "1"]


def test_partitions_are_publisher_years() -> None:
    record = file_record(part_record(), part_record(year=None), part_record())
    assert record.partitions == ("kent|2024-25", "kent|unknown")
    assert partition_key("kent", None) == "kent|unknown"


def test_withdrawn_return_is_held_with_its_reason_and_without_suspense(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert withdrawals(home) == {}
    withdraw(home, "kent.spend.2024-06", "wrong council", datetime(2026, 1, 2))
    withdraw(home, "kent.spend.2024-08", "test", datetime(2026, 1, 3))
    withdraw(home, "kent.spend.2024-08", "published in error", datetime(2026, 1, 5))
    assert withdrawals(home) == {"kent.spend.2024-06": "wrong council", "kent.spend.2024-08": "published in error"}
    before = file_record(part_record(), part_record("kent.spend.2024-07"))
    (after,) = apply_withdrawals([before], withdrawals(home))
    assert [(p.is_held, p.hold_reason, p.suspense) for p in after.parts] == [
        (True, "withdrawn: wrong council", []),
        (False, "", [{"amount_gbp": "5.00"}]),
    ]
    assert before.parts[0].is_held is False
