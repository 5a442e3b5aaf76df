"""The `count` returns: the golden count of the specification, 2024-25, and a smaller 2023-24.

Belongs here: outlays and income of the five bodies. Must not be here: ledgers.

The golden count (GBP million): council 250, health commissioner 300, hospital trust 210, fire 22, Jobcentre 155:
aggregate 937, of which 232 flow inside the place (12 precept, 200 trust contract, 20 pooled), so 705 consolidated;
resources in 705. Pay, suppliers and benefits are split by service so that overlap shows; the sums are the table's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from examples.generator.places import COUNCIL, EXAMPLESHIRE, FIRE, ICB, JOBCENTRE, TRUST
from examples.generator.records import Cell, ExampleFile, Record, Sheet, csv_file, xlsx_file

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class CountRow:
    """One line of the `count` template; the field order is the template's column order."""

    agency_slug: str
    financial_year: str
    place_code: str
    flow: str
    service_code: str
    economic_type: str
    capital_or_revenue: str
    expenditure_basis: str
    funding_route: str
    funding_stream: str
    delivery_mode: str
    transfer_kind: str
    counterparty_agency: str
    counterparty_name: str
    amount_gbp: Decimal
    place_basis: str
    method_grade: str
    discretion: str
    note: str


COLUMNS = tuple(field.name for field in fields(CountRow))


class Body:
    """Collects the rows of one agency and year, all gross, revenue and spent in the place."""

    def __init__(self, agency_slug: str, financial_year: str) -> None:
        self.agency_slug = agency_slug
        self.financial_year = financial_year
        self.rows: list[CountRow] = []

    def _add(self, flow: str, service: str, economic_type: str, millions: str, place: str, **more: str) -> None:
        grade = "A" if place else ""  # apportioned money is graded by whoever apportions it
        values = {"funding_route": "", "funding_stream": "", "delivery_mode": "", "transfer_kind": "", **more}
        values.setdefault("counterparty_agency", "")
        values.setdefault("counterparty_name", "")
        values.setdefault("discretion", "")
        values["note"] = "synthetic" + (f": {more['note']}" if more.get("note") else "")
        self.rows.append(
            CountRow(
                agency_slug=self.agency_slug,
                financial_year=self.financial_year,
                place_code=place,
                flow=flow,
                service_code=service,
                economic_type=economic_type,
                capital_or_revenue="revenue",
                expenditure_basis="gross",
                amount_gbp=(Decimal(millions) * _MILLION).quantize(Decimal("0.01")),
                place_basis="in",
                method_grade=grade,
                **values,
            )
        )

    def outlay(self, service: str, what: str, millions: str, place: str = EXAMPLESHIRE, **more: str) -> None:
        """Money out; `what` is one of the delivery modes, which settles the economic type."""
        economic_type = {
            "payroll": "pay",
            "benefit_transfer": "benefit_transfer",
            "grant_third_sector": "grant",
            "transfer_public": "transfer_public",
        }.get(what, "goods_services")
        self._add("outlay", service, economic_type, millions, place, delivery_mode=what, **more)

    def income(self, route: str, millions: str, place: str = EXAMPLESHIRE, **more: str) -> None:
        """Money in, by funding route."""
        self._add("income", "", "income", millions, place, funding_route=route, **more)


