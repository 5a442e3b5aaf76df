"""Any bytes give rows or findings, never an unhandled error, never silent loss: the short, seeded part of `make fuzz`."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.cases import run_case
from tests.fuzz.documents import seeds
from tests.fuzz.generated import any_document
from tests.fuzz.mutations import mutate

CASES, DOCUMENTS, EVERY_RULE = 60, 40, 12  # of each; every so manyth is checked by every rule as well


@pytest.fixture(scope="module")
def pool() -> dict[str, bytes]:
    """The seeds that everybody has: without the published returns."""
    return {name: content for name, content in seeds(12_000).items() if "/" not in name or name.startswith(("bank/", "made"))}


@pytest.mark.parametrize("family", ["csv", "xlsx", "ods", "json", "parquet", "zip"])
def test_damaged_documents_are_read_or_held(family: str, pool: dict[str, bytes]) -> None:
    chance = random.Random(f"hostile {family}")
    mine = [name for name in pool if name.endswith(family)]
    outcomes = {run_case(pool[name], name, None, False) for name in mine}
    for number in range(CASES):
        name = chance.choice(mine)
        content = mutate(pool[name], list(pool.values()), chance)
        outcomes.add(run_case(content, name, chance.choice((None, "spend", "count")), number % EVERY_RULE == 0))
    assert {"read", "held"} <= outcomes  # else the damage is of one sort only and tries nothing


def test_whole_documents_of_awkward_cells_are_read_or_held_and_both_counts_agree() -> None:
    chance = random.Random("hostile documents")
    outcomes = [
        run_case(content, name, "spend", n % EVERY_RULE == 0) for n in range(DOCUMENTS) for name, content in [any_document(chance)]
    ]
    assert {"read", "held"} <= set(outcomes)
    assert "disagrees" not in outcomes
