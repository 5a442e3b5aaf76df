"""The shipped reference data hold together: keys, references, dates, weights, aliases, and what the returns need.

Runs on the CSV files alone; the tests that need real returns skip with a reason when those are not beside the
repository.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import python_calamine

from ingest.registry.rebuild.every_seed import rebuild
from ingest.registry.rebuild.geography import overlaps
from ingest.registry.rebuild.names import normalised_name
from ingest.registry.rebuild.revenue_outturn import revenue_outturn_codes

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
RETURNS = ROOT.parent / "shared" / "returns"
REFERENCE = ROOT.parent / "shared" / "reference"
needs_returns = pytest.mark.skipif(not RETURNS.is_dir(), reason="the real returns are not beside the repository")

KEYS = {
    "places": ["place_code"],
    "place_changes": ["from_place_code", "to_place_code"],
    "areas": ["area_code", "place_code"],
    "area_allocations": ["area_code", "allocation_name"],
    "drivers": ["driver"],
    "agencies": ["agency_slug"],
    "agency_identifiers": ["identifier_scheme", "identifier"],
    "publishers": ["publisher_slug"],
    "agency_places": ["agency_slug", "place_code", "financial_year"],
    "services": ["service_code"],
    "themes": ["theme_scheme", "theme_code"],
    "service_themes": ["theme_scheme", "service_code", "theme_code"],
    "service_rules": ["rule_id"],
    "service_defaults": ["agency_type", "service_code"],
    "purchase_rules": ["rule_id"],
    "purchase_categories": ["purchase_category"],
    "funding_routes": ["funding_route"],
    "funding_streams": ["funding_stream"],
    "populations": ["place_code", "vintage"],
    "population_stand_ins": ["financial_year"],
    "deflators": ["quarter", "release_date"],
    "deflator_years": ["deflator_vintage", "financial_year"],
    "savings_scenarios": ["rate_name"],
    "enabler_types": ["enabler_word"],
    "service_lines": ["line_key", "valid_from_year"],
    "transfer_rules": ["rule_id"],
    "redaction_words": ["pattern"],
    "discretion_rates": ["discretion"],
    "control_totals": ["control_id"],
    "public_bodies": ["public_body_id"],
    "transfer_amounts": ["rule_id", "agency_slug", "financial_year", "amount_gbp"],
    "published_figures": ["figure_id"],
    "published_figure_parts": ["figure_id", "part_name"],
    "agency_funding": ["agency_type"],
}
REFERENCES = [
    ("place_changes", "from_place_code", "places", "place_code"),
    ("place_changes", "to_place_code", "places", "place_code"),
    ("areas", "place_code", "places", "place_code"),
    ("area_allocations", "area_code", "areas", "area_code"),
    ("agency_places", "place_code", "places", "place_code"),
    ("agency_places", "agency_slug", "agencies", "agency_slug"),
    ("agency_identifiers", "agency_slug", "agencies", "agency_slug"),
    ("agencies", "default_service_code", "services", "service_code"),
    ("services", "parent_service_code", "services", "service_code"),
    ("service_themes", "service_code", "services", "service_code"),
    ("service_lines", "service_code", "services", "service_code"),
    ("service_rules", "service_code", "services", "service_code"),
    ("service_rules", "agency_slug", "agencies", "agency_slug"),
    ("service_defaults", "service_code", "services", "service_code"),
    ("purchase_rules", "purchase_category", "purchase_categories", "purchase_category"),
    ("purchase_rules", "agency_slug", "agencies", "agency_slug"),
    ("service_lines", "funding_route", "funding_routes", "funding_route"),
    ("populations", "place_code", "places", "place_code"),
    ("population_stand_ins", "vintage", "populations", "vintage"),
    ("transfer_rules", "agency_slug", "agencies", "agency_slug"),
    ("transfer_rules", "counterparty_agency", "agencies", "agency_slug"),
    ("transfer_amounts", "rule_id", "transfer_rules", "rule_id"),
    ("transfer_amounts", "agency_slug", "agencies", "agency_slug"),
    ("transfer_amounts", "counterparty_agency", "agencies", "agency_slug"),
    ("public_bodies", "agency_slug", "agencies", "agency_slug"),
    ("public_bodies", "successor_body_id", "public_bodies", "public_body_id"),
    ("funding_streams", "funding_route", "funding_routes", "funding_route"),
    ("agency_funding", "funding_route", "funding_routes", "funding_route"),
    ("control_totals", "other_vintage_of", "control_totals", "control_id"),
    ("published_figure_parts", "figure_id", "published_figures", "figure_id"),
    ("published_figures", "other_vintage_of", "published_figures", "figure_id"),
    ("published_figure_parts", "line_key", "service_lines", "line_key"),
]
# A part of a published figure is a line of the accounts, or a payer whose payments are compared.
OR_ELSE = {("published_figure_parts", "line_key"): ("agencies", "agency_slug")}
WITHOUT_POPULATION = {"UNALLOCATED"}
AGENCY_TYPES = set(
    "la_upper la_lower la_unitary la_parish combined_authority police fire nhs_commissioner nhs_provider dwp justice "
    "skills central_department arms_length_body regional education housing third_sector lottery".split()
)
TRANSFER_KINDS = {"collection_on_behalf", "purchase", "grant", "pooled", "recharge", "tax"}


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"seed_{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def matching_rule(
    connection: duckdb.DuckDBPyConnection, payee: str, description: str, expense_type: str = ""
) -> tuple[str, str, str] | None:
    """The first rule that matches, as the warehouse applies it: (rule_id, transfer_kind, counterparty)."""
    fields = {"payee_name": payee, "description": description, "expense_type": expense_type}
    for rule in sorted(seed("transfer_rules"), key=lambda row: int(row["priority"])):
        value = fields[rule["field"]]
        sql = "select regexp_matches($1, $2, 'i') and ($4 = '' or regexp_matches($3, $4, 'i'))"
        if connection.execute(sql, [value, rule["pattern"], payee, rule["payee_pattern"]]).fetchone() == (True,):
            return rule["rule_id"], rule["transfer_kind"], rule["counterparty_agency"]
    return None


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_unique_and_rows_are_whole(name: str) -> None:
    rows = seed(name)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    counts = Counter(tuple(row[column] for column in KEYS[name]) for row in rows)
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_seed_is_tested() -> None:
    assert {path.stem.removeprefix("seed_") for path in SEEDS.glob("*.csv")} == set(KEYS)


@pytest.mark.parametrize(("child", "column", "parent", "key"), REFERENCES)
def test_references_resolve(child: str, column: str, parent: str, key: str) -> None:
    known = {row[key] for row in seed(parent)} | {""}
    if also := OR_ELSE.get((child, column)):
        known |= {row[also[1]] for row in seed(also[0])}
    assert {row[column] for row in seed(child)} - known == set()


def test_service_themes_name_themes_of_their_scheme() -> None:
    known = {(row["theme_scheme"], row["theme_code"]) for row in seed("themes")}
    assert {(row["theme_scheme"], row["theme_code"]) for row in seed("service_themes")} <= known


def test_partition_weights_sum_to_one_at_most() -> None:
    partitions = {row["theme_scheme"] for row in seed("themes") if row["is_partition"] == "true"}
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in seed("service_themes"):
        if row["theme_scheme"] in partitions:
            sums[row["theme_scheme"], row["service_code"]] += Decimal(row["weight"])
    assert sums
    assert all(Decimal(0) < total <= 1 for total in sums.values())


def test_every_cofog_division_has_a_theme() -> None:
    themed = {row["service_code"] for row in seed("service_themes") if row["theme_scheme"] == "total_place"}
    assert {row["service_code"] for row in seed("services") if row["service_level"] == "1"} <= themed


@pytest.mark.parametrize("name", ["places", "areas", "agencies"])
def test_periods_do_not_run_backwards(name: str) -> None:
    dated = [row for row in seed(name) if row["valid_from"] and row["valid_to"]]
    assert all(row["valid_from"] < row["valid_to"] for row in dated)


def test_a_place_and_its_successor_are_never_valid_together() -> None:
    places = {row["place_code"]: row for row in seed("places")}
    for change in seed("place_changes"):
        old, new = places[change["from_place_code"]], places[change["to_place_code"]]
        assert old["valid_to"] == new["valid_from"] == change["change_date"]


def test_change_weights_of_a_place_sum_to_one() -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for change in seed("place_changes"):
        sums[change["from_place_code"]] += Decimal(change["weight"])
    assert set(sums.values()) == {Decimal(1)}


@pytest.mark.parametrize(
    ("year", "districts"), [("2010-10-01", 326), ("2019-10-01", 317), ("2021-10-01", 309), ("2024-10-01", 296)]
)
def test_england_has_the_right_number_of_districts(year: str, districts: int) -> None:
    valid = [
        row
        for row in seed("places")
        if row["place_type"] != "unallocated" and (row["valid_from"] or "0") <= year < (row["valid_to"] or "9")
    ]
    assert len(valid) == districts


def test_one_council_stands_for_each_place_on_each_day() -> None:
    agencies = {row["agency_slug"]: row for row in seed("agencies")}
    own = defaultdict(list)
    for row in seed("agency_places"):
        if row["driver"] == "boundary" and agencies[row["agency_slug"]]["agency_type"] in {"la_lower", "la_unitary"}:
            own[row["place_code"]].append(row["agency_slug"])
    assert {code: slugs for code, slugs in own.items() if len(slugs) != 1} == {}
    assert set(own) == {row["place_code"] for row in seed("places")} - {"UNALLOCATED"}


def test_explicit_weights_never_exceed_one_on_any_day() -> None:
    places = {row["place_code"]: row for row in seed("places")}
    rows = defaultdict(list)
    for row in seed("agency_places"):
        if row["weight"]:
            rows[row["agency_slug"]].append(row)
    for slug, group in rows.items():
        for day in ("2010-10-01", "2014-10-01", "2020-10-01", "2025-10-01"):
            valid = [
                Decimal(row["weight"])
                for row in group
                if (places[row["place_code"]]["valid_from"] or "0") <= day < (places[row["place_code"]]["valid_to"] or "9")
            ]
            assert sum(valid) <= 1, slug


def test_every_place_has_a_population() -> None:
    counted = {row["place_code"] for row in seed("populations")}
    assert {row["place_code"] for row in seed("places")} - counted == WITHOUT_POPULATION
    assert all(int(row["population_count"]) > 0 for row in seed("populations"))


def test_populations_of_a_recoded_place_are_the_same() -> None:
    counts = {(row["place_code"], row["vintage"]): row["population_count"] for row in seed("populations")}
    for change in seed("place_changes"):
        if change["change_kind"] == "recode":
            for vintage in ("census_2011", "census_2021"):
                assert counts[change["from_place_code"], vintage] == counts[change["to_place_code"], vintage]


def test_england_census_totals() -> None:
    valid_2021 = {
        row["place_code"] for row in seed("places") if (row["valid_from"] or "0") <= "2021-06-30" < (row["valid_to"] or "9")
    }
    # 2011: the published total. 2021: the reference table, which is 61,400 short of the published 56,489,800.
    for vintage, expected in (("census_2011", 53_012_456), ("census_2021", 56_428_400)):
        total = sum(
            int(row["population_count"])
            for row in seed("populations")
            if row["vintage"] == vintage and row["place_code"] in valid_2021
        )
        assert total == expected


def test_england_at_mid_2023_is_the_published_estimate() -> None:
    counted = {row["place_code"]: int(row["population_count"]) for row in seed("populations") if row["vintage"] == "mid_2023"}
    valid = {
        row["place_code"]
        for row in seed("places")
        if row["place_type"] != "unallocated" and (row["valid_from"] or "0") <= "2023-06-30" < (row["valid_to"] or "9")
    }
    assert valid <= set(counted)
    assert sum(counted[code] for code in valid) == 57_690_323


@pytest.mark.parametrize(
    ("kind", "count"), [("total_place_pilot", 13), ("light_touch", 6), ("police_force", 39), ("care_board", 42)]
)
def test_every_area_of_a_kind_is_there(kind: str, count: int) -> None:
    assert len({row["area_code"] for row in seed("areas") if row["area_kind"] == kind}) == count


def test_light_touch_areas_were_allocated_1_750_000() -> None:
    allocated = {row["area_code"]: int(row["amount_gbp"]) for row in seed("area_allocations")}
    assert set(allocated) == {row["area_code"] for row in seed("areas") if row["area_kind"] == "light_touch"}
    assert {code for code, amount in allocated.items() if amount != 250_000} == {"LT-WEST-OF-ENGLAND"}
    assert sum(allocated.values()) == 1_750_000


@pytest.mark.parametrize("day", ["2010-10-01", "2018-10-01", "2019-10-01", "2022-10-01", "2025-10-01"])
@pytest.mark.parametrize(("kind", "without"), [("police_force", set[str]()), ("fire_service", {"E06000053"})])
def test_each_place_is_in_one_police_and_one_fire_area(kind: str, without: set[str], day: str) -> None:
    """The Isles of Scilly have a fire service of their own, which is no area."""
    valid = {
        row["place_code"]
        for row in seed("places")
        if row["place_type"] != "unallocated" and (row["valid_from"] or "0") <= day < (row["valid_to"] or "9")
    }
    members = Counter(
        row["place_code"]
        for row in seed("areas")
        if row["area_kind"] == kind and (row["valid_from"] or "0") <= day < (row["valid_to"] or "9")
    )
    assert set(members) == valid - without
    assert {code for code, count in members.items() if count > 1} == set()


def test_an_area_has_the_places_that_its_police_serve() -> None:
    """The notation of an area and of the agency of it are kept apart: they must not drift."""
    served: dict[str, set[str]] = defaultdict(set)
    for row in seed("agency_places"):
        served[row["agency_slug"]].add(row["place_code"])
    areas: dict[str, set[str]] = defaultdict(set)
    for row in seed("areas"):
        if row["area_kind"] == "police_force":
            areas[row["area_name"]].add(row["place_code"])
    compared = 0
    for agency in seed("agencies"):
        if agency["agency_slug"].endswith("-police-and-crime-commissioner"):
            name = agency["agency_name"].removesuffix(" Police and Crime Commissioner")
            assert served[agency["agency_slug"]] <= areas[name], name
            compared += 1
    assert compared == 37


def test_drivers_have_the_grades_of_the_method() -> None:
    assert {row["method_grade"] for row in seed("drivers")} == set("ABCDE")
    known = {row["driver"] for row in seed("drivers")}
    assert {row["driver"] for row in seed("agency_places")} <= known


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables are not beside the repository")
def test_every_published_code_is_a_place_and_leads_to_its_published_successor() -> None:
    """The lookup names today's code of every code; Barnsley and Sheffield were recoded after it was made."""
    changes: dict[str, list[str]] = defaultdict(list)
    for change in seed("place_changes"):
        changes[change["from_place_code"]].append(change["to_place_code"])
    places = {row["place_code"] for row in seed("places")}
    with (REFERENCE / "reference_geography" / "drkane__la_all_codes.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["LADCD"][:3] in {"E06", "E07", "E08", "E09"}]
    assert len(rows) > 340
    for row in rows:
        assert row["LADCD"] in places
        now = [row["LADCD"]]
        while now[-1] in changes and now[-1] != row["LADCD_ACTIVE"]:
            (following,) = changes[now[-1]]
            now.append(following)
        assert now[-1] == row["LADCD_ACTIVE"], row["LADCD"]


def test_deflators_give_the_worked_example_series() -> None:
    quarters = [row["quarter"] for row in seed("deflators")]
    assert quarters[0] == "2003 Q1" and quarters[-1] == "2025 Q1" and len(quarters) == 89


def test_agency_types_and_transfer_kinds_are_known() -> None:
    assert {row["agency_type"] for row in seed("agencies")} <= AGENCY_TYPES
    assert {row["transfer_kind"] for row in seed("transfer_rules")} <= TRANSFER_KINDS
    assert {row["transfer_kind"] for row in seed("service_lines")} <= TRANSFER_KINDS | {""}


def test_a_spelling_names_one_agency_at_a_time() -> None:
    claims: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in seed("agencies"):
        for name in [row["agency_name"], *filter(None, row["aliases"].split(";"))]:
            assert normalised_name(name), name
            claims[normalised_name(name)][row["agency_slug"]] = row
    for key, owners in claims.items():
        group = list(owners.values())
        for i, first in enumerate(group):
            for second in group[i + 1 :]:
                assert not overlaps(first["valid_from"], first["valid_to"], second["valid_from"], second["valid_to"]), (
                    key,
                    first["agency_slug"],
                    second["agency_slug"],
                )


@pytest.mark.parametrize(
    ("spelling", "day", "slug"),
    [
        ("Lancashire County Council (Direct Debit Payments)", "2024-09-12", "lancashire-county-council"),
        ("LANCASHIRE COUNTY COUNCIL (200398)", "2019-05-01", "lancashire-county-council"),
        ("Lancashire Police Authority", "2024-06-01", "lancashire-police-and-crime-commissioner"),
        ("Lancashire Police Authority", "2011-06-01", "lancashire-police-authority"),
        ("THE POLICE & CRIME COMMISSIONER FOR LANCASHIRE", "2024-06-01", "lancashire-police-and-crime-commissioner"),
        ("LANCASHIRE FIRE & RESCUE", "2019-06-01", "lancashire-fire-and-rescue"),
        (
            "(DD) Department of Levelling Up, Housing & Comm...",
            "2024-06-18",
            "ministry-of-housing-communities-and-local-government",
        ),
        ("(DD ONLY) Ribble Valley Borough Council", "2024-06-18", "ribble-valley-borough-council"),
        ("HM Revenue & Customs (Direct Debit)", "2024-06-18", "hm-revenue-and-customs"),
        ("ALTHAM PARISH COUNCIL", "2022-04-08", "altham-parish-council"),
        (
            "NHS LANCASHIRE AND SOUTH CUMBRIA ICB",
            "2023-04-08",
            "nhs-lancashire-and-south-cumbria-integrated-care-board",
        ),
        ("NHS Somerset CCG", "2021-04-30", "nhs-somerset-ccg"),
        ("NHS Gloucestershire ICB", "2022-07-31", "nhs-gloucestershire-integrated-care-board"),
        ("Somerset County Council", "2022-07-31", "somerset-county-council"),
        ("Somerset County Council", "2023-07-31", "somerset-council"),
        ("Greater Manchester Combined Authority - GMP", "2020-07-31", "greater-manchester-combined-authority"),
        ("ARTS AT THE OLD FIRE STATION", "2016-01-01", None),
        ("DESIGN COUNCIL", "2016-01-01", None),
        ("LANCASHIRE POLICE FEDERATION", "2023-01-01", None),
        ("LANCASHIRE CONSTABULARY SPORTS & SOCIAL CLUB", "2023-01-01", None),
        ("OXFORDSHIRE COUNTY COUNCIL PENSION FUND", "2016-01-01", None),
        ("Full Circuit Fire & Security Ltd", "2024-01-01", None),
    ],
)
def test_spellings_of_real_ledgers(spelling: str, day: str, slug: str | None) -> None:
    found = {
        row["agency_slug"]
        for row in seed("agencies")
        if (row["valid_from"] or "0") <= day < (row["valid_to"] or "9")
        and normalised_name(spelling) in {normalised_name(n) for n in [row["agency_name"], *row["aliases"].split(";")]}
    }
    assert found == ({slug} if slug else set())


@pytest.mark.parametrize(
    ("payee", "description", "expected"),
    [
        ("Lancashire County Council (Direct Debit Payments)", "LCC Ctax Precept Apr 24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "LCC C/tax Pecept July 24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "LCC Ctax precerpt May 24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "LCC NDR Surplus 23/24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "Surplus 23/.24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "Defecit 23/24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "Precept- Sept 24", "lancashire-county-council"),
        ("Lancashire County Council (Direct Debit Payments)", "Fire NDR Precept nov 24", "lancashire-fire-and-rescue"),
        ("Lancashire County Council (Direct Debit Payments)", "Fire DNR Surplus 23/24", "lancashire-fire-and-rescue"),
        (
            "Lancashire County Council (Direct Debit Payments)",
            "Police CT Precept May 24",
            "lancashire-police-and-crime-commissioner",
        ),
        (
            "Lancashire County Council (Direct Debit Payments)",
            "Police Ctax Precept August24",
            "lancashire-police-and-crime-commissioner",
        ),
        ("Altham Parish Council", "Payment to Altham Parish Council (Precept 2025-2026)", ""),
        (
            "(DD) Department of Levelling Up, Housing & Comm...",
            "BRR & RSG Central Share August 24",
            "ministry-of-housing-communities-and-local-government",
        ),
        (
            "(DD) Department of Levelling Up, Housing & Comm...",
            "Brr & RDG Nov 24",
            "ministry-of-housing-communities-and-local-government",
        ),
        (
            "(DD) Department of Levelling Up, Housing & Comm...",
            "Final deficit for 23-24 Oct 25",
            "ministry-of-housing-communities-and-local-government",
        ),
        ("(DD ONLY) Ribble Valley Borough Council", "RVBC Tariff due August 2024", ""),
        ("(DD ONLY) Ribble Valley Borough Council", "Dec 24", "ribble-valley-borough-council"),
    ],
)
def test_collections_are_recognised(payee: str, description: str, expected: str) -> None:
    with duckdb.connect() as connection:
        found = matching_rule(connection, payee, description)
    assert found is not None
    assert found[1:] == ("collection_on_behalf", expected)


@pytest.mark.parametrize(
    ("payee", "rule"),
    [
        ("BARCLAYCARD BUSINESS", "card_bill"),
        ("Company Barclaycard Commercial", "card_bill"),
        ("NATWEST ONECARD", "card_bill"),
        ("ROYAL BANK OF SCOTLAND - procurement card", "card_bill"),
        # What a bank takes for receiving card payments, a lender, and firms that only sound so.
        ("Lloyds Bank Cardnet", None),
        ("BARCLAYS CAPITAL", None),
        ("VISAV LIMITED", None),
        ("Barclaycard Arena Ltd", None),
    ],
)
def test_bills_of_purchasing_cards_are_recognised(payee: str, rule: str | None) -> None:
    with duckdb.connect() as connection:
        found = matching_rule(connection, payee, "Statement April")
    assert (found[0] if found else None) == rule


def test_payments_to_the_tax_authority_are_tax() -> None:
    with duckdb.connect() as connection:
        found = matching_rule(connection, "HM Revenue & Customs (Direct Debit)", "HMRC NI Dec24")
    assert found == ("hmrc_tax", "tax", "hm-revenue-and-customs")


def test_research_money_to_the_tax_authority_is_not_tax() -> None:
    """A department paid it 12,007,830.85 for research in May 2025: a name alone does not make a tax."""
    with duckdb.connect() as connection:
        found = matching_rule(connection, "Hm Revenue And Customs", "Dsit", "R & D Research And Development Expenditure")
    assert found == ("hmrc_research_funding", "grant", "hm-revenue-and-customs")


@pytest.mark.parametrize(
    ("payee", "description"),
    [
        ("Lancashire County Council", "Searches Oct 24"),
        ("Lancashire County Council (Direct Debit Payments)", "CAY Recharge Nov 24"),
        ("Lancashire County Council (Direct Debit Payments)", "HBC Pension Jan 25"),
        ("Lancashire County Council (Direct Debit Payments)", "December 25"),
        ("Lancashire County Council", "s106 Travel Plan Contribution"),
        ("Lancashire County Council", "Christmas Lighting Contract Hyndburn 2025"),
        ("Altham Parish Council", "10 DEPLOYMENTS OF SPIDS ACROSS HYNDBURN"),
        ("Lancashire Police Authority", "Hyndburn - DA Contribution 2024/25"),
        ("Ribble Valley Borough Council", "PARKING ENFORCEMENT X5 DAYS 2022/2023"),
        ("Full Circuit Fire & Security Ltd", "Town Hall fire panel fault"),
        ("Capita  Business Services Ltd", "NDR SOFTWARE"),
        ("Capacitygrid", "BRR VOA Returns July 24"),
    ],
)
def test_purchases_are_not_taken_for_transfers(payee: str, description: str) -> None:
    with duckdb.connect() as connection:
        assert matching_rule(connection, payee, description) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Redacted", "redacted"),
        ("REDACTED PERSONAL DATA", "redacted"),
        ("Redacted, personal information", "redacted"),
        ("REDACTED COMMERICAL CONFIDENTIALITY", "redacted"),
        ("Reacted personal data", "redacted"),
        ("Supplier Name Witheld", "redacted"),
        ("THIRD PARTY", "placeholder"),
        ("THIRD PARTY SUPPLIER LTD", "placeholder"),
        ("ONE-OFF SUPPLIER", "placeholder"),
        ("REDACTIVE PUBLISHING LTD", None),
        ("REDACTIVE EVENTS LTD", None),
        ("TOTAL GAS & POWER", None),
        ("Hill View (Private) Hotel", None),
        *((name, "redacted") for name in (
            "** Redacted - s40(2) FOIA **", "Redacted under the Data Protection Act 2018", "Redacted personal details",
            "Name redacted (GDPR)", "Personal data - redacted", "PAYEE NAME WITHELD", "Withheld under section 40",
            "Not for publication", "Commercial in confidence", "Private individual", "Data Protection", "XXXXX", "***", "Redaction",
        )),
        *((name, "placeholder") for name in (
            "Foster carers", "Direct Payment Recipients", "SERVICE USER REFUND", "Sundry creditor", "ONE OFF VENDOR",
            "Various", "N/A",
        )),
        *((name, None) for name in (
            "CONFIDENTIAL WASTE DISPOSAL", "PERSONAL STRENGTHS (UK) LTD", "PERSONALISED BUDGETS", "Confidential Shredding",
            "Redacted Records Ltd", "REDACTIVE MEDIA SALES LIMITED", "Third Party Logistics Ltd", "Data Protection Consulting Ltd",
            "Foster Carer Supplies", "Sundry Foods", "Various Artists Ltd", "Individual Homes Ltd", "XXX Scaffolding",
            "Withheld Music", "Client Solutions", "Confidence After Cancer", "TOTAL HYGIENE", "Mr John Smith",
        )),
    ],
)  # fmt: skip
def test_redaction_words(name: str, expected: str | None) -> None:
    with duckdb.connect() as connection:
        found = {
            row["payee_class"]
            for row in seed("redaction_words")
            if connection.execute("select regexp_matches($1, $2, 'i')", [name, row["pattern"]]).fetchone() == (True,)
        }
    assert found == ({expected} if expected else set())


