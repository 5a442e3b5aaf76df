"""How long a page of the data docs is kept: a setting of the environment. Apart from the pages, whose imports it does not need."""

from __future__ import annotations

import os

DAYS_VARIABLE = "TOTALPLACE_DATA_DOCS_DAYS"
DEFAULT_DAYS = 90


def days_from_environment() -> int:
    """How many days a page is kept. Raises ValueError, with words for a person, for a value that cannot be used."""
    given = os.environ.get(DAYS_VARIABLE, "").strip()
    if not given:
        return DEFAULT_DAYS
    if not given.isdecimal() or not int(given):
        raise ValueError(f"{DAYS_VARIABLE} is {given!r}: it must be a whole number of days, 1 or more")
    return int(given)
