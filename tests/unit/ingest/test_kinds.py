"""The kinds beside spend and the count, end to end through intake: what is kept of a line and what is said of it."""

from __future__ import annotations

from decimal import Decimal

from ingest.findings import Finding
from ingest.kinds import KINDS
from ingest.lake import SCHEMAS, Provenance, lines_table
from orchestration.checked import CheckedFile
from tests.unit.ingest.intake_helpers import COUNCIL, LANDED, TRUST, check, read

BARRIER = "respondent_agency,place_code,financial_year,barrier_type,counterpart_agency,severity,status,raised_date\n"
FUNDING = "payer_agency,payee_agency,financial_year,funding_route,amount_gbp\n"


def said(checked: CheckedFile, severity: str = "blocking") -> list[tuple[str, str | None, str | None]]:
    found: list[Finding] = checked.findings + [finding for part in checked.parts for finding in part.findings]
    return [(f.rule_id, f.field_name, f.value) for f in found if f.severity == severity]


def test_a_person_who_received_an_award_is_never_carried() -> None:
    head = "Identifier,Title,Amount Awarded,Award Date,Recipient Org:Name,Recipient Ind:Name,Currency\n"
    content = f"{head}1,Hall,5,2024-06-03,Hall Trust,,GBP\n2,Award to Pat Example,7,2024-06-03,,Pat Example,GBP\n"
    checked = check(content)
    (part,) = checked.parts
    lines = part.part.lines
    assert list(lines["recipient_is_individual"]) == [False, True]
    assert list(lines["recipient_name"]) == ["Hall Trust", None]
    table = lines_table(lines, _where("grants"))
    assert "Pat Example" not in repr(table.to_pydict())
    assert "Pat Example" not in repr([*checked.findings, *part.findings])
    assert list(part.accepted) == [True, True]


def test_every_broken_cell_of_a_line_is_named() -> None:
    checked = check(f"{BARRIER}{COUNCIL},E07000120,2024-25,laziness,nobody,6,raised,2024-06-03\n")
    assert ("words_are_listed", "barrier_type", "laziness") in said(checked)
    assert ("words_are_listed", "severity", "6") in said(checked)
    assert said(checked, "warning")[0] == ("partners_are_registered", "counterpart_agency", "nobody")
    messages = [f.message for part in checked.parts for f in part.findings if f.field_name == "severity"]
    assert messages == ["The severity 6 is not one of the list. Use one of: 1, 2, 3, 4, 5."]


def test_an_unknown_payer_is_named_in_its_own_column() -> None:
    checked = check(f"{FUNDING}nobody,{COUNCIL},2024-25,pooled,5.00\n{TRUST},{COUNCIL},2024-25,pooled,5.00\n")
    assert ("agency_is_known", "payer_agency", "nobody") in said(checked)


def test_a_kind_without_money_has_a_ledger_of_rows() -> None:
    checked = check(f"{BARRIER}{COUNCIL},E07000120,2024-25,trust,,3,raised,2024-06-03\n\nSource: the board\n")
    (part,) = checked.parts
    (entry,) = part.ledger
    assert (entry.row_count, entry.accepted_count, entry.quarantined_count, entry.excluded_count) == (4, 1, 0, 3)
    assert (entry.file_gbp, entry.accepted_gbp) == (Decimal("0.00"), Decimal("0.00"))
    assert not part.is_held


def test_a_lost_row_of_a_kind_without_money_holds_the_return() -> None:
    """The gate can fail: a row that the parser forgot is a row the tally still counts."""
    from orchestration.checking import check_reading
    from tests.unit.ingest.intake_helpers import REGISTRY

    reading = read(f"{BARRIER}{COUNCIL},E07000120,2024-25,trust,,3,raised,2024-06-03\n")
    del reading.extract.rows[-1]
    (part,) = check_reading(reading, REGISTRY).parts
    assert part.is_held
    assert "ledger_rows_balance" in {f.rule_id for f in part.findings}


def test_a_places_team_may_report_for_registered_agencies_only() -> None:
    good = f"{BARRIER}{COUNCIL},E07000120,2024-25,trust,,3,raised,2024-06-03\n"
    assert said(check(good, publisher="place-team")) == []
    outcomes = (
        "place_code,financial_year,indicator_code,indicator_name,value,unit,better\nE07000120,2024-25,N,Neet,5,per cent,lower\n"
    )
    assert said(check(outcomes, publisher="place-team")) == [("publisher_is_known", None, "place-team")]


def test_every_field_of_a_kind_is_in_the_lake_but_for_what_stays_behind() -> None:
    for name, kind in KINDS.items():
        left = set(kind.field_names) - set(SCHEMAS[name].names)
        assert left <= {"note", "agency_name", "card_transaction", "last_modified"}, name


def test_figures_keep_their_types_in_the_lake() -> None:
    head = "proposal_id,place_code,title,investing_agency,benefiting_agency,financial_year,cost_gbp,benefit_gbp,cashable_share\n"
    (part,) = check(f"{head}P1,E07000120,Advice,{COUNCIL},{TRUST},2024-25,1.10,2.20,0.4\n").parts
    (row,) = lines_table(part.part.lines, _where("invest_to_save")).to_pylist()
    assert (row["cost_gbp"], row["benefit_gbp"], row["cashable_share"]) == (Decimal("1.10"), Decimal("2.20"), 0.4)
    assert (row["amount_gbp"], row["agency_slug"]) == (None, COUNCIL)


def _where(kind: str) -> Provenance:
    from datetime import datetime

    return Provenance("r", "r@1", COUNCIL, kind, "2024-25", "f.csv", "0" * 64, None, datetime.fromisoformat(LANDED))
