"""The test that ids are unique: cells of a sheet are marked, given ids compared as they are."""

from __future__ import annotations

import re

import duckdb
import pytest
from jinja2 import Template

from orchestration.transform import PROJECT

_TEST = (PROJECT / "tests" / "generic" / "unique_flow_ids.sql").read_text()
_SQL = Template(re.sub(r"{%-? (test|endtest).*?%}", "", _TEST)).render(lines="lines", origins="origins", others="others")


def faults(lines: str, others: str = "('zzz')") -> list[tuple[object, ...]]:
    """What is found among lines (origin_no, row_number, cell_column, own_flow_id); origins 1 and 2 have one prefix, 3 another."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table origins as from (values (1, 'abc-'), (2, 'abc-'), (3, 'def-')) as t(origin_no, flow_prefix)"
        )
        connection.execute("create table lines (origin_no integer, row_number integer, cell_column varchar, own_flow_id varchar)")
        connection.execute(f"insert into lines values {lines}")
        connection.execute(f"create table others as from (values {others}) as t(flow_id)")
        return connection.execute(_SQL).fetchall()


def test_cells_that_are_told_apart_are_unique() -> None:
    assert faults("(1, 2, 'F', null), (1, 3, 'F', null), (1, 2, 'G', null), (3, 2, 'F', null), (1, 65538, 'F', null)") == []
    assert faults("(1, 2, 'F', null), (2, 3, 'F', null), (1, null, null, 'given')", "('other')") == []


@pytest.mark.parametrize(
    "lines",
    [
        "(1, 2, 'F', null), (1, 2, 'F', null)",
        "(1, 70000, 'F', null), (2, 70000, 'F', null)",  # two origins of one sheet
        "(1, null, 'F', null)",
        "(1, 2, null, null)",
        "(1, 2, 'F', 'twice'), (3, 2, 'F', 'twice')",
        "(1, 2, 'F', null), (1, 9, 'F', 'abc-F2')",  # given as another's cell reads
        "(1, 2, 'F', 'zzz')",  # as a flow of another kind has it
    ],
)
def test_an_id_that_two_have_is_found(lines: str) -> None:
    assert len(faults(lines)) == 1
