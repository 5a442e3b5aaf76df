"""Published returns through intake: every row and penny against a tally that shares nothing with the project."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import duplicate_models
import pytest
from explain_pages import OVERLAP_PAGE, YEAR, shown
from independent_tally import count_file

from ingest.home import Home
from ingest.kinds.service_expenditure import read_service_expenditure
from ingest.landing import Landing
from ingest.readers.workbook import read_workbook
from ingest.records import FileRecord
from ingest.registry import load_registry
from ingest.revisions import decide_revisions
from orchestration import intake, storing
from orchestration.checking import check_reading
from orchestration.ledger_parts import define_ledgers
from orchestration.suppliers import supplier_names

pytestmark = [pytest.mark.integration, pytest.mark.returns, pytest.mark.slow]
SHIFTED = "lancashire-fire-and-rescue/fire-2022-23.xlsx"
SHIFTED_GBP = Decimal("1555150.16")
TOTALLED = "barts-health-nhs-trust/BART 09 - December.xls"  # its last row adds up the others
TOTALLED_GBP = Decimal("60110413.54")
ZIPPED = "trafford-council/trafford-supplier-spend-2024-25.zip"
START = datetime(2026, 1, 1)
GRANTS = "trafford-council/grants/trafford_council_"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Where everything under shared/returns is taken in."""
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def records(shared_returns: Path, home: Home) -> dict[str, FileRecord]:
    """Everything under shared/returns through intake."""
    landing = Landing(home)
    report = landing.land_folder(shared_returns)
    registry = load_registry(home.root / "registry")
    made: dict[str, FileRecord] = {}
    for receipt in report.receipts:
        reading = intake.take_lines(landing, registry, intake.read_landed(landing, registry, receipt))
        checked = check_reading(reading, registry)
        made[receipt.file_name] = storing.store(home, checked, registry)
    return made


def _money(record: FileRecord, column: str) -> Decimal:
    return sum((Decimal(entry[column]) for part in record.parts for entry in part.ledger), Decimal(0))


def _count(record: FileRecord, column: str) -> int:
    return sum(int(entry[column]) for part in record.parts for entry in part.ledger)


def _index(shared_returns: Path) -> dict[str, str]:
    with (shared_returns / "INDEX.csv").open(encoding="utf-8") as handle:
        return {row["file"].removeprefix("returns/"): row["naive_sum"] for row in csv.DictReader(handle)}


def _whole(record: FileRecord, what: str) -> Decimal:
    return sum((_money(record, f"{fate}_{what}") for fate in ("accepted", "quarantined", "excluded")), Decimal(0))


def test_every_file_agrees_with_an_independent_tally(records: dict[str, FileRecord], shared_returns: Path) -> None:
    """Every row and penny of every file but the outturn workbooks, which have totals of their own to agree with (below)."""
    compared, left_out = 0, dict[str, Decimal]()
    for name, record in records.items():
        if record.publisher_slug == "mhclg-revenue-outturn" or name.endswith(".zip"):
            continue
        path, _, member = name.partition("!/")
        tally = count_file(shared_returns / path, member)
        assert _whole(record, "count") == tally.row_count == _count(record, "row_count"), name
        assert _whole(record, "gbp") == tally.amount_gbp == _money(record, "file_gbp"), name
        if excluded := _money(record, "excluded_gbp"):
            left_out[name] = excluded
        compared += 1
    assert compared == 163 - 3 - 1
    assert left_out == {TOTALLED: TOTALLED_GBP}


def test_accepted_sums_agree_with_the_index_or_the_documented_difference(
    records: dict[str, FileRecord], shared_returns: Path
) -> None:
    naive = _index(shared_returns)
    differing: dict[str, Decimal] = {}
    for name, record in records.items():
        stated = naive.get(ZIPPED if name.startswith(f"{ZIPPED}!/") else name)
        if not stated or name == ZIPPED or record.publisher_slug == "mhclg-revenue-outturn":
            continue
        difference = _money(record, "accepted_gbp") - Decimal(str(round(float(stated), 2)))
        if difference:
            differing[name] = difference
    assert differing == {SHIFTED: SHIFTED_GBP, TOTALLED: -TOTALLED_GBP}


