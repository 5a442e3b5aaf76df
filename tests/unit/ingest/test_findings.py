"""The one shape of a finding."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from ingest.findings import FINDINGS_SCHEMA, VALUE_LIMIT, Finding, findings_table

FINDING = Finding("amount_parses", "blocking", "submitter", "The amount could not be read.", file_name="kent/june.csv")
CELL = FINDING.at(sheet_name="June", row_number=7, cell_ref="D7", value="tba", amount_gbp=Decimal("5.00"))


def test_id_is_of_the_fault_and_its_cell() -> None:
    assert CELL.finding_id == CELL.at(message="other words", severity="warning").finding_id
    changed = [CELL.at(row_number=8), CELL.at(value="tbc"), CELL.at(revision_id="r"), CELL.at(rule_id="x")]
    assert len({f.finding_id for f in (CELL, *changed)}) == 5


@pytest.mark.parametrize(
    ("finding", "words"),
    [(FINDING, ""), (CELL, "sheet 'June', row 7, cell D7"), (FINDING.at(row_number=2), "row 2")],
)
def test_place_in_file(finding: Finding, words: str) -> None:
    assert finding.place_in_file == words


def test_table_has_the_columns_and_cuts_long_values() -> None:
    table = findings_table([CELL, FINDING.at(value="x" * 999)])
    assert table.schema.equals(FINDINGS_SCHEMA)
    first, second = table.to_pylist()
    assert (first["finding_id"], first["amount_gbp"], first["row_number"]) == (CELL.finding_id, Decimal("5.00"), 7)
    assert (second["value"], second["amount_gbp"]) == ("x" * VALUE_LIMIT, None)
    assert findings_table([]).num_rows == 0


def test_an_id_is_the_hash_of_the_fault_and_its_place() -> None:
    """Ids stand in reports that were sent: they stay what they are."""
    parts = [CELL.rule_id, CELL.revision_id, CELL.file_name, CELL.sheet_name, CELL.row_number, CELL.cell_ref, CELL.value]
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    assert CELL.finding_id == hashlib.sha256(text.encode()).hexdigest()[:20]
    bare = Finding("a_rule", "info", "submitter", "words")
    assert bare.finding_id == hashlib.sha256(("a_rule" + "\x1f" * 6).encode()).hexdigest()[:20]