@needs_returns
def test_every_authority_of_the_revenue_outturn_is_an_agency() -> None:
    known = {row["identifier"] for row in seed("agency_identifiers") if row["identifier_scheme"] == "ecode"}
    authorities = revenue_outturn_codes(RETURNS)
    assert len(authorities) == 486
    assert set(authorities) - known == set()


@needs_returns
def test_every_folder_of_returns_is_an_agency_or_a_publisher() -> None:
    known = {row["agency_slug"] for row in seed("agencies")} | {row["publisher_slug"] for row in seed("publishers")}
    assert {path.name for path in RETURNS.iterdir() if path.is_dir()} - known == set()


def line_keys(labels: list[str]) -> list[str]:
    """Keys of a header row as the seed describes them."""
    counts: Counter[str] = Counter()
    keys: list[str] = []
    for label in labels:
        text = re.sub(r"\(total of lines[^)]*\)\s*$", "", label.strip(), flags=re.IGNORECASE)
        key = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
        counts[key] += 1
        keys.append(key if counts[key] == 1 else f"{key}__{counts[key]}")
    return keys


@needs_returns
@pytest.mark.parametrize("year", ["2010-11", "2013-14", "2014-15"])
def test_outlay_lines_add_up_to_net_current_expenditure(year: str) -> None:
    """Per authority to the workbook's rounding (up to 2 thousand pounds), for England to the control's tolerance."""
    path = next((RETURNS / "mhclg-revenue-outturn").rglob(f"*{year}*.xls"))
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name(next(n for n in book.sheet_names if n.endswith("(1)"))).to_python(skip_empty_area=False)
    header = next(row for row in rows if row[0] == "E-code")
    first = header.index("Education services")
    keys = line_keys([str(label) for label in header[first:]])
    roles = {
        row["line_key"]: row["role"]
        for row in seed("service_lines")
        if (row["valid_from_year"] or "0") <= year <= (row["valid_to_year"] or "9")
    }
    assert set(keys) <= set(roles)
    outlays = [first + i for i, key in enumerate(keys) if roles[key] == "outlay"]
    total_at = first + keys.index("net_current_expenditure")
    england = 0.0
    for row in rows:
        if re.fullmatch(r"E\d{4}", str(row[0])):
            summed = sum(float(str(row[i] or 0)) for i in outlays)
            assert abs(summed - float(str(row[total_at] or 0))) <= 2, row[0]
            england += summed
    control = next(r for r in seed("control_totals") if r["control_id"] == f"rs_net_current_{year.replace('-', '_')}")
    assert abs(england * 1000 - float(control["value_gbp"])) <= float(control["tolerance_gbp"])


@pytest.mark.skipif(not (RETURNS.is_dir() and REFERENCE.is_dir()), reason="the reference tables are not beside the repository")
def test_the_shipped_seeds_are_what_the_script_makes(tmp_path: Path) -> None:
    for name in rebuild(REFERENCE, RETURNS, tmp_path):
        assert (tmp_path / f"seed_{name}.csv").read_bytes() == (SEEDS / f"seed_{name}.csv").read_bytes(), name
