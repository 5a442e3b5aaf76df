"""Worked cases of the count besides the golden one: overrides, benefits, funding, credits, card bills, vintages, small streams.

Each case has a place and agencies of its own, named after it; the figures that must come out stand in `test_count_cases.py`.
"""

from __future__ import annotations

from .folder import ReturnsFolder
from .golden_count import COLUMNS

YEAR = "2024-25"
PLACES = {
    name: f"X9801000{number}"
    for number, name in enumerate(("override", "benefits", "funding", "credits", "cards", "vintages", "transfers", "bodies"))
}
_COUNT = [*COLUMNS, "funding_stream"]
_LEDGER = ("Payment Date", "Supplier", "Description", "Amount", "Supplier ID")


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns of all cases."""
    for case, place in PLACES.items():
        folder.registry("places", {"place_code": place, "place_name": f"Case {case} (synthetic)", "place_type": "unitary"})
    for case in (_override, _benefits, _funding, _credits, _cards, _vintages, _transfers, _bodies):
        case(folder)


def _agency(folder: ReturnsFolder, slug: str, kind: str, *cases: str) -> None:
    folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
    for case in cases:
        driver = {"weight": "1", "driver": "boundary"} if len(cases) == 1 else {"driver": "population"}
        folder.registry("agency_places", {"agency_slug": slug, "place_code": PLACES[case], **driver})


def _outlay(slug: str, amount: str, **more: str) -> dict[str, str]:
    return _line(slug, amount, flow="outlay", economic_type="goods_services") | more


def _income(slug: str, amount: str, route: str, **more: str) -> dict[str, str]:
    return _line(slug, amount, flow="income", funding_route=route) | more


def _line(slug: str, amount: str, **more: str) -> dict[str, str]:
    basis = {"capital_or_revenue": "revenue", "expenditure_basis": "gross"}
    return {"agency_slug": slug, "financial_year": YEAR, "amount_gbp": amount} | basis | more


def _count(folder: ReturnsFolder, slug: str, *rows: dict[str, str], name: str = YEAR) -> None:
    folder.file(f"{slug}/count/{name}.csv", _COUNT, rows)


def _ledger(folder: ReturnsFolder, slug: str, *lines: tuple[str, ...], kind: str = "spend", name: str = "2024-05") -> None:
    folder.file(f"{slug}/{kind}/{name}.csv", _LEDGER, [dict(zip(_LEDGER, line, strict=False)) for line in lines])


def _override(folder: ReturnsFolder) -> None:
    """Two councils return a full count of 100 and a ledger of 30; the registry lets the ledger of one count."""
    for slug in ("override-plain", "override-ledger", "override-nothing"):
        _agency(folder, slug, "la_unitary", "override")
        _count(folder, slug, _outlay(slug, "100.00"))
        _ledger(folder, slug, ("01/05/2024", "Alpha Ltd", "Paper", "10.00"), ("02/05/2024", "Beta Ltd", "Ink", "20.00"))
    reason = "the count is a draft that the council withdrew"
    folder.registry(
        "layer_overrides",
        {"agency_slug": "override-ledger", "financial_year": YEAR, "layer": "transactions", "reason": reason},
        {"agency_slug": "override-nothing", "financial_year": YEAR, "kind": "benefits", "reason": "nothing of the kind is in"},
        {"agency_slug": "override-plain", "financial_year": YEAR, "layer": "commitments", "reason": "they never count"},
    )


def _benefits(folder: ReturnsFolder) -> None:
    """One office pays benefits in two places; the other returns a full count too, which comes first."""
    columns = ("agency_slug", "benefit_code", "benefit_name", "place_code", "financial_year", "amount_gbp", "source")
    for slug in ("benefits-office", "benefits-counted"):
        _agency(folder, slug, "dwp", "benefits", "override")
        base = {"agency_slug": slug, "financial_year": YEAR, "source": "invented", "benefit_code": "UC"}
        rows = [
            base | {"benefit_name": "Universal Credit", "place_code": PLACES[case], "amount_gbp": amount}
            for case, amount in (("benefits", "150.25"), ("override", "49.75"))
        ]
        folder.file(f"{slug}/benefits/{YEAR}.csv", columns, rows)
    _count(folder, "benefits-counted", _outlay("benefits-counted", "7.00", place_code=PLACES["benefits"]))


def _funding(folder: ReturnsFolder) -> None:
    """A ministry says what it gives four councils: one says nothing of it, one says it, one is net of it, one is silent."""
    _agency(folder, "funding-ministry", "central_department")
    for slug, basis in (("funding-silent", "gross"), ("funding-said", "gross"), ("funding-net", "net")):
        _agency(folder, slug, "la_unitary", "funding")
        said = [_income(slug, "60.00", "unringfenced_grant")] if slug == "funding-said" else []
        rows = [_outlay(slug, "100.00"), _income(slug, "40.00", "council_tax"), *said]
        _count(folder, slug, *(row | {"expenditure_basis": basis} for row in rows))
    _agency(folder, "funding-absent", "la_unitary", "funding")
    columns = (
        "payer_agency", "payee_agency", "financial_year", "funding_route", "funding_stream", "is_ringfenced", "amount_gbp",
        "source",
    )  # fmt: skip
    base = {"payer_agency": "funding-ministry", "financial_year": YEAR, "is_ringfenced": "false", "source": "invented"}
    given = [
        base | {"payee_agency": f"funding-{name}", "funding_route": route, "amount_gbp": amount}
        for name, route, amount in (
            ("silent", "unringfenced_grant", "60.00"), ("said", "unringfenced_grant", "60.00"),
            ("absent", "unringfenced_grant", "5.00"), ("net", "unringfenced_grant", "55.00"), ("net", "ringfenced_grant", "9.00"),
        )
    ]  # fmt: skip
    folder.file(f"funding-ministry/funding/{YEAR}.csv", columns, given)


def _credits(folder: ReturnsFolder) -> None:
    """Ledgers in which credits are the larger part: tax that came back, and a purchase that was refunded."""
    for slug in ("credits-council", "credits-trust", "credits-refunded"):
        _agency(folder, slug, "la_unitary", "credits")
    _ledger(
        folder,
        "credits-council",
        ("01/05/2024", "HM Revenue & Customs", "PAYE April", "10.00"),
        ("02/05/2024", "HM Revenue & Customs", "VAT refund", "-30.00"),
        ("03/05/2024", "credits-trust (synthetic)", "Care", "50.00"),
        ("04/05/2024", "credits-trust (synthetic)", "Care credit", "-15.00"),
        ("05/05/2024", "Alpha Ltd", "Paper", "100.00"),
    )
    _ledger(
        folder,
        "credits-refunded",
        ("01/05/2024", "credits-trust (synthetic)", "Care", "20.00"),
        ("02/05/2024", "credits-trust (synthetic)", "Care refunded", "-25.00"),
        ("03/05/2024", "Alpha Ltd", "Paper", "40.00"),
    )
    _count(folder, "credits-trust", _outlay("credits-trust", "300.00"))


def _cards(folder: ReturnsFolder) -> None:
    """The bill of a card whose lines are returned, a bill later than those lines, and the bill of one whose lines are not."""
    for slug in ("cards-returned", "cards-bill-only"):
        _agency(folder, slug, "la_unitary", "cards")
        bills = (("10/05/2024", "BARCLAYCARD COMMERCIAL", "Statement April", "500.00"), ("11/05/2024", "Alpha Ltd", "Ink", "70.00"))
        _ledger(folder, slug, *bills)
        _ledger(folder, slug, ("10/09/2024", "BARCLAYCARD COMMERCIAL", "Statement", "90.00"), name="2024-09")
    card = (("03/04/2024", "Rail Tickets Ltd", "Travel", "300.00"), ("20/04/2024", "Hotel Ltd", "Room", "205.00"))
    _ledger(folder, "cards-returned", *card, kind="procurement_card", name="2024-04")


def _vintages(folder: ReturnsFolder) -> None:
    """Two vintages of one figure; the later counts, whichever file comes first in the folder."""
    for slug, early, late in (("vintages-up", "a", "b"), ("vintages-down", "b", "a")):
        _agency(folder, slug, "la_unitary", "vintages")
        for name, amount, day in ((early, "100.00", "2025-06-30"), (late, "121.00", "2025-09-30")):
            _count(folder, slug, _outlay(slug, amount), name=name)
            folder.registry("files", {"file": f"{slug}/count/{name}.csv", "period": YEAR, "published_as_at": day})


def _transfers(folder: ReturnsFolder) -> None:
    """Recharges inside and between bodies, tax, a mismatch, small streams, and words that only an amount tells apart."""
    for slug, kind in (("transfers-council", "la_unitary"), ("transfers-trust", "nhs_provider"), ("transfers-biller", "la_lower")):
        _agency(folder, slug, kind, "transfers")
    council, trust = "transfers-council", "transfers-trust"
    _count(
        folder,
        council,
        _outlay(council, "11.00", transfer_kind="recharge", counterparty_agency=council),
        _outlay(council, "12.00", transfer_kind="recharge", counterparty_agency=trust),
        _outlay(council, "13.00", transfer_kind="tax", counterparty_agency="hm-revenue-and-customs"),
        _outlay(council, "200.00", transfer_kind="purchase", counterparty_agency=trust),
        _outlay(council, "5.00", transfer_kind="grant", counterparty_name="A charity"),
        _income(council, "99999.99", "ringfenced_grant", funding_stream="Troubled Families"),
        _income(council, "0.01", "lottery_other"),
        _income(council, "3.00", "borrowing_reserves"),
    )
    _count(
        folder,
        trust,
        _outlay(trust, "150.00"),
        _income(trust, "190.00", "nhs_contract", counterparty_agency=council, transfer_kind="purchase"),
    )
    words = "Precept - July 24"
    _ledger(
        folder,
        "transfers-biller",
        ("17/07/2024", "transfers-council (synthetic)", words, "3000.00"),
        ("17/07/2024", "transfers-council (synthetic)", words, "400.00"),
        ("17/07/2024", "transfers-council (synthetic)", words, "77.00"),
        name="2024-07",
    )
    folder.registry(
        "transfer_rules",
        {
            "rule_id": "biller_precepts", "agency_slug": "transfers-biller", "field": "description", "pattern": "^precept",
            "grade": "B", "transfer_kind": "collection_on_behalf", "counterparty_agency": council,
        },
    )  # fmt: skip
    folder.registry(
        "transfer_amounts",
        {
            "rule_id": "biller_precepts", "agency_slug": "transfers-biller", "financial_year": YEAR, "amount_gbp": "400.00",
            "counterparty_agency": trust, "grade": "A", "reason": "the instalment of every other month",
        },
    )  # fmt: skip


def _bodies(folder: ReturnsFolder) -> None:
    """Payees that are public bodies without being agencies, by name on the day and by identifier; and look-alikes."""
    _agency(folder, "bodies-council", "la_unitary", "bodies")
    _ledger(
        folder,
        "bodies-council",
        ("01/05/2016", "NHS REDBRIDGE CCG", "Care", "1.00"),
        ("02/05/2016", "Environment Agency", "Licence", "2.00"),
        ("03/05/2016", "ARTS AT THE OLD FIRE STATION", "Grant", "4.00"),
        ("04/05/2016", "DESIGN COUNCIL", "Fee", "8.00"),
        ("05/05/2016", "Some words of a payer", "Care", "16.00", "GB-NHS-RAT"),
        ("06/05/2016", "Kent County Council", "Placement", "32.00"),
        name="2016-05",
    )
