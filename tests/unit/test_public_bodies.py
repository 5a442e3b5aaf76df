"""The registry of public bodies: names resolve exactly, on the days they hold, to one body; successors take over afterwards."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.registry.rebuild.names import normalised_name
from ingest.registry.rebuild.public_bodies import day_after

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


@pytest.fixture(scope="module")
def names() -> list[tuple[str, str, str, str]]:
    """(owner, key, first day, first day without) as int_agency__names has them: agency slug, else id of the body."""
    bodies, agencies = SEEDS / "seed_public_bodies.csv", SEEDS / "seed_agencies.csv"
    rows = duckdb.sql(
        f"""
        with bodies as (select * from read_csv('{bodies}', all_varchar = true)),
        agencies as (select * from read_csv('{agencies}', all_varchar = true)),
        names as (
            select agency_slug as owner, agency_name || coalesce(';' || aliases, '') as names, valid_from, valid_to from agencies
            union all
            select coalesce(agency_slug, public_body_id), public_body_name || coalesce(';' || aliases, ''), valid_from, valid_to
            from bodies
            union all
            select coalesce(next.agency_slug, next.public_body_id), old.public_body_name || coalesce(';' || old.aliases, ''),
                greatest(old.valid_to, next.valid_from), next.valid_to
            from bodies as old join bodies as next on old.successor_body_id = next.public_body_id
            where old.valid_to is not null
        )
        select owner, unnest(string_split(names, ';')), coalesce(valid_from, '0'), coalesce(valid_to, '9') from names
        """
    ).fetchall()
    return [(owner, normalised_name(name), start, end) for owner, name, start, end in rows]


@pytest.mark.parametrize(
    ("spelling", "day", "owner"),
    [
        ("NHS REDBRIDGE CCG", "2016-05-01", "ods:08N"),
        ("Redbridge Clinical Commissioning Group", "2016-05-01", "ods:08N"),
        # A payment of 2016 is not the board's; one made after the group closed settles its bills.
        ("NHS Somerset CCG", "2016-05-01", "nhs-somerset-ccg"),
        ("NHS BARKING AND DAGENHAM CCG", "2016-05-01", "barking-and-dagenham-ccg"),
        ("NHS BARKING AND DAGENHAM CCG", "2022-08-01", "nhs-north-east-london-integrated-care-board"),
        ("NHS BARKING AND DAGENHAM CCG", "2021-08-01", None),
        ("NHS LANCASHIRE AND SOUTH CUMBRIA ICB - 00Q", "2023-05-01", "nhs-lancashire-and-south-cumbria-integrated-care-board"),
        ("Manchester University NHS FT", "2024-05-01", "ods:R0A"),
        ("BOROUGH OF POOLE", "2018-05-01", "borough-of-poole"),
        ("BOROUGH OF POOLE", "2019-05-01", "bournemouth-christchurch-and-poole-council"),
        ("Environment Agency", "2020-01-01", "govuk:EA199"),
        ("Department for Work & Pensions", "2020-01-01", "department-for-work-and-pensions"),
        ("City of Cardiff Council", "2020-01-01", "pla:CRF"),
        ("Royal Mail", "2012-01-01", "govuk:PC970"),
        ("ROYAL MAIL", "2016-01-01", None),
        ("DESIGN COUNCIL", "2016-01-01", None),
        ("ARTS AT THE OLD FIRE STATION", "2016-01-01", None),
        ("LANCASTER", "2016-01-01", None),
        ("Planning Service", "2016-01-01", None),
    ],
)
def test_names_of_public_bodies(names: list[tuple[str, str, str, str]], spelling: str, day: str, owner: str | None) -> None:
    found = {slug for slug, key, start, end in names if key == normalised_name(spelling) and start <= day < end}
    assert found == ({owner} if owner else set())


def test_a_key_names_one_body_at_a_time(names: list[tuple[str, str, str, str]]) -> None:
    claims: dict[str, list[tuple[str, str, str]]] = {}
    for owner, key, start, end in names:
        claims.setdefault(key, []).append((owner, start, end))
    double = [
        (key, first, second)
        for key, group in claims.items()
        for i, first in enumerate(group)
        for second in group[i + 1 :]
        if first[0] != second[0] and first[1] < second[2] and second[1] < first[2]
    ]
    assert double == []


@pytest.mark.parametrize(
    ("printed", "day"),
    [("2020-03-31", "2020-04-01"), ("2016-05", "2016-06-01"), ("2016-12", "2017-01-01"), ("2012", "2013-01-01"), ("", "")],
)
def test_the_last_day_printed_becomes_the_first_day_without(printed: str, day: str) -> None:
    assert day_after(printed) == day
