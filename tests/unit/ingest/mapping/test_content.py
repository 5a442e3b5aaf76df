"""What a column holds."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.kinds import SPEND, Field
from ingest.mapping.content import fit, profile, sample

COLUMNS: dict[str, list[object]] = {
    "money": ["1,234.50", "£10.00", "-7.25", "(3.00)", "0.99"],
    "floats": [1.5, 22.75, 1000.0, -3.25, 9.99],
    "dates": ["03/06/2024", "14/06/2024", "2024-06-20", "1 June 2024", "30/06/24"],
    "typed dates": [date(2024, 6, 3), date(2024, 6, 4)],
    "serials": [45446, 45457, 45470],
    "payees": ["Acme Ltd", "Bolt & Co", "LANCASHIRE COUNTY COUNCIL", "Redacted", "Dray Services"],
    "codes": ["S1001", "S1002", "S1003", "S1004"],
    "numbers": ["1001", "1002", "1003", "1004"],
    "postcodes": ["BB5 1AA", "pr1 8xj", "M1 1AE"],
    "one department": ["Parks", "Parks", "Parks", "Parks", "Parks", "Parks", "Parks", "Parks"],
    "blank": [],
}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("amount_gbp", ("money", "floats"), ("numbers", "dates", "payees", "codes", "blank")),
        ("payment_date", ("dates", "typed dates", "serials"), ("money", "numbers", "payees", "blank")),
        ("payee_name", ("payees",), ("codes", "one department", "money", "postcodes", "blank")),
        ("reference", ("codes", "numbers"), ("money", "payees", "blank")),
        ("payee_postcode", ("postcodes",), ("codes", "payees")),
        ("department", ("one department", "payees"), ("money", "dates")),
    ],
)
def test_fit_of_columns_to_fields(field: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    fits = {name: fit(profile(cells), SPEND.field(field)) for name, cells in COLUMNS.items()}
    assert min(fits[name] for name in good) >= 0.7, fits
    assert max(fits[name] for name in bad) <= 0.65, fits


def test_a_field_of_another_kind_is_known_by_its_ending() -> None:
    assert fit(profile(["2024-25", "2023-24"]), Field("financial_year")) == 1
    assert fit(profile(["acme-council", "bolt-fire"]), Field("agency_slug")) == 1
    assert fit(profile(["E07000120"]), Field("place_code")) == 1


def test_sample_is_spread_over_the_whole_column_and_leaves_blanks_out() -> None:
    rows = [[None, n if n % 2 else " "] for n in range(1000)]
    found = sample(rows, 1, 10)
    assert (len(found), found[0], found[-1] > 850) == (10, 1, True)
    assert sample(rows, 0) == sample(rows, 7) == []


def test_constant() -> None:
    assert profile(["x", "x"]).is_constant
    assert not profile(["x"]).is_constant
    assert not profile(["x", "y"]).is_constant


def test_times_at_midnight_are_no_dates() -> None:
    assert profile(["00:00:00", "00:00:00"]).date == 0


def test_digits_that_are_no_numbers_are_read_past() -> None:
    assert profile(["\u00b2", "32\u00b221304", "\u00b3"]).date == 0
