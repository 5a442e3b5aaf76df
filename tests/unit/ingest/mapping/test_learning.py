"""From unseen headers to a mapping that is accepted, held with a proposal, or nothing."""

from __future__ import annotations

import time

import pytest

from ingest.kinds import COUNT, SPEND
from ingest.mapping import THRESHOLD, learn, learn_kind, paste_rows, proposal_words, propose
from ingest.mapping.proposal import AMBIGUOUS_CAP, CONTRADICTED_CAP, NO_HEADER_CAP
from ingest.readers.cells import Sheet
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, check, make_registry, read, registry_row

SYNONYMS = REGISTRY.synonyms("spend", COUNCIL)
LINES: list[list[object]] = [
    ["03/06/2024", "Acme Ltd", "100.00"],
    ["04/06/2024", "Bolt & Co", "200.50"],
    ["05/06/2024", "Cobble Limited", "7.25"],
]


def sheet(*rows: list[object]) -> Sheet:
    return Sheet(None, list(rows))


def test_exact_names_are_certain_and_nothing_is_scored() -> None:
    learned = learn([sheet(["Date", "Supplier", "Amount"], *LINES)], SPEND, SYNONYMS)
    assert (learned.confidence, learned.accepted, learned.held, learned.synonyms) == (1.0, [], [], SYNONYMS)


def test_drifted_names_are_learned_for_the_file() -> None:
    learned = learn([sheet(["Pay Date", "Suplier", "Nett Amt"], *LINES)], SPEND, SYNONYMS)
    assert [learned.synonyms[key] for key in ("pay date", "suplier", "nett amt")] == ["payment_date", "payee_name", "amount_gbp"]
    assert learned.confidence is not None
    assert THRESHOLD <= learned.confidence < 1
    assert list(learned.synonyms)[: len(SYNONYMS)] == list(SYNONYMS)  # known names keep their rank


def test_only_what_exact_names_leave_open_is_scored() -> None:
    learned = learn([sheet(["Date", "Suplier", "Amount"], *LINES)], SPEND, SYNONYMS)
    assert set(learned.synonyms) - set(SYNONYMS) == {"suplier"}


@pytest.mark.parametrize("titles", [0, 3])
def test_header_is_found_on_any_line(titles: int) -> None:
    head: list[object] = ["Pay Date", "Suplier", "Nett Amt"]
    top = learn([sheet(*[["Tallwick", "spending"]] * titles, head, *LINES)], SPEND, SYNONYMS)
    last = learn([sheet(*LINES, head)], SPEND, SYNONYMS)
    assert ([p.header_index for p in top.accepted], [p.header_index for p in last.accepted]) == ([titles], [3])


def test_two_columns_of_one_name_are_ambiguous() -> None:
    proposal = propose([["Date", "Supplier", "Net Amt", "Gross Amt"], *[[*row, "9.99"] for row in LINES]], SPEND, SYNONYMS, 0)
    assert (proposal.confidence, proposal.is_accepted, proposal.columns["amount_gbp"]) == (AMBIGUOUS_CAP, False, 2)
    (amount,) = [choice for choice in proposal.choices if choice.field == "amount_gbp"]
    assert [candidate.header for candidate in amount.candidates] == ["Net Amt", "Gross Amt"]


@pytest.mark.parametrize(
    "money",
    [
        ("Amount In", "Amount Out"), ("Budget Amount", "Amount Spent"), ("Invoice Total", "VAT"), ("Original Amount", "VAT Amount"),
        ("Cumulative Amount",), ("Balance",), ("Debit", "Credit"), ("VAT Amount",), ("Discount Amount",),
    ],
)  # fmt: skip
def test_money_of_another_meaning_is_never_accepted(money: tuple[str, ...]) -> None:
    learned = learn([sheet(["Date", "Supplier", *money], *[[*row, "9.99"] for row in LINES])], SPEND, SYNONYMS)
    assert learned.accepted == []


def test_content_that_contradicts_a_name_is_not_accepted() -> None:
    rows = [["Date", "Supplier", "Amonut"], *[[row[0], row[1], "see right"] for row in LINES]]
    proposal = propose(rows, SPEND, SYNONYMS, 0)
    assert proposal.confidence <= CONTRADICTED_CAP


def test_no_header_is_a_proposal_and_never_a_mapping() -> None:
    learned = learn([sheet(*LINES)], SPEND, SYNONYMS)
    (proposal,) = learned.held
    assert (proposal.header_index, proposal.confidence, proposal.is_accepted) == (None, NO_HEADER_CAP, False)
    assert proposal.columns == {"payment_date": 0, "payee_name": 1, "amount_gbp": 2}
    assert "never read by their position alone" in proposal_words(proposal, COUNCIL)


def test_unnamed_column_is_never_accepted_however_well_it_fits() -> None:
    learned = learn([sheet(["Date", "Supplier", ""], *LINES)], SPEND, SYNONYMS)
    assert [p.is_accepted for p in learned.held] == [False]


