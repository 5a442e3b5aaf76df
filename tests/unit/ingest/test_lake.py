"""The lake's columns, flow ids and file names."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest import lake
from ingest.home import Home
from tests.unit.ingest.intake_helpers import COUNCIL, read

WHERE = lake.Provenance("r", "r@k", COUNCIL, "spend", "2024-06", "f.csv", "aa", None, datetime(2026, 1, 5))
LINES = "Date,Supplier,Amount,Irrecoverable VAT\n03/06/2024,Acme,5.10,1.02\nsoon,,tba,\n"


def test_lines_table() -> None:
    table = lake.lines_table(read(LINES).parts[0].lines, WHERE)
    assert table.schema == lake.SCHEMAS["spend"]
    first, second = table.to_pylist()
    assert (first["amount_gbp"], first["vat_amount_gbp"], first["payment_date"]) == (
        Decimal("5.10"), Decimal("1.02"), date(2024, 6, 3),
    )  # fmt: skip
    assert (first["return_id"], first["revision_id"], first["file_sha256"], first["row_number"]) == (
        "r",
        "r@k",
        "aa",
        2,
    )
    assert (first["cell_ref"], first["landed_at"], first["published_as_at"]) == ("C2", datetime(2026, 1, 5), None)
    assert [second[name] for name in ("amount_gbp", "payment_date", "payee_name", "place_code")] == [None] * 4


def test_quarantine_keeps_the_raw_amount_and_the_rules() -> None:
    lines = read(LINES).parts[0].lines.iloc[1:].copy()
    lines["rule_ids"] = ["amount_parses"]
    (row,) = lake.lines_table(lines, WHERE, is_quarantine=True).to_pylist()
    assert (row["amount_raw"], row["rule_ids"]) == ("tba", "amount_parses")


def test_flow_id_is_of_the_return_not_of_the_revision() -> None:
    lines = read(LINES).parts[0].lines
    first, again, other = lake.flow_ids("r", lines), lake.flow_ids("r", lines), lake.flow_ids("q", lines)
    assert first == again
    assert len({*first, *other}) == 4
    assert [flow_id.partition("-")[2] for flow_id in first] == list(lines["cell_ref"])


@pytest.mark.parametrize("revision_id", ["k.spend.2024-06@a1b2", "a.B_c-d@0"])
def test_file_is_named_by_its_revision(revision_id: str) -> None:
    home = Home(Path("/h"))
    assert lake.lake_path(home, "spend", "kent", revision_id) == Path(f"/h/lake/spend/kent/{revision_id}.parquet")
    assert lake.quarantine_path(home, "kent", revision_id) == Path(f"/h/quarantine/kent/{revision_id}.parquet")


@pytest.mark.parametrize("revision_id", ["kent.../../../../x.count", "a\x00b", "a b", "..", "x" * 300, "é", "a\n"])
def test_text_out_of_a_file_is_no_path(revision_id: str) -> None:
    home = Home(Path("/h"))
    for path, folder in (
        (lake.lake_path(home, "count", "kent", revision_id), "/h/lake/count/kent"),
        (lake.quarantine_path(home, "kent", revision_id), "/h/quarantine/kent"),
    ):
        assert (str(path.parent), len(path.stem), path.stem.isalnum()) == (folder, 32, True)


def test_parquet_is_written_whole(tmp_path: Path) -> None:
    table = lake.lines_table(read(LINES).parts[0].lines, WHERE)
    lake.write_parquet(table, tmp_path / "deep" / "x.parquet")
    assert pq.read_table(tmp_path / "deep" / "x.parquet").equals(table)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["x.parquet"]


@pytest.mark.parametrize(
    ("kind", "layer"), [("spend", "transactions"), ("count", "accounts"), ("grants", "commitments"), (None, None)]
)
def test_layer(kind: str | None, layer: str | None) -> None:
    assert lake.layer_of(kind) == layer
