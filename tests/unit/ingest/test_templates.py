"""The templates hold the contract's columns, and what a drop-down offers is what the rules accept."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from ingest.kinds import KINDS
from ingest.kinds.template_fields import template_fields, word_meanings
from ingest.templates import GUIDE_HEADER, GUIDE_SHEET, LAST_ROW, WORDS_HEADER, write_templates
from tests.unit.ingest.intake_helpers import check

# design/contract.md, "Templates": copied by hand, so that a slip in the data shows.
CONTRACT = {
    "count": "agency_slug financial_year place_code flow service_code economic_type capital_or_revenue "
    "expenditure_basis funding_route funding_stream delivery_mode transfer_kind counterparty_agency counterparty_name "
    "amount_gbp place_basis method_grade discretion note",
    "funding": "payer_agency payee_agency financial_year funding_route funding_stream is_ringfenced amount_gbp source",
    "benefits": "agency_slug benefit_code benefit_name place_code financial_year amount_gbp source",
    "culture_barriers": "respondent_agency place_code financial_year barrier_type theme_code counterpart_agency "
    "severity level owner status raised_date resolved_date evidence_url",
    "culture_enablers": "respondent_agency place_code financial_year enabler_type theme_code counterpart_agency "
    "effect level owner status raised_date resolved_date evidence_url",
    "joint_arrangements": "arrangement_id place_code financial_year arrangement_kind host_agency party_agencies "
    "theme_code amount_gbp start_date end_date",
    "governance_bodies": "body_id place_code body_name member_agencies third_sector_seats decides_money start_date end_date",
    "asks": "ask_id place_code asking_agency asked_agency ask status asked_date answered_date",
    "outcomes": "place_code financial_year indicator_code indicator_name theme_code value unit better source",
    "invest_to_save": "proposal_id place_code title theme_code investing_agency benefiting_agency financial_year "
    "cost_gbp benefit_gbp cashable_share evidence",
}
CATALOGUE = Path(__file__).parents[3] / "expectations" / "catalogue.csv"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_templates(tmp_path_factory.mktemp("templates") / "made")
    assert paths == sorted(paths)
    return {path.name: path for path in paths}


def test_every_template_is_written_as_csv_and_xlsx(written: dict[str, Path]) -> None:
    assert set(written) == {f"{kind}.{end}" for kind in CONTRACT for end in ("csv", "xlsx")}


@pytest.mark.parametrize("kind", CONTRACT)
def test_csv_holds_the_contracts_headers_and_nothing_else(kind: str, written: dict[str, Path]) -> None:
    with written[f"{kind}.csv"].open(encoding="utf-8", newline="") as handle:
        assert list(csv.reader(handle)) == [CONTRACT[kind].split()]


@pytest.mark.parametrize("kind", CONTRACT)
def test_workbook_holds_headers_and_a_guide_to_each(kind: str, written: dict[str, Path]) -> None:
    workbook = load_workbook(written[f"{kind}.xlsx"])
    assert workbook.sheetnames == [kind, GUIDE_SHEET]
    assert [cell.value for cell in workbook[kind][1]] == CONTRACT[kind].split()
    guide = list(workbook[GUIDE_SHEET].iter_rows(values_only=True))
    assert guide[0][: len(GUIDE_HEADER)] == GUIDE_HEADER
    fields = guide[1 : 1 + len(CONTRACT[kind].split())]
    assert [row[0] for row in fields] == CONTRACT[kind].split()
    assert all(row[1] in ("yes", "no") and row[2] and row[3] for row in fields)
    assert all(row[4] for row in fields if row[1] == "yes"), "a mandatory field has an example"
    assert all(cell.comment for cell in workbook[kind][1])


@pytest.mark.parametrize("kind", CONTRACT)
def test_guide_says_what_every_word_means(kind: str, written: dict[str, Path]) -> None:
    rows = list(load_workbook(written[f"{kind}.xlsx"])[GUIDE_SHEET].iter_rows(values_only=True))
    words = [(field.name, word) for field in template_fields()[kind] for word in field.allowed_values]
    below = [(row[0], row[1], row[3]) for row in rows[1 + len(CONTRACT[kind].split()) :] if row[0]]
    assert below == ([(WORDS_HEADER[0], WORDS_HEADER[1], WORDS_HEADER[2])] if words else []) + [
        (*key, word_meanings()[key]) for key in words
    ]


def example(kind: str, written: dict[str, Path]) -> dict[str, str]:
    """The example of the guide: field -> text."""
    guide = list(load_workbook(written[f"{kind}.xlsx"])[GUIDE_SHEET].iter_rows(values_only=True))
    return {str(row[0]): str(row[4] or "") for row in guide[1 : 1 + len(CONTRACT[kind].split())]}


@pytest.mark.parametrize("kind", CONTRACT)
@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_template_filled_with_its_example_loads(kind: str, end: str, written: dict[str, Path]) -> None:
    cells = example(kind, written)
    if end == "csv":
        out = io.StringIO(written[f"{kind}.csv"].read_text(encoding="utf-8"), newline="")
        out.seek(0, io.SEEK_END)
        csv.writer(out).writerow(cells.values())
        content = out.getvalue().encode()
    else:
        workbook = load_workbook(written[f"{kind}.xlsx"])
        for column, field in enumerate(template_fields()[kind], start=1):
            workbook[kind].cell(row=2, column=column, value=_typed(field.value_type, cells[field.name]))
        buffer = io.BytesIO()
        workbook.save(buffer)
        content = buffer.getvalue()
    checked = check(content, f"{kind}.{end}", publisher="hyndburn-borough-council")
    assert checked.reading.kind is KINDS[kind]
    findings = checked.findings + [finding for part in checked.parts for finding in part.findings]
    assert [f.message for f in findings if f.severity != "info"] == []
    (part,) = checked.parts
    assert not part.is_held and list(part.accepted) == [True]
    assert part.part.period is not None and part.part.period.name == "2024-25"


def _typed(value_type: str, text: str) -> object:
    """A cell as a person's spreadsheet would hold it."""
    if not text:
        return None
    if value_type in ("money", "number", "whole_number"):
        return float(text)
    if value_type == "date":
        return date.fromisoformat(text)
    return {"true": True, "false": False}[text] if value_type == "boolean" else text


