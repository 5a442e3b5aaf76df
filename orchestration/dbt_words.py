"""What dbt knows of its tests and columns, in words for the asset catalogue.

Belongs here: reading a manifest. Pure. Must not: know Dagster.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_REF = re.compile(r"ref\('(\w+)'\)")


def test_sentence(test: Mapping[str, Any]) -> str:
    """A test of the manifest as a sentence: its own description, else by what kind of test it is."""
    if described := str(test.get("description") or "").strip():
        return described.rstrip(".")
    known: Mapping[str, Any] = test.get("test_metadata") or {}
    given: Mapping[str, Any] = known.get("kwargs") or {}
    column = str(given.get("column_name") or "")
    match str(known.get("name")):
        case "unique_grain":
            return f"No two rows have the same {_listed(given['columns'])}"
        case "not_null":
            return f"Every row has a {column}"
        case "accepted_values":
            return f"Every {column}, where there is one, is one of {_listed(given['values'], 'or')}"
        case "relationships":
            return f"Every {column}, where there is one, is a {given['field']} of {_model(given['to'])}"
        case "no_difference":
            return f"{column} is nought in every row"
        case "sums_as":
            sums, groups = _listed(given["sum_columns"]), _listed(given["group_columns"])
            return f"{sums} add up to those of {_model(given['other'])} for each {groups}"
        case "sums_to_at_most_one":
            return f"{column} adds up to at most 1 for each {_listed(given['group_columns'])}"
        case _:
            return str(test["name"]).replace("__", " ").replace("_", " ").capitalize()


def column_words(manifest: Mapping[str, Any], source: str) -> dict[str, str]:
    """Column -> what it holds, for a table that dbt reads (`intake.returns`, `lake.spend`): its own words, else those of the models
    that stage it, else those that any staging model has for a column of that name."""
    schema, _, name = source.partition(".")
    own = {
        column: facts["description"]
        for table in manifest.get("sources", {}).values()
        if (table["source_name"], table["name"]) == (schema, name)
        for column, facts in table["columns"].items()
        if facts.get("description")
    }
    others: dict[str, str] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or not str(node["name"]).startswith("stg_"):
            continue
        reads = any(each.split(".")[-2:] == [schema, name] for each in node["depends_on"]["nodes"] if each.startswith("source."))
        for column, facts in node["columns"].items():
            if words := facts.get("description"):
                (own if reads else others).setdefault(column, words)
    return others | own


def _listed(values: Sequence[object], last: str = "and") -> str:
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _model(reference: object) -> str:
    found = _REF.search(str(reference))
    return found[1] if found else str(reference)
