"""Consolidation: the golden count in its four cases, and what happened to each transfer."""

from . import Section, Worked

_CASE = """
case place_code
    when 'X99000001' then 'all five bodies' when 'X99000002' then 'no return of the hospital trust'
    when 'X99000003' then 'no return of the fire authority' else 'the council reports net of pooled money'
end
"""

SECTION = Section(
    20,
    "Consolidate, do not just add",
    (
        Worked(
            "Aggregate, eliminated, consolidated",
            """
            The consolidated spend of a place is what its agencies pay out, less what they pay each other. Five
            bodies serve the place: a council (outlays 250, of which a precept of 12 passed to fire), a health
            commissioner (300, of which 200 to the trust and 20 pooled with the council), a hospital trust
            (210), a fire authority (22) and the Jobcentre (155), in £ million. The golden count is counted four
            times.
            """,
            "GFSM chapter 3 (consolidation); WGA (intra-government elimination).",
            f"""
            select {_CASE} as "Case", (sum(aggregate_gbp) / 1000000)::int as "Aggregate £m",
                (sum(eliminated_gbp) / 1000000)::int as "Eliminated £m", (sum(consolidated_gbp) / 1000000)::int as "Consolidated £m"
            from mart_spend_by_place where place_code in ('X99000001', 'X99000002', 'X99000003', 'X99000004')
            group by place_code order by place_code
            """,
            """
            Without the trust's return its £200m stays the commissioner's spend: nobody else shows it. Without
            the fire authority's return the precept still leaves the council's spend: a collection is never the
            collector's.
            """,
        ),
        Worked(
            "The treatment of each transfer",
            """
            Collections on behalf of another body and tax always leave the payer's spend. Purchases, grants and
            pooled money leave it only when the payee serves the place, its return counts, and its account has
            not netted the receipt off already. Bodies are resolved by a registry with identifiers, aliases and
            dates, never by a pattern over names.
            """,
            """
            GFSM chapter 3; WGA; CIPFA's Code of Practice on Local Authority Accounting, by which a council
            collects precepts as an agent.
            """,
            f"""
            select {_CASE} as "Case", split_part(payer_agency, '-', 2) as "Payer", split_part(payee_agency, '-', 2) as "Payee",
                transfer_kind as "Kind", treatment as "Treatment", reason as "Reason",
                (payer_amount_gbp / 1000000)::int as "Amount £m",
                (eliminated_gbp / 1000000)::int as "Eliminated £m"
            from mart_eliminations where place_code in ('X99000001', 'X99000002', 'X99000003', 'X99000004')
                and payer_amount_gbp is not null
            order by place_code, 2, 3
            """,
        ),
        Worked(
            "Resources in, spend out",
            """
            Money that comes to the agencies of a place from outside equals what they spend there, but for
            reserves; the difference is published, not assumed away.
            """,
            "GFSM chapter 4 (the government finance statistics framework).",
            f"""
            select {_CASE} as "Case", (resources_in_gbp / 1000000)::int as "Resources in £m",
                (consolidated_gbp / 1000000)::int as "Spend out £m",
                (reserves_and_unexplained_gbp / 1000000)::int as "Reserves and unexplained £m"
            from mart_resources where place_code in ('X99000001', 'X99000002', 'X99000003', 'X99000004') order by place_code
            """,
        ),
        Worked(
            "Coverage stands beside every total",
            """
            An agency of the place without a return is a row without money, not silence; `ledger_only` means
            that payments count because nothing better is in.
            """,
            "WGA (the list of bodies not consolidated, and why).",
            """
            select split_part(agency_slug, '-', 2) as "Agency", coverage_status as "Coverage",
                (consolidated_gbp / 1000000)::int as "£m"
            from mart_spend_by_place where place_code = 'X99000002' order by agency_slug
            """,
        ),
    ),
)
