"""Names of bodies: their slugs and the key that payees are matched on.

Contract: `normalised_name` takes the same steps as the warehouse's macro; a change of one is a change of both.
"""

from __future__ import annotations

import re


def slugify(name: str) -> str:
    """`Blackburn with Darwen Borough Council` -> `blackburn-with-darwen-borough-council`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ").replace("'", "")).strip("-")


def normalised_name(name: str) -> str:
    """The key payees are matched on: the same steps as the warehouse's macro."""
    text = name.upper().replace("&", " AND ").strip()
    text = re.sub(r"\s*[\(\[][^\)\]]*[\)\]]?\s*$", "", text)
    text = re.sub(r"[^A-Z0-9]+", " ", text)
    text = re.sub(r"\b(LIMITED|LTD|PLC|LLP|THE)\b", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def split(text: str) -> list[str]:
    """Names between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]
