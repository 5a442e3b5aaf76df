"""Revenue outturn sheets: the lines that count, the money that does not, England's printed totals."""

from __future__ import annotations

from decimal import Decimal

from ingest.kinds.service_expenditure import find_layout, line_key, read_service_expenditure
from ingest.readers.cells import Sheet
from ingest.rows import Control, Extract, Segment

ROLES = {"schools": "outlay", "fees": "income", "all": "subtotal", "memo": "memorandum"}
HEAD = ["E-code", "ONS Code", "Local authority", "Class", "Schools", "Fees", "ALL (total of lines 1 to 2)", "Memo"]
KENT = ["E2221", "E10000016", "Kent", "SC", 10, -2.5, 7.5, 1]
LEEDS = ["E4704", "E08000035", "Leeds", "MD", 0, 4, 4, 0]
ENGLAND = [None, None, "England", None, 11, 2, 12, 1]


def outturn(*rows: list[object], measure: str = "Net current expenditure (£ thousand)") -> Extract:
    return read_service_expenditure([Sheet("RS 2023-24", [[measure], HEAD, *rows])], ROLES, {"E2221": "kent"})


def test_line_key() -> None:
    assert line_key("Housing services (GFRA only)") == "housing_services_gfra_only"
    assert line_key("TOTAL SERVICE EXPENDITURE\n(TOTAL OF LINES 190 to 698)") == "total_service_expenditure"


def test_lines_are_authority_by_service_and_nought_is_no_line() -> None:
    extract = outturn(KENT, LEEDS, ENGLAND)
    assert [(x.row_number, x.cells["authority_code"], x.cells["line_label"], x.cells["amount_gbp"]) for x in extract.lines] == [
        (3, "E2221", "schools", Decimal("10000.00")),
        (3, "E2221", "fees", Decimal("-2500.00")),
        (4, "E4704", "fees", Decimal("4000.00")),
    ]
    assert extract.segments == [Segment("RS 2023-24", 3, 5, (4, 5, 6, 7), 1000)]


def test_fates_and_excluded_money() -> None:
    extract = outturn(KENT, LEEDS, [], ENGLAND, [None, None, "see note 1"])
    assert [(r.reason, r.is_line, r.excluded_gbp, r.agency_slug) for r in extract.rows] == [
        ("title", False, Decimal("0.00"), None),
        ("header", False, Decimal("0.00"), None),
        ("", True, Decimal("8500.00"), "kent"),
        ("", True, Decimal("4000.00"), None),
        ("blank", False, Decimal("0.00"), None),
        ("class_total", False, Decimal("26000.00"), None),
        ("note", False, Decimal("0.00"), None),
    ]


def test_england_is_a_control_to_half_of_its_last_digit() -> None:
    assert outturn(KENT, LEEDS, ENGLAND).controls == [
        Control("England", "schools", Decimal("11000.00"), Decimal("10000.00"), Decimal("500.00")),
        Control("England", "fees", Decimal("2000.00"), Decimal("1500.00"), Decimal("500.00")),
        Control("England", "all", Decimal("12000.00"), Decimal("11500.00"), Decimal("500.00")),
    ]


def test_class_totals_are_controls_over_the_authorities_of_the_class() -> None:
    leeds, essex = [*LEEDS[:4], 7, 4, 4, 0], ["E1521", "E10000012", "Essex", "SC", 5, 0, 5, 9]
    counties = [None, None, "SHIRE COUNTIES", "SC", 15, -2, None, 99]
    found = outturn(KENT, essex, leeds, counties, [None, None, "ABROAD", "X", 3]).controls
    assert [(c.scope, c.label, c.printed_gbp, c.summed_gbp) for c in found] == [
        ("England: shire counties (SC)", "schools", Decimal(15000), Decimal(15000)),
        ("England: shire counties (SC)", "fees", Decimal(-2000), Decimal(-2500)),
        ("England: abroad (X)", "schools", Decimal(3000), Decimal(0)),
    ]


def test_a_printed_subtotal_is_the_sum_of_the_printed_lines_before_it() -> None:
    head = [*HEAD[:4], "Schools", "Roads", "TOTAL SERVICE EXPENDITURE (total of lines 1 to 2)", "Fees"]
    roles = {"schools": "outlay", "roads": "outlay", "fees": "income", "total_service_expenditure": "subtotal"}

    def parts(total: int) -> list[Control]:
        england = [None, None, "England", None, 10, 20, total, 5]
        sheet = Sheet("x", [["Net current expenditure (£ thousand)"], head, england])
        return [c for c in read_service_expenditure([sheet], roles, {}).controls if c.scope == "England, of its lines"]

    assert parts(31) == [
        Control("England, of its lines", "total_service_expenditure", Decimal(31000), Decimal(30000), Decimal(1500))
    ]
    (wrong,) = parts(32)
    assert abs(wrong.summed_gbp - wrong.printed_gbp) > wrong.tolerance_gbp


def test_a_total_printed_twice_is_two_controls() -> None:
    scopes = {control.scope for control in outturn(KENT, LEEDS, ENGLAND, ENGLAND).controls}
    assert scopes == {"England", "England, printed again (2)"}


def test_a_line_not_known_is_held_to_its_total_and_a_memorandum_is_not() -> None:
    head = [*HEAD[:4], "Brand new line", "Memo"]
    sheet = Sheet("x", [["Net current expenditure (£ thousand)"], head, [*KENT[:4], 10, 1], [None, None, "England", None, 12, 1]])
    assert [c.label for c in read_service_expenditure([sheet], ROLES, {}).controls] == ["brand_new_line"]


def test_other_measure_is_excluded_with_its_money() -> None:
    extract = outturn(KENT, measure="Employees (£ thousand)")
    assert (extract.lines, extract.controls) == ([], [])
    assert (extract.rows[-1].reason, extract.rows[-1].excluded_gbp) == ("other_measure", Decimal("16000.00"))
    assert "employees in £ thousand: excluded, another measure" in extract.notes[0][1]


def test_sheet_in_pounds_or_without_layout_is_no_data_sheet() -> None:
    assert outturn(KENT, measure="Net current expenditure (£)").rows[-1].reason == "no_data_sheet"
    assert find_layout(Sheet("Front page", [["Local authority"], ["E-code"]])) is None


def test_a_label_that_stands_twice_gets_a_number() -> None:
    layout = find_layout(Sheet("x", [["E-code", "Local authority", "Fees", None, "Fees"]]))
    assert layout is not None
    assert layout.line_keys == {2: "fees", 4: "fees__2"}


def test_ragged_rows_do_not_break_it() -> None:
    head = ["Local authority", "Schools", "E-code", "ONS Code", "Fees"]
    sheet = Sheet(None, [["Net current expenditure (£ thousand)"], head, ["Kent"], [], ["Kent", 1.0, "E2221"]])
    extract = read_service_expenditure([sheet], ROLES, {})
    assert [row.reason for row in extract.rows] == ["title", "header", "note", "blank", "no_money"]


def test_thousands_are_exact() -> None:
    extract = outturn([*KENT[:4], 1.000005, 0.1, None, None])
    assert [line.cells["amount_gbp"] for line in extract.lines] == [Decimal("1000.00"), Decimal("100.00")]