def _council_2024_25() -> Body:
    body = Body(COUNCIL, "2024-25")
    schools = {"funding_route": "schools_grant", "discretion": "ringfenced"}
    pooled = {"funding_route": "pooled", "funding_stream": "Better Care Fund", "discretion": "ringfenced"}
    tax = {"funding_route": "council_tax", "discretion": "local"}
    grant = {"funding_route": "unringfenced_grant", "funding_stream": "Revenue Support Grant", "discretion": "local"}
    # pay 60
    body.outlay("09.1", "payroll", "22", note="primary schools", **schools)
    body.outlay("09.2", "payroll", "14", note="secondary schools", **schools)
    body.outlay("10.2", "payroll", "8", note="care of older people", **pooled)
    body.outlay("01.1", "payroll", "6", note="corporate", **tax)
    body.outlay("05.1", "payroll", "4", note="waste", **tax)
    body.outlay("04.5", "payroll", "3", note="highways", **tax)
    body.outlay("08.1", "payroll", "3", note="leisure", **tax)
    # suppliers 133
    body.outlay("09.1", "contract_private", "24", note="primary schools", **schools)
    body.outlay("10.2", "contract_private", "12", note="home care", **pooled)
    body.outlay("04.5", "contract_private", "30", note="highways", **grant)
    body.outlay("01.1", "contract_private", "10", note="corporate", **grant)
    body.outlay("08.2", "contract_private", "10", note="libraries and museums", **grant)
    body.outlay("05.1", "contract_private", "25", note="waste", **tax)
    body.outlay("06.1", "contract_private", "14", note="housing", **tax)
    body.outlay("06.2", "contract_private", "8", note="regeneration", **tax)
    # academies 40, charity 5, fire precept 12
    body.outlay("09.2", "transfer_public", "40", counterparty_name="Exampleshire academies (synthetic)", **schools)
    body.outlay("06.2", "grant_third_sector", "5", counterparty_name="Exampleshire Community Trust (synthetic charity)", **tax)
    body.outlay(
        "03.2",
        "transfer_public",
        "12",
        note="fire precept paid over",
        funding_route="precept_levy",
        transfer_kind="collection_on_behalf",
        counterparty_agency=FIRE,
        discretion="committed",
    )
    body.income("schools_grant", "100", counterparty_name="HM Government")
    body.income("unringfenced_grant", "50", funding_stream="Revenue Support Grant", counterparty_name="HM Government")
    body.income("council_tax", "80", counterparty_name="council tax payers", note="12 of it collected for fire")
    body.income("pooled", "20", funding_stream="Better Care Fund", transfer_kind="pooled", counterparty_agency=ICB)
    return body


def _icb_2024_25() -> Body:
    body = Body(ICB, "2024-25")
    allocation = {"funding_route": "nhs_allocation"}
    body.outlay(
        "07.3",
        "transfer_public",
        "200",
        note="acute contract",
        transfer_kind="purchase",
        counterparty_agency=TRUST,
        discretion="committed",
        **allocation,
    )
    body.outlay("07.2", "contract_private", "60", note="primary care", discretion="committed", **allocation)
    body.outlay("07.3", "contract_private", "20", note="private providers", discretion="local", **allocation)
    body.outlay(
        "10.2",
        "transfer_public",
        "20",
        funding_stream="Better Care Fund",
        transfer_kind="pooled",
        counterparty_agency=COUNCIL,
        discretion="ringfenced",
        **allocation,
    )
    body.income("nhs_allocation", "300", counterparty_name="NHS England")
    return body


def _trust_2024_25() -> Body:
    body = Body(TRUST, "2024-25")
    body.outlay("07.3", "payroll", "150", funding_route="nhs_contract", discretion="local")
    body.outlay("07.3", "contract_private", "60", funding_route="nhs_contract", discretion="local")
    body.income("nhs_contract", "200", transfer_kind="purchase", counterparty_agency=ICB)
    body.income("nhs_contract", "10", counterparty_name="Another ICB (synthetic)")
    return body


def _fire_2024_25() -> Body:
    body = Body(FIRE, "2024-25")
    body.outlay("03.2", "payroll", "12", funding_route="precept_levy", discretion="local")
    body.outlay("03.2", "payroll", "4", funding_route="unringfenced_grant", discretion="local")
    body.outlay("03.2", "contract_private", "6", funding_route="unringfenced_grant", discretion="local")
    body.income("precept_levy", "12", transfer_kind="collection_on_behalf", counterparty_agency=COUNCIL)
    body.income("unringfenced_grant", "10", counterparty_name="HM Government")
    return body


