"""The submitter's report: findings as CSV (complete) and HTML (grouped), worded for a finance officer.

Belongs here: presentation. A cell that a spreadsheet would run as a formula is neutralised in everything written here.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from ingest.findings import Finding
from ingest.home import written_aside

_COLUMNS = "severity owner file_name sheet_name row_number cell_ref field_name value expected message amount_gbp rule_id".split()
_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{padding:.4rem .6rem;border-bottom:1px solid #d0d7de;text-align:left;vertical-align:top}"
    ".blocking{color:#a40e26;font-weight:600}.warning{color:#7d4e00}.info{color:#57606a}"
)


def neutral(value: object) -> str:
    """Text that no spreadsheet runs: a leading = + - @ tab or return gets an apostrophe before it (numbers stay)."""
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not text.lstrip("+-").replace(",", "").replace(".", "").isdigit():
        return f"'{text}"
    return text


def write_csv(findings: Sequence[Finding], target: Path) -> None:
    """Every finding, however many."""
    with written_aside(target) as aside, aside.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(_COLUMNS)
        for finding in findings:
            writer.writerow([neutral(getattr(finding, name)) for name in _COLUMNS])


def write_html(findings: Sequence[Finding], totals: Mapping[str, object], file_name: str, target: Path) -> None:
    """One self-contained page: the counts at the top, then findings grouped by what is wrong."""
    rank = {"blocking": 0, "warning": 1, "info": 2}
    ordered = sorted(findings, key=lambda f: (rank[f.severity], f.rule_id, f.message))
    rows: list[str] = []
    for (severity, _, message), group in groupby(ordered, key=lambda f: (f.severity, f.rule_id, f.message)):
        same = list(group)
        where = "; ".join(html.escape(f.place_in_file) for f in same[:10] if f.place_in_file)
        where += f"; and {len(same) - 10} more" if len(same) > 10 else ""
        who = "you" if same[0].owner == "submitter" else "the data team"
        rows.append(
            f"<tr><td class='{severity}'>{severity}</td><td>{html.escape(message)}</td><td>{len(same):,}</td>"
            f"<td>{where}</td><td>{who}</td></tr>"
        )
    facts = "".join(f"<li>{html.escape(name.replace('_', ' '))}: <b>{value:,}</b></li>" for name, value in totals.items())
    page = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{html.escape(file_name)}</title><style>{_STYLE}</style></head><body><h1>{html.escape(file_name)}</h1><ul>{facts}</ul>"
        "<table><tr><th>how serious</th><th>what, and what to do</th><th>times</th><th>where</th><th>who acts</th></tr>"
        f"{''.join(rows)}</table>"
        "</body></html>"
    )
    with written_aside(target) as aside:
        aside.write_text(page, encoding="utf-8")
