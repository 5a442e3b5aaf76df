"""Why payments stand together as a possible duplicate: the tier, the arithmetic of the excess, each member and its row."""

from __future__ import annotations

import duckdb

from orchestration.explain.answer import ExplainError, Explanation, Part, ask, has_table

TABLE, LINES = "mart_possible_duplicate_payments", "mart_possible_duplicate_payment_lines"
RULES = [
    "Lines of one transaction are rolled up first; a transaction stands in its highest tier only; a credit of the amount cancels a "
    "payment.",
    "Excess counts for D1 and D3: max(0, payments - credits - 1) x amount. D2 and D4 are for review and add to no excess.",
    "A possible duplicate payment is a question for the payer, not a finding of loss.",
]


def explain_duplicate(connection: duckdb.DuckDBPyConnection, release_id: str, group_id: str) -> Explanation:
    """A group of possible duplicate payments.

    Raises ExplainError where the release holds no such group, or was made before groups were looked for.
    """
    if not has_table(connection, TABLE):
        raise ExplainError("this release was made before possible duplicate payments were looked for: run again")
    found = ask(connection, f"select * exclude (members) from {TABLE} where group_id = ?", [group_id.strip()])
    if not found:
        count = ask(connection, f"select count(*) as n from {TABLE}")[0]["n"]
        raise ExplainError(f"this release has no group '{group_id}' of possible duplicate payments; it has {count:,} ({TABLE})")
    group = found[0]
    members = ask(
        connection,
        f"""
        select role, payment_number, payment_date, amount_gbp, file_name, sheet_name, row_number, cell_ref
        from {LINES} where group_id = ? order by role desc, payment_number, file_name, sheet_name, row_number, cell_ref""",
        [group["group_id"]],
    )
    again = group["payment_count"] - group["credit_count"] - 1
    whole = max(again, 0) * group["amount_gbp"]
    name, value = ("excess", group["excess_gbp"]) if group["tier"] in ("D1", "D3") else ("for review", group["review_gbp"])
    notes = [f"review: {group['status']}" + (f", {group['review_reason']}" if group["review_reason"] else "")]
    if whole != value:
        notes.append(f"the arithmetic gives {whole:,.2f} and the table {value:,.2f}")
    return Explanation(
        about=f"{group['tier']} {group['group_id']}: possible duplicate of {group['agency_slug']}, {group['financial_year']}",
        release_id=release_id,
        rules=[f"{group['tier']}: {group['reason']}.", *RULES],
        arithmetic=[
            f"max(0, {group['payment_count']} payments - {group['credit_count']} credits - 1) x {group['amount_gbp']:,.2f} ="
            f" {whole:,.2f} {name}"
        ],
        parts=[Part("Members", members, ("payment_number", "amount_gbp", "row_number"))],
        notes=notes,
    )
