"""Who a supplier is, who pays it where, what is shared, and the lines behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from ingest.suppliers.names import read_name
from orchestration.explain.answer import ExplainError, Explanation, Row, ask, lines, part
from orchestration.statement import StatementError, find_subject, year_meant

RULES = [
    "Names are one supplier by key, identifier or a link with a score and a method; each exact key is a row of the names below.",
    "By lines of payment (ledgers and cards), credits netted, after payments between bodies of the place have left.",
    "Shared: two or more agencies of the place each paid it 500 pounds or more in the year, before any division over places. What "
    "all payers spend adds to SS; what they spend beside the payer that pays most adds to SN.",
    "A payer that serves several places has its money in each by its weights (grades C and D): paid_everywhere_gbp is undivided.",
]
NOT_SUPPLIERS = "public bodies, people and withheld or stand-in names are no suppliers here: see mart_supplier_overlap_excluded"


def explain_supplier(
    connection: duckdb.DuckDBPyConnection,
    release_id: str,
    words: str,
    place: str | None = None,
    year: str | None = None,
    limit: int = 20,
) -> Explanation:
    """A supplier by id or name, everywhere or in a place and year.

    Raises ExplainError where no supplier, several, or no such place or year is meant.
    """
    try:
        subject = find_subject(connection, place) if place else None
        financial_year = year_meant(year) if year else None
    except StatementError as error:
        raise ExplainError(str(error)) from error
    supplier = _find(connection, words)
    narrowed = [("place_code", subject.code)] if subject else []
    narrowed += [("financial_year", financial_year)] if financial_year else []
    where = "supplier_id = ?" + "".join(f" and {name} = ?" for name, _ in narrowed)
    values: list[object] = [supplier, *(value for _, value in narrowed)]
    names = ask(
        connection,
        """
        select supplier_id, supplier_name, payee_class, agency_slug, spelling_count, resolution_method, resolution_score
        from dim_supplier where resolved_supplier_id = ? order by supplier_name nulls last, supplier_id""",
        [supplier],
    )
    overlap = ask(connection, f"select * from mart_supplier_overlap where {where} order by financial_year, place_code", values)
    payers = ask(
        connection,
        f"""
        select financial_year, place_name, agency_slug, is_lead, spend_gbp, paid_everywhere_gbp, method_grade, payment_count,
            month_count, service_codes
        from mart_supplier_overlap_payers where {where} order by financial_year, place_code, payer_rank""",
        values,
    )
    paid = _paid(connection, supplier, financial_year)
    if financial_year and not paid:
        years = sorted({row["financial_year"] for row in _paid(connection, supplier, None)})
        raise ExplainError(f"nobody paid this supplier in {financial_year} by the lines of this release; it has {', '.join(years)}")
    flow_where = "layer = 'transactions' and flow = 'outlay' and resolved_supplier_id = ?"
    flow_values: list[object] = [supplier]
    if subject and payers:
        flow_where = f"{flow_where} and list_contains(?, agency_slug)"
        flow_values.append(sorted({row["agency_slug"] for row in payers}))
    if financial_year:
        flow_where, flow_values = f"{flow_where} and financial_year = ?", [*flow_values, financial_year]
    shown = next((row["supplier_name"] for row in names if row["supplier_name"]), "name not shown: it may be a person's")
    return Explanation(
        about=f"Supplier {shown} ({supplier})" + (f" in {subject.name} ({subject.code})" if subject else ""),
        release_id=release_id,
        rules=RULES,
        arithmetic=[_arithmetic(row, payers) for row in overlap[:limit]],
        parts=[
            part("Names that are this supplier", names, limit, ("spelling_count", "resolution_score")),
            part("What each agency paid it, everywhere", paid, limit, ("payment_count", "paid_gbp")),
            part("Payers where it is shared", payers, limit, ("spend_gbp", "paid_everywhere_gbp", "payment_count", "month_count")),
            lines(connection, "Lines", flow_where, flow_values, limit, extra=", service_code, payee_class, transfer_kind"),
        ],
        notes=_notes(names, overlap, paid),
    )


def _find(connection: duckdb.DuckDBPyConnection, words: str) -> str:
    """The id of the one supplier that is meant."""
    wanted = words.strip()
    if re.fullmatch(r"[0-9a-fA-F]{32}", wanted):
        query = "select distinct resolved_supplier_id as id from dim_supplier where supplier_id = ? or resolved_supplier_id = ?"
        found = ask(connection, query, [wanted.lower(), wanted.lower()])
        if found:
            return found[0]["id"]
        raise ExplainError(f"this release has no supplier with the id {wanted}")
    by_name = """
        select resolved_supplier_id as id, min(supplier_name) as supplier_name from dim_supplier
        where contains(upper(supplier_name), upper(?)) group by all order by supplier_name, id"""
    # the first word finds the other ways of writing it: Ltd, Limited, capitals
    near = ask(connection, by_name, [wanted.split()[0] if wanted else ""])
    key = read_name(wanted).key
    holding = [row for row in near if wanted.upper() in row["supplier_name"].upper()]
    for found in (
        [row for row in holding if row["supplier_name"].upper() == wanted.upper()],
        [row for row in near if key and read_name(row["supplier_name"]).key == key],
        holding,
    ):
        if len(found) == 1:
            return found[0]["id"]
        if found:
            shown = "; ".join(f"{row['supplier_name']} ({row['id']})" for row in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise ExplainError(f"'{words}' could be {shown}{more}: give the id")
    raise ExplainError(
        f"this release names no supplier '{words}': only companies, charities and public bodies are named, others are found by id"
    )


def _paid(connection: duckdb.DuckDBPyConnection, supplier: str, year: str | None) -> list[Row]:
    return ask(
        connection,
        """
        select financial_year, agency_slug, payee_class, count(*) as payment_count, sum(amount_gbp) as paid_gbp,
            min(payment_date) as first_date, max(payment_date) as last_date
        from fct_flow
        where layer = 'transactions' and flow = 'outlay' and resolved_supplier_id = ?
            and financial_year = coalesce(?, financial_year)
        group by all order by financial_year, paid_gbp desc, agency_slug, payee_class""",
        [supplier, year],
    )


def _arithmetic(row: Row, payers: Sequence[Row]) -> str:
    spends = [
        p["spend_gbp"] for p in payers if (p["financial_year"], p["place_name"]) == (row["financial_year"], row["place_name"])
    ]
    terms = " + ".join(f"{value:,.2f}" for value in spends)
    return (
        f"{row['place_name']} {row['financial_year']}: {terms} = {row['shared_gbp']:,.2f} shared; less {row['lead_gbp']:,.2f} of"
        f" {row['lead_agency_slug']} = {row['non_lead_gbp']:,.2f} beside the lead ({row['match_reason']}, confidence"
        f" {row['match_confidence']:.2f})"
    )


def _notes(names: Sequence[Row], overlap: Sequence[Row], paid: Sequence[Row]) -> list[str]:
    classes = {row["payee_class"] for row in (*names, *paid)}
    if classes & {"public_body", "redacted", "placeholder"}:
        return [f"its class is {', '.join(sorted(c for c in classes if c))}: {NOT_SUPPLIERS}"]
    if not overlap:
        return ["it is not shared here: no two agencies of a place paid it 500 pounds or more in one year (or it is a person)"]
    return []
