"""Parquet files put together without reading a value: every reader finds the rows of all of them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.parquet_join import join_parquet

_ROWS = """
    select i::integer as number, 'name ' || (i % 7) as name, (i * 0.01)::decimal(18, 2) as gbp, i % 3 = 0 as is_third,
        case when i % 5 > 0 then date '2024-01-01' + i::integer end as day, 'id-' || i as id
    from range({}, {}) as t(i)
"""


def part(path: Path, first: int, last: int, options: str = "compression zstd") -> Path:
    duckdb.execute(f"copy ({_ROWS.format(first, last)}) to '{path}' (format parquet, {options})")
    return path


@pytest.mark.parametrize("options", ["compression zstd", "compression snappy, row_group_size 2048", "parquet_version V2"])
def test_the_rows_of_all_parts_are_found_by_every_reader(tmp_path: Path, options: str) -> None:
    parts = [part(tmp_path / "a", 0, 5000, options), part(tmp_path / "b", 5000, 5001), part(tmp_path / "c", 5001, 70_000, options)]
    target = tmp_path / "whole.parquet"
    assert join_parquet(parts, target, {"notes": "£ as paid", "description": ""}) == 70_000
    assert duckdb.sql(f"(from '{target}' except all {_ROWS.format(0, 70_000)})").fetchall() == []
    assert duckdb.sql(f"select number from '{target}' where id = 'id-69999'").fetchall() == [(69_999,)]  # by filter and statistics
    assert duckdb.sql(f"select count(*) from '{target}' where number between 4999 and 5001").fetchall() == [(3,)]
    table = pq.read_table(target)
    assert table["number"].to_pylist() == list(range(70_000)) and table["id"][5000].as_py() == "id-5000"
    file = pq.ParquetFile(target)
    assert file.metadata.num_rows == 70_000 and file.metadata.metadata == {
        b"notes": "£ as paid".encode(),
        b"description": b"",
    }
    assert file.read_row_group(file.metadata.num_row_groups - 1)["number"][-1].as_py() == 69_999


def test_words_written_as_a_list_join_with_words_written_out(tmp_path: Path) -> None:
    """How a column is encoded is each part's own affair."""
    one = part(tmp_path / "a", 0, 10)
    two = tmp_path / "b"
    listed = "select * replace (name::enum('name 0', 'name 1', 'name 2', 'name 3', 'name 4', 'name 5', 'name 6') as name)"
    duckdb.execute(f"copy ({listed} from ({_ROWS.format(10, 20)})) to '{two}' (format parquet)")
    join_parquet([one, two], tmp_path / "whole", {})
    assert duckdb.sql(f"(from read_parquet('{tmp_path / 'whole'}') except all {_ROWS.format(0, 20)})").fetchall() == []


@pytest.mark.parametrize("harm", ["other columns", "no parquet", "cut short", "nothing"])
def test_what_cannot_be_joined_is_said(tmp_path: Path, harm: str) -> None:
    good, bad = part(tmp_path / "a", 0, 10), tmp_path / "b"
    if harm == "other columns":
        duckdb.execute(f"copy (select 1 as other) to '{bad}' (format parquet)")
    elif harm == "no parquet":
        bad.write_text("name,amount\n")
    elif harm == "cut short":
        bad.write_bytes(good.read_bytes()[:-20])
    with pytest.raises(ValueError):
        join_parquet([] if harm == "nothing" else [good, bad], tmp_path / "whole", {})
