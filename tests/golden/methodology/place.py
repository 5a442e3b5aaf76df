"""Place: division without loss, per head, real terms."""

from . import Section, Worked

_THIRDS = "('X98660011', 'X98660012', 'X98660013')"

SECTION = Section(
    30,
    "Place, people and prices",
    (
        Worked(
            "Division by largest remainder",
            """
            Money that no place was recorded for is divided by the weights of its agency, in whole pence:
            everyone gets the pence that are certain, the pence that are left go to the largest remainders, ties
            by place code. The parts sum to the whole, always. A fire authority with £100.00 and three places of
            100,000 people each:
            """,
            "Largest remainder (Hare quota); CRA for the difference between spending in and for a place.",
            f"""
            select place_code as "Place", method_grade as "Grade", driver as "Driver", aggregate_gbp as "£"
            from mart_spend_by_place where agency_slug = 'worked-thirds' and financial_year = '2024-25' and place_code in {_THIRDS}
            order by place_code
            """,
            """
            Grade D: by population. Headlines of overlap use grades A and B, since divided money makes agencies
            look alike.
            """,
        ),
        Worked(
            "Per head",
            """
            The denominator is the mid-year population of the calendar year in which the financial year starts.
            Where the reference data has none there is no figure, unless a stand-in is named; it then shows in
            `population_vintage`.
            """,
            "Office for National Statistics, mid-year population estimates and censuses.",
            """
            select financial_year as "Year", consolidated_gbp as "Consolidated £", population_count as "People",
                population_vintage as "Vintage", consolidated_per_head_gbp as "Per head £"
            from mart_spend_by_place where agency_slug = 'worked-layers' and consolidated_gbp is not null order by 1
            """,
        ),
        Worked(
            "Real terms",
            """
            Real = nominal x index of the base year / index of the year; a financial year's index is the mean of
            its four quarters, and a year that lacks a quarter has no real figure.
            """,
            "HM Treasury, GDP deflators at market prices (Office for National Statistics series YBGB).",
            """
            select s.financial_year as "Year", y.deflator_index as "Index", s.price_base_year as "Base year",
                b.deflator_index as "Base index", s.consolidated_gbp as "Nominal £", s.consolidated_real_gbp as "Real £"
            from mart_spend_by_place as s
            inner join dim_financial_year as y on s.financial_year = y.financial_year
            inner join dim_financial_year as b on s.price_base_year = b.financial_year
            where s.agency_slug = 'worked-layers' and s.consolidated_gbp is not null order by 1
            """,
        ),
    ),
)
