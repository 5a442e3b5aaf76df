"""Rows of `registry/duplicate_reviews.csv`: which cannot be used, and which of several is in force."""

from __future__ import annotations

import pytest

from ingest.registry.validation import usable_rows

GOOD = {"group_id": "a" * 32, "status": "confirmed", "reviewer": "A Reviewer", "reason": "asked", "reviewed_on": "2024-09-01"}


@pytest.mark.parametrize("status", ["confirmed", "rejected", "in_review"])
def test_a_good_row_is_used(status: str):
    row = GOOD | {"status": status}
    assert usable_rows("duplicate_reviews", [row]) == ([row], [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group_id": "group 7"}, "group_id 'group 7' is not a group's id: 32 digits and letters a to f"),
        ({"status": "paid"}, "status 'paid' is not one of confirmed, rejected, in_review"),
        ({"reviewer": ""}, "reviewer is blank"),
        ({"reason": ""}, "reason is blank"),
        ({"reviewed_on": "1/9/2024"}, "reviewed_on '1/9/2024' is not a date such as 2024-04-01"),
        ({"reviewed_on": "20240901"}, "reviewed_on '20240901' is not a date such as 2024-04-01"),
    ],
)
def test_a_bad_row_is_a_fault_in_words(change: dict[str, str], words: str):
    used, faults = usable_rows("duplicate_reviews", [GOOD, GOOD | change])
    assert used == [GOOD]
    assert [(fault.file_name, fault.row_number, fault.words) for fault in faults] == [("registry/duplicate_reviews.csv", 3, words)]


def test_the_last_review_of_a_group_is_in_force():
    later, earlier = GOOD | {"status": "rejected", "reviewed_on": "2024-10-01"}, GOOD | {"reviewed_on": "2024-08-01"}
    other = GOOD | {"group_id": "b" * 32}
    assert usable_rows("duplicate_reviews", [GOOD, other, later, earlier])[0] == [later, other]
    same_day = GOOD | {"status": "in_review"}
    assert usable_rows("duplicate_reviews", [GOOD, same_day])[0] == [same_day]
