"""What lines of payment share, read once for each large file: the same as is read from the lines, whatever is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from orchestration import ledger_parts
from orchestration.ledger_parts import COLUMNS, LINES_OF_TABLES, QUERIES, define_ledgers, lay_out_ledgers

_COLUMNS = (
    "flow_id return_id revision_id publisher_slug agency_slug kind period financial_year file_name file_sha256 sheet_name"
    " place_code expense_area department expense_type merchant_category payee_name payee_identifier"
).split()

_OF_A_FILE = len(QUERIES) + 1  # the answers, and their contents


def write(home: Home, revision: str, payees: Sequence[str | None]) -> Any:
    """A file of the lake with a line for each payee; returns its revision, in service."""
    path = home.root / "lake" / f"{revision}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [dict.fromkeys(_COLUMNS) | {"flow_id": f"{revision}-{n}", "payee_name": p} for n, p in enumerate(payees)]
    said = {"revision_id": revision, "return_id": revision, "kind": "spend", "agency_slug": "abc", "expense_type": "Fees"}
    values = ", ".join(
        "(" + ", ".join(f"{(row | said)[c]!r}" if (row | said)[c] else "null" for c in _COLUMNS) + ")" for row in rows
    )
    types = ", ".join(f"{name}::varchar as {name}" for name in _COLUMNS)
    duckdb.execute(
        f"copy (select {types}, timestamp '2025-01-01' as published_as_at, timestamp '2025-01-02' as landed_at,"
        f" date '2024-05-01' as payment_date, 1.50::decimal(18, 2) as amount_gbp"
        f" from (values {values}) as t({', '.join(_COLUMNS)}))"
        f" to '{path}' (format parquet)"
    )
    part = SimpleNamespace(kind="spend", revision_id=revision, accepted_paths=(f"lake/{revision}.parquet",))
    return SimpleNamespace(status="in_service", part=part)


def laid_out(home: Home, revisions: list[Any], repeated: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each view, with those that the lines themselves give under `<name> of lines`."""
    with duckdb.connect() as connection:
        connection.execute("create schema lake; create schema intake; create schema run")
        connection.execute("create table intake.repeated_rows (flow_id varchar, revision_id varchar)")
        if repeated:
            connection.execute("insert into intake.repeated_rows values (?, ?)", [repeated, repeated.split("-")[0]])
        paths = [str(home.root / path) for r in revisions for path in r.part.accepted_paths]
        connection.execute(f"create view lake.spend as from read_parquet({paths})")
        connection.execute("create view lake.procurement_card as select * from lake.spend where false")
        lay_out_ledgers(connection, home, revisions)
        found = {name: connection.execute(f"from lake.{name} order by all").fetchall() for name in QUERIES}
        found["contents"] = connection.execute("from run.ledger_contents order by all").fetchall()
        for name, columns in COLUMNS.items():
            assert {column: kind for column, kind, *_ in connection.execute(f"describe lake.{name}").fetchall()} == columns
        for name in QUERIES:
            connection.execute(f"drop view lake.{name}")
        define_ledgers(connection, LINES_OF_TABLES)
        for name in ("ledger_origins", "ledger_wordings"):
            found[f"{name} of lines"] = connection.execute(f"from lake.{name} order by all").fetchall()
        found["payees of lines"] = connection.execute(
            "select payee_name, sum(line_count)::int from lake.ledger_payees group by 1 order by 1"
        ).fetchall()
        return found


@pytest.mark.parametrize("large", [1, 1_000_000_000])
def test_files_that_are_kept_give_what_their_lines_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(ledger_parts, "LARGE", large)
    home = Home(tmp_path)
    revisions = [write(home, "r1", ["Ann", "Ann", None]), write(home, "r2", ["Ann", "Bob"])]
    for repeated, bobs in (("", 1), ("r2-1", 0)):  # a row that another file has does not count, and is no payee
        found = laid_out(home, revisions, repeated)
        assert found["ledger_origins"] == found["ledger_origins of lines"]
        assert {row[:-1] for row in found["ledger_wordings"]} == {row[:-1] for row in found["ledger_wordings of lines"]}
        assert found["payees of lines"] == [("Ann", 3)] + [("Bob", 1)] * bobs
        assert sum(row[-1] for row in found["ledger_payees"]) == 3 + bobs
        assert sum(row[2] for row in found["ledger_days"]) == 4 + bobs
    folder = home.warehouse.parent / ledger_parts.FOLDER
    assert len(list(folder.glob("*"))) == (2 * _OF_A_FILE if large == 1 else 0)


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_parts, "LARGE", 1)
    home = Home(tmp_path)
    first, second = write(home, "r1", ["Ann"]), write(home, "r2", ["Bob"])
    laid_out(home, [first, second])
    folder = home.warehouse.parent / ledger_parts.FOLDER
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*")}
    assert len(before) == 2 * _OF_A_FILE
    (folder / ".left-over.part").write_bytes(b"")
    found = laid_out(home, [first, write(home, "r2", ["Bob", "Cid"])])
    after = {path: path.stat().st_mtime_ns for path in folder.glob("*")}
    assert sorted(row[3] for row in found["ledger_payees"]) == ["Ann", "Bob", "Cid"]
    assert len(after) == len(before) and len(after.items() & before.items()) == _OF_A_FILE
    laid_out(home, [first])
    assert len(list(folder.glob("*"))) == _OF_A_FILE


def test_another_file_that_says_the_same_of_payees_is_another_origin_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_parts, "LARGE", 1)
    home = Home(tmp_path)

    def changed(revision: str, payees: list[str]) -> set[str]:
        before, after = (
            set(laid_out(home, [write(home, *each)])["contents"]) for each in (("r1", ["Ann", "Bob"]), (revision, payees))
        )
        return {name for name, _ in after - before}

    assert changed("r1", ["Bob", "Ann"]) == set()
    assert changed("r2", ["Bob", "Ann"]) == {"ledger_origins", "ledger_days"}
    assert changed("r1", ["Bob", "Bob"]) == {"ledger_payees"}


def test_a_damaged_answer_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_parts, "LARGE", 1)
    home = Home(tmp_path)
    revisions = [write(home, "r1", ["Ann", "Bob"])]
    found = laid_out(home, revisions)
    (kept,) = (home.warehouse.parent / ledger_parts.FOLDER).glob("*-ledger_payees.*")
    content = kept.read_bytes()
    kept.write_bytes(content.replace(b"Ann", b"Abb"))
    assert kept.read_bytes() != content
    assert laid_out(home, revisions) == found
    assert kept.read_bytes() == content
