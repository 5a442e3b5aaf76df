"""Control totals and funding paths as returns: an outturn workbook with one printed total too high, and a place whose money
arrives by every kind of route: stated, by a named grant, by the type of the agency, passed on, paid back, too small to notice.
"""

from __future__ import annotations

from openpyxl import Workbook

from .folder import ReturnsFolder

YEAR = "2024-25"
PLACE = "X98910001"
OUTTURN_YEAR = "2018-19"
OUTTURN_PLACE = "X98910002"
LINES = (
    "Education services", "Police services", "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 to 698)",
    "NET CURRENT EXPENDITURE (TOTAL OF LINES 699 to 748)",
)  # fmt: skip
OUTTURN: tuple[tuple[object, ...], ...] = (
    ("E9971", "Outturn One (synthetic)", "UA", 100, 50, 150, 150),
    ("E9972", "Outturn Two (synthetic)", "SD", 0, 25, 25, 25),
    (None, "ENGLAND", None, 100, 76, 176, 176),  # police: its authorities add up to 75
    (None, "UNITARY AUTHORITIES", "UA", 100, 50, 150, 150),
    (None, "SHIRE DISTRICTS", "SD", 0, 25, 25, 25),
)
BODIES = {"paths-council": "la_unitary", "paths-fire": "fire", "paths-jobcentre": "dwp", "paths-away": "fire"}
COLUMNS = (
    "agency_slug financial_year place_code flow service_code economic_type funding_route funding_stream transfer_kind"
    " counterparty_agency amount_gbp"
).split()


def add(folder: ReturnsFolder) -> None:
    """Write registry, the `count` returns of the place with paths, and the outturn workbook."""
    for code, name in ((PLACE, "Paths (synthetic)"), (OUTTURN_PLACE, "Outturn (synthetic)")):
        folder.registry("places", {"place_code": code, "place_name": name, "place_type": "unitary"})
    for slug, kind in BODIES.items():
        folder.registry("agencies", {"agency_slug": slug, "agency_name": slug.replace("-", " ").title(), "agency_type": kind})
        if slug != "paths-away":
            folder.registry("agency_places", {"agency_slug": slug, "place_code": PLACE, "weight": "1", "driver": "boundary"})
    for slug, rows in _counts().items():
        base = {"agency_slug": slug, "financial_year": YEAR, "place_code": PLACE}
        folder.file(f"{slug}/count/{YEAR}.csv", COLUMNS, [base | row for row in rows])
    _outturn(folder)


def _counts() -> dict[str, list[dict[str, str]]]:
    return {
        "paths-council": [
            _income("80000000.00", funding_route="council_tax"),
            _income("100000000.00", funding_stream="Dedicated Schools Grant"),
            _income("50000.00", funding_stream="homelessness prevention grant"),
            _income("99999.99", funding_stream="Public Health Grant", funding_route="ringfenced_grant"),
            _income("100000.00", funding_stream="New Homes Bonus", funding_route="unringfenced_grant"),
            _income("-2000000.00", funding_route="fees_charges"),
            _outlay("60000000.00", "pay"),
            _outlay("133000000.00", "goods_services"),
            _outlay("-1000000.00", "benefit_transfer"),
            _outlay("12000000.00", "transfer_public", transfer_kind="collection_on_behalf", counterparty_agency="paths-fire"),
            _outlay("3000000.00", "transfer_public", transfer_kind="collection_on_behalf", counterparty_agency="paths-away"),
        ],
        "paths-fire": [
            _income("12000000.00", funding_route="precept_levy", counterparty_agency="paths-council"),
            _income("10000000.00", funding_route="unringfenced_grant"),
            _outlay("21000000.00", "pay"),
        ],
        "paths-jobcentre": [_outlay("150000000.00", "benefit_transfer")],
    }


def _income(amount: str, **more: str) -> dict[str, str]:
    return {"flow": "income", "amount_gbp": amount, **more}


def _outlay(amount: str, kind: str, **more: str) -> dict[str, str]:
    return {"flow": "outlay", "economic_type": kind, "amount_gbp": amount, **more}


def _outturn(folder: ReturnsFolder) -> None:
    for code, name, *_ in OUTTURN[:2]:
        slug = str(name).lower().replace(" (synthetic)", "").replace(" ", "-")
        agency = {"agency_slug": slug, "agency_name": str(name), "agency_type": "la_unitary"}
        folder.registry("agencies", agency | {"identifier_scheme": "ecode", "identifier": str(code)})
        folder.registry("agency_places", {"agency_slug": slug, "place_code": OUTTURN_PLACE, "weight": "1", "driver": "boundary"})
    book = Workbook()
    sheet = book.create_sheet(f"RS LA Data {OUTTURN_YEAR}", 0)
    for row in (("Net current expenditure (£ thousand)",), ("E-code", "Local authority", "Class", *LINES), *OUTTURN):
        sheet.append(row)
    path = folder.path / "mhclg-revenue-outturn" / "service_expenditure" / f"RS {OUTTURN_YEAR} controls.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
