"""What a partition (a publisher's year) holds, as the UI tells it: rows, pounds, findings, coverage, revisions, money by month.

Belongs here: adding up records and the lake's files of a partition. Must not: know Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.records import FileRecord, partition_key
from ingest.revisions import Revision, decide_revisions
from orchestration.overlap_results import DATE_FIELDS

FINANCIAL_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
MONTHLY_KIND = "spend"  # the kind of which every month is expected: the rules about months are about it
Months = dict[str, tuple[int, Decimal]]  # month -> lines, pounds


@dataclass(frozen=True)
class PartitionFacts:
    """`current`: revisions in service or held last, which the sums are of; `revisions`: all, newest first. `months`: kind -> month
    -> lines and pounds in service."""

    key: str
    revisions: tuple[Revision, ...]
    current: tuple[Revision, ...]
    months: dict[str, Months] = field(default_factory=dict[str, Months])

    def rows(self, name: str) -> int:
        """`accepted`, `quarantined` or `excluded` rows."""
        return sum(int(entry[f"{name}_count"]) for r in self.current for entry in r.part.ledger)

    def gbp(self, name: str) -> Decimal:
        return sum((Decimal(str(entry[f"{name}_gbp"] or 0)) for r in self.current for entry in r.part.ledger), Decimal("0.00"))

    def findings(self, severity: str) -> int:
        return sum(r.part.finding_counts.get(severity, 0) for r in self.current)

    @property
    def months_of_year(self) -> tuple[str, ...]:
        year = self.key.partition("|")[2]
        if not year[:4].isdecimal():
            return ()
        return tuple(f"{int(year[:4]) + (month < 4)}-{month:02d}" for month in FINANCIAL_MONTHS)

    @property
    def coverage(self) -> list[tuple[str, str, str]]:
        """What of the year is in service: kind, the months that have lines or the periods returned, the months without lines."""
        told: list[tuple[str, str, str]] = []
        serving = [r for r in self.current if r.status == "in_service"]
        for kind in sorted({r.part.kind for r in serving if r.part.kind}):
            if kind == MONTHLY_KIND and self.months_of_year:
                missing = [month for month in self.months_of_year if month not in self.months.get(kind, {})]
                words = f"{len(self.months_of_year) - len(missing)} of {len(self.months_of_year)} months have lines"
                told.append((kind, words, ", ".join(missing)))
                continue
            periods = sorted({r.part.period or "unknown" for r in serving if r.part.kind == kind})
            told.append((kind, ", ".join(periods[:12]) + (" and more" if len(periods) > 12 else ""), ""))
        return told


def facts_of_partitions(root: Path, records: Sequence[FileRecord], keys: Sequence[str]) -> list[PartitionFacts]:
    """The facts of partitions. `root`: the home's; `records`: all current ones, whose months are read in one query."""
    revisions = decide_revisions(records)
    last = {r.part.return_id: r.revision_number for r in revisions}
    by_key: dict[str, list[Revision]] = {key: [] for key in keys}
    for revision in revisions:
        key = partition_key(revision.file.publisher_slug, revision.part.financial_year)
        if key in by_key:
            by_key[key].append(revision)
    months = _months(root, [r for mine in by_key.values() for r in mine if r.status == "in_service"])
    facts: list[PartitionFacts] = []
    for key, mine in by_key.items():
        ordered = sorted(mine, key=lambda r: (r.part.return_id, -r.revision_number))
        current = [
            r for r in ordered if r.status == "in_service" or (r.status == "held" and r.revision_number == last[r.part.return_id])
        ]
        by_kind: dict[str, Months] = {}
        for revision in current:
            if revision.part.kind in DATE_FIELDS and revision.status == "in_service":
                into = by_kind.setdefault(revision.part.kind, {})
                for month, (count, gbp) in months.get(revision.part.revision_id, {}).items():
                    had = into.get(month, (0, Decimal("0.00")))
                    into[month] = (had[0] + count, had[1] + gbp)
        facts.append(PartitionFacts(key, tuple(ordered), tuple(current), by_kind))
    return facts


def _months(root: Path, revisions: Sequence[Revision]) -> dict[str, Months]:
    """Revision -> month -> lines and pounds, of the kinds whose lines have dates."""
    found: dict[str, Months] = {}
    with duckdb.connect() as connection:
        for kind, date_field in DATE_FIELDS.items():
            paths = [str(root / path) for r in revisions if r.part.kind == kind for path in r.part.accepted_paths]
            if not paths:
                continue
            rows = connection.execute(
                f"""
                select revision_id, strftime({date_field}, '%Y-%m'), count(*), coalesce(sum(amount_gbp), 0)::decimal(18, 2)
                from read_parquet($paths) where {date_field} is not null group by all order by all
                """,
                {"paths": paths},
            ).fetchall()
            for revision_id, month, count, gbp in rows:
                found.setdefault(revision_id, {})[month] = (int(count), gbp)
    return found
