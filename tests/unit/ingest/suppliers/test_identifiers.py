"""A register number is told from a vendor's number by its form."""

from __future__ import annotations

import pytest

from ingest.suppliers.identifiers import parse_identifier


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GB-COH-01234567", "company:01234567"),
        ("gb-coh-234567", "company:00234567"),
        ("01234567", "company:01234567"),
        (" SC123456 ", "company:SC123456"),
        ("GB-CHC-1234567", "charity:1234567"),
        ("GB-SC-SC012345", "charity:SC012345"),
        ("GB 123 4567 89", "vat:GB123456789"),
        ("E07000120", "gss:E07000120"),
        ("L84043", "ods:L84043"),
        ("GB-NHS-RXR", "ods:RXR"),
        ("20000000_46279931", ""),
        ("Redacted", ""),
        ("10012345", ""),
        ("200398", ""),
        ("", ""),
    ],
)
def test_identifiers(text: str, expected: str):
    assert parse_identifier(text) == expected