def test_nothing_crashes_and_what_is_not_read_says_so(records: dict[str, FileRecord], shared_returns: Path) -> None:
    published = [p for p in shared_returns.rglob("*") if p.is_file() and p.parent != shared_returns]
    inside = {name for name in records if "!/" in name}
    assert inside == {f"{ZIPPED}!/trafford-supplier-spend-2024-25.csv"}
    assert len(records) == len(published) + len(inside)
    held = {name: part.hold_reason for name, record in records.items() for part in record.parts if part.is_held}
    assert all(held.values())
    assert set(held) == set()


def test_every_mapping_is_by_known_names(records: dict[str, FileRecord]) -> None:
    assert {name for name, record in records.items() if record.mapping_confidence != 1.0} == {ZIPPED}


def test_workbook_of_two_boards_and_five_years_is_a_return_a_month(records: dict[str, FileRecord]) -> None:
    record = records["gloucestershire-and-somerset-icb/8. ICB (38-39).xlsx"]
    agencies = {part.agency_slug for part in record.parts}
    assert agencies == {
        "nhs-gloucestershire-integrated-care-board", "nhs-somerset-ccg", "nhs-somerset-integrated-care-board",
    }  # fmt: skip
    assert len({(part.agency_slug, part.period) for part in record.parts}) == len(record.parts) == 78
    assert _money(record, "accepted_gbp") == _money(record, "file_gbp") == Decimal("9112130309.07")
    assert _count(record, "row_count") == 187_148


def test_a_years_ledger_in_an_archive_is_one_return(records: dict[str, FileRecord]) -> None:
    assert records[ZIPPED].parts == []
    record = records[f"{ZIPPED}!/trafford-supplier-spend-2024-25.csv"]
    assert [part.return_id for part in record.parts] == ["trafford-council.spend.2024-25"]
    assert (_count(record, "accepted_count"), _money(record, "accepted_gbp")) == (210_068, Decimal("565219573.74"))


def test_three_editions_of_the_same_awards_count_once(records: dict[str, FileRecord]) -> None:
    """Two editions as CSV and the later one as JSON too: one of the later two serves every year, whichever landed first."""
    editions = [
        records[f"{GRANTS}{name}"] for name in ("grants.csv", "voluntary_sector_grants.csv", "voluntary_sector_grants.json")
    ]
    assert [record.published_as_at for record in editions] == [datetime(2021, 4, 7, 12), *[datetime(2024, 8, 2, 12, 29)] * 2]
    for order in (editions, editions[::-1]):
        landed = [replace(r, landed_at=START + timedelta(days=day)) for day, r in enumerate(order)]
        serving = [r for r in decide_revisions(landed) if r.status == "in_service"]
        assert {r.file.file_name for r in serving} < {r.file_name for r in editions[1:]}
        ledger = [entry for r in serving for entry in r.part.ledger]
        assert sum(Decimal(entry["accepted_gbp"]) for entry in ledger) == Decimal("1291436.54")
        assert sum(int(entry["accepted_count"]) for entry in ledger) == 555


def test_short_files_keep_the_month_of_their_name(records: dict[str, FileRecord]) -> None:
    for name, period in {"September-2022.csv": "2022-09", "February-2023-csv.csv": "2023-02", "Jan-2023.csv": "2023-01"}.items():
        assert records[f"hyndburn-borough-council/{name}"].parts[0].period == period


LINES_PRINTED = {"2010-11": 42, "2013-14": 41, "2014-15": 41}
CLASSES = ("london boroughs (L)", "metropolitan districts (MD)", "other authorities (O)", "shire counties (SC)",
           "shire districts (SD)", "unitary authorities (UA)")  # fmt: skip
