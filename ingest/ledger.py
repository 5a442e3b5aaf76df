"""The ledger of a file: every physical row and every penny, in exactly one of accepted, quarantined, excluded.

Belongs here: adding up. `file_gbp` and `row_count` come from the independent tally, the rest from what the parser and the rules
made of the rows; the two sides are compared by blocking rules (design: returns, rule 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from ingest.reading import Reading, ReturnPart
from ingest.rows import ZERO, RowFate


@dataclass(frozen=True)
class LedgerEntry:
    """One return part x agency (`agency_slug` None: rows of the file that belong to no agency)."""

    agency_slug: str | None
    row_count: int
    accepted_count: int
    quarantined_count: int
    excluded_count: int
    file_gbp: Decimal | None
    accepted_gbp: Decimal
    quarantined_gbp: Decimal
    excluded_gbp: Decimal


@dataclass(frozen=True)
class LedgerDifference:
    """Tally minus the parser's own sum, over the whole file. None: there was no tally."""

    row_count: int | None
    gbp: Decimal | None


def money_sum(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that parsed."""
    return sum((a for a in amounts if isinstance(a, Decimal)), ZERO)


def ledger_difference(reading: Reading) -> LedgerDifference:
    """What the independent tally finds that the parser does not (positive), or the other way round (negative)."""
    if reading.tally is None:
        return LedgerDifference(None, None)
    plain = [part.plain for part in reading.parts if part.plain]
    parsed = sum((money_sum(part.lines["amount_gbp"]) for part in reading.parts), sum((lines.gbp for lines in plain), ZERO))
    excluded = sum((row.excluded_gbp for row in reading.extract.rows), ZERO)
    rows = len({(row.sheet_name, row.row_number) for row in reading.extract.rows})
    rows += sum(lines.count for lines in plain) + reading.extract.told_line_count
    return LedgerDifference(reading.tally.row_count - rows, reading.tally.total_gbp - parsed - excluded)


def ledger_entries(
    reading: Reading, part: ReturnPart, accepted: pd.Series, is_first_part: bool, is_held: bool = False
) -> list[LedgerEntry]:
    """The ledger of one part. Rows without an agency (headers, titles, totals) go to the part's own agency where the file has
    only one part and one agency, else to an entry without agency beside the first part.

    `accepted`: bool per line of the part; `is_held`: so are its plain lines, which otherwise are accepted.
    """
    fates = {(row.sheet_name, row.row_number): row for row in reading.extract.rows if row.is_line and row.excluded_gbp}
    is_single = len(reading.parts) == 1 and part.agency_slug is not None
    lines = part.lines
    keys = list(zip(lines["sheet_name"], lines["row_number"], strict=True))
    agencies: list[str | None] = [part.agency_slug] * len(lines) if is_single else list(_agencies(lines))
    rows_of: dict[str | None, dict[tuple[str | None, int], bool]] = {}
    money_of: dict[str | None, list[Decimal]] = {}
    for key, agency, is_accepted, amount in zip(keys, agencies, accepted, lines["amount_gbp"], strict=True):
        seen = rows_of.setdefault(agency, {})
        seen[key] = bool(is_accepted) or seen.get(key, False)
        sums = money_of.setdefault(agency, [ZERO, ZERO])
        sums[0 if is_accepted else 1] += amount if isinstance(amount, Decimal) else ZERO
    excluded_of = _excluded(reading, part, is_single, is_first_part)
    entries: list[LedgerEntry] = []
    everyone: set[str | None] = rows_of.keys() | excluded_of.keys() | ({part.agency_slug} if part.plain else set[str | None]())
    for agency in sorted(everyone, key=lambda slug: (slug is None, slug or "")):
        line_rows = rows_of.get(agency, {})
        excluded = excluded_of.get(agency, [])
        file_keys = set(line_rows) | {(row.sheet_name, row.row_number) for row in excluded}
        accepted_gbp, quarantined_gbp = money_of.get(agency, [ZERO, ZERO])
        plain = part.plain if part.plain and agency == part.agency_slug else None
        plain_count, plain_gbp = (plain.count, plain.gbp) if plain else (0, ZERO)
        entries.append(
            LedgerEntry(
                agency_slug=agency,
                row_count=_tallied_rows(reading, file_keys, is_single),
                accepted_count=sum(line_rows.values()) + (0 if is_held else plain_count),
                quarantined_count=len(line_rows) - sum(line_rows.values()) + (plain_count if is_held else 0),
                excluded_count=len(excluded),
                file_gbp=_tallied_gbp(reading, file_keys, is_single),
                accepted_gbp=accepted_gbp + (ZERO if is_held else plain_gbp),
                quarantined_gbp=quarantined_gbp + (plain_gbp if is_held else ZERO),
                excluded_gbp=sum((r.excluded_gbp for r in excluded), ZERO) + _cells_excluded(fates, line_rows),
            )
        )
    return entries


def _agencies(lines: pd.DataFrame) -> Iterable[str | None]:
    return (slug if isinstance(slug, str) else None for slug in lines["agency_slug"])


def _excluded(reading: Reading, part: ReturnPart, is_single: bool, is_first_part: bool) -> dict[str | None, list[RowFate]]:
    if not is_first_part:
        return {}
    found: dict[str | None, list[RowFate]] = {}
    for row in reading.extract.rows:
        if not row.is_line:
            found.setdefault(part.agency_slug if is_single else row.agency_slug, []).append(row)
    return found


def _cells_excluded(fates: Mapping[tuple[str | None, int], RowFate], line_rows: Iterable[tuple[str | None, int]]) -> Decimal:
    """Excluded cells (subtotals, memoranda) that stand on rows which also gave lines."""
    return sum((fates[key].excluded_gbp for key in line_rows if key in fates), ZERO)


def _tallied_rows(reading: Reading, keys: set[tuple[str | None, int]], is_single: bool) -> int:
    if reading.tally is None:
        return len(keys)
    return reading.tally.row_count if is_single else len(keys)


def _tallied_gbp(reading: Reading, keys: set[tuple[str | None, int]], is_single: bool) -> Decimal | None:
    if reading.tally is None:
        return None
    if is_single:
        return reading.tally.total_gbp
    tallied = reading.tally.row_gbp
    return sum((tallied[key] for key in keys if key in tallied), ZERO)
