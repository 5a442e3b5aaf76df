"""Ledgers with payments made twice and payments that only look so. Place X98550011, agencies `duplicates-...`."""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE = "X98550011"
# supplier, its number, reference, day, pounds; what must come of it stands in test_duplicate_payments.py
COUNCIL = [
    # one document written two ways; two documents of small amounts
    ("Alderwick Paving Ltd", "101", "INV-0042", "03/06/2024", "1000.00"),
    ("Alderwick Paving Ltd", "101", "inv42 R", "20/06/2024", "1000.00"),
    ("Borrowdale Fencing Ltd", "102", "INV-7", "03/06/2024", "400.00"),
    ("Borrowdale Fencing Ltd", "102", "INV-8", "10/06/2024", "400.00"),
    # a credit in time, and one too late
    ("Coverack Roofing Ltd", "103", "R-1", "04/06/2024", "2000.00"),
    ("Coverack Roofing Ltd", "103", "R-1", "11/06/2024", "2000.00"),
    ("Coverack Roofing Ltd", "103", "CN-9", "09/07/2024", "-2000.00"),
    ("Dunmail Glazing Ltd", "104", "G-5", "03/04/2024", "1500.00"),
    ("Dunmail Glazing Ltd", "104", "G-5", "10/04/2024", "1500.00"),
    # paid three times; the middle payment is two lines of one number
    ("Ennerdale Drains Ltd", "105", "E-77", "05/06/2024", "500.00"),
    ("Ennerdale Drains Ltd", "105", "E-77", "12/06/2024", "300.00"),
    ("Ennerdale Drains Ltd", "105", "E-77", "12/06/2024", "200.00"),
    ("Ennerdale Drains Ltd", "105", "E-77", "19/06/2024", "500.00"),
    # two large ones of a day under numbers of their own; thrice; 31 days apart
    ("Fowey Lifts Ltd", "106", "T1001", "06/06/2024", "25000.00"),
    ("Fowey Lifts Ltd", "106", "T1002", "06/06/2024", "25000.00"),
    ("Gweek Cleaning Ltd", "107", "T2001", "03/06/2024", "900.00"),
    ("Gweek Cleaning Ltd", "107", "T2002", "10/06/2024", "900.00"),
    ("Gweek Cleaning Ltd", "107", "T2003", "17/06/2024", "900.00"),
    ("Helford Timber Ltd", "108", "T3001", "01/06/2024", "600.00"),
    ("Helford Timber Ltd", "108", "T3002", "02/07/2024", "600.00"),
    # a supplier set up twice, by number and (merged by hand) by name
    ("Isel Engineering Ltd", "109", "ISE1", "07/06/2024", "3000.00"),
    ("Isel Engineering Ltd", "110", "ISE1", "07/06/2024", "3000.00"),
    ("Kirkstone Tools Ltd", "", "KT5", "07/06/2024", "4000.00"),
    ("Langdale Tools Ltd", "", "KT5", "21/06/2024", "4000.00"),
    # a document and amount of two suppliers; two documents
    ("Mungrisdale Print Ltd", "111", "Z-77", "10/06/2024", "700.00"),
    ("Newlands Signs Ltd", "112", "Z77", "11/06/2024", "700.00"),
    ("Orton Survey Ltd", "113", "Q-1", "10/06/2024", "750.00"),
    ("Patterdale Maps Ltd", "114", "Q-2", "10/06/2024", "750.00"),
    # nobody, and a reference that names no document
    ("Redacted personal data", "115", "RR1", "03/06/2024", "3500.00"),
    ("Redacted personal data", "115", "RR1", "10/06/2024", "3500.00"),
    ("Quernmore Oil Ltd", "116", "BACS", "03/06/2024", "50.00"),
    ("Quernmore Oil Ltd", "116", "BACS", "10/06/2024", "50.00"),
    # a month that was published twice
    ("Rydal Coaches Ltd", "117", "RY1", "14/06/2024", "5200.00"),
]  # fmt: skip
LATE_CREDIT = [("Dunmail Glazing Ltd", "104", "CN-1", "20/04/2025", "-1500.00")]
REPEATED = [
    ("Rydal Coaches Ltd", "117", "RY1", "14/06/2024", "5200.00"),
    ("Rydal Coaches Ltd", "117", "RY2", "02/07/2024", "90.00"),
    ("Rydal Coaches Ltd", "117", "RY3", "03/07/2024", "91.00"),
]
# without references: two payments of a supplier, and one payment of two equal lines
POLICE = [
    ("Sedbergh Tyres Ltd", "03/06/2024", "800.00"),
    ("Sedbergh Tyres Ltd", "10/06/2024", "800.00"),
    ("Troutbeck Radio Ltd", "03/06/2024", "2500.00"),
    ("Troutbeck Radio Ltd", "03/06/2024", "2500.00"),
]
# group ids are part of what is promised: a review must find its group after every run
CONFIRMED, UNKNOWN = "2cc039d9ed52039cb3b867a1519ceb18", "0" * 32
_COLUMNS = "Supplier,Supplier Number,Reference,Date,Amount".split(",")
_BARE = "Supplier,Date,Amount".split(",")


def _numbered() -> list[tuple[str, str, str, str, str]]:
    """Forty payments of three lines each, "50000012 - 0" the first line of 50000012: two of them equal as payments."""
    rows: list[tuple[str, str, str, str, str]] = []
    for payment in range(40):
        of = 0 if payment < 2 else payment
        for line in range(3):
            amount = f"{(line + 1) * 100 + of * 7}.{of:02d}"
            supplier = f"{('Ullswater', 'Vindolanda', 'Wetheral', 'Yanwath')[of % 4]} Quarries Ltd"
            rows.append(
                (supplier, str(200 + of % 4), f"{50000000 + payment} - {line}", f"{3 + 7 * (payment % 4):02d}/06/2024", amount)
            )
    return rows


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    folder.registry("places", {"place_code": PLACE, "place_name": "Duplicates place (synthetic)", "place_type": "unitary"})
    for slug, kind in (("duplicates-council", "la_unitary"), ("duplicates-police", "police"), ("duplicates-numbered", "fire")):
        folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
        folder.registry("agency_places", {"agency_slug": slug, "place_code": PLACE, "weight": "1", "driver": "boundary"})
    ledgers = (
        ("duplicates-council/june 2024.csv", _COLUMNS, COUNCIL),
        ("duplicates-council/july 2024.csv", _COLUMNS, REPEATED),
        ("duplicates-council/april 2025.csv", _COLUMNS, LATE_CREDIT),
        ("duplicates-police/june 2024.csv", _BARE, POLICE),
        ("duplicates-numbered/june 2024.csv", _COLUMNS, _numbered()),
    )
    for name, columns, lines in ledgers:
        folder.file(name, columns, [dict(zip(columns, line, strict=True)) for line in lines])
    merge = ("Kirkstone Tools Ltd", "Langdale Tools Ltd", "merge", "one firm")
    folder.registry("supplier_links", dict(zip(("name_a", "name_b", "decision", "reason"), merge, strict=True)))
    for group, status in ((CONFIRMED, "in_review"), (CONFIRMED, "confirmed"), (UNKNOWN, "rejected")):
        review = {"group_id": group, "status": status, "reviewer": "A Reviewer", "reason": "asked the payer"}
        folder.registry("duplicate_reviews", review | {"reviewed_on": "2024-09-01"})
