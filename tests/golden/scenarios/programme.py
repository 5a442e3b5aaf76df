"""Savings, investing to save, charities, outcomes and real terms as returns (money.md, sections 6 and 7, third sector of 8).

Each case has a place of its own: X98700001 to X98700009, and X98700011 to X98700013 for the three places compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from .folder import ReturnsFolder

SAVINGS, REAL_TERMS, INVEST, LEDGER, THIRD = (f"X9870000{number}" for number in range(1, 6))
COMPARED = ("X98700011", "X98700012", "X98700013")
COUNT = (
    "agency_slug financial_year place_code flow service_code economic_type capital_or_revenue expenditure_basis"
    " delivery_mode amount_gbp"
).split()
LEDGER_COLUMNS = ("Date", "Supplier", "Supplier ID", "Reference", "Expense Type", "Amount")
AWARDS = (
    "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Recipient Org:Identifier,Recipient Org:Name,"
    "Recipient Org:Charity Number,Recipient Ind:Identifier,Recipient Ind:Name,Funding Org:Identifier,Funding Org:Name"
).split(",")
INVEST_COLUMNS = (
    "proposal_id place_code title theme_code investing_agency benefiting_agency financial_year cost_gbp benefit_gbp"
    " cashable_share evidence"
).split()
OUTCOMES = "place_code financial_year indicator_code indicator_name theme_code value unit better source".split()


def add(folder: ReturnsFolder) -> None:
    """Write the registry rows and returns of all cases."""
    _savings(folder)
    _real_terms(folder)
    _invest_to_save(folder)
    _third_sector_ledger(folder)
    _third_sector_account(folder)
    _outcomes(folder)


def place(folder: ReturnsFolder, code: str, *agencies: tuple[str, str], place_type: str = "unitary") -> None:
    """A place and the agencies (slug, type) that serve it alone."""
    folder.registry("places", {"place_code": code, "place_name": f"Programme {code} (synthetic)", "place_type": place_type})
    for slug, kind in agencies:
        folder.registry("agencies", {"agency_slug": slug, "agency_name": slug.replace("-", " ").title(), "agency_type": kind})
        folder.registry("agency_places", {"agency_slug": slug, "place_code": code, "weight": "1", "driver": "boundary"})


def count(folder: ReturnsFolder, slug: str, place_code: str, *rows: Mapping[str, str], year: str = "2024-25") -> None:
    """A full count of outlays, revenue and gross unless a row says otherwise."""
    base = {
        "agency_slug": slug, "financial_year": year, "place_code": place_code, "flow": "outlay", "economic_type": "goods_services",
        "capital_or_revenue": "revenue", "expenditure_basis": "gross",
    }  # fmt: skip
    folder.file(f"{slug}/count/{year}.csv", COUNT, [base | dict(row) for row in rows])


def _savings(folder: ReturnsFolder) -> None:
    place(folder, SAVINGS, ("prog-savings-council", "la_unitary"), ("prog-savings-police", "police"))
    count(folder, "prog-savings-council", SAVINGS, {"service_code": "09", "amount_gbp": "7100000000.00"})
    folder.registry("rates", {"rate_name": "savings_own", "value": "0.025", "source": "Place board"})
    folder.registry("rates", {"rate_name": "savings_percent", "value": "5", "source": "5 meant as a percentage"})


def _real_terms(folder: ReturnsFolder) -> None:
    place(folder, REAL_TERMS, ("prog-real-council", "la_unitary"))
    count(folder, "prog-real-council", REAL_TERMS, {"amount_gbp": "7400000.00"}, year="1998-99")


def _invest_to_save(folder: ReturnsFolder) -> None:
    place(folder, INVEST, ("prog-dorset-council", "la_upper"), ("prog-dorset-health", "nhs_commissioner"))
    shared = {"proposal_id": "P1", "place_code": INVEST, "title": "15% diverted from hospital", "theme_code": "older_people"}
    health = {"investing_agency": "prog-dorset-council", "benefiting_agency": "prog-dorset-health"}
    rows = [
        health | {"financial_year": "2024-25", "cost_gbp": "7500000.00", "benefit_gbp": "6000000.00", "cashable_share": "0.5"},
        health | {"financial_year": "2025-26", "benefit_gbp": "12000000.00", "evidence": "Pilot of the place"},
        health | {"proposal_id": "P2", "title": "Mrs Bookbinder's garden", "financial_year": "2024-25", "cost_gbp": "100.00",
                  "benefit_gbp": "300.00", "cashable_share": "0.125"},
        health | {"proposal_id": "P2", "title": "Mrs Bookbinder's garden", "benefiting_agency": "prog-dorset-council",
                  "financial_year": "2024-25", "benefit_gbp": "40.00", "cashable_share": "1"},
    ]  # fmt: skip
    for year in ("2024-25", "2025-26"):
        of_year = [shared | row for row in rows if row["financial_year"] == year]
        folder.file(f"prog-dorset-council/invest_to_save/{year}.csv", INVEST_COLUMNS, of_year)


def _third_sector_ledger(folder: ReturnsFolder) -> None:
    """A ledger that pays charities known by a number in the awards, by a number of its own and by name; a firm; a person."""
    place(folder, LEDGER, ("prog-ledger-police", "police"))
    folder.registry("agencies", {"agency_slug": "prog-ledger-lottery", "agency_name": "Prog Lottery", "agency_type": "lottery"})
    paid = [
        ("Tallwick Hospice", "300.00", "0017"), ("Tallwick Friends", "50.00", "GB-CHC-0202918"), ("Tallwick Charity", "100.00", ""),
        ("Tallwick Firm Ltd", "450.00", "GB-COH-7654321"), ("A Reader", "100.00", "1234567"),
    ]  # fmt: skip
    rows = [
        {"Date": "03/06/2024", "Supplier": name, "Supplier ID": identifier, "Reference": f"R{number}", "Expense Type": "Services",
         "Amount": amount}
        for number, (name, amount, identifier) in enumerate(paid)
    ]  # fmt: skip
    folder.file("prog-ledger-police/spend/2024-06.csv", LEDGER_COLUMNS, rows)
    award = {"Currency": "GBP", "Award Date": "2024-05-01", "Title": "Grant", "Description": "Grant",
             "Funding Org:Identifier": "GB-GOR-X1", "Funding Org:Name": "Prog Lottery"}  # fmt: skip
    recipients = [
        {"Recipient Org:Identifier": "GB-CHC-1234567", "Recipient Org:Name": "TALLWICK HOSPICE LIMITED",
         "Amount Awarded": "1000.00"},
        {"Recipient Org:Identifier": "GB-COH-7654321", "Recipient Org:Name": "Tallwick Firm Ltd", "Amount Awarded": "20.00"},
        {"Recipient Org:Identifier": "360G-1", "Recipient Org:Name": "Library Friends", "Recipient Org:Charity Number": "SC012345",
         "Amount Awarded": "30.00"},
        {"Recipient Org:Identifier": "GB-CHC-202919", "Recipient Org:Name": "Prog Savings Police", "Amount Awarded": "50.00"},
        {"Recipient Org:Name": "Tallwick Choir", "Recipient Org:Charity Number": "none", "Amount Awarded": "60.00"},
        {"Recipient Ind:Identifier": "GB-CHC-7654321", "Recipient Ind:Name": "A Reader", "Amount Awarded": "40.00"},
    ]  # fmt: skip
    awards = [award | {"Identifier": f"360G-prog-{number}"} | row for number, row in enumerate(recipients)]
    folder.file("prog-ledger-lottery/grants/2024-25.csv", AWARDS, awards)


def _third_sector_account(folder: ReturnsFolder) -> None:
    place(folder, THIRD, ("prog-third-council", "la_unitary"))
    count(
        folder, "prog-third-council", THIRD,
        {"service_code": "10.2", "delivery_mode": "grant_third_sector", "amount_gbp": "2000.00"},
        {"service_code": "10.2", "delivery_mode": "contract_third_sector", "amount_gbp": "3000.00"},
        {"service_code": "10.2", "delivery_mode": "contract_private", "amount_gbp": "15000.00"},
        {"service_code": "03.1", "amount_gbp": "80000.00"},
    )  # fmt: skip


def _outcomes(folder: ReturnsFolder) -> None:
    """Three places alike, a fourth of another type; young people out of work, where lower is better."""
    rows: list[dict[str, str]] = []
    indicator = {
        "financial_year": "2024-25", "indicator_code": "PROGNEET", "indicator_name": "Not in education or work",
        "theme_code": "families_children", "unit": "per cent", "better": "lower", "source": "synthetic",
    }  # fmt: skip
    for number, (code, spend, value) in enumerate(
        zip(COMPARED, ("400000", "300000", "600000"), ("5.5", "3.5", "7.5"), strict=True)
    ):
        slug = f"prog-outcome-{number}"
        place(folder, code, (slug, "la_unitary"))
        folder.registry("populations", {
            "place_code": code, "vintage": "mid_2024", "reference_year": "2024", "population_count": "1000", "source": "synthetic",
        })  # fmt: skip
        count(
            folder, slug, code, {"service_code": "09.1", "amount_gbp": f"{spend}.00"}, {"service_code": "03", "amount_gbp": "1.00"}
        )
        rows.append(indicator | {"place_code": code, "value": value})
    rows.append(indicator | {"place_code": SAVINGS, "indicator_code": "PROGALONE", "theme_code": "", "value": "1"})
    folder.file("prog-outcome-0/outcomes/2024-25.csv", OUTCOMES, rows)
