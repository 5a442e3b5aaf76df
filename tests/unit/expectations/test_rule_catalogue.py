"""The catalogue as shipped, and what the reader says of a broken one."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from expectations.catalogue import (
    CATALOGUE_PATH,
    KINDS,
    SEVERITIES,
    CatalogueError,
    Rule,
    load_catalogue,
    rules_for,
)

RULES = {rule.rule_id: rule for rule in load_catalogue()}
FILE_RULES = {
    "file_is_readable": "blocking",
    "file_is_a_table": "blocking",
    "file_is_within_limits": "blocking",
    "archive_member_is_refused": "blocking",
    "archive_member_is_no_table": "info",
    "cells_have_values": "warning",
    "original_is_whole": "blocking",
    "kind_is_recognised": "blocking",
    "header_is_found": "blocking",
    "publisher_is_known": "blocking",
    "encoding_decided": "info",
    "header_mapped": "info",
    "mapping_is_scored": "warning",
    "payee_is_a_name": "warning",
    "date_format_decided": "info",
    "period_decided": "info",
    "edition_decided": "info",
    "hidden_sheet_reported": "info",
    "personal_data_withheld": "info",
    "registry_row_unreadable": "warning",
    "agency_name_is_its_own": "warning",
    "endpoint_answers": "warning",
    "root_file_ignored": "info",
}


def test_intake_decides_exactly_the_rules_of_the_file_grain() -> None:
    assert {rule.rule_id: rule.severity for rule in RULES.values() if rule.grain == "file"} == FILE_RULES
    assert {rule.rule_id for rule in RULES.values() if rule.grain == "file"} == set(FILE_RULES)


def test_every_kind_has_blocking_rules_for_its_lines_and_its_returns() -> None:
    for kind in KINDS:
        for grain in ("line", "return"):
            assert "blocking" in {rule.severity for rule in rules_for(load_catalogue(), kind, grain)}
    assert {rule.severity for rule in RULES.values()} == set(SEVERITIES)


def test_limits_differ_by_kind() -> None:
    rule = RULES["amount_is_not_absurd"]
    assert rule.arguments_for("spend") == {"min_value": -1e9, "max_value": 1e9}
    assert rule.arguments_for("count") == rule.arguments_for("service_expenditure")
    assert rule.arguments_for("count") == {"min_value": -1e11, "max_value": 1e11}
    assert rule.arguments_for(None) == {}


def test_rules_are_values_that_nobody_can_change() -> None:
    rule = RULES["flow_is_known"]
    assert rule.arguments["value_set"] == ("outlay", "income")
    with pytest.raises(TypeError):
        rule.arguments["value_set"] = ()  # type: ignore[index]
    assert len(set(RULES.values())) == len(RULES)


def test_enumerations_accept_what_the_count_is_defined_on() -> None:
    allowed = {
        rule.column: rule.arguments["value_set"]
        for rule in RULES.values()
        if rule.kinds[0] == "count" and "value_set" in rule.arguments
    }
    assert set(allowed) == {
        "flow", "financial_year", "economic_type", "capital_or_revenue", "expenditure_basis", "funding_route",
        "delivery_mode", "transfer_kind", "place_basis", "method_grade", "discretion", "service_known",
        "counterparty_known",
    }  # fmt: skip
    assert len(allowed["funding_route"]) == 16  # type: ignore[arg-type]
    assert allowed["method_grade"] == ("A", "B", "C", "D", "E")


def test_rules_are_in_force_from_since_until_the_day_before_until() -> None:
    rule = replace(RULES["amount_parses"], since=date(2026, 4, 1), until=date(2027, 4, 1))
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [rule.is_in_force(day) for day in days] == [False, True, True, False]
    assert not rule.is_in_force(None)
    assert replace(rule, until=None).is_in_force(None)


def _written(tmp_path: Path, of_rule: str, /, **cells: str) -> Path:
    """A catalogue of one row of the shipped one, with some cells changed."""
    with CATALOGUE_PATH.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["rule_id"] == of_rule)
    path = tmp_path / "catalogue.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow({**row, **cells})
    return path


@pytest.mark.parametrize(
    ("rule_id", "cells", "fault"),
    [
        ("amount_parses", {"rule_id": "Amount parses"}, "snake_case"),
        ("amount_parses", {"kinds": "spend;lottery"}, "kinds is 'lottery'"),
        ("amount_parses", {"kinds": "*;spend"}, "either \\* or a list"),
        ("amount_parses", {"grain": "cell"}, "grain is 'cell'"),
        ("amount_parses", {"severity": "fatal"}, "severity is 'fatal'; it must be one of blocking, warning, info"),
        ("amount_parses", {"owner": "nobody"}, "owner is 'nobody'"),
        ("amount_parses", {"sentence": " "}, "sentence is blank"),
        ("amount_parses", {"message": "Wrong: {valeu}"}, "message has the unknown placeholder {valeu}"),
        ("amount_parses", {"message": "Wrong: {value.__class__}"}, "unknown placeholder"),
        ("amount_parses", {"message": "Wrong: {value:>9}"}, "unknown placeholder"),
        ("amount_parses", {"expected": "a { brace"}, "unknown placeholder"),
        ("amount_parses", {"expected": "{}"}, "unknown placeholder"),
        ("amount_parses", {"expectation": "ExpectMiracles"}, "expectation is 'ExpectMiracles'"),
        ("amount_parses", {"expectation": ""}, "expectation is ''"),
        ("amount_parses", {"column": ""}, "column '' is not"),
        ("amount_parses", {"field_name": "Amount (£)"}, "field_name"),
        ("amount_parses", {"arguments": "{'min_value': 1}"}, "arguments is not JSON"),
        ("amount_parses", {"arguments": "[1]"}, "must be a JSON object"),
        ("amount_parses", {"arguments": '{"min_value": {"lottery": 1}}'}, "unknown kind 'lottery'"),
        ("amount_parses", {"arguments": '{"min_value": "$period min"}'}, "looks up '\\$period min'"),
        ("amount_parses", {"row_condition": "amount_raw.notnull()"}, "row_condition"),
        ("amount_parses", {"row_condition": "line_count > few"}, "is not JSON"),
        ("amount_parses", {"row_condition": "line_count > [1]"}, "neither text, a number"),
        ("amount_parses", {"on_blank": ""}, "on_blank is ''"),
        ("amount_parses", {"expects_rows": "yes"}, "expects_rows is 'yes'"),
        ("amount_parses", {"since": "1/4/2026"}, "since is '1/4/2026'"),
        ("amount_parses", {"since": "2026-04-01", "until": "2026-04-01"}, "since must come before until"),
        ("file_is_readable", {"column": "amount"}, "names nothing for the engine"),
    ],
)
def test_broken_row_is_refused_with_its_line_and_what_is_wrong(
    tmp_path: Path, rule_id: str, cells: dict[str, str], fault: str
) -> None:
    with pytest.raises(CatalogueError, match=r"catalogue\.csv line 2 .*" + fault):
        load_catalogue(_written(tmp_path, rule_id, **cells))


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(_written(tmp_path, "amount_parses", owner="nobody", severity="fatal"))
    assert len(str(raised.value).splitlines()) == 2


def test_rule_id_used_twice_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, "amount_parses")
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    with pytest.raises(CatalogueError, match=r"line 3 .*already used on line 2"):
        load_catalogue(path)


def test_rows_of_the_wrong_width_and_wrong_columns_are_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, "amount_parses")
    good = path.read_text()
    for line in ("too_short,spend", good.splitlines()[1] + ",too,wide"):
        bad = tmp_path / f"{len(line)}.csv"
        bad.write_text(good.splitlines()[0] + "\n" + line + "\n")
        with pytest.raises(CatalogueError, match="does not have 17 cells"):
            load_catalogue(bad)
    bad = tmp_path / "columns.csv"
    bad.write_text(good.replace("on_blank", "on_null"))
    with pytest.raises(CatalogueError, match="the columns must be"):
        load_catalogue(bad)


def test_conditions_are_parsed_into_clauses() -> None:
    rule: Rule = RULES["month_is_complete"]
    assert [(clause.column, clause.operator, clause.value) for clause in rule.row_condition] == [("line_count", ">", 0)]
    assert rule.frame_columns() == ("share_of_neighbours", "line_count")
