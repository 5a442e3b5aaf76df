"""The shipped rules of classification: usable, without ties, and the list of services whole."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.registry.validation import usable_rows

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
COFOG = Path(__file__).resolve().parents[3] / "shared" / "reference" / "cra_pesa" / "hmt-okfn__cofog.csv"
THEMES = {
    "families_children", "older_people", "health_wellbeing", "worklessness_skills", "crime_safety", "drugs_alcohol",
    "housing_homelessness", "environment_place", "transport",
}  # fmt: skip


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"seed_{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_shipped_rule_would_be_taken_from_a_registry_too() -> None:
    rules = seed("service_rules")
    assert usable_rows("service_rules", rules, services=frozenset(row["service_code"] for row in seed("services"))) == (rules, [])
    assert all(row["reason"] and row["priority"] for row in rules)


def _scope(row: dict[str, str]) -> int:
    return 1 if row["agency_slug"] else 2 if row["agency_type"] else 3


def test_no_two_rules_of_a_kind_and_scope_share_a_priority() -> None:
    counts = Counter((row["rule_kind"], _scope(row), row["priority"]) for row in seed("service_rules"))
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_label_stands_in_one_category_of_its_scope() -> None:
    labels = Counter(
        (row["agency_slug"], kind, field, label.strip().lower())
        for row in seed("service_rules")
        if row["rule_kind"] == "category"
        for kind in row["agency_type"].split(";")
        for field in row["field"].split(";")
        for label in row["words"].split("|")
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_a_type_has_one_default_at_most() -> None:
    counts = Counter(row["agency_type"] for row in seed("service_defaults") if row["is_default_of_type"] == "true")
    assert counts and set(counts.values()) == {1}


def test_both_schemes_have_every_theme_and_every_weight_a_reason() -> None:
    for scheme in ("total_place", "total_place_tags"):
        rows = [row for row in seed("service_themes") if row["theme_scheme"] == scheme]
        assert {row["theme_code"] for row in rows} >= THEMES
        assert all(len(row["reason"].split()) >= 1 for row in rows)


@pytest.mark.skipif(not COFOG.exists(), reason="the reference data are not beside the repository")
def test_every_service_of_cofog_is_there_with_its_name() -> None:
    with COFOG.open(encoding="utf-8", newline="") as handle:
        published = {row["Code"]: re.sub(r"\s*\((CS|IS)\)", "", row["Description"]).strip() for row in csv.DictReader(handle)}
    assert {row["service_code"]: row["service_name"] for row in seed("services")} == published
    assert len(published) == 188
