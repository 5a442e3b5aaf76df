"""One layer counts."""

from . import Section, Worked

SECTION = Section(
    10,
    "One account per agency and year",
    (
        Worked(
            "The others explain it and never add to it",
            """
            An agency's money is published several times: as accounts, as a ledger of payments, as a budget, as
            awards. Exactly one of them counts for an agency and a year: accounts before the ledger, and among
            accounts a full count before the revenue outturn. Awards never count. A ledger omits payroll and
            what is under its threshold, so it explains accounts in part; the share is shown.
            """,
            """
            WGA, which is built from accounts; the Local Government Transparency Code 2015 for ledgers and their
            threshold.
            """,
            """
            select kind as "Return", layer as "Layer", is_counting_layer as "Counts", amount_gbp as "Outlays £",
                explained_share as "Explained share"
            from mart_layer_comparison where agency_slug = 'worked-layers' and financial_year = '2023-24' order by 3 desc, 1
            """,
            "The total of the place holds the account alone.",
        ),
    ),
)
