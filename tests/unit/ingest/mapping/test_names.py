"""How near a header comes to a known name."""

from __future__ import annotations

import pytest

from ingest.mapping.names import field_similarities, name_similarity, words_of

SURE = 0.85


@pytest.mark.parametrize(
    ("header", "synonym"),
    [
        ("Organisatonal Unit", "Organisational Unit"),
        ("Expenditure Catergory", "Expenditure Category"),
        ("Suppklier", "Supplier"),
        ("* SUPPLIER FINAL", "Supplier"),
        (" Supplier ", "supplier"),
        ("Net Amount (£)", "Amount"),
        ("Amount Paid", "Amount"),
        ("Date Paid", "Paid Date"),
        ("TransactionNumber", "Transaction No"),
        ("suppliername", "Supplier Name"),
        ("PAYMENT_DATE", "Payment Date"),
        ("Dtae", "Date"),
        ("Amount ex VAT", "Amount Excluding VAT"),
        ("Suppliers", "Supplier"),
    ],
)
def test_slips_decorations_and_order_change_nothing(header: str, synonym: str) -> None:
    assert name_similarity(header, synonym) >= SURE
    assert name_similarity(header, synonym) == name_similarity(synonym, header)


@pytest.mark.parametrize(
    ("header", "synonym"),
    [
        ("VAT Amount", "Net Amount"),
        ("VAT Amount", "Amount Inc VAT"),
        ("Supplier Type", "Supplier"),
        ("Supplier Classification", "Supplier"),
        ("Supplier ID", "Supplier Name"),
        ("Payment Number", "Payment Amount"),
        ("Line", "Line Amount"),
        ("Due Date", "Date"),
        ("Budget", "Amount"),
        ("Account", "Amount"),
        ("Total VAT", "TOTAL"),
        ("Purchase", "Purpose"),
        ("", "Amount"),
        ("£", "Amount"),
    ],
)
def test_another_column_is_no_slip(header: str, synonym: str) -> None:
    assert name_similarity(header, synonym) < 0.75


def test_words() -> None:
    assert words_of("TransNo") == ("transaction", "number")
    assert words_of("Net of VAT Amt") == ("exclvat", "amount")
    assert words_of("IrrecoverableVATAmount") == ("irrecoverable", "vat", "amount")


def test_first_synonym_in_the_data_breaks_a_tie() -> None:
    best = field_similarities("Name", {"name": "payee_name", "name ": "department"})
    assert best["payee_name"] > best["department"]
    assert field_similarities("Colour", {"amount": "amount_gbp"}) == {}