@pytest.mark.parametrize("kind", CONTRACT)
def test_drop_downs_offer_the_allowed_values(kind: str, written: dict[str, Path]) -> None:
    workbook = load_workbook(written[f"{kind}.xlsx"])
    offered: dict[str, list[str]] = {}
    for validation in workbook[kind].data_validations.dataValidation:
        cells = str(validation.sqref)
        header = workbook[kind][f"{cells.split('2:')[0]}1"].value
        sheet, address = str(validation.formula1).split("!")
        (row,) = workbook[sheet][address.replace("$", "")]
        offered[str(header)] = [cell.value for cell in row]
        assert cells.endswith(str(LAST_ROW))
    expected = {field.name: list(field.allowed_values) for field in template_fields()[kind] if field.allowed_values}
    assert offered == expected


def test_positions_run_from_one_and_allowed_values_are_distinct() -> None:
    for fields in template_fields().values():
        assert [field.position for field in fields] == list(range(1, len(fields) + 1))
        for field in fields:
            assert len(set(field.allowed_values)) == len(field.allowed_values)
            needs_list = field.value_type in ("word", "boolean") and field.name != "enabler_type"
            assert field.allowed_values or not needs_list, field.name


@pytest.mark.parametrize("text_type", ["code", "financial_year", "slug"])
def test_codes_and_years_are_text_columns(text_type: str, written: dict[str, Path]) -> None:
    for kind, fields in template_fields().items():
        sheet = load_workbook(written[f"{kind}.xlsx"])[kind]
        for field in fields:
            if field.value_type == text_type:
                letter = get_column_letter(field.position)
                assert sheet.column_dimensions[letter].number_format == "@", (kind, field.name)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the rule catalogue is not here")
def test_count_lists_are_the_lists_the_rules_accept() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as handle:
        rules = {
            row["column"]: json.loads(row["arguments"])["value_set"]
            for row in csv.DictReader(handle)
            if "count" in row["kinds"].split(";") and "value_set" in row["arguments"]
        }
    lists = {field.name: set(field.allowed_values) for field in template_fields()["count"] if field.allowed_values}
    shared = lists.keys() & rules.keys()
    assert len(shared) >= 9
    assert {name: lists[name] for name in shared} == {name: set(rules[name]) for name in shared}


def test_writing_twice_replaces(tmp_path: Path) -> None:
    assert write_templates(tmp_path) == write_templates(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * len(CONTRACT)
