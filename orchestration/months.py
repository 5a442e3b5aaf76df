"""The rules about months: per agency and financial year, over the ledgers in service together.

Belongs here: which months are expected, which return covers a month, and the findings of months missing or short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from expectations.catalogue import load_catalogue
from expectations.runner import run_rules_together
from expectations.wording import describe
from ingest.findings import Finding
from ingest.periods import Period, month_period, parse_period
from ingest.revisions import Revision


def month_rules(
    connection: duckdb.DuckDBPyConnection, revisions: Sequence[Revision], today: date, agencies: Mapping[str, Mapping[str, str]]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The rules about months, run per agency and financial year over the ledgers in service. `agencies`: the
    registry's rows by slug, which say when an agency began and ended."""
    counts = connection.execute(_MONTH_COUNTS).fetchall()
    frame = _month_frame(counts, today, agencies)
    if frame.empty:
        return [], []
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    by_month = _returns_by_month(revisions)
    results: list[dict[str, Any]] = []
    findings: list[Finding] = []
    groups = [group.reset_index(drop=True) for _, group in frame.groupby(["agency_slug", "financial_year"], sort=True)]
    for group, judged in zip(groups, run_rules_together(groups, kind="spend", grain="month"), strict=True):
        agency, year = str(group["agency_slug"][0]), str(group["financial_year"][0])
        for result in judged:
            rule = rules[result.rule_id]
            failed = group.iloc[result.failed_positions]
            homes = {by_month.get((agency, month)) for month in group["month"]} - {None}
            for return_id, revision_id in sorted(homes):  # type: ignore[misc]
                mine = sum(by_month.get((agency, month)) == (return_id, revision_id) for month in failed["month"])
                outcome = result.outcome if result.outcome != "failed" else ("failed" if mine else "passed")
                results.append({
                    "return_id": return_id, "revision_id": revision_id, "agency_slug": agency, "rule_id": rule.rule_id,
                    "grain": "month", "severity": rule.severity, "outcome": outcome, "checked_count": result.checked_count,
                    "failed_count": mine, "cause": result.cause,
                })  # fmt: skip
            for _, row in failed.iterrows():
                home = by_month.get((agency, row["month"]))
                message, expected = describe(rule, value=int(row["line_count"]), financial_year=year)
                findings.append(Finding(
                    rule.rule_id, rule.severity, rule.owner,  # type: ignore[arg-type]
                    f"{row['month']}: {message}", expected, publisher_slug=agency, agency_slug=agency, kind="spend",
                    period=row["month"], return_id=home[0] if home else None, revision_id=home[1] if home else None,
                    value=str(int(row["line_count"])), field_name="month",
                ))  # fmt: skip
    return results, findings


def ended_until(revisions: Sequence[Revision], today: date) -> str | None:
    """Up to which day months that have ended are looked at: with another answer these rules may say another thing of the same
    returns. The first of this month, or where the years of all ledgers are over the end of the last; None without a ledger."""
    years = {r.part.financial_year for r in revisions if r.status == "in_service" and r.part.kind == "spend"} - {None}
    ends = [period.end for year in years if (period := parse_period(year))]
    return min(today.replace(day=1), max(ends)).isoformat() if ends else None


_MONTH_COUNTS = """
select origins.agency_slug, origins.financial_year, strftime(days.payment_date, '%Y-%m') as month, sum(days.line_count)::bigint
from lake.ledger_days as days
inner join lake.ledger_origins as origins using (origin_no)
where days.payment_date is not null and origins.kind = 'spend'
group by all
"""


def _month_frame(
    counts: Sequence[tuple[str, str, str, int]], today: date, agencies: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """One row per agency, year and month expected: those of the year that have ended, in which the agency was there."""
    by_year: dict[tuple[str, str], dict[str, int]] = {}
    for agency, year, month, count in counts:
        by_year.setdefault((agency, year), {})[month] = count
    rows: list[dict[str, Any]] = []
    for (agency, year), months in sorted(by_year.items()):
        start = int(year[:4])
        names = [month_period(start + (m < 4), m) for m in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
        expected = [p.name for p in names if p.end <= today and _was_there(agencies.get(agency, {}), p)]
        for name in expected:
            others = [months[n] for n in expected if n != name and months.get(n)]
            median = float(pd.Series(others).median()) if others else float("nan")
            count = months.get(name, 0)
            share = count / median if others and count else float("nan")
            rows.append({
                "agency_slug": agency, "financial_year": year, "month": name, "line_count": count,
                "neighbour_median_count": median, "share_of_neighbours": share,
            })  # fmt: skip
    return pd.DataFrame(rows)


def _was_there(agency: Mapping[str, str], month: Period) -> bool:
    """Whether the agency existed on any day of the month; one without dates always does."""
    began, ended = agency.get("valid_from") or "0", agency.get("valid_to") or "9"
    return began < month.end.isoformat() and ended > month.start.isoformat()


def _returns_by_month(revisions: Sequence[Revision]) -> dict[tuple[str, str], tuple[str, str]]:
    """The return in service that covers an agency's month; the narrowest where several do."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    ledgers = [r for r in revisions if r.status == "in_service" and r.part.kind == "spend"]
    for revision in sorted(ledgers, key=_days_in, reverse=True):
        period = parse_period(revision.part.period)
        if period is None or revision.part.agency_slug is None:
            continue
        year, month = period.start.year, period.start.month
        while date(year, month, 1) < period.end:
            found[(revision.part.agency_slug, f"{year:04d}-{month:02d}")] = (revision.part.return_id, revision.part.revision_id)
            year, month = (year + month // 12, month % 12 + 1)
    return found


def _days_in(revision: Revision) -> int:
    period = parse_period(revision.part.period)
    return (period.end - period.start).days if period else 0