NET_CURRENT = {"2010-11": 121_175_930_000, "2013-14": 112_884_806_000, "2014-15": 112_403_971_000}
PARTS = "England, of its lines"


@pytest.mark.parametrize("year", sorted(NET_CURRENT))
def test_revenue_outturn_adds_up_to_the_workbook_itself(records: dict[str, FileRecord], year: str) -> None:
    """England and each class, line by line: the printed total is the sum of its authorities, to the last thousand; England's
    subtotals are their lines, to the rounding of each."""
    record = next(r for r in records.values() if r.publisher_slug == "mhclg-revenue-outturn" and r.parts[0].financial_year == year)
    controls = {(c["scope"], c["label"]): c for c in record.parts[0].controls}
    columns = {key: {name: Decimal(c[f"{name}_gbp"]) for name in ("printed", "summed", "tolerance")} for key, c in controls.items()}
    for scope in ("England", *(f"England: {name}" for name in CLASSES)):
        of_scope = {label: money for (s, label), money in columns.items() if s == scope}
        assert len(of_scope) == LINES_PRINTED[year]
        for label, money in of_scope.items():
            assert money["printed"] == money["summed"], (scope, label)
            assert money["tolerance"] == 500, (scope, label)
    parts = {label: money for (scope, label), money in columns.items() if scope == PARTS}
    assert set(parts) == {"total_service_expenditure", "net_current_expenditure"}
    for money in parts.values():
        assert 2000 <= abs(money["printed"] - money["summed"]) <= money["tolerance"] <= 15_000
    assert len(columns) == 7 * LINES_PRINTED[year] + 2
    assert columns["England", "net_current_expenditure"]["printed"] == NET_CURRENT[year]


def test_a_doctored_figure_fails_its_line_in_england_and_in_its_class_and_nowhere_else(shared_returns: Path) -> None:
    """Lancashire's social care in the workbook of 2010-11, £1 thousand more than published."""
    path = next((shared_returns / "mhclg-revenue-outturn").rglob("*2010-11*"))
    registry = load_registry(None)
    sheets = read_workbook(path.read_bytes())
    rows = next(sheet for sheet in sheets if sheet.name == "RS LA Data 2010-11 (1)").rows
    column = rows[5].index("Social care")
    lancashire = next(row for row in rows if row[0] == "E2321")
    for more, scopes in ((0, set[str]()), (1, {"England", "England: shire counties (SC)"})):
        lancashire[column] += more
        extract = read_service_expenditure(sheets, registry.service_line_roles("2010-11"), registry.agency_by_authority_code)
        wrong = {(c.scope, c.label) for c in extract.controls if abs(c.summed_gbp - c.printed_gbp) > c.tolerance_gbp}
        assert wrong == {(scope, "social_care") for scope in scopes}


PAYERS = ("hyndburn-borough-council", "lancashire-fire-and-rescue", "lancashire-police-and-crime-commissioner")


@pytest.fixture(scope="module")
def paid(records: dict[str, FileRecord], home: Home) -> dict[tuple[str, str], Decimal]:
    """What each of the three paid each supplier in the year, by the supplier's names in capitals: their lines alone, resolved."""
    serving = [r for r in decide_revisions(list(records.values())) if r.status == "in_service" and r.part.agency_slug in PAYERS]
    paths = [str(home.root / path) for r in serving if r.part.kind == "spend" for path in r.part.accepted_paths]
    with duckdb.connect() as connection:
        connection.execute("create schema lake")
        connection.execute(f"create view lake.spend as select * from read_parquet({paths!r})")
        define_ledgers(connection, "select * from lake.spend")
        names = supplier_names(connection, load_registry(None))
        assert names.num_rows > 3000
        found = connection.execute(
            """
            with paid as (
                select supplier_id, agency_slug, sum(amount_gbp) as paid_gbp
                from lake.spend inner join names on trim(lake.spend.payee_name) = names.payee_name
                where financial_year = ? group by all
            )
            select distinct upper(names.payee_name), agency_slug, paid_gbp from paid inner join names using (supplier_id)""",
            [YEAR],
        ).fetchall()
    return {(name, agency): gbp for name, agency, gbp in found}


