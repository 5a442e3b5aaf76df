"""What the file of plain lines holds, read back by another engine than the one that wrote it.

Belongs here: counts, sums and extremes of the stored columns. Must not: judge them (`orchestration.bulk` gives them to the rules).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.bulk.counter import cursor
from ingest.rows import ZERO, PlainLines


@dataclass(frozen=True)
class Stored:
    """`complete_count`: lines with amount, date and payee; extremes are None where there are no lines."""

    row_count: int
    complete_count: int
    gbp: Decimal
    smallest: Decimal | None
    largest: Decimal | None
    first: date | None
    last: date | None


def read_stored(plain: PlainLines) -> Stored:
    """Read back the stored lines (none: no file was written)."""
    if not plain.count:
        return Stored(0, 0, ZERO, None, None, None, None)
    with cursor() as connection:
        row = connection.execute(
            """
            select
                count(*),
                count(*) filter (amount_gbp is not null and payment_date is not null and payee_name is not null),
                sum(amount_gbp), min(amount_gbp), max(amount_gbp), min(payment_date), max(payment_date)
            from read_parquet($path)
            """,
            {"path": str(plain.path)},
        ).fetchone()
    assert row is not None
    return Stored(row[0], row[1], row[2] or ZERO, *row[3:])
