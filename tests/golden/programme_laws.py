"""Invented returns of the programme's kinds, and the laws of its tables: a query for each, which must find no row.

Belongs here: rows and laws of what docs/programme.md describes. Must not: build a warehouse (test_warehouse_laws does, once).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from warehouse_harness import Warehouse

THEMES = ("older_people", "crime_safety", "families_children", "health_wellbeing", None)
CENTRAL = tuple(f"law-centre-{letter}" for letter in "abcd")
YEAR = "2024-25"
MARTS = (
    "mart_savings",
    "mart_real_terms",
    "mart_invest_to_save",
    "mart_third_sector",
    "mart_third_sector_payees",
    "mart_outcomes",
    "mart_culture_barriers",
    "mart_culture_barrier_cells",
    "mart_culture_enablers",
    "mart_culture_pooling",
    "mart_governance",
    "mart_governance_bodies",
)
# law: (the table it is about, which must hold rows; a query that finds what breaks it)
LAWS = {
    "a scenario takes its rate of all consolidated money": (
        "mart_savings",
        "select scenario from mart_savings group by scenario having sum(consolidated_gbp)"
        " <> (select sum(consolidated_gbp) from mart_spend_by_place)"
        " union all select scenario from mart_savings where abs(saving_gbp - consolidated_gbp * savings_rate::double) > 0.0051",
    ),
    "a printed figure lies within half a step of the exact one": (
        "mart_savings",
        "select * from mart_savings where abs(saving_printed_gbp - saving_gbp) * 2 > printed_to_gbp"
        " or printed_to_gbp > greatest(abs(saving_gbp), 1)",
    ),
    "net is benefit less cost, and nobody's side is lost": (
        "mart_invest_to_save",
        "select proposal_id from mart_invest_to_save where net_benefit_gbp <> benefit_gbp - cost_gbp"
        " or cashable_benefit_gbp + cashable_not_stated_gbp > benefit_gbp or not (is_payer or is_saver)"
        " union all select 'sums' from mart_invest_to_save"
        " having sum(cost_gbp) <> (select sum(cost_gbp) from stg_invest_to_save__lines)"
        " or sum(benefit_gbp) <> (select sum(benefit_gbp) from stg_invest_to_save__lines)",
    ),
    "ranks of unequal outcomes are a permutation, the better before": (
        "mart_outcomes",
        "select indicator_code from mart_outcomes where outcome_rank is not null"
        " group by financial_year, indicator_code, place_type"
        " having count(distinct outcome_value) = count(*) and list_sort(list(outcome_rank)) <> range(1, count(*) + 1)"
        " union all select a.indicator_code from mart_outcomes as a inner join mart_outcomes as b"
        " using (financial_year, indicator_code, place_type)"
        " where a.outcome_rank < b.outcome_rank"
        " and case a.better when 'lower' then a.outcome_value >= b.outcome_value else a.outcome_value <= b.outcome_value end"
        " union all select a.indicator_code from mart_outcomes as a inner join mart_outcomes as b"
        " using (financial_year, indicator_code, place_type, expenditure_basis, capital_or_revenue, theme_code)"
        " where a.spend_rank < b.spend_rank and a.theme_consolidated_per_head_gbp <= b.theme_consolidated_per_head_gbp",
    ),
    "the third sector is its forms, beside all consolidated money": (
        "mart_third_sector",
        "select place_code from mart_third_sector where third_sector_gbp <> grant_gbp + contract_gbp + grant_or_contract_gbp"
        " union all select 'all' from mart_third_sector"
        " having sum(consolidated_gbp) <> (select sum(consolidated_gbp) from mart_spend_by_place) or sum(third_sector_gbp)"
        " <> (select sum(consolidated_pence) * 0.01::decimal(3, 2) from int_count__treated where treatment <> 'eliminated'"
        " and (delivery_mode in ('grant_third_sector', 'contract_third_sector') or payee_class = 'charity'))",
    ),
    "shares of respondents are shares": (
        "mart_culture_barriers",
        "select * from mart_culture_barriers where prevalence not between 0 and 1 or response_rate not between 0 and 1"
        " or perception_gap not between -1 and 1 or declined_share not between 0 and 1 or without_owner_share not between 0 and 1",
    ),
    "a side of fewer than three is never shown": (
        "mart_culture_barriers",
        "select * from mart_culture_barriers where (least(local_respondent_count, central_respondent_count) < 3)"
        " <> (perception_gap is null) or (perception_gap is null) <> (perception_gap_reason is not null)"
        " or (perception_gap is null) <> (local_prevalence is null) or (perception_gap is null) <> (central_prevalence is null)",
    ),
    "money stands behind barriers once": (
        "mart_culture_barrier_cells",
        "select c.place_code from (select place_code, financial_year, theme_code, sum(consolidated_gbp) as gbp"
        " from mart_culture_barrier_cells group by all) as c inner join"
        " (select place_code, financial_year, theme_code, sum(attributed_gbp) as gbp from mart_spend_by_theme"
        " where theme_scheme = 'total_place' group by all) as t using (place_code, financial_year, theme_code)"
        " where c.gbp <> t.gbp",
    ),
    "a pooling ratio is pooled over spend, the whole place holds every theme": (
        "mart_culture_pooling",
        "select * from mart_culture_pooling where abs(pooling_ratio * consolidated_gbp - pooled_gbp) > 0.01 or pooling_ratio < 0"
        " or (pooling_ratio is null) <> (pooling_ratio_reason is not null)"
        " union all select p.* from mart_culture_pooling as p inner join mart_culture_pooling as a"
        " using (place_code, financial_year) where a.theme_code = 'all' and p.pooled_gbp > a.pooled_gbp",
    ),
    "real terms turn back into nominal, in one vintage": (
        "mart_real_terms",
        "select * from mart_real_terms where abs(consolidated_real_gbp * deflator_year_index / deflator_base_index"
        " - consolidated_gbp) > 0.01 or (consolidated_real_gbp is null) <> (real_terms_reason is not null)",
    ),
    "answered asks and boards with a seat are some of all": (
        "mart_governance",
        "select * from mart_governance where answered_share not between 0 and 1 or third_sector_seat_share not between 0 and 1"
        " or board_known_seats_count > board_count or answered_count > ask_count",
    ),
}


def add(warehouse: Warehouse, places: Sequence[str], agencies: Sequence[str], shuffle: int | None) -> None:
    """Rows of every kind of the programme, the same rows whatever the shuffle."""
    chance = random.Random(23)
    for slug in CENTRAL:
        warehouse.add("registry.agencies", {"agency_slug": slug, "agency_name": slug, "agency_type": "central_department"})
    rows: dict[str, list[dict[str, object]]] = {}

    def put(kind: str, number: int, **columns: object) -> None:
        of_all = {"flow_id": f"{kind}-{number}", "financial_year": YEAR, "place_code": chance.choice(places), "row_number": 1}
        rows.setdefault(f"lake.{kind}", []).append({**of_all, "cell_ref": "A1", "agency_slug": agencies[0], **columns})

    def pounds(most: int) -> Decimal:
        return Decimal(chance.randint(0, most)) / 100

    for number in range(60):
        who = chance.choice((*agencies[:5], *CENTRAL))
        status = chance.choice(("raised", "accepted", "lifted", "declined", "dormant"))
        resolved = chance.choice((None, "2024-05-01", "2024-07-09"))
        report = {"respondent_agency": who, "status": status, "raised_date": "2024-04-01", "resolved_date": resolved}
        report |= {"theme_code": chance.choice(THEMES), "owner": chance.choice((None, "Board"))}
        barrier = {"barrier_type": chance.choice(("trust", "boundary", "capacity")), "severity": chance.randint(1, 5)}
        put("culture_barriers", number, **report, **barrier, place_code=chance.choice((*places[:2], *places)))
        put(
            "culture_enablers",
            number,
            **report,
            effect=chance.randint(1, 5),
            enabler_type=chance.choice(("trust", "Joint post", "x")),
        )
        arrangement = {"arrangement_id": f"JA{number}", "party_agencies": f"{agencies[0]};{agencies[1 + number % 3]}"}
        arrangement |= {"arrangement_kind": chance.choice(("s75_pooled", "s256", "joint_post"))}
        put(
            "joint_arrangements",
            number,
            **arrangement,
            theme_code=chance.choice(THEMES),
            amount_gbp=chance.choice((None, pounds(99999))),
        )
        proposal = {
            "proposal_id": f"P{number % 9}",
            "title": "t",
            "investing_agency": who,
            "benefiting_agency": agencies[number % 5],
        }
        proposal |= {"cost_gbp": chance.choice((None, pounds(9999))), "benefit_gbp": pounds(9999)}
        put("invest_to_save", number, **proposal, cashable_share=chance.choice((None, 0.0, 0.25, 1.0)))
        indicator = {
            "indicator_code": f"I{number % 4}",
            "indicator_name": "i",
            "unit": "u",
            "better": ("higher", "lower")[number % 2],
        }
        at = places[(number // 4) % len(places)]
        put("outcomes", number, **indicator, theme_code=THEMES[number % 4], value=float(chance.randint(1, 9)), place_code=at)
        board = {"body_id": f"B{number}", "body_name": f"Board {number % 20}", "member_agencies": agencies[0]}
        seats = chance.choice((None, 0, 2))
        put("governance_bodies", number, **board, third_sector_seats=seats, decides_money=chance.choice((True, False)))
        answered = chance.choice((None, "2024-04-11"))
        put("asks", number, ask_id=f"A{number}", asked_agency=CENTRAL[0], asked_date="2024-04-01", answered_date=answered)
    for number, (name, charity) in enumerate((("Some Firm Ltd", "1234567"), ("A Person", None), ("Other Trust", "SC012345"))):
        put("grants", number, agency_slug=agencies[9], recipient_name=name, recipient_charity_number=charity,
            amount_gbp=Decimal("10.00"), award_identifier=f"G{number}", place_code=None)  # fmt: skip
    for table, of_kind in rows.items():
        if shuffle is not None:
            random.Random(shuffle).shuffle(of_kind)
        if table == "lake.grants":
            for row in of_kind:
                del row["place_code"]
        warehouse.add(table, *of_kind)
