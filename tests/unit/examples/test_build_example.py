"""The example is what its generator makes, says of itself that it is synthetic, and holds the golden count."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from examples.build_example import build
from ingest.templates import template_fields

EXAMPLES = Path(__file__).parents[3] / "examples"
RETURNS = EXAMPLES / "returns"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _count_rows() -> list[dict[str, str]]:
    """Every line of the 2024-25 counts, CSV and XLSX, as text."""
    from python_calamine import CalamineWorkbook

    rows = [row for path in RETURNS.glob("*/count/2024-25.csv") for row in _rows(path)]
    for path in RETURNS.glob("*/count/2024-25.xlsx"):
        header, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        rows += [dict(zip(map(str, header), map(str, line), strict=True)) for line in lines]
    return rows


def _pounds(rows: list[dict[str, str]]) -> Decimal:
    return sum((Decimal(row["amount_gbp"]) for row in rows), Decimal(0))


def test_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    made = {path.relative_to(tmp_path): path.read_bytes() for path in build(tmp_path)}
    committed = [path for path in RETURNS.rglob("*") if path.is_file()] + [EXAMPLES / "expected.csv"]
    assert {path.relative_to(EXAMPLES) for path in committed} == set(made)
    differ = [path for path in committed if path.read_bytes() != made[path.relative_to(EXAMPLES)]]
    assert differ == [], "run `make example` and commit what it writes"


def test_stale_files_are_removed(tmp_path: Path) -> None:
    stale = tmp_path / "returns" / "exampleshire-council" / "old.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("left over")
    build(tmp_path)
    assert not stale.exists()


@pytest.mark.parametrize("name", ["agencies.csv", "places.csv", "areas.csv"])
def test_every_name_says_synthetic(name: str) -> None:
    for row in _rows(RETURNS / "registry" / name):
        names = [value for column, value in row.items() if column.endswith("_name") and column != "region_name"]
        assert names and all("(synthetic)" in value for value in names)


def test_counts_use_the_templates_columns() -> None:
    expected = [field.name for field in template_fields()["count"]]
    for path in RETURNS.glob("*/count/*.csv"):
        assert list(_rows(path)[0]) == expected


def test_golden_count_of_2024_25() -> None:
    """Source: design/money.md, section 2: 937 out, 232 of it inside, 705 consolidated, 705 resources in."""
    million = Decimal(1_000_000)
    rows = _count_rows()
    outlays = [row for row in rows if row["flow"] == "outlay"]
    income = [row for row in rows if row["flow"] == "income"]
    assert {row["place_code"] for row in rows} == {"X99000001"}
    assert _pounds(outlays) == 937 * million
    assert _pounds([row for row in outlays if row["counterparty_agency"]]) == 232 * million
    assert _pounds([row for row in income if not row["counterparty_agency"]]) == 705 * million
    by_agency = {row["agency_slug"]: Decimal(0) for row in rows}
    for row in outlays:
        by_agency[row["agency_slug"]] += Decimal(row["amount_gbp"]) / million
    assert by_agency == {
        "exampleshire-council": 250,
        "exampleshire-icb": 300,
        "exampleshire-hospitals-trust": 210,
        "exampleshire-fire": 22,
        "exampleshire-jobcentre": 155,
    }


def test_allowed_words_only() -> None:
    allowed = {field.name: field.allowed_values for field in template_fields()["count"] if field.allowed_values}
    for row in _count_rows():
        for name, values in allowed.items():
            assert row[name] in ("", *values), (row["agency_slug"], name, row[name])


def test_statement_adds_up() -> None:
    rows = _rows(EXAMPLES / "expected.csv")
    for row in rows:
        parts = sum(int(row[name]) for name in ("accepted", "quarantined", "excluded"))
        assert parts == int(row["row_count"]), row["file"]
        assert (RETURNS / row["file"]).is_file()
    assert {row["status"] for row in rows} == {"in_service", "superseded", "held"}
