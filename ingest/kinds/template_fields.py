"""The columns of the project's own templates, read from data.

Belongs here: the shape of `registry/template_fields.csv` (source: design/contract.md, "Templates") and of the words its lists
allow. What a drop-down offers and what a rule accepts both come from these rows. Must not: write files or read returns.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

REGISTRY = Path(__file__).resolve().parents[1] / "registry"
FIELDS_CSV = REGISTRY / "template_fields.csv"
WORDS_CSV = REGISTRY / "template_words.csv"


@dataclass(frozen=True)
class TemplateField:
    """A column of a template; `allowed_values` is empty where anything of the value type will do; a bound is None where there
    is none."""

    kind: str
    name: str
    position: int
    is_mandatory: bool
    value_type: str
    allowed_values: tuple[str, ...]
    description: str
    example: str = ""
    min_value: float | None = None
    max_value: float | None = None


def template_fields(path: Path = FIELDS_CSV) -> dict[str, tuple[TemplateField, ...]]:
    """The fields of every template in column order, by kind, in the order of the data."""
    with path.open(encoding="utf-8", newline="") as handle:
        fields = [
            TemplateField(
                kind=row["kind"],
                name=row["field"],
                position=int(row["position"]),
                is_mandatory=row["is_mandatory"] == "true",
                value_type=row["value_type"],
                allowed_values=tuple(filter(None, row["allowed_values"].split(";"))),
                description=row["description"],
                example=row["example"],
                min_value=float(row["min_value"]) if row["min_value"] else None,
                max_value=float(row["max_value"]) if row["max_value"] else None,
            )
            for row in csv.DictReader(handle)
        ]
    return {
        kind: tuple(sorted(group, key=lambda field: field.position))
        for kind, group in groupby(fields, key=lambda field: field.kind)
    }


@lru_cache(maxsize=4)
def word_meanings(path: Path = WORDS_CSV) -> Mapping[tuple[str, str], str]:
    """(field, word) -> what the word means, for every word of every list."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {(row["field"], row["value"]): row["meaning"] for row in csv.DictReader(handle)}