def test_nothing_plausible() -> None:
    learned = learn([sheet(["Colour", "Shape"], ["red", "round"])], SPEND, SYNONYMS)
    assert (learned.confidence, learned.held) == (None, [])
    assert learn_kind([sheet(["hello"])], [(SPEND, SYNONYMS)]) is None


def test_kind_is_the_one_that_fits_best() -> None:
    rows: list[list[object]] = [
        ["Agency Slugs", "Financial Yr", "Flows", "Amount_£"],
        ["acme-council", "2024-25", "outlay", "10.50"],
        ["bolt-fire", "2024-25", "outlay", "7.25"],
    ]
    count = {name.replace("_", " "): name for name in COUNT.field_names}
    found = learn_kind([sheet(*rows)], [(SPEND, SYNONYMS), (COUNT, count)])
    assert found is not None
    assert found[0] is COUNT


def test_proposal_accepted_in_the_folders_registry_loads_the_file() -> None:
    content = "Date,Supplier,Net Amt,Gross Amt\n03/06/2024,Acme Ltd,100.00,120.00\n04/06/2024,Bolt & Co,10.00,12.00\n"
    held = read(content)
    (row,) = paste_rows(held.proposals[0], COUNCIL)
    assert row == f"spend,{COUNCIL},Net Amt,amount_gbp,,"
    names = ("kind", "agency_slug", "header", "field", "valid_from", "valid_to")
    synonym = registry_row("header_synonyms", **dict(zip(names, row.split(","), strict=True)))
    reading = read(content, registry=make_registry(header_synonyms=[synonym]))
    assert (held.is_held, reading.is_held, reading.hold_reason, reading.mapping_confidence) == (True, False, "", 1.0)


def test_paste_rows_are_csv() -> None:
    proposal = propose([["Date", "Supplier", 'Amount, "net"'], *LINES], SPEND, SYNONYMS, 0)
    assert paste_rows(proposal, "a") == ['spend,a,"Amount, ""net""",amount_gbp,,']


@pytest.mark.parametrize(("name", "is_known"), [("june-2024.csv", True), ("june-2023.csv", False), ("lines.csv", True)])
def test_a_name_is_known_in_its_time_only(name: str, is_known: bool) -> None:
    row = registry_row(
        "header_synonyms", kind="spend", header="Wert", field="amount_gbp", valid_from="2024-04-01", valid_to="2025-04-01"
    )
    reading = read("Date,Supplier,Wert\n03/06/2024,Acme Ltd,100.00\n", name, registry=make_registry(header_synonyms=[row]))
    assert reading.is_held is not is_known


def test_scored_mapping_holds_for_an_unknown_publisher_too() -> None:
    checked = check("Pay Date,Suplier,Nett Amt\n03/06/2024,Acme Ltd,100.00\n", publisher="nobody-parish-council")
    assert {"mapping_is_scored", "publisher_is_known"} <= {finding.rule_id for finding in checked.findings}
    assert checked.reading.mapping_confidence is not None


def test_sheet_of_lines_without_names_holds_the_workbook() -> None:
    named = Sheet("June", [["Date", "Supplier", "Amount"], *LINES])
    learned = learn([named, Sheet("July", list(LINES)), Sheet("Notes", [["about"], ["these", "figures"]])], SPEND, SYNONYMS)
    assert [(p.sheet_name, p.is_accepted) for p in learned.held] == [("July", False)]


def test_summary_beside_the_lines_does_not_hold_the_workbook() -> None:
    named = Sheet("June", [["Date", "Supplier", "Amount"], *LINES])
    summary = Sheet("Summary", [["Department", "Total"], ["Parks", "300.50"], ["Roads", "7.25"]])
    assert learn([named, summary], SPEND, SYNONYMS).held == []


def test_pivot_of_the_same_lines_is_not_counted_again() -> None:
    """A sheet of suppliers and their totals has the amount and the payee of a return, and no date: reading it would count twice."""
    named = Sheet("June", [["Date", "Supplier", "Amount"], *LINES])
    pivot = Sheet("Pivot", [["Supplier", "Total"], ["Acme Ltd", "100.00"], ["Bolt & Co", "200.50"]])
    (held,) = learn([named, pivot], SPEND, SYNONYMS).held
    assert (held.sheet_name, held.missing) == ("Pivot", ("payment_date",))


def test_wide_and_long_files_are_quick() -> None:
    rows = [["Pay Date", "Suplier", "Nett Amt", *[f"Extra {n}" for n in range(40)]]]
    rows += [[*LINES[n % 3], *[f"text {n}"] * 40] for n in range(20_000)]
    started = time.process_time()
    learn([sheet(*rows)], SPEND, SYNONYMS)
    assert time.process_time() - started < 3  # a tenth of that, but for a busy machine
