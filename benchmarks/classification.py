"""How much of a folder's money is classified: `python -m benchmarks.classification [--home HOME] [--returns RETURNS]`.

Prints, for each kind of return and type of agency, the share of money by grade, then the largest sums that no rule knows. Reads the
current release of the home; with `--returns` it runs that folder into the home first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingest.home import Home
from orchestration.pipeline import run_pipeline

LEAST = 0.9
SHARES = """
select
    kind,
    agency_type,
    round(sum(absolute_gbp) / 1e6, 1) as gbp_m,
    coalesce(sum(share_of_spend) filter (where classification_grade in ('published', 'mapped')), 0) as coded,
    coalesce(sum(share_of_spend) filter (where classification_grade = 'keyword'), 0) as keyword,
    coalesce(sum(share_of_spend) filter (where is_single_purpose), 0) as single_purpose,
    coalesce(sum(share_of_spend) filter (where is_above_default), 0) as of_spend,
    coalesce(sum(share_of_money) filter (where is_above_default), 0) as of_money
from qa_classification
group by all
order by all
"""
UNKNOWN = """
select
    kind,
    agency_type,
    agency_slug,
    coalesce(concat_ws(' / ', expense_area, department, expense_type, merchant_category), '') as label,
    absolute_gbp
from qa_unclassified
order by absolute_gbp desc
limit 12
"""


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; shares (floats of at most 1) as percentages, cut and not rounded up."""

    def cell(value: object) -> str:
        return f"{int(value * 1000 + 1e-6) / 10:.1f}%" if isinstance(value, float) and value <= 1 + 1e-9 else str(value)

    lines = [heads, ["---"] * len(heads), *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report(release: Path) -> tuple[str, list[str]]:
    """The tables of a release, and the kinds and types of which less than LEAST of the spend is classified."""
    with duckdb.connect(str(release), read_only=True) as connection:
        shares = connection.execute(SHARES).fetchall()
        unknown = connection.execute(UNKNOWN).fetchall()
    heads = (
        "kind",
        "agency type",
        "£m",
        "published or mapped",
        "keyword",
        "single purpose",
        "classified, of spend",
        "of all money",
    )
    below = [f"{kind}, {agency_type}" for kind, agency_type, *_, of_spend, _ in shares if of_spend < LEAST]
    pages = [table(heads, shares), table(("kind", "agency type", "agency", "labels", "£"), unknown)]
    return "\n\n".join(pages), below


def chosen_release(description: str) -> Path:
    """The release of the home that the command line names, made of its returns where it names them; exits 1 where there is none."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(".totalplace/classification"))
    parser.add_argument("--returns", type=Path)
    chosen = parser.parse_args()
    home = Home(chosen.home)
    if chosen.returns is not None:
        run_pipeline(home, chosen.returns, lambda line: print(line, file=sys.stderr))
    release = home.current_release / "totalplace.duckdb"
    if not release.exists():
        sys.exit(f"no release in {chosen.home}: name a folder of returns with --returns")
    return release


def main() -> None:
    """Print the report."""
    words, below = report(chosen_release(__doc__ or ""))
    print(words)
    print(f"\nBelow {LEAST:.0%}: {'; '.join(below) or 'none'}")


if __name__ == "__main__":
    main()
