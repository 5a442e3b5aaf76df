"""Findings and the submitter's report."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.findings import FINDINGS_SCHEMA, VALUE_LIMIT, Finding, findings_table
from ingest.submitter_report import neutral, write_csv, write_html

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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"), ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("-1,234.50", "-1,234.50"), ("+7", "+7"), (Decimal("-5.00"), "-5.00"),
        ("Acme = Bolt", "Acme = Bolt"), (None, ""), (7, "7"), ("-", "'-"),
    ],
)  # fmt: skip
def test_neutral(value: object, text: str) -> None:
    assert neutral(value) == text


def test_csv_is_complete_and_neutral(tmp_path: Path) -> None:
    findings = [CELL.at(row_number=n, value="=HYPERLINK(1)") for n in range(1, 1001)]
    write_csv(findings, tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert (len(rows), rows[999]["row_number"], rows[0]["value"]) == (1000, "1000", "'=HYPERLINK(1)")
    assert (rows[0]["amount_gbp"], rows[0]["owner"], rows[0]["sheet_name"]) == ("5.00", "submitter", "June")


def test_page_groups_one_fault_and_escapes_what_files_say(tmp_path: Path) -> None:
    findings = [FINDING.at(severity="info", message="Read as <b>UTF-8</b>.", owner="data_team", rule_id="encoding_decided")]
    findings += [CELL.at(row_number=n, cell_ref=f"D{n}") for n in range(1, 41)]
    write_html(findings, {"row_count": 1234}, "<script>.csv", tmp_path / "f.html")
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 3  # the head, the forty as one, the one
    assert "<td>40</td>" in page
    assert "sheet &#x27;June&#x27;, row 10, cell D10; and 30 more</td><td>you</td>" in page
    assert page.index("class='blocking'") < page.index("class='info'")
    assert "Read as &lt;b&gt;UTF-8&lt;/b&gt;." in page
    assert "<script>" not in page
    assert "row count: <b>1,234</b>" in page
