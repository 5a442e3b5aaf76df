"""What sort of payee a name is."""

from __future__ import annotations

import pytest

from ingest.suppliers.payee_class import payee_classes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("REDACTED PERSONAL DATA", "redacted"),
        ("Redacted - s40(2) FOIA", "redacted"),
        ("Supplier Name Witheld", "redacted"),
        ("*****", "redacted"),
        ("REDACTIVE PUBLISHING LTD", "company"),
        ("CONFIDENTIAL WASTE DISPOSAL", "unclassified"),
        ("THIRD PARTY SUPPLIER", "placeholder"),
        ("One-Off Supplier", "placeholder"),
        ("Acorn Care Ltd", "company"),
        ("Acorn Care L.L.P.", "company"),
        ("North Parade Avenue (Oxford) Charity", "charity"),
        ("Acorn Care CIO", "charity"),
        ("Mr A Nobody", "individual"),
        ("Mr Sparkle Ltd", "company"),
        ("Design Council", "unclassified"),  # no word makes a public body
        ("", "unclassified"),
    ],
)
def test_class_by_name(name: str, expected: str):
    assert payee_classes([name]) == [expected]


def test_class_by_identifier_and_registry():
    names = ["Chipping Surgery", "Acorn", "Beacon", "Lancashire CC", "Kent CC"]
    known = ["ods:L84043", "company:01234567", "charity:1234567", "", ""]
    assert payee_classes(names, known, public_keys={"LANCASHIRE CC"}) == [
        "public_body", "company", "charity", "public_body", "unclassified",
    ]  # fmt: skip
