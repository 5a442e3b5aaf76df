"""The notes that a table carries into the release: what to know before its figures are used.

Belongs here: sentences, and which column brings each with it. A new table with such a column has the note without being named.
Must not: say what a single column holds (that is the column's description, in the dbt project).
"""

from __future__ import annotations

from collections.abc import Sequence

_BY_COLUMN = (
    # the table has these columns, and what it then says
    (
        ("as_of", "owed_count"),
        "Freshness is as of as_of, the day of the last landing in the release: `totalplace returns due` asks as of today.",
    ),
    (
        ("as_of", "due_on"),
        "States are as of as_of, the day of the last landing in the release: on a later day compare due_on and grace_until "
        "with that day.",
    ),
    (
        ("coverage_status",),
        "Read no total without coverage_status: ledger_only is payments over a threshold, with no payroll and nothing "
        "below it, and compares with nothing that is returned; missing is an agency without a return and has no money.",
    ),
    (
        ("is_partial",),
        "A row with is_partial has fewer months, or thinner ones, than its year should have.",
    ),
    (
        ("expenditure_basis",),
        "Gross money and money net of income stand in different rows: a sum over both expenditure_basis values is of "
        "mixed basis and must say so.",
    ),
    (
        ("capital_or_revenue",),
        "Capital and revenue are kept apart.",
    ),
    (
        ("vat_basis",),
        "Publishers differ in VAT: vat_basis says which amounts include it.",
    ),
    (
        ("method_grade",),
        "method_grade: A recorded for the place by the payer, B by recipient, C by service driver, D apportioned by "
        "population, E not placed. Apportioned money makes agencies look alike; comparisons use A and B.",
    ),
    (
        ("grade_scope",),
        "Headlines are of grades A-B; the scope all stands beside them and includes apportioned money.",
    ),
    (
        ("place_basis",),
        "place_basis: in (spent there) and for (benefits those who live there) are different questions.",
    ),
    (
        ("is_counting_layer",),
        "Exactly one layer counts per agency and year; the other rows explain it and are never added to it.",
    ),
    (
        ("eliminated_gbp", "consolidated_gbp"),
        "consolidated_gbp = aggregate_gbp - eliminated_gbp: money that one agency of the place pays another is counted "
        "once, where it is spent.",
    ),
    (
        ("is_additive",),
        "Themes of a scheme with is_additive = false overlap: they do not sum to a total.",
    ),
    (
        ("classification_grade",),
        "classification_grade says how the service is known: published code, mapped category, keyword rule, agency "
        "default, unclassified.",
    ),
    (
        ("route_grade",),
        "route_grade says whether the funding route was stated or inferred.",
    ),
    (
        ("published_as_at",),
        "Two vintages of one figure can both be published: published_as_at and revision_id say which one this is.",
    ),
    (
        ("price_base_year",),
        "Real terms are at the prices of price_base_year, by the GDP deflator; a year without a deflator has no real figure.",
    ),
    (
        ("population_vintage",),
        "Per head figures use the population that population_vintage names, which may be a stand-in; without one there "
        "is no figure, and population_reason says why.",
    ),
    (
        ("driver_vintage",),
        "Apportioned money uses the driver and the vintage that the row names.",
    ),
    (
        ("overlap_gbp",),
        "Overlap shows several agencies spending on the same thing, never that one of them is superfluous.",
    ),
    (
        ("non_lead_gbp",),
        "Shared suppliers grow with the agencies compared: compare only places and years with the same kinds of agency and "
        "the same months. That several agencies pay one supplier is an opening for buying together, not a saving.",
    ),
    (
        ("base_gbp",),
        "A base is no saving: rates are the user's own, with their source, and none is shipped.",
    ),
    (
        ("excess_gbp",),
        "A possible duplicate payment is a question for the payer, not a finding of loss.",
    ),
    (
        ("mismatch_gbp",),
        "Payer and payee may state different amounts of one transfer: mismatch_gbp is payer less payee.",
    ),
)
_BY_PREFIX = (
    ("mart_", "Money in pounds, to the penny; NULL is not known, never nought."),
    ("fct_", "One row per flow or part of one, of all layers: sums over layers count money twice."),
    ("dim_", "Reference data, shipped and added by the place."),
    ("qa_", "For judging the count; its money is not spend of a place."),
)
_OWN = {
    "fct_allocation": "Counting rows only: here nothing stands twice.",
    "mart_spend_by_area": "Each area is consolidated for itself: it is not the sum of its places, and areas overlap.",
}


def notes_of(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The notes of a table with these columns, general ones first."""
    if table in _OWN and table.startswith("fct_"):
        general: tuple[str, ...] = ()
    else:
        general = tuple(note for prefix, note in _BY_PREFIX if table.startswith(prefix))
    own = (_OWN[table],) if table in _OWN else ()
    return general + own + tuple(note for needed, note in _BY_COLUMN if set(needed) <= set(columns))
