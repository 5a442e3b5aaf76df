"""The payee names of the lake become a table of suppliers."""

from __future__ import annotations

import duckdb
import pytest

from ingest.registry import Registry
from orchestration import suppliers
from orchestration.suppliers import SUPPLIER_NAMES, supplier_names


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema lake")
        for kind in ("spend", "procurement_card"):
            connection.execute(f"create table lake.{kind} (payee_name varchar, payee_identifier varchar, payment_date date)")
        connection.execute(
            "create view lake.ledger_payees as select hash(payee_name) as payee_no, payee_name, payee_identifier,"
            " min(payment_date) as first_date, count(*) as line_count"
            " from (from lake.spend union all from lake.procurement_card) group by all"
        )
        yield connection


def add(connection: duckdb.DuckDBPyConnection, kind: str, *rows: tuple[str | None, str | None, str | None]) -> None:
    connection.executemany(f"insert into lake.{kind} values (?, ?, ?)", [list(row) for row in rows])


def by_name(connection: duckdb.DuckDBPyConnection, registry: Registry | None = None) -> dict[str, dict]:
    return {row["payee_name"]: row for row in supplier_names(connection, registry or Registry({})).to_pylist()}


def test_names_of_ledgers_and_cards_are_resolved_together(connection):
    add(connection, "spend", ("Acorn Catering Ltd ", None, "2024-01-01"), ("Acorn Catering Ltd", None, None), (None, None, None))
    add(
        connection,
        "procurement_card",
        ("ACORN CATERINNG", "10012345", "2024-05-01"),
        ("Beacon Homes", None, None),
        (" ", None, None),
    )
    found = by_name(connection)
    assert set(found) == {"Acorn Catering Ltd", "ACORN CATERINNG", "Beacon Homes"}
    assert found["Acorn Catering Ltd"]["supplier_id"] == found["ACORN CATERINNG"]["supplier_id"]
    assert (found["ACORN CATERINNG"]["method"], found["ACORN CATERINNG"]["score"]) == ("slip", 0.9)
    assert found["Beacon Homes"]["supplier_id"] != found["ACORN CATERINNG"]["supplier_id"]


def test_withheld_names_have_no_supplier(connection):
    add(
        connection,
        "spend",
        ("REDACTED PERSONAL DATA", None, None),
        ("THIRD PARTY", None, None),
        ("REDACTIVE PUBLISHING LTD", None, None),
    )
    assert set(by_name(connection)) == {"REDACTIVE PUBLISHING LTD"}


def test_a_number_on_most_lines_is_the_name_s_number(connection):
    add(
        connection,
        "spend",
        *[("Acorn", "01234567", "2024-01-01")] * 2,
        ("Acorn", "07654321", "2024-01-01"),
        ("Zebra", "01234567", None),
    )
    found = by_name(connection)
    assert found["Acorn"]["supplier_id"] == found["Zebra"]["supplier_id"]


def test_decisions_of_the_folder_hold(connection):
    add(connection, "spend", ("Acorn", None, None), ("Zebra", None, None))
    row = {"name_a": "Acorn", "name_b": "Zebra", "decision": "merge", "reason": "renamed"}
    found = by_name(connection, Registry({"supplier_links": [row]}))
    assert found["Acorn"]["supplier_id"] == found["Zebra"]["supplier_id"]


def test_no_names(connection):
    assert supplier_names(connection, Registry({})).schema == SUPPLIER_NAMES


def test_each_name_has_its_class_by_words_and_numbers(connection):
    add(
        connection,
        "spend",
        ("Acorn Catering Ltd", None, None),
        ("Beacon Homes", "GB-CHC-1012345", "2024-01-01"),
        ("Mr A Person", None, None),
        ("Acorn Stall", None, None),
    )
    classes = {name: row["payee_class"] for name, row in by_name(connection).items()}
    assert classes == {
        "Acorn Catering Ltd": "company", "Beacon Homes": "charity", "Mr A Person": "individual", "Acorn Stall": "unclassified",
    }  # fmt: skip


def test_the_answer_is_kept_while_nothing_that_decides_it_changes(connection, tmp_path, monkeypatch):
    kept = tmp_path / "suppliers"
    connection.execute("create schema run")
    connection.execute(
        "create view run.ledger_contents as select 'ledger_payees' as name, sum(hash(t)::hugeint)::varchar as content"
        " from lake.ledger_payees as t"
    )
    add(connection, "spend", ("Acorn Catering Ltd", None, "2024-01-01"), ("Beacon Homes", None, None))
    first = supplier_names(connection, Registry({}), kept)
    real, asked = suppliers.resolve, []
    monkeypatch.setattr(suppliers, "resolve", lambda *given: (asked.append(given), real(*given))[1])
    assert supplier_names(connection, Registry({}), kept).equals(first) and not asked
    decision = {"name_a": "Acorn Catering Ltd", "name_b": "Beacon Homes", "decision": "merge", "reason": "one owner"}
    merged = supplier_names(connection, Registry({"supplier_links": [decision]}), kept)
    assert len(asked) == 1 and len(set(merged["supplier_id"].to_pylist())) == 1
    add(connection, "spend", ("Cedar Legal LLP", None, None))
    assert supplier_names(connection, Registry({}), kept).num_rows == 3 and len(asked) == 2
    (path,) = kept.iterdir()
    path.write_bytes(b"PAR1")
    assert supplier_names(connection, Registry({}), kept).num_rows == 3
