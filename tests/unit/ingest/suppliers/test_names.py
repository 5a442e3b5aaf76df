"""One name to its exact key: each kind of baggage goes, and what only looks like it stays."""

from __future__ import annotations

import pytest

from ingest.suppliers.names import is_initials, read_name, singular


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acorn Care Limited", "ACORN CARE LTD."),
        ("Acorn Care PLC", "Acorn Care Public Limited Company"),
        ("Acorn Care LLP", "Acorn Care L.L.P."),
        ("Acorn Care CIC", "ACORN CARE COMMUNITY INTEREST COMPANY"),
        ("Brook & Dale Supplies", "Brook and Dale  Supplies"),
        ("Brook + Dale Supplies", "BROOK AND DALE SUPPLIES"),
        ("King's College London", "Kings College London"),
        ("J.W. Gaskell Ltd", "J W Gaskell Limited"),
        ("THE ROCK CAFE", "Rock Cafe (The)"),
        ("Health Ctre Mgmt Services", "Health Centre Management Services"),
        ("Café Nero", "CAFE NERO"),
        ("Water Plus", "Water Plus Ltd - 6000325944 - Car Park"),
        ("Npower Ltd", "NPower - A0010655701-Wilsons Sport"),
        ("Ucheck", "ucheck 150224 3"),
        ("BT PLC", "BT PLC A/C VP123456"),
        ("Lanpac Ltd", "LANPAC LTD [211594]"),
        ("Maxwell Bond Ltd", "Maxwell Bond Ltd - Temp Placements"),
        ("Armada Training Ltd", "armada training ltd 01"),
        ("Oxford Brookes Enterprises Ltd", "OXFORD BROOKES ENTERPRISES LT"),
        ("Medica Reporting Ltd", "Medica Reporting Ltd (Medica Group)"),
        ("Greenwich Leisure Ltd", "GLL (GREENWICH LEISURE LTD)"),
        ("British Telecommunications PLC", "BT - BRITISH TELECOMMUNICATIONS PLC"),
        ("Westlake Asphalt Co Ltd", "Westlake Asphalt Ltd"),
        ("Trainline", "trainline.com"),
        ("Bidfood Ltd", "BIDFOOD LTD C/O ACCOUNTS DEPT"),
        ("University of Oxford", "Oxford University"),
        ("Aston University", "Aston University GRANT"),
        ("Trafford MBC", "Trafford Council"),
        ("Manchester University NHS Foundation Trust", "Manchester University NHS FT"),
        ("Mid and South Essex Foundation Trust", "MID & SOUTH ESSEX NHS FOUNDATION TRUST"),
        ("Beaver Healthcare Ltd", "BEAVER HEALTHCARE LTD TRADING AS OCURA"),
        ("Elis UK Ltd", "elis uk ltd formerly berendsen uk ltd"),
    ],
)
def test_names_with_one_key(one: str, other: str):
    assert read_name(one).key == read_name(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acorn Care Ltd", "Acorn Carers Ltd"),
        ("Camelot Care (Somerset) Ltd", "Camelot Care (North West) Ltd"),
        ("Hill Academy (Leeds)", "Hill Academy (Leicester)"),
        ("Harbour Healthcare Ltd", "Harbour Healthcare 1 Ltd"),
        ("Data Solutions 2016 Ltd", "Data Solutions Ltd"),
        ("Lincoln City Council", "Lincolnshire County Council"),
        ("Durham County Council", "Durham City Council"),
        ("University of Oxford", "Oxford University Press"),
        ("Smith & Company", "Smith Ltd"),
        ("100Fold CIC", "Fold CIC"),
        ("Whitby Trust", "Whitby NHS Trust"),
    ],
)
def test_names_with_two_keys(one: str, other: str):
    assert read_name(one).key != read_name(other).key


@pytest.mark.parametrize("name", ["", " ", "***", "Ltd", "1234567", "C/O BIDFOOD LTD", "(formerly X)", "T/A", "[]", "(", "İ ﬁ"])
def test_a_name_of_baggage_alone_is_read_without_an_error(name: str):
    assert isinstance(read_name(name).key, str)


def test_a_name_gives_its_form_its_other_names_and_its_ods_code():
    assert read_name("Acorn Care Public Limited Company").form == "PLC"
    assert read_name("Acorn Care").form == ""
    assert read_name("Beaver Ltd (T/A Ocura Healthcare)").aliases == (("trading_name", "OCURA HEALTHCARE"),)
    assert read_name("Zip Water (formally Instanta Limited)").aliases == (("former_name", "INSTANTA"),)
    assert read_name("Performance Formula Ltd").aliases == ()
    assert read_name("Chipping Campden Surgery (L84043)").ods == "L84043"
    assert read_name("Vision Express (2)").ods == ""


def test_initials():
    assert is_initials("ADSO", "ASSOCIATION OF DEMOCRATIC SERVICES OFFICERS")
    assert is_initials("GLL", "GREENWICH LEISURE LTD")
    assert not is_initials("EDF", "HAWORTH ART GALLERY")
    assert not is_initials("S", "SMITH")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("FACILITIES SERVICES", "FACILITY SERVICE"),
        ("WILLIAMS CARE", "WILLIAMS CARE"),
        ("GAS WORKS", "GAS WORK"),
        ("CLASS BUS", "CLASS BUS"),
    ],
)
def test_plurals(key: str, expected: str):
    assert singular(key) == expected