def _jobcentre_2024_25() -> Body:
    body = Body(JOBCENTRE, "2024-25")
    benefit = {"funding_route": "benefit_payment", "discretion": "entitlement"}
    body.outlay("10.2", "benefit_transfer", "90", note="state pension", **benefit)
    body.outlay("10.5", "benefit_transfer", "30", note="unemployment", **benefit)
    body.outlay("10.1", "benefit_transfer", "30", note="sickness and disability", **benefit)
    body.outlay("04.1", "payroll", "5", note="administration", funding_route="central_direct", discretion="local")
    body.income("benefit_payment", "150", counterparty_name="HM Government")
    body.income("central_direct", "5", counterparty_name="HM Government")
    return body


def _council_2023_24() -> Body:
    body = Body(COUNCIL, "2023-24")
    body.outlay("09.1", "payroll", "57", funding_route="schools_grant", discretion="ringfenced")
    body.outlay("04.5", "contract_private", "126", funding_route="council_tax", discretion="local")
    body.outlay(
        "09.2",
        "transfer_public",
        "38",
        counterparty_name="Exampleshire academies (synthetic)",
        funding_route="schools_grant",
        discretion="ringfenced",
    )
    body.outlay(
        "06.2",
        "grant_third_sector",
        "4",
        counterparty_name="Exampleshire Community Trust (synthetic charity)",
        funding_route="council_tax",
        discretion="local",
    )
    body.outlay(
        "03.2",
        "transfer_public",
        "11",
        funding_route="precept_levy",
        transfer_kind="collection_on_behalf",
        counterparty_agency=FIRE,
        discretion="committed",
    )
    body.income("schools_grant", "96", counterparty_name="HM Government")
    body.income("unringfenced_grant", "47", counterparty_name="HM Government")
    body.income("council_tax", "75", counterparty_name="council tax payers")
    body.income("pooled", "18", funding_stream="Better Care Fund", transfer_kind="pooled", counterparty_agency=ICB)
    return body


def _fire_2023_24() -> Body:
    """Without a place on the outlays: they are apportioned to both places, and the odd pennies must not get lost."""
    body = Body(FIRE, "2023-24")
    body.outlay("03.2", "payroll", "15.40000001", place="", funding_route="precept_levy", discretion="local")
    body.outlay("03.2", "contract_private", "5.09999999", place="", funding_route="unringfenced_grant")
    body.income("precept_levy", "11", transfer_kind="collection_on_behalf", counterparty_agency=COUNCIL)
    body.income("unringfenced_grant", "9.5", place="", counterparty_name="HM Government")
    return body


def count_files() -> list[ExampleFile]:
    """One file per agency and year; health and the Jobcentre fill in the workbook, the others the CSV."""
    return [
        _as_csv(_council_2024_25()),
        _as_csv(_council_2023_24()),
        _as_xlsx(_icb_2024_25()),
        _as_csv(_trust_2024_25()),
        _as_csv(_fire_2024_25()),
        _as_csv(_fire_2023_24()),
        _as_xlsx(_jobcentre_2024_25()),
    ]


def _cells(row: CountRow, amount: Cell) -> tuple[Cell, ...]:
    return tuple(amount if name == "amount_gbp" else getattr(row, name) or None for name in COLUMNS)


def _records(rows: Sequence[CountRow], *, as_text: bool) -> tuple[Record, ...]:
    lines = [Record(_cells(row, str(row.amount_gbp) if as_text else float(row.amount_gbp)), amount=row.amount_gbp) for row in rows]
    return (Record(COLUMNS, "excluded"), *lines)


def _as_csv(body: Body) -> ExampleFile:
    path = f"{body.agency_slug}/count/{body.financial_year}.csv"
    return csv_file(path, _records(body.rows, as_text=True), line_end="\n")


def _as_xlsx(body: Body) -> ExampleFile:
    path = f"{body.agency_slug}/count/{body.financial_year}.xlsx"
    return xlsx_file(path, [Sheet("count", _records(body.rows, as_text=False))])
