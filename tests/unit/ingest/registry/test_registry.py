"""The registry: shipped data, what a folder adds, and the look-ups of intake."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingest.periods import parse_period
from ingest.registry import Registry, RegistryError, load_registry, proposed_rows, read_rows
from tests.unit.ingest.intake_helpers import COUNCIL, TRUST, make_registry, registry_row


@pytest.mark.parametrize(
    ("code", "year", "status"),
    [
        (None, "2024-25", "blank"),
        ("", None, "blank"),
        ("E07000120", "2024-25", "valid"),
        ("E07000120", None, "valid"),
        ("E99999999", "2024-25", "unknown"),
        ("E07000026", "2022-23", "valid"),  # Allerdale ended on 1 April 2023
        ("E07000026", "2023-24", "not_valid_in_year"),
        ("E07000026", "nonsense", "valid"),
        ("E07000026", "0000-01", "valid"),
    ],
)
def test_place_status(code: str | None, year: str | None, status: str) -> None:
    assert make_registry().place_status(code, year) == status


def test_place_added_with_dates_is_valid_on_any_day_of_the_year() -> None:
    registry = make_registry(places=[registry_row("places", place_code="E1", valid_from="2024-03-31", valid_to="2025-04-01")])
    years = ("2022-23", "2023-24", "2024-25", "2025-26")
    assert [registry.place_status("E1", year) for year in years] == [
        "not_valid_in_year", "valid", "valid", "not_valid_in_year",
    ]  # fmt: skip


def test_agency_of_the_folder_replaces_the_shipped_one() -> None:
    slug = "lancashire-county-council"
    registry = make_registry(agencies=[registry_row("agencies", agency_slug=slug, agency_name="Ours", identifier="")])
    assert (registry.agencies[slug]["agency_name"], Registry().agencies[slug]["agency_name"]) == (
        "Ours", "Lancashire County Council",
    )  # fmt: skip


def test_agencies_by_name_and_code_are_exact() -> None:
    registry = make_registry()
    names = registry.agency_by_name
    assert [names.get(key) for key in ("tallwick borough council", "nmt", "tallwick")] == [COUNCIL, TRUST, None]
    codes = registry.agency_by_authority_code
    assert codes["E2321"] == codes["E10000017"] == "lancashire-county-council"


def test_role_of_a_line_depends_on_the_year() -> None:
    registry = Registry()
    assert registry.service_line_roles("2010-11")["social_care"] == "outlay"
    assert "social_care" not in registry.service_line_roles("2011-12")
    assert "social_care" in registry.service_line_keys


def test_synonyms_of_the_agency_come_before_the_folders_and_the_shipped() -> None:
    def row(header: str, field: str, slug: str = "") -> dict[str, str]:
        return registry_row("header_synonyms", kind="spend", header=header, field=field, agency_slug=slug)

    registry = make_registry(
        header_synonyms=[
            row("Wert", "amount_gbp"),
            row("Name", "department", COUNCIL),
            row("Amount", "reference", TRUST),
        ]
    )
    ours = registry.synonyms("spend", COUNCIL)
    assert (ours["name"], ours["wert"], ours["amount"]) == ("department", "amount_gbp", "amount_gbp")
    assert next(iter(ours)) == "name"
    assert registry.synonyms("spend", TRUST)["amount"] == "reference"
    assert registry.synonyms("count", COUNCIL) == {}


def test_synonyms_are_valid_in_their_time_and_always_where_no_period_is_known() -> None:
    def row(header: str, first: str, end: str) -> dict[str, str]:
        return registry_row("header_synonyms", kind="spend", header=header, field="amount_gbp", valid_from=first, valid_to=end)

    registry = make_registry(header_synonyms=[row("Old", "", "2024-06-01"), row("New", "2024-06-30", "")])

    def known(period: str | None) -> set[str]:
        return {"old", "new"} & set(registry.synonyms("spend", COUNCIL, parse_period(period)))

    assert [known(p) for p in (None, "2024-05", "2024-06", "2024-07", "2024-25")] == [
        {"old", "new"}, {"old"}, {"new"}, {"new"}, {"old", "new"},
    ]  # fmt: skip


def test_every_shipped_synonym_has_a_field_and_says_where_it_was_learned() -> None:
    registry = Registry()
    sources = set(registry.agencies) | set(registry.publishers)
    for row in registry.shipped_synonyms:
        assert row["kind"] and row["header"] and row["field"], row
        for source in filter(None, (row["learned_from"] or "").split(";")):
            assert source in sources or source in {"standard:transparency_code", "standard:hmt_25k", "standard:360giving"}, row


def test_files_csv() -> None:
    rows = [
        registry_row("files", file="a/x.csv", period="2024-06", published_as_at="2024-07-01"),
        registry_row("files", file="a/y.csv", published_as_at="2024-07-01T10:30:00+00:00"),
        registry_row("files", file="a/z.csv"),
    ]
    files = make_registry(files=rows).files
    assert [(f.period, f.published_as_at) for f in files.values()] == [
        ("2024-06", datetime(2024, 7, 1)),
        (None, datetime(2024, 7, 1, 10, 30)),
        (None, None),
    ]


def test_files_csv_with_a_bad_date_says_which() -> None:
    registry = make_registry(files=[registry_row("files", file="a/x.csv", published_as_at="1st July")])
    with pytest.raises(RegistryError, match=r"files.csv: '1st July' of a/x.csv is not a date like 2024-05-31"):
        _ = registry.files


def test_load_registry_reads_the_folders_files(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_text("\ufeffagency_slug,agency_name,agency_type\n ours , Ours ,la_lower\n", encoding="utf-8")
    (tmp_path / "unknown.csv").write_text("x\n")
    registry = load_registry(tmp_path)
    assert list(registry.extension) == ["agencies"]
    assert registry.agencies["ours"]["agency_name"] == "Ours"
    assert load_registry(None).extension == load_registry(tmp_path / "none").extension == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"agency_slug,agency_name\na,b\n",
            "agencies.csv: column agency_type is missing; it has agency_slug, agency_name",
        ),
        (b"", "it has no columns"),
        (b"agency_slug,\xa3\n", r"agencies.csv: cannot be read .*save it as CSV in UTF-8"),
    ],
)
def test_registry_file_that_cannot_be_used(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "agencies.csv").write_bytes(content)
    with pytest.raises(RegistryError, match=words):
        load_registry(tmp_path)


def test_short_and_long_rows_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1\n1,2,3\n")
    assert read_rows(tmp_path / "x.csv") == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}]


def test_fingerprint_changes_with_a_row() -> None:
    assert make_registry().fingerprint == make_registry().fingerprint
    added = make_registry(areas=[registry_row("areas", area_code="A", place_code="E07000120")])
    assert added.fingerprint != make_registry().fingerprint


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("newtown-county-council", "la_upper"),
        ("newtown-borough-council", "la_lower"),
        ("x-nhs-trust", "nhs_provider"),
        ("x", "arms_length_body"),
    ],
)
def test_proposed_rows_are_ready_to_paste(slug: str, kind: str) -> None:
    agency, place = proposed_rows(slug).split("; registry/agency_places.csv: ")
    row = agency.removeprefix("registry/agencies.csv: ").split("  (types:")[0].split(",")
    assert row[0] == slug and row[2] == kind and len(row) == len(registry_row("agencies"))
    assert place == f"{slug},PLACE_CODE,,1,boundary"
