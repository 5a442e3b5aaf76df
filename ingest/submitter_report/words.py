"""The words that all forms of the report share: how serious, who acts, how much money.

Belongs here: codes to words for a finance officer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.submitter_report.groups import Group
from ingest.submitter_report.plain_text import counted, pounds
from ingest.submitter_report.where import places_in_words

_KINDS = {
    "spend": "payments to suppliers",
    "procurement_card": "procurement card payments",
    "service_expenditure": "service expenditure (revenue outturn)",
    "count": "count (summary template)",
    "grants": "grants",
}


_LEFT_OUT = {
    "header": "row of column headers",
    "repeated_header": "repeated row of column headers",
    "title": "title line",
    "blank": "blank row",
    "total": "total",
    "note": "note",
    "hidden_sheet": "row of a hidden sheet",
    "no_header": "row of a sheet without headers",
}


def left_out_in_words(reasons: Sequence[tuple[str, int]]) -> str:
    """ "1 row of column headers, 2 totals"; "" where nothing was left out."""
    words: list[str] = []
    for reason, count in reasons:
        noun = _LEFT_OUT.get(reason, f"row: {reason.replace('_', ' ')}")
        plural = noun.replace("row", "rows", 1) if noun.startswith(("row", "repeated row", "blank row")) else f"{noun}s"
        words.append(f"{count:,} {noun if count == 1 else plural}")
    return ", ".join(words)


def kind_in_words(kind: str) -> str:
    return _KINDS.get(kind, kind.replace("_", " ")) if kind else "not recognised"


def seriousness(group: Group) -> str:
    """What a group means for the return."""
    if group.severity == "blocking" and not group.is_about_rows:
        return "Holds the whole return"
    if group.severity == "blocking":
        return "Held: not counted until put right"
    if group.outcome == "could_not_run":
        return "A check could not be made"
    return "Counted, but please check" if group.severity == "warning" else "For information"


def who_acts(group: Group) -> str:
    if group.severity == "info":
        return "Nobody: for information"
    return "You, who sent the file" if group.owner == "submitter" else "The data team"


def how_many(group: Group) -> str:
    """ "40 rows", "40 cells in 12 rows", or "" for what concerns the whole."""
    if not group.is_about_rows:
        return f"{group.count:,} returns" if len(group.return_ids) > 1 else ""
    if group.count != group.row_count:
        return f"{counted(group.count, 'cell')} in {counted(group.row_count, 'row')}"
    return counted(group.row_count, "row")


def money(group: Group) -> str:
    """The money at stake, its two sides where credits are among it; "" where there is none."""
    if group.amount_gbp is None:
        return "not known: no amount could be read" if group.is_about_rows and group.severity == "blocking" else ""
    words = pounds(group.amount_gbp)
    if group.payments_gbp and group.credits_gbp:
        words += f" (payments {pounds(group.payments_gbp)}, credits {pounds(group.credits_gbp)})"
    if group.is_about_rows and group.unknown_count:
        words += f"; {counted(group.unknown_count, 'row')} without an amount that can be read"
    return words


def where(group: Group, limit: int = 12, returns: Mapping[str, str] | None = None) -> str:
    """Rows and cells; else which returns (`returns`: their names by id, where a file holds several); else the sheet."""
    if group.places:
        return places_in_words(group.places, limit)
    if named := [name for return_id in group.return_ids if (name := (returns or {}).get(return_id))]:
        more = f"; and {group.count - len(named):,} more" if group.count > len(named) else ""
        return f"the {'return' if group.count == 1 else 'returns'} of {'; '.join(named)}{more}"
    sheets = list(dict.fromkeys(f"sheet '{f.sheet_name}'" for f in group.samples if f.sheet_name))
    return ", ".join(sheets)
