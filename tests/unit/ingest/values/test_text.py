"""Text as a person sees it, and headers as they are looked up."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ingest.values.text import cell_text, header_key


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Acme \n\t Ltd\u00a0", "Acme Ltd"),
        ("  \u00a0 ", None),
        ("", None),
        (None, None),
        (4.5, "4.5"),
        (9.0, "9"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 6, 3), "2024-06-03"),
        (datetime(2024, 6, 3, 1, 2, 3), "2024-06-03 01:02:03"),
    ],
)
def test_cell_text(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("* Net Amount (£) ", "net amount"),
        ("Amount \x9c", "amount"),
        ("SUPPLIER\nFINAL", "supplier final"),
        ("Goods&Services", "goods and services"),
        ("\ufeffDate", "date"),
        (None, ""),
        ("£", ""),
        (2024.0, "2024"),
    ],
)
def test_header_key(cell: object, key: str) -> None:
    assert header_key(cell) == key
