"""Whose return each line is in and for when: every line in exactly one part."""

from __future__ import annotations

import pytest

from tests.unit.ingest.intake_helpers import COUNCIL, TRUST, read

GRANTS = "Identifier,Amount Awarded,Award Date,Recipient Org:Name\n"
BOARDS = "body_id,place_code,body_name,member_agencies,start_date\n"
ASKS = "ask_id,place_code,asking_agency,asked_agency,ask,status,asked_date\n"
OUTCOMES = "place_code,financial_year,indicator_code,indicator_name,value,unit,better\n"
ARRANGEMENTS = "arrangement_id,place_code,financial_year,arrangement_kind,host_agency,party_agencies\n"


def parts(content: str, name: str = "lines.csv", publisher: str = COUNCIL) -> list[tuple[str | None, str | None, int]]:
    reading = read(content, name, publisher)
    assert sum(len(part.lines) for part in reading.parts) == len(reading.extract.lines)
    return [(p.agency_slug, p.period.name if p.period else None, len(p.lines)) for p in reading.parts]


def test_awards_of_one_year_are_one_return_of_their_dates() -> None:
    assert parts(f"{GRANTS}1,5,2024-06-03,A\n2,5,2024-06-04,B\n") == [(COUNCIL, "2024-06", 2)]
    assert parts(f"{GRANTS}1,5,2024-06-03,A\n2,5,2024-09-04,B\n3,5,2025-02-04,B\n") == [(COUNCIL, "2024-25", 3)]


def test_awards_of_many_years_are_a_return_a_year_so_that_the_next_edition_replaces_them() -> None:
    rows = "1,5,2023-06-03,A\n2,5,2024-06-04,B\n3,5,2023-07-03,A\n4,5,,A\n"
    assert parts(f"{GRANTS}{rows}") == [(COUNCIL, "2023-24", 2), (COUNCIL, "2024-25", 1), (COUNCIL, None, 1)]


def test_a_register_is_of_its_file_name_else_of_its_latest_date() -> None:
    rows = f"B1,E07000120,Board,{TRUST},2015-04-01\nB2,E07000120,Board,{TRUST},2024-06-01\n"
    assert parts(f"{BOARDS}{rows}") == [(COUNCIL, "2024-25", 2)]
    assert parts(f"{BOARDS}{rows}", "boards 2025-26.csv") == [(COUNCIL, "2025-26", 2)]
    assert parts(f"{BOARDS}B1,E07000120,Board,{TRUST},\n") == [(COUNCIL, None, 1)]


def test_an_ask_is_of_the_year_it_was_asked_and_of_who_asked() -> None:
    rows = f"A1,E07000120,{COUNCIL},{TRUST},x,open,2024-03-31\nA2,E07000120,{TRUST},{COUNCIL},x,open,2024-04-01\n"
    assert parts(f"{ASKS}{rows}") == [(TRUST, "2024-25", 1), (COUNCIL, "2023-24", 1)]


def test_a_register_without_an_agency_is_its_publishers() -> None:
    assert parts(f"{OUTCOMES}E07000120,2024-25,N,Neet,5.2,per cent,lower\n") == [(COUNCIL, "2024-25", 1)]
    assert parts(f"{OUTCOMES}E07000120,2024-25,N,Neet,5.2,per cent,lower\n", publisher="place-team") == [(None, "2024-25", 1)]


def test_an_arrangement_without_a_host_stands_in_the_publishers_return() -> None:
    rows = f"J1,E07000120,2024-25,co_location,{TRUST},{TRUST}\nJ2,E07000120,2024-25,co_location,,{TRUST}\n"
    reading = read(f"{ARRANGEMENTS}{rows}")
    assert [(p.agency_slug, list(p.lines["agency_slug"])) for p in reading.parts] == [(TRUST, [TRUST]), (COUNCIL, [COUNCIL])]


@pytest.mark.parametrize("kind", ["grants", "asks", "outcomes", "governance_bodies", "procurement_card"])
def test_a_file_without_lines_has_one_empty_part(kind: str) -> None:
    heads = {"grants": GRANTS, "asks": ASKS, "outcomes": OUTCOMES, "governance_bodies": BOARDS}
    reading = read(heads.get(kind, "Date,Merchant,Amount\n"))
    assert (reading.kind and reading.kind.name, [len(part.lines) for part in reading.parts]) == (kind, [0])
