"""Rows of `registry/supplier_links.csv` that cannot be used are named and left out."""

from __future__ import annotations

import pytest

from ingest.registry.validation import usable_rows

GOOD = {"name_a": "Acorn", "name_b": "Beacon", "decision": "merge", "reason": "renamed"}


def test_a_good_row_is_used():
    assert usable_rows("supplier_links", [GOOD, GOOD | {"decision": "split", "name_b": ""}])[1] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": "join"}, "decision 'join' is none of merge, never, split"),
        ({"name_b": ""}, "name_b is blank: merge needs two names"),
        ({"name_a": ""}, "name_a is blank"),
        ({"reason": ""}, "reason is blank"),
    ],
)
def test_a_bad_row_is_a_fault_in_words(change: dict[str, str], words: str):
    used, faults = usable_rows("supplier_links", [GOOD, GOOD | change])
    assert used == [GOOD]
    assert [(fault.file_name, fault.row_number, fault.words) for fault in faults] == [("registry/supplier_links.csv", 3, words)]
