"""No individual's name reaches a release, whatever a ledger writes; what a policy withholds reaches nothing but the original."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from orchestration.pipeline import run_pipeline

pytestmark = [pytest.mark.golden, pytest.mark.slow]
PEOPLE = (
    "Mr John Smithson", "Smithson, Jane", "J Smithson T/A Window Cleaning", "Jane SMITHSON", "Smithson Jane Mrs", "Dr. A. Smithson",
    "SMITHSON J & SMITHSON K", "Smithson (Jane)", "J Smithson trading as Clean Co Ltd", "Mrs Smithson Cleaning Ltd",
    "c/o J Smithson Ltd",
    "REDACTED PERSONAL DATA", "Redacted - s40(2) FOIA", "Foster carers",
)  # fmt: skip
BODIES = ("REDACTIVE PUBLISHING LTD", "TOTAL GAS & POWER LTD", "Tallwick Hospice Charity")
POLICY = (
    "agency_slug,kind,field,action,reason\n"
    "other-council,spend,payee_name,hash,carers\nother-council,spend,description,drop,carers\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("names")
    registry = folder / "returns" / "registry"
    registry.mkdir(parents=True)
    (registry / "agencies.csv").write_text(
        "agency_slug,agency_name,agency_type\nopen-council,Open Council,la_unitary\nother-council,Other Council,la_unitary\n"
    )
    (registry / "places.csv").write_text("place_code,place_name,place_type\nX99000001,Testplace,unitary\n")
    (registry / "agency_places.csv").write_text(
        "agency_slug,place_code,weight\nopen-council,X99000001,1\nother-council,X99000001,1\n"
    )
    (registry / "personal_data.csv").write_text(POLICY)
    _write(folder / "returns" / "open-council" / "june 2024.csv", (*PEOPLE, *BODIES))
    _write(folder / "returns" / "other-council" / "june 2024.csv", ("Mr Ab Quillfeather", "mr ab QUILLFEATHER", "Quillfeather Ltd"))
    made = Home(folder / "home")
    assert run_pipeline(made, folder / "returns", lambda _: None).status == "published"
    return made


def _write(path: Path, payees: tuple[str, ...]) -> None:
    rows = [f'{n % 28 + 1:02d}/06/2024,"{payee}",R{n},"for {payee}",Care,{n}00.00' for n, payee in enumerate(payees, start=1)]
    rows.append(f'03/06/2024,"{payees[0]}",R99,"{payees[0]}",Care,tba')
    rows.append(f'03/06/2014,"{payees[0]}",R98,"{payees[0]}",Care,1.00')
    path.parent.mkdir()
    path.write_text("\n".join(["Date,Supplier,Reference,Description,Expense Type,Amount", *rows]) + "\n")


@pytest.fixture(scope="module")
def release(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home.current_release / "totalplace.duckdb"), read_only=True) as connection:
        yield connection


def _texts(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Every text column of every table, with what stands in it."""
    columns = connection.execute(
        "select table_schema || '.' || table_name, column_name from information_schema.columns where data_type like '%VARCHAR%'"
        " order by all"
    ).fetchall()
    return {
        f"{table.removeprefix('main.')}.{column}": {
            str(value)
            for (value,) in connection.execute(f'select distinct "{column}" from {table}').fetchall()
            if value is not None
        }
        for table, column in columns
    }


def test_no_individual_is_named_in_any_table(release: duckdb.DuckDBPyConnection) -> None:
    texts = _texts(release)
    assert len(texts) > 100
    named = {column: found for column, values in texts.items() if (found := {v for v in values if "smithson" in v.lower()})}
    assert named == {}


def test_bodies_are_named_and_redactions_have_their_class(release: duckdb.DuckDBPyConnection) -> None:
    suppliers = dict(
        release.execute("select coalesce(supplier_name, payee_class), payee_class from dim_supplier order by all").fetchall()
    )
    assert {name: suppliers.get(name) for name in BODIES} == {BODIES[0]: "company", BODIES[1]: "company", BODIES[2]: "charity"}
    sums = dict(
        release.execute(
            "select payee_class, sum(amount_gbp)::int from fct_flow where agency_slug = 'open-council' group by all"
        ).fetchall()
    )
    assert (sums["redacted"], sums["placeholder"]) == (1200 + 1300, 1400)


def test_nothing_is_lost_by_withholding(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select sum(amount_gbp)::int, count(distinct supplier_id) from fct_flow where agency_slug = 'other-council'"
    )
    assert rows.fetchone() == (600, 2)  # two spellings of one name stay one payee


def test_what_a_policy_withholds_is_in_no_file_but_the_original(home: Home) -> None:
    holding: set[str] = set()
    for path in (p for p in home.root.rglob("*") if p.is_file()):
        content = path.read_bytes().lower()
        if path.suffix == ".parquet":
            with duckdb.connect() as connection:
                content += repr(connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()).lower().encode()
        if b"quillfeather" in content:
            holding.add(path.relative_to(home.root).parts[0])
    assert holding == {"landing"}


def test_the_submitter_sees_the_name_that_the_release_does_not_show(home: Home) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (home.reports / "open-council").glob("*.html"))
    assert "rows" in pages and "amount tba could not be read" in pages
