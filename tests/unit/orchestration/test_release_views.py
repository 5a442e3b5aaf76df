"""A published view in a release: the same rows over copied parts, and nothing beside what may be released."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import flow_file, release_tables
from orchestration.release_tables import copy_tables

_TABLES = """
create table int_flow__lines as select * from (values
    (2, 'F', null, null, date '2024-05-01', 10.50::decimal(18, 2), 7::ubigint, 1),
    (3, 'F', 'given-by-hand', '', null, -2.00::decimal(18, 2), 8::ubigint, null)
) as t(row_number, cell_column, own_flow_id, own_cell_ref, payment_date, amount_gbp, decision_key, payee_no);
create table int_flow__ledger_facts as select * from (values
    (7::ubigint, 'abc-', 'p1', 'spend'), (8::ubigint, 'abc-', 'p1', 'spend')) as t(decision_key, flow_prefix, publisher_slug, kind);
create table int_flow__payees as select 1 as payee_no, 'MR SMITH' as payee_name, 'key' as payee_key, 's1' as supplier_id,
    's1' as resolved_supplier_id;
create table int_flow__other_facts as select 'x-1' as flow_id, 'count' as kind, 5.00::decimal(18, 2) as amount_gbp;
create view fct_flow as
select
    coalesce(lines.own_flow_id, facts.flow_prefix || lines.cell_column || lines.row_number) as flow_id, facts.kind,
    lines.amount_gbp, payees.supplier_id
from warehouse.main.int_flow__lines as lines
inner join warehouse.main.int_flow__ledger_facts as facts on lines.decision_key = facts.decision_key
left join warehouse.main.int_flow__payees as payees on lines.payee_no = payees.payee_no
union all by name select * from warehouse.main.int_flow__other_facts
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(release_tables, "_described", lambda: {"fct_flow": {"": "Flows.", "kind": "Kind of return"}})
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(_TABLES)
    (tmp_path / "release" / "marts").mkdir(parents=True)
    return tmp_path


def test_a_view_and_its_parquet_file_have_the_rows_of_the_working_database(folder: Path) -> None:
    tables = copy_tables(folder / "warehouse.duckdb", folder / "release")
    assert tables["fct_flow"]["row_count"] == 3 and tables["fct_flow"]["sums_gbp"] == {"amount_gbp": "13.50"}
    parquet = f"read_parquet('{folder / 'release' / 'marts' / 'fct_flow.parquet'}')"
    with duckdb.connect() as connection:  # attached under another name, as a reader may
        connection.execute(f"attach '{folder / 'release' / 'totalplace.duckdb'}' as other (read_only)")
        rows = connection.execute("select flow_id, kind, supplier_id from other.main.fct_flow order by 1").fetchall()
        assert rows == [("abc-F2", "spend", "s1"), ("given-by-hand", "spend", None), ("x-1", "count", None)]
        assert connection.execute(f"select flow_id, kind, supplier_id from {parquet} order by 1").fetchall() == rows
        comment = connection.execute("select comment from duckdb_views() where view_name = 'fct_flow'").fetchone()
        assert comment is not None and comment[0].startswith("Flows.")


def parquet_rows(folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"from read_parquet('{folder}/release/marts/fct_flow.parquet') order by all").fetchall()


def publish(folder: Path, change: str = "") -> str:
    """Make the release again, after a change in the working database; returns the table's content hash."""
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(change)
    shutil.rmtree(folder / "release")
    (folder / "release" / "marts").mkdir(parents=True)
    return copy_tables(folder / "warehouse.duckdb", folder / "release")["fct_flow"]["content_hash"]


def test_flows_of_a_publisher_are_written_again_only_where_they_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = publish(folder)
    rows = parquet_rows(folder)
    monkeypatch.setattr(flow_file, "LARGE", 1)
    second = "insert into int_flow__ledger_facts values (9, 'def-', 'p2', 'spend'); insert into int_flow__lines values"
    assert publish(folder) == whole and parquet_rows(folder) == rows  # kept or not, the content is the same
    (part,) = (folder / flow_file.FOLDER).iterdir()
    publish(folder, f"{second} (4, 'F', null, null, null, 3.00, 9, 1)")
    assert len(parquet_rows(folder)) == 4 and len(set((folder / flow_file.FOLDER).iterdir()) - {part}) == 1 and part.exists()
    changed = publish(folder, "update int_flow__payees set resolved_supplier_id = 's2', supplier_id = 's2'")
    assert changed != whole and not part.exists()  # what is said of a payee is released on every line of its
    assert [row[3] for row in parquet_rows(folder)].count("s2") == 2


@pytest.mark.parametrize("length", [30, 0])
def test_a_damaged_part_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    monkeypatch.setattr(flow_file, "LARGE", 1)
    whole = publish(folder)
    (part,) = (folder / flow_file.FOLDER).iterdir()
    content = part.read_bytes()
    part.write_bytes(content[:-30] if length else content[:20] + b"?" + content[21:])
    assert publish(folder) == whole and len(parquet_rows(folder)) == 3
    assert part.read_bytes() == content


def test_parts_with_other_rows_than_the_table_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_file, "LARGE", 1)
    whole = publish(folder)
    monkeypatch.setattr(flow_file, "join_parquet", lambda *_: 2)
    with pytest.raises(ValueError, match="run again"):
        publish(folder)
    assert not list((folder / flow_file.FOLDER).iterdir())
    monkeypatch.undo()
    assert publish(folder) == whole


def test_names_of_payees_stay_in_the_working_database(folder: Path) -> None:
    copy_tables(folder / "warehouse.duckdb", folder / "release")
    with duckdb.connect(str(folder / "release" / "totalplace.duckdb"), read_only=True) as connection:
        columns = {name for (name,) in connection.execute("select column_name from duckdb_columns() where not internal").fetchall()}
    assert not columns & {"payee_name", "payee_key"}
