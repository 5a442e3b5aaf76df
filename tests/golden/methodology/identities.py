"""The identities of the count."""

from . import Section, Worked

SECTION = Section(
    90,
    "Nothing is lost",
    (
        Worked(
            "Identities to the penny",
            """
            Every pound of a file is accepted, held or left out with a reason, against a count of the file that
            does not use the reader; every accepted pound is in one place of the count. The build stops where a
            difference is not nought. For one body of the golden count:
            """,
            "Double entry; the statement is `qa_conservation` in every release.",
            """
            select identity as "Identity", financial_year as "Year", left_gbp as "Left £", right_gbp as "Right £",
                difference_gbp as "Difference £"
            from qa_conservation where agency_slug = 'whole-council' order by identity, financial_year
            """,
        ),
    ),
)
