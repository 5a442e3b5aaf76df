"""The limits of intake as settings of the environment. Apart from the resources: `totalplace check` needs no Dagster."""

from __future__ import annotations

import os
from dataclasses import fields

from ingest.limits import Limits

LIMIT_PREFIX = "TOTALPLACE_LIMIT_"  # TOTALPLACE_LIMIT_ROW_COUNT and so on: the fields of ingest.limits.Limits


def limits_from_environment() -> Limits:
    """The limits on what is read: the defaults, and TOTALPLACE_LIMIT_<NAME> where it is set.

    Raises ValueError for a setting that is not a whole number of one or more, or a name that is none of ours.
    """
    known = [LIMIT_PREFIX + field.name.upper() for field in fields(Limits)]
    if unknown := sorted(name for name in os.environ if name.startswith(LIMIT_PREFIX) and name not in known):
        raise ValueError(f"{unknown[0]}: there is no such setting; there are {', '.join(sorted(known))}")
    given: dict[str, int] = {}
    for field in fields(Limits):
        if text := os.environ.get(LIMIT_PREFIX + field.name.upper()):
            if not text.isdecimal() or not int(text):
                raise ValueError(f"{LIMIT_PREFIX}{field.name.upper()} is '{text}': give a whole number, such as {field.default}")
            given[field.name] = int(text)
    return Limits(**given)