def _page() -> tuple[str, str]:
    """What the page shows: shared suppliers, and who stands apart."""
    suppliers, apart = shown(OVERLAP_PAGE.read_text(encoding="utf-8")).split("apart, ", 1)
    return suppliers, apart


@pytest.mark.parametrize("name", ["CIVICA UK LIMITED", "PERFECT CIRCLE JV LTD", "WATER PLUS LTD", "LAVAT CONSULTING LTD"])
def test_shared_suppliers_of_three_lancashire_bodies(paid: dict[tuple[str, str], Decimal], name: str) -> None:
    """The page was made by the marts; the sums here are of the returns' own lines."""
    suppliers, apart = _page()
    line = re.search(
        rf"^{re.escape(name.removesuffix(' LTD'))}.* \(company\): shared £.*\n +paid everywhere: (.*)$", suppliers, re.MULTILINE
    )
    assert line is not None
    printed = dict(re.findall(r"([a-z-]+) £(-?[\d,.]+\d)", line[1]))
    assert {agency: Decimal(gbp.replace(",", "")) for agency, gbp in printed.items()} == {a: paid[name, a] for a in PAYERS}
    assert name not in apart


def test_public_bodies_stand_apart(paid: dict[tuple[str, str], Decimal]) -> None:
    suppliers, apart = _page()
    assert ("BLACKBURN WITH DARWEN BOROUGH COUNCIL", "lancashire-police-and-crime-commissioner") in paid
    assert "BLACKBURN WITH DARWEN BOROUGH COUNCIL" in apart and "BLACKBURN" not in suppliers
    assert re.search(r"public_body: £[\d,.]+ \(eliminated £[\d,.]+; paid by several: \d+\)", apart)
    assert "COUNCIL (" not in suppliers


def test_oxford_goes_from_the_naive_share_to_no_excess(records: dict[str, FileRecord], home: Home) -> None:
    """Published of these ledgers: naively 5.8% of spend, pairs that do not recur 1.1%; audits confirm a tenth of a per cent."""
    oxford = [part for name, record in records.items() if name.startswith("oxford-city-council/") for part in record.parts]
    paths = [str(home.root / path) for part in oxford for path in part.accepted_paths]
    with duckdb.connect() as connection:
        connection.execute("create schema lake")
        connection.execute(f"create view lake.spend as select * from read_parquet({paths})")
        connection.execute("create view lake.procurement_card as select * from lake.spend where false")
        connection.execute("create view stg_spend__lines as select * from lake.spend")
        connection.execute("create view stg_procurement_card__lines as select * from lake.procurement_card")
        define_ledgers(connection, "select * from lake.spend")
        names = supplier_names(connection, load_registry(home.root / "registry"))
        connection.register("stg_intake__supplier_names", names)
        duplicate_models.make_neighbours(connection)
        duplicate_models.build(connection)
        steps = "naive_lines naive_payments after_recurring d2_review d4_review excess spend"
        figures = connection.execute(
            f"select {', '.join(f'sum({name}_gbp)' for name in steps.split())} from mart_duplicate_payments_summary"
        ).fetchone()
        assert figures is not None
        numbered = connection.execute("from int_payment__numbering").fetchall()
    naive, payments, not_recurring, pairs, others, excess, spend = figures
    assert spend == Decimal("228210155.40")
    assert round(100 * naive / spend, 1) == Decimal("5.8")
    assert round(100 * payments / spend, 1) == Decimal("5.3")
    assert round(100 * not_recurring / spend, 1) == Decimal("1.1")
    assert round(100 * pairs / spend, 1) == Decimal("1.1")
    assert others == 0
    assert excess < Decimal("0.005") * spend
    assert numbered == [("oxford-city-council",)]
