"""Published returns through intake: every row and penny against a tally that shares nothing with the project."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from independent_tally import count_csv, count_xlsx

from ingest.home import Home
from ingest.landing import Landing
from ingest.records import FileRecord
from ingest.registry import load_registry
from orchestration import intake
from orchestration.checking import check_reading

pytestmark = [pytest.mark.integration, pytest.mark.returns, pytest.mark.slow]
YEARS = ("2022-23", "2023-24", "2024-25")
SHIFTED = "lancashire-fire-and-rescue/fire-2022-23.xlsx"
SHIFTED_GBP = Decimal("1555150.16")


@pytest.fixture(scope="module")
def records(shared_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileRecord]:
    """Everything under shared/returns through intake."""
    home = Home(tmp_path_factory.mktemp("home"))
    landing = Landing(home)
    report = landing.land_folder(shared_returns)
    registry = load_registry(home.root / "registry")
    made: dict[str, FileRecord] = {}
    for receipt in report.receipts:
        checked = check_reading(intake.read_landed(landing, registry, receipt), registry)
        made[receipt.file_name] = intake.store(home, checked, registry)
    return made


def _money(record: FileRecord, column: str) -> Decimal:
    return sum((Decimal(entry[column]) for part in record.parts for entry in part.ledger), Decimal(0))


def _count(record: FileRecord, column: str) -> int:
    return sum(int(entry[column]) for part in record.parts for entry in part.ledger)


def _index(shared_returns: Path) -> dict[str, str]:
    with (shared_returns / "INDEX.csv").open(encoding="utf-8") as handle:
        return {row["file"].removeprefix("returns/"): row["naive_sum"] for row in csv.DictReader(handle)}


def test_hyndburn_police_and_fire_agree_with_an_independent_tally(records: dict[str, FileRecord], shared_returns: Path) -> None:
    publishers = ("hyndburn-borough-council", "lancashire-fire-and-rescue", "lancashire-police-and-crime-commissioner")
    compared = 0
    for name, record in records.items():
        in_scope = record.publisher_slug in publishers and "/count/" not in name
        if not in_scope or not {part.financial_year for part in record.parts} & set(YEARS):
            continue
        tally = count_csv(shared_returns / name) if name.endswith(".csv") else count_xlsx(shared_returns / name)
        parts = _count(record, "accepted_count") + _count(record, "quarantined_count") + _count(record, "excluded_count")
        assert parts == tally.row_count == _count(record, "row_count"), name
        money = _money(record, "accepted_gbp") + _money(record, "quarantined_gbp") + _money(record, "excluded_gbp")
        assert money == tally.amount_gbp == _money(record, "file_gbp"), name
        compared += 1
    assert compared == 36 + 3 + 3


def test_accepted_sums_agree_with_the_index_or_the_documented_difference(
    records: dict[str, FileRecord], shared_returns: Path
) -> None:
    naive = _index(shared_returns)
    differing: dict[str, Decimal] = {}
    for name, record in records.items():
        if any(part.is_held for part in record.parts) or record.publisher_slug == "mhclg-revenue-outturn":
            continue
        difference = _money(record, "accepted_gbp") - Decimal(str(round(float(naive[name]), 2)))
        if difference:
            differing[name] = difference
    assert differing == {SHIFTED: SHIFTED_GBP, "barts-health-nhs-trust/BART 09 - December.xls": Decimal("-60110413.54")}


def test_nothing_crashes_and_what_is_not_read_says_so(records: dict[str, FileRecord], shared_returns: Path) -> None:
    published = [p for p in shared_returns.rglob("*") if p.is_file() and p.parent != shared_returns]
    inside = {name for name in records if "!/" in name}
    assert inside == {"trafford-council/trafford-supplier-spend-2024-25.zip!/trafford-supplier-spend-2024-25.csv"}
    assert len(records) == len(published) + len(inside)
    held = {name: part.hold_reason for name, record in records.items() for part in record.parts if part.is_held}
    assert all(held.values())
    assert set(held) == set()


def test_every_mapping_is_by_known_names(records: dict[str, FileRecord]) -> None:
    read = {name: r.mapping_confidence for name, r in records.items() if not any(part.is_held for part in r.parts)}
    assert set(read.values()) == {1.0}
    assert len(read) >= 0.95 * len(records)


def test_workbook_of_two_boards_and_five_years_is_a_return_a_month(records: dict[str, FileRecord]) -> None:
    record = records["gloucestershire-and-somerset-icb/8. ICB (38-39).xlsx"]
    agencies = {part.agency_slug for part in record.parts}
    assert agencies == {
        "nhs-gloucestershire-integrated-care-board", "nhs-somerset-ccg", "nhs-somerset-integrated-care-board",
    }  # fmt: skip
    assert len({(part.agency_slug, part.period) for part in record.parts}) == len(record.parts) == 78
    assert _money(record, "accepted_gbp") == _money(record, "file_gbp") == Decimal("9112130309.07")
    assert _count(record, "row_count") == 187_148


def test_short_files_keep_the_month_of_their_name(records: dict[str, FileRecord]) -> None:
    for name, period in {"September-2022.csv": "2022-09", "February-2023-csv.csv": "2023-02", "Jan-2023.csv": "2023-01"}.items():
        assert records[f"hyndburn-borough-council/{name}"].parts[0].period == period


@pytest.mark.parametrize(("year", "england_thousands"), [("2010-11", 121_175_930), ("2013-14", None), ("2014-15", None)])
def test_revenue_outturn_adds_up_to_the_workbook_itself(
    records: dict[str, FileRecord], year: str, england_thousands: int | None
) -> None:
    record = next(r for r in records.values() if r.publisher_slug == "mhclg-revenue-outturn" and r.parts[0].financial_year == year)
    controls = {c["label"]: c for c in record.parts[0].controls}
    total = controls["net_current_expenditure"]
    assert Decimal(total["summed_gbp"]) == Decimal(total["printed_gbp"])
    if england_thousands:
        assert Decimal(total["printed_gbp"]) == england_thousands * 1000
    for label, control in controls.items():
        gap = abs(Decimal(control["summed_gbp"]) - Decimal(control["printed_gbp"]))
        assert gap <= Decimal(control["tolerance_gbp"]), label
