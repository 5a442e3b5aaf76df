"""What both sides of `benchmarks.overlap` found, figure by figure, so that neither does less.

Each figure is one number of ours and the same of the bare job: counts, or whole pence. Money by service is divided over themes by
another rounding there: up to a pound in all may differ.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

Pair = tuple[int, int]
_GROUPS = "mart_possible_duplicate_payments where tier = 'D{tier}'"
_CELLS = "mart_duplication_overlap where lens = '{lens}' and grade_scope = '{scope}' and place_code <> 'UNALLOCATED'"
_PAIRS = "mart_overlap_pairs where lens = '{lens}' and grade_scope = '{scope}'"
_THEMES = "mart_overlap_by_theme where rolled_up_to = 'theme' and lens = 'service' and grade_scope = 'all'"


def _queries() -> dict[str, tuple[str, str]]:
    """Figure -> the query of ours, the query of the bare job."""
    figures: dict[str, tuple[str, str]] = {}
    for tier in (1, 2, 3, 4):
        for words, mine, bare in (
            ("groups", "count(*)", "count(*)"),
            ("payments", "sum(payment_count)", "sum(payments)"),
            ("credits", "sum(credit_count)", "sum(credits)"),
            ("pence paid again", "sum(excess_gbp + review_gbp) * 100", "sum(again_pence)"),
        ):
            figures[f"D{tier}, {words}"] = (f"{mine} from {_GROUPS.format(tier=tier)}", f"{bare} from groups where tier = {tier}")
    summary = "mart_duplicate_payments_summary"
    figures |= {
        "lines": (f"sum(line_count) from {summary}", "sum(lines) from ledgers"),
        "payments": (f"sum(payment_count) from {summary}", "sum(payments) from payment_counts"),
        "naive, lines, pence": (f"sum(naive_lines_gbp) * 100 from {summary}", "sum(pence) from naive_lines"),
        "naive, payments, pence": (f"sum(naive_payments_gbp) * 100 from {summary}", "sum(payments) from naive_payments"),
        "after credits, pence": (f"sum(after_credits_gbp) * 100 from {summary}", "sum(after_credits) from naive_payments"),
        "after recurring, pence": (f"sum(after_recurring_gbp) * 100 from {summary}", "sum(after_recurring) from naive_payments"),
    }
    for lens_no, lens in ((1, "service"), (2, "purchase_category")):
        for scope_no, scope in ((1, "A-B"), (2, "all")):
            ours, mine = _CELLS.format(lens=lens, scope=scope), f"cells where lens = {lens_no} and scope = {scope_no}"
            name = f"overlap by {lens}, {scope}"
            figures[f"{name}, cells with two agencies"] = (
                f"count(*) from {ours} and agency_count > 1",
                f"count(*) from {mine} and agencies > 1",
            )
            figures[f"{name}, spend, pence"] = (f"sum(spend_gbp) * 100 from {ours}", f"sum(pence) from {mine}")
            figures[f"{name}, pence"] = (f"sum(overlap_gbp) * 100 from {ours}", f"sum(overlap) from {mine}")
            figures[f"{name}, pairs, pence"] = (
                f"sum(shared_gbp) * 100 from {_PAIRS.format(lens=lens, scope=scope)}",
                f"sum(pence) from agency_pairs where lens = {lens_no} and scope = {scope_no}",
            )
    shared = "mart_supplier_overlap_summary"
    return figures | {
        "overlap by service, themes, pence": (
            f"sum(overlap_gbp) * 100 from {_THEMES}",
            "sum(overlap) from by_theme where lens = 1 and scope = 2 and theme_no is not null"
        ),
        "S, pence": (f"sum(spend_gbp) * 100 from {shared}", "sum(pence) from by_class"),
        "floored, pence": (f"sum(floored_gbp) * 100 from {shared}", "sum(credits) from by_class"),
        "SS, pence": (f"sum(shared_gbp) * 100 from {shared}", "sum(pence) from shared"),
        "SN, pence": (f"sum(non_lead_gbp) * 100 from {shared}", "sum(beside) from shared"),
        "shared suppliers": ("count(*) from mart_supplier_overlap", "count(*) from shared"),
        "their payers": ("count(*) from mart_supplier_overlap_payers", "count(*) from payers"),
        "months of payers": ("sum(month_count) from mart_supplier_overlap_payers", "sum(bit_count(months)) from payer_purposes"),
        "payments of payers": ("sum(payment_count) from mart_supplier_overlap_payers", "sum(lines) from payer_purposes"),
        "joint buying": ("count(*) from mart_joint_buying", "count(*) from joint"),
        "joint buying, payers": ("sum(payer_count) from mart_joint_buying", "sum(payers) from joint"),
        "joint buying, months": ("sum(month_count) from mart_joint_buying", "sum(bit_count(months)) from joint"),
        "kept apart, payees": ("sum(payee_count) from mart_supplier_overlap_excluded", "sum(payees) from excluded"),
    }  # fmt: skip


def both(warehouse: Path, bare: Path) -> dict[str, Pair]:
    """Every figure of the built warehouse and of the bare job's file."""
    with duckdb.connect(str(warehouse), read_only=True) as ours, duckdb.connect(str(bare), read_only=True) as least:
        return {name: (_number(ours, mine), _number(least, other)) for name, (mine, other) in _queries().items()}


def is_equal(name: str, pair: Pair) -> bool:
    return abs(pair[0] - pair[1]) <= (100 if "by service" in name and "pence" in name else 0)


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(f"select {query}").fetchone()
    return int(found[0] or 0) if found else 0
