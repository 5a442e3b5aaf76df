"""`totalplace duplicates`: possible duplicate payments of the current release, and what a reviewer says of them.

Belongs here: showing groups, and adding a review to the folder's registry. Must not: find groups (the warehouse does), or
decide what makes a review right (ingest.registry.duplicate_reviews).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.registry.duplicate_reviews import STATUSES
from orchestration.cli.console import counted, existing_home, fail, home_option, json_option, pounds, print_json, print_table

if TYPE_CHECKING:
    from ingest.home import Home

SHOWN = 30
_TIERS = click.Choice(("D1", "D2", "D3", "D4"))
_SHOWN_STATUSES = click.Choice(("open", "credited", *STATUSES))


@click.group()
def duplicates() -> None:
    """Possible duplicate payments, for review."""


@duplicates.command("list")
@click.option("--agency", help="Only groups of this payer.")
@click.option("--year", help="Only groups of this financial year, such as 2024-25.")
@click.option("--tier", type=_TIERS, help="Only groups of this tier.")
@click.option("--status", type=_SHOWN_STATUSES, help="Only groups with this status.")
@home_option
@json_option
def duplicates_list(
    agency: str | None, year: str | None, tier: str | None, status: str | None, home_path: Path | None, as_json: bool
) -> None:
    """Groups of payments that may be one, the largest first."""
    chosen = {"agency_slug": agency, "financial_year": year, "tier": tier, "status": status}
    wanted = {column: value for column, value in chosen.items() if value is not None}
    home = existing_home(home_path)
    if agency is not None:
        _need_known(home, agency)
    groups = _groups(home, wanted)
    if as_json:
        print_json(groups)
        return
    if not groups:
        click.echo("No possible duplicate payments." if not wanted else "No possible duplicate payments of that kind.")
        return
    rows = [
        (
            group["group_id"],
            group["agency_slug"],
            group["financial_year"],
            group["tier"],
            group["supplier_name"] or "",
            f"{group['payment_count']} x {pounds(group['amount_gbp'])}",
            pounds(group["excess_gbp"] + group["review_gbp"]),
            group["status"],
        )
        for group in groups[:SHOWN]
    ]
    headings = ("group", "payer", "year", "tier", "supplier", "payments", "excess or to review", "status")
    print_table("Possible duplicate payments", headings, rows, right=(5, 6))
    if len(groups) > SHOWN:
        click.echo(f"{counted(len(groups), 'group')} in all; --json shows every one, --agency and --year fewer")
    click.echo("Where a group was published: totalplace duplicates show GROUP")


@duplicates.command("show")
@click.argument("group_id", metavar="GROUP")
@home_option
@json_option
def duplicates_show(group_id: str, home_path: Path | None, as_json: bool) -> None:
    """One group: its payments and credits, with file, sheet and row."""
    group = _group(existing_home(home_path), group_id)
    if as_json:
        print_json(group)
        return
    click.echo(f"{group['group_id']}  {group['agency_slug']}  {group['financial_year']}  {group['tier']}  {group['status']}")
    click.echo(f"    {group['reason']}")
    sum_words = f"({group['payment_count']} payments - {group['credit_count']} credits - 1) x {pounds(group['amount_gbp'])}"
    value = group["excess_gbp"] + group["review_gbp"]
    click.echo(f"    {sum_words} = {pounds(value)} {'excess' if group['tier'] in ('D1', 'D3') else 'to review'}")
    for line in group["members"]:
        sheet = f", sheet {line['sheet_name']}" if line["sheet_name"] else ""
        where = f"{line['file_name']}{sheet}, row {line['row_number']}"
        click.echo(f"    {line['role']} {line['payment_number']}: {line['payment_date']} {pounds(line['amount_gbp'])}  {where}")
    if group["reviewed_on"]:
        click.echo(f"    reviewed on {group['reviewed_on']}: {group['review_reason']}")


@duplicates.command("review")
@click.argument("group_id", metavar="GROUP")
@click.option("--status", type=click.Choice(STATUSES), required=True, help="What it is.")
@click.option("--by", required=True, help="Your name; kept in the registry file, not published.")
@click.option("--reason", required=True, help="Why; kept, and published with the release.")
@home_option
@json_option
def duplicates_review(group_id: str, status: str, by: str, reason: str, home_path: Path | None, as_json: bool) -> None:
    """Add what you decided about GROUP to registry/duplicate_reviews.csv of the returns folder; the next run takes it in."""
    from ingest.landing import now_utc
    from ingest.registry import EXTENSION_COLUMNS
    from orchestration.cli.registry_rows import append_row
    from orchestration.resources import remembered_folder

    home = existing_home(home_path)
    for option, words in (("--reason", reason), ("--by", by)):
        if not words.strip():
            fail(f"{option} is blank: a review has a reason and a name", 2)
    _group(home, group_id)
    folder = remembered_folder(home)
    if folder is None:
        fail("no returns folder is known yet: run `totalplace run --returns FOLDER` first", 2)
    reviewed_on: date = now_utc().date()
    row = {
        "group_id": group_id, "status": status, "reviewer": by.strip(), "reason": reason.strip(),
        "reviewed_on": reviewed_on.isoformat(),
    }  # fmt: skip
    path = folder / "registry" / "duplicate_reviews.csv"
    append_row(path, EXTENSION_COLUMNS["duplicate_reviews"], row)
    if as_json:
        print_json(row | {"file": str(path)})
    else:
        click.echo(f"{group_id} is {status} in {path}; `totalplace run` takes it in")


def _need_known(home: Home, agency: str) -> None:
    from ingest.registry import RegistryError, load_registry
    from orchestration.cli.known_agency import need_known_agency

    try:
        need_known_agency(agency, load_registry(home.root / "registry"))
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)


def _group(home: Home, group_id: str) -> dict[str, Any]:
    """The group of that id. Ends the command with status 2 when there is none."""
    groups = _groups(home, {"group_id": group_id})
    if not groups:
        fail(f"no group {group_id} in the current release; `totalplace duplicates list` shows all", 2)
    return groups[0]


def _groups(home: Home, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Groups with these values, the largest first. Ends the command with status 2 where no release holds them."""
    import duckdb

    from orchestration.release_history import current_release

    if current_release(home) is None:
        fail(f"no release in {home.root}: run `totalplace run --returns FOLDER` first", 2)
    where = " and ".join(f"{column} = ?" for column in wanted) or "true"
    query = (
        f"select * from mart_possible_duplicate_payments where {where}"
        " order by excess_gbp + review_gbp desc, amount_gbp desc, group_id"
    )
    with duckdb.connect(str(home.current_release / "totalplace.duckdb"), read_only=True) as connection:
        try:
            found = connection.execute(query, list(wanted.values()))
        except duckdb.CatalogException:
            fail("the current release was made before possible duplicate payments were looked for: run `totalplace run` again", 2)
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
