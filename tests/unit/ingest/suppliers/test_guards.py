"""Whether a near name is the same name: each guard lets a slip through and stops a likeness."""

from __future__ import annotations

import pytest

from ingest.suppliers.guards import judge_cut_end, judge_cut_words, judge_forms, judge_slip, judge_spacing, judge_tail


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("ACORN CATERING GROUP", "ACORN CATERINNG GROUP"),
        ("GREATER MANCHESTER AUTHORITY", "GREATER MANCHESTR AUTHORITY"),
        ("PTSG ELECTRICAL SERVICE", "PTSG ELECTRICAL SEVICE"),
        ("SHIRE PHARAMACEUTICAL", "SHIRE PHARMACEUTICAL"),
        ("DELOITTEE", "DELLOITTEE"),
    ],
)
def test_a_slip_is_let_through(a: str, b: str):
    assert judge_slip(a, b).is_same, judge_slip(a, b).reason


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("JW SMITH PLUMBING", "JK SMITH PLUMBING", "initials differ"),
        ("HARBOUR CARE H33", "HARBOUR CARE H37", "numbers differ"),
        ("STUDIO 54 PRINT", "STUDIO 55 PRINT", "numbers differ"),
        ("ALL SAINTS CAFE KENT", "ALL SAINTS CAFE KENF", "another word"),
        ("GREEN ACADEMY ASHTON", "GREEN ACADEMY ALTON", "two words"),
        ("NORTH LONDON HOMES", "NORTH LUTON HOMES", "two places"),
        ("EAST KENT COLLEGE", "WEST KENT COLLEGE", "two places"),
        ("THOMPSON PHILLIPS ENERGY", "THOMSON PHILLIPS ENERGY", "two words in use"),
        ("DAVID MILL BUILDERS", "DAVID HILL BUILDERS", "two words in use"),
        ("MR ADAM BROWNLOW", "MR ADAM BROWNLEW", "people"),
        ("ABCAM", "ABCAN", "too short"),
        ("ZIDEXA TRADING", "RIDEXA TRADING", "first letters differ"),
        ("QORVAX", "QORVAXI", "too short"),
        ("ACORN CARE GROUP", "ACORNCARES GROUP", "divided differently"),
    ],
)
def test_a_likeness_is_stopped(a: str, b: str, why: str):
    verdict = judge_slip(a, b)
    assert not verdict.is_same
    assert why in verdict.reason


def test_spaces():
    assert judge_spacing("BAXTER STOREY", "BAXTERSTOREY").is_same
    assert not judge_spacing("UNIT 1 2 PRINT", "UNIT 12 PRINT").is_same


def test_legal_forms():
    assert judge_forms(frozenset({"LTD"}), frozenset()).is_same
    assert judge_forms(frozenset({"LTD", "PLC"}), frozenset({"PLC"})).is_same
    assert not judge_forms(frozenset({"LTD"}), frozenset({"LLP"})).is_same


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        ("EGTON MED INFORMATION SYSTEM", "EGTON MEDICAL INFORMATION SYSTEM", True),
        ("STONE ENGI GROUP", "STONE ENGINEERING GROUP", True),
        ("STONE PARK GROUP", "STONE PARKINSON GROUP", False),  # a word of its own
        ("ST MARY ACADEMY LEI", "ST MARY ACADEMY LEICESTER", False),  # too little of a place
        ("MEDI UK", "MEDISAVE UK", False),  # too little is the same
        ("MR JOHN WILKINS", "MR JOHN WILKINSON", False),
        ("ACORN TRAN", "ACORN", False),
    ],
)
def test_cut_words(a: str, b: str, is_same: bool):
    assert judge_cut_words(a, b).is_same is is_same


@pytest.mark.parametrize(
    ("short", "long", "is_same"),
    [
        ("ASSOCIATION ELECTORAL ADMINI", "ASSOCIATION ELECTORAL ADMINISTRATORS", True),
        ("ASSOCIATION TOWN CENTRE MAN", "ASSOCIATION TOWN CENTRE MANAGEMENT", True),
        ("LANCASHIRE POLICE AUTHORITY", "LANCASHIRE POLICE AUTHORITY SPORTS SOCIAL FUND", False),  # nothing is cut
        ("HARBOUR RECRUITMENT GROUP L6", "HARBOUR RECRUITMENT GROUP L65", False),
        ("ACORN CARE MANAG", "ACORN CARE MANAGEMENT", False),  # too short
        ("NORTHERN HEALTH SOCIAL CARE", "NORTHERN HEALTH SOCIAL CARERS", False),
    ],
)
def test_cut_ends(short: str, long: str, is_same: bool):
    assert judge_cut_end(short, long).is_same is is_same


def test_tails():
    assert judge_tail("GREENHALGH KERR").is_same
    assert not judge_tail("CITY HOUSING").is_same
    assert not judge_tail("MR GREENHALGH").is_same
    assert not judge_tail("GREENHALGH").is_same
