"""What a person decided about groups of possible duplicate payments: `registry/duplicate_reviews.csv`.

| column | holds |
|---|---|
| `group_id` | the group, as `mart_possible_duplicate_payments` and `totalplace duplicates list` name it |
| `status` | `confirmed` (paid more than once), `rejected` (it was not), `in_review` |
| `reviewer` | who decided; stays in this file, a release names no person |
| `reason` | why; published |
| `reviewed_on` | the day |

Rows are only ever added: of several for a group the one reviewed last is in force.

Belongs here: what makes a row right and which is in force. Must not: know whether a group is there (only the warehouse does).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

STATUSES = ("confirmed", "rejected", "in_review")
_GROUP_ID = re.compile(r"[0-9a-f]{32}")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


REVIEW_RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "group_id": (lambda text: _GROUP_ID.fullmatch(text) is not None, "a group's id: 32 digits and letters a to f"),
    "status": (lambda text: text in STATUSES, f"one of {', '.join(STATUSES)}"),
    "reviewed_on": (_is_day, "a date such as 2024-04-01"),
}
REVIEW_NEEDED = ("group_id", "status", "reviewer", "reason", "reviewed_on")


def last_reviews(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The review in force of each group: the last by day, of equals the last in the file."""
    last: dict[str, dict[str, str]] = {}
    for row in rows:
        before = last.get(row["group_id"])
        if before is None or row["reviewed_on"] >= before["reviewed_on"]:
            last[row["group_id"]] = row
    return list(last.values())
