"""The submission calendar: which return is due when, and whether it came. Pure: rows in, rows out, no clock and no files.

Belongs here: the rules of the calendar as data (`rules`), the rhythm that an agency really keeps (`rhythm`), the returns due as of
a day (`due`). Must not: read records, say anything to anybody, or hold a return back: lateness is a fact about an agency, never
about its money.
"""

from __future__ import annotations

from ingest.calendar.due import AgencyFacts, ReturnDue, Seen, State, returns_due
from ingest.calendar.rules import CalendarRule, calendar_rules, rules_for

__all__ = ["AgencyFacts", "CalendarRule", "ReturnDue", "Seen", "State", "calendar_rules", "returns_due", "rules_for"]
