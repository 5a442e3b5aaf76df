"""Which returns are due, when, and what became of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.calendar import AgencyFacts, CalendarRule, ReturnDue, Seen, returns_due, rules_for
from ingest.calendar.due import YEARS_BACK
from ingest.calendar.rhythm import learned_rhythm, periods_between
from ingest.periods import Period, parse_period
from ingest.registry import Registry

QUARTERLY = CalendarRule("spend", "quarter", 31, 31, "the code")
MONTHLY = CalendarRule("spend", "month", 31, 31, "the guidance")
YEARLY = CalendarRule("count", "financial_year", 183, 92, "ours")
LONG_AGO = date(2020, 1, 1)


def period(name: str) -> Period:
    found = parse_period(name)
    assert found is not None
    return found


def seen(
    name: str, status: str = "in_service", landed: date = LONG_AGO, published: date | None = None, kind: str = "spend"
) -> Seen:
    return Seen("council", "council", kind, period(name), status, landed, published)


def due(rows: list[Seen], as_of: date, *rules: CalendarRule, facts: AgencyFacts | None = None) -> dict[str, ReturnDue]:
    found = returns_due(rows, rules or (QUARTERLY,), {"council": facts or AgencyFacts("la_unitary")}, as_of)
    assert len({one.period for one in found}) == len(found)
    return {one.period.name: one for one in found}


@pytest.mark.parametrize(
    ("as_of", "state", "days"),
    [
        (date(2024, 9, 30), "not_yet_due", None),
        (date(2024, 10, 31), "not_yet_due", None),  # one month after the quarter's end is in time
        (date(2024, 11, 1), "late", 1),
        (date(2024, 12, 1), "late", 31),
        (date(2024, 12, 2), "not_received", 32),
    ],
)
def test_a_quarter_is_due_a_month_after_its_end_then_late_then_not_received(as_of: date, state: str, days: int | None) -> None:
    one = due([seen("2024-Q2")], as_of)["2024-Q3"]
    assert (one.due_on, one.grace_until) == (date(2024, 10, 31), date(2024, 12, 1))
    assert (one.state, one.days_late, one.is_late) == (state, days, days is not None)


@pytest.mark.parametrize(("published", "late"), [(date(2024, 7, 31), None), (date(2024, 8, 10), 10)])
def test_a_return_counts_from_the_day_it_was_published(published: date, late: int | None) -> None:
    one = due([seen("2024-Q2", landed=date(2025, 5, 5), published=published)], date(2025, 6, 1))["2024-Q2"]
    assert (one.state, one.received_on, one.received_basis) == ("received", published, "published")
    assert (one.is_late, one.days_late) == (late is not None, late)


def test_nobody_can_tell_whether_what_was_due_before_the_first_landing_came_late() -> None:
    rows = [seen("2024-Q1", landed=date(2024, 9, 1)), seen("2024-Q2", landed=date(2024, 9, 1))]
    found = due([*rows, seen("2024-Q3", landed=date(2024, 11, 5))], date(2024, 12, 31))
    assert [(one.is_late, one.days_late) for one in found.values()] == [(None, None), (None, None), (True, 5), (False, None)]
    assert found["2024-Q2"].received_basis == "landed"


def test_a_correction_makes_nothing_late_and_a_held_one_takes_nothing_back() -> None:
    first = seen("2024-Q2", "superseded", landed=date(2024, 7, 20))
    again = [first, seen("2024-Q2", landed=date(2024, 12, 1)), seen("2024-Q2", "held", landed=date(2025, 1, 1))]
    one = due(again, date(2025, 2, 1))["2024-Q2"]
    assert (one.state, one.received_on, one.is_late) == ("received", date(2024, 7, 20), False)


def test_a_return_of_which_only_held_revisions_are_in_is_held() -> None:
    one = due([seen("2024-Q1"), seen("2024-Q2", "held")], date(2025, 2, 1))["2024-Q2"]
    assert (one.state, one.received_on, one.is_late, one.days_late) == ("held", None, True, 185)


def test_who_sends_months_owes_months_but_not_sooner_than_the_quarter_is_due() -> None:
    rows = [seen(name) for name in ("2024-04", "2024-05", "2024-06", "2024-07", "2024-09")]
    found = due(rows, date(2024, 11, 10))
    assert {one.frequency for one in found.values()} == {"month"}
    assert {name: found[name].due_on for name in ("2024-07", "2024-08", "2024-09")} == dict.fromkeys(
        ("2024-07", "2024-08", "2024-09"), date(2024, 10, 31)
    )
    assert [name for name, one in found.items() if one.state == "late"] == ["2024-08"]


def test_who_sends_years_owes_the_quarters_that_the_rule_asks_for() -> None:
    rows = [seen(name) for name in ("2021-22", "2022-23", "2023-24")]
    found = due(rows, date(2024, 8, 31))
    assert {one.frequency for one in found.values()} == {"quarter"}
    assert {name for name, one in found.items() if one.state == "received"} == {
        f"{year}-Q{quarter}"
        for year in range(2021, 2025)
        for quarter in (1, 2, 3, 4)
        if "2021-Q2" <= f"{year}-Q{quarter}" <= "2024-Q1"
    }
    assert found["2024-Q2"].state == "late"


def test_part_of_a_period_is_not_all_of_it() -> None:
    quarters = [seen(name) for name in ("2023-Q3", "2023-Q4", "2024-Q1")]
    one = due([*quarters, seen("2024-04"), seen("2024-06")], date(2024, 8, 15))["2024-Q2"]
    assert (one.state, one.is_part_received) == ("late", True)
    whole = due([seen("2024-Q1"), *(seen(name) for name in ("2024-04", "2024-05", "2024-06"))], date(2024, 8, 15))
    assert whole["2024-05"].state == "received"


def test_nothing_is_asked_before_an_agency_began_or_after_it_ended() -> None:
    facts = AgencyFacts("la_unitary", date(2024, 4, 1), date(2024, 10, 1))
    assert list(due([seen("2023-Q4"), seen("2024-Q2")], date(2025, 6, 1), facts=facts)) == ["2024-Q2", "2024-Q3"]


def test_a_row_that_names_an_agency_asks_it_before_it_has_sent_anything_and_ends_the_general_rule() -> None:
    own = CalendarRule("count", "financial_year", 183, 0, "asked", agency_slug="council", valid_from=date(2023, 4, 1),
                       valid_to=date(2025, 4, 1), is_added=True)  # fmt: skip
    found = due([], date(2026, 1, 1), YEARLY, own)
    assert {name: (one.state, one.due_on) for name, one in found.items()} == {
        "2023-24": ("not_received", date(2024, 9, 30)), "2024-25": ("not_received", date(2025, 9, 30)),
    }  # fmt: skip
    assert found["2023-24"].publisher_slug == "council"


def test_a_slip_of_a_date_does_not_owe_a_century() -> None:
    found = due([seen("1901-01"), seen("2024-01")], date(2024, 6, 1))
    assert len(found) <= (YEARS_BACK + 1) * 4


def test_a_kind_without_a_rule_is_never_due() -> None:
    assert due([seen("2024-25", kind="asks")], date(2026, 1, 1), QUARTERLY) == {}


@pytest.mark.parametrize(
    ("agency_type", "kind", "frequency"),
    [
        ("la_lower", "spend", "quarter"),
        ("fire", "procurement_card", "quarter"),
        ("police", "spend", "quarter"),
        ("central_department", "spend", "month"),
        ("nhs_provider", "spend", "month"),
        ("la_upper", "service_expenditure", "financial_year"),
        ("third_sector", "spend", None),
    ],
)
def test_the_shipped_calendar(agency_type: str, kind: str, frequency: str | None) -> None:
    mine = rules_for(Registry().calendar, kind, "any", agency_type)
    assert [rule.frequency for rule in mine] == ([frequency] if frequency else [])
    assert all(rule.source and rule.due_days >= 31 for rule in mine)


def test_a_place_s_own_row_goes_before_a_shipped_one_and_an_agency_s_before_a_type_s() -> None:
    general = CalendarRule("spend", "month", 1, 1, "ours", is_added=True)
    of_type = CalendarRule("spend", "quarter", 2, 2, "ours", agency_types=frozenset({"fire"}), is_added=True)
    of_one = CalendarRule("spend", "quarter", 3, 3, "ours", agency_slug="x", is_added=True)
    rules = [*Registry().calendar, general, of_type, of_one]
    assert rules_for(rules, "spend", "x", "fire") == [of_one]
    assert rules_for(rules, "spend", "y", "fire") == [of_type]
    assert rules_for(rules, "spend", "y", "police") == [general]


def test_a_rhythm_is_that_of_most_of_the_latest_returns() -> None:
    months = [period(f"2024-{month:02d}") for month in range(4, 10)]
    assert learned_rhythm([period("2022-Q1"), period("2022-Q2"), period("2022-Q3"), *months]) == "month"
    assert learned_rhythm(months[:2]) is None
    assert learned_rhythm([period("2022-Q1"), period("2022-Q2"), *months[:2]]) is None


_LENGTHS = ("month", "quarter", "financial_year")
_NAMES = [p.name for length in _LENGTHS for p in periods_between(length, date(2022, 4, 1), date(2024, 3, 1))]
_SEEN = st.builds(
    seen,
    st.sampled_from(_NAMES),
    st.sampled_from(("in_service", "superseded", "held")),
    st.dates(date(2022, 4, 1), date(2025, 1, 1)),
    st.one_of(st.none(), st.dates(date(2022, 4, 1), date(2025, 1, 1))),
)


@settings(max_examples=60)
@given(st.lists(_SEEN, max_size=12), st.dates(date(2022, 4, 1), date(2026, 1, 1)), st.sampled_from((QUARTERLY, MONTHLY)))
def test_laws_of_what_is_due(rows: list[Seen], as_of: date, rule: CalendarRule) -> None:
    found = list(due(rows, as_of, rule).values())
    for one in found:
        assert one.period.start <= as_of
        assert (one.state == "received") == (one.received_on is not None)
        assert (one.days_late is not None) == bool(one.is_late)
        assert one.days_late is None or one.days_late > 0
        if one.state in ("not_yet_due", "late", "not_received"):
            assert one.is_late == (as_of > one.due_on)
        if one.state == "received":  # something in service reaches every day of it
            for month in periods_between("month", one.period.start, one.period.end - timedelta(days=1)):
                assert any(row.status == "in_service" and row.period.holds(month.start) for row in rows)
    # periods follow one another without a gap, and time only moves a return towards not_received
    assert all(a.period.end == b.period.start for a, b in pairwise(found))
    order = ("not_yet_due", "late", "not_received")
    later = due(rows, as_of + timedelta(days=40), rule)
    for one in found:
        if one.state in order:
            assert order.index(later[one.period.name].state) >= order.index(one.state)
        else:
            assert later[one.period.name].state == one.state
    assert found == list(due(list(reversed(rows)), as_of, rule).values())
