"""Writes the outputs in docs/supplier-overlap.md and docs/explain.md from a home in which the Lancashire returns were run:

totalplace run --home HOME --returns FOLDER_OF_LANCASHIRE_RETURNS
python tests/integration/explain_pages.py HOME
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import duckdb
from click.testing import CliRunner

from ingest.home import Home
from orchestration.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
OVERLAP_PAGE, EXPLAIN_PAGE = DOCS / "supplier-overlap.md", DOCS / "explain.md"
CODE, YEAR, SUPPLIER = "E07000120", "2024-25", "Civica UK Ltd"
_BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)


def shown(page: str) -> str:
    """The output that a page shows."""
    found = _BLOCK.search(page)
    assert found is not None, "the page shows no output"
    return found[0]


def explained(home: Path) -> str:
    """Civica in Hyndburn. The release id is left out: it changes with every run."""
    arguments = ["explain", "supplier", SUPPLIER, "--place", CODE, "--year", YEAR, "--lines", "8", "--home", str(home)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.stderr
    lines = (line.rstrip() for line in result.stdout.splitlines())
    return f"$ totalplace {shlex.join(arguments[:9])}\n" + re.sub(r"; release \S+", "", "\n".join(lines).strip()) + "\n"


def listed(home: Path) -> str:
    """Both measures, the suppliers of all three payers with what each pays undivided, and the public bodies."""
    with duckdb.connect(str(Home(home).current_release / "totalplace.duckdb"), read_only=True) as release:
        of_place = "where place_code = ? and financial_year = ?"
        (s, ss, sn, shared, beside, count, months) = release.execute(
            "select spend_gbp, shared_gbp, non_lead_gbp, shared_printed, non_lead_printed, shared_supplier_count, months_by_agency"
            f" from mart_supplier_overlap_summary {of_place}", [CODE, YEAR],
        ).fetchall()[0]  # fmt: skip
        suppliers = release.execute(
            f"""
            select coalesce(supplier_name, supplier_id), supplier_class, overlap.shared_gbp, overlap.non_lead_gbp,
                string_agg(agency_slug || ' £' || format('{{:,.2f}}', paid_everywhere_gbp::double), '; ' order by agency_slug)
            from mart_supplier_overlap as overlap
            inner join mart_supplier_overlap_payers using (place_code, financial_year, supplier_id, supplier_name, supplier_class)
            {of_place} and payer_count = 3 group by all order by overlap.shared_gbp desc""", [CODE, YEAR],
        ).fetchall()  # fmt: skip
        apart = release.execute(
            "select supplier_class, spend_gbp, eliminated_gbp, shared_payee_count, shared_payees"
            f" from mart_supplier_overlap_excluded {of_place} order by all", [CODE, YEAR],
        ).fetchall()  # fmt: skip
    lines = [f"S £{s:,.2f}; SS £{ss:,.2f}, {shared}; SN £{sn:,.2f}, {beside}; {count} shared suppliers", f"months: {months}", ""]
    for name, sort, gbp, beside_gbp, payers in suppliers:
        lines += [f"{name} ({sort}): shared £{gbp:,.2f}, beside the lead £{beside_gbp:,.2f}", f"    paid everywhere: {payers}"]
    lines += [""]
    for sort, gbp, eliminated, payees, names in apart:
        lines.append(f"apart, {sort}: £{gbp:,.2f} (eliminated £{eliminated:,.2f}; paid by several: {payees if payees else 0})")
        lines += [f"    {name}" for name in (names or "").split("; ") if name]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for page, text in ((OVERLAP_PAGE, listed(Path(sys.argv[1]))), (EXPLAIN_PAGE, explained(Path(sys.argv[1])))):
        page.write_text(_BLOCK.sub(lambda _, text=text: text, page.read_text(encoding="utf-8"), count=1), encoding="utf-8")
