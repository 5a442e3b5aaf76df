"""A ledger whose every line is there for one way of knowing its service, and three places for the whole-place check.

Places X985000xx. Words that the shipped rules do not know ("widget", "gadget") are ruled on by the registry written here.
"""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE = "X98500001"
WHOLE_PLACES = {  # place -> £m of: education, other coded, not coded (council); health; police; benefits
    "X98500011": (200, 150, 0, 300, 100, 250),  # people 750 of 1000
    "X98500012": (100, 50, 150, 300, 150, 250),  # 650, and 150 unknown
    "X98500013": (100, 200, 0, 300, 150, 250),  # 650, nothing unknown
}
BODIES = {"council": "la_unitary", "district": "la_lower", "police": "police", "icb": "nhs_commissioner", "county": "la_upper"}
RULES = (
    {"field": "expense_area", "words": "widget", "service_code": "01.3", "reason": "for all"},
    {
        "field": "expense_area",
        "words": "widget",
        "agency_type": "la_lower;la_unitary",
        "service_code": "08.1",
        "reason": "of a type",
    },
    {
        "field": "expense_area",
        "words": "widget",
        "agency_slug": "grades-council",
        "service_code": "06.1",
        "reason": "of one agency",
    },
    {
        "field": "expense_area",
        "words": "widget desk|widget bench",
        "rule_kind": "category",
        "service_code": "05.1",
        "reason": "label",
    },
    {"field": "expense_area", "words": "gadget", "service_code": "04.5", "valid_to_year": "2023-24", "reason": "until 2023-24"},
    {"field": "expense_area", "words": "^never in any ledger$", "service_code": "02", "reason": "hits nothing"},
)
# expense area, expense type, description, payee, pounds
LINES = {
    "council": (
        ("Adult social care", "Agency staff", "week 12", "Anyfirm Ltd", 100),
        ("Highway schemes", "Materials", "stone", "Anyfirm Ltd", 200),
        ("Widget Desk", "Materials", "pens", "Anyfirm Ltd", 300),
        ("Big widgets", "Materials", "pens", "Anyfirm Ltd", 400),
        ("Gadget store", "Materials", "pens", "Anyfirm Ltd", 500),
        ("Gadget store", "Materials", "pens", "Anyfirm Ltd", 510),
        ("Gadget store", "Materials", "pens", "Anyfirm Ltd", 520),
        ("Mr Zyx case", "Materials", "pens", "Anyfirm Ltd", 10),
        ("Mr Zyx case", "Materials", "pens", "Anyfirm Ltd", 20),
        ("Mr Zyx case", "Materials", "pens", "Anyfirm Ltd", 30),
        ("Gadget store", "Materials", "county dues for June", "Grades Synthetic County", 700),
        ("Gadget store", "Materials", "temporary accommodation", "Anyfirm Ltd", 800),
    ),
    "district": (("Widgets", "Materials", "pens", "Anyfirm Ltd", 100),),
    "police": (("Widget parts", "Materials", "pens", "Anyfirm Ltd", 100), ("Stores", "Cars", "pens", "Anyfirm Ltd", 900)),
    "icb": (("", "", "", "SOMEWHERE HOSPITALS NHS FOUNDATION TRUST", 900), ("", "", "", "Anyfirm Ltd", 100)),
}
SPEND = ("Payment Date", "Supplier Name", "Amount", "Expense Type", "Expense Area", "Description", "Transaction Number")
COUNT = (
    "agency_slug",
    "financial_year",
    "place_code",
    "flow",
    "service_code",
    "amount_gbp",
    "capital_or_revenue",
    "expenditure_basis",
)
AWARDS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Identifier",
    "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Title",
)  # fmt: skip


def add(folder: ReturnsFolder) -> None:
    """Write the ledger, the county's count, two awards, the rules, and the three places."""
    _place(folder, PLACE, "Grades")
    for body, kind in BODIES.items():
        _agency(folder, f"grades-{body}", f"Grades Synthetic {body.title()}", kind, PLACE)
    folder.registry("service_rules", *RULES)
    folder.registry(
        "transfer_rules",
        {
            "agency_slug": "grades-council", "field": "description", "pattern": "^county dues", "grade": "A",
            "transfer_kind": "collection_on_behalf", "counterparty_agency": "grades-county",
        },
    )  # fmt: skip
    for body, lines in LINES.items():
        rows = [
            dict(zip(SPEND, ("12/06/2024", payee, f"{pounds}.00", kind, area, words, f"{body}{number}"), strict=True))
            for number, (area, kind, words, payee, pounds) in enumerate(lines)
        ]
        folder.file(f"grades-{body}/spend/2024-06.csv", SPEND, rows)
    _count(folder, "grades-county", PLACE, {"07.4": 100, "10.4": 50, "": 25})
    folder.file("grades-council/grants/2024-25.csv", AWARDS, [_award(1, "A theatre for all", "Arts fund"), _award(2, "Zyx", "Zyx")])
    for code, (education, other, unknown, health, police, benefits) in WHOLE_PLACES.items():
        _place(folder, code, f"Whole {code[-1]}")
        spend = {
            "council": ("la_unitary", {"09": education, "05": other, "": unknown}),
            "icb": ("nhs_commissioner", {"07.3": health}),
            "police": ("police", {"": police}),
            "dwp": ("dwp", {"": benefits}),
        }
        for body, (kind, amounts) in spend.items():
            slug = f"people{code[-1]}-{body}"
            _agency(folder, slug, f"People Synthetic {code[-1]} {body.title()}", kind, code)
            _count(folder, slug, code, amounts)


def _place(folder: ReturnsFolder, code: str, name: str) -> None:
    folder.registry("places", {"place_code": code, "place_name": f"{name} (synthetic)", "place_type": "unitary"})


def _agency(folder: ReturnsFolder, slug: str, name: str, kind: str, place: str) -> None:
    folder.registry("agencies", {"agency_slug": slug, "agency_name": name, "agency_type": kind})
    folder.registry("agency_places", {"agency_slug": slug, "place_code": place, "weight": "1", "driver": "boundary"})


def _count(folder: ReturnsFolder, slug: str, place: str, millions: dict[str, int]) -> None:
    rows = [
        dict(zip(COUNT, (slug, "2024-25", place, "outlay", code, f"{amount}000000.00", "revenue", "gross"), strict=True))
        for code, amount in millions.items()
        if amount
    ]
    folder.file(f"{slug}/count/2024-25.csv", COUNT, rows)


def _award(number: int, title: str, programme: str) -> dict[str, str]:
    cells = (
        f"360G-grades-{number}", title, "words", "GBP", "1000", "2024-06-12", f"GB-CHC-98000{number}", "Anycharity",
        "GB-LAE-X98", "Grades Synthetic Council", programme,
    )  # fmt: skip
    return dict(zip(AWARDS, cells, strict=True))
