"""`totalplace place`: the place statement, printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.console import existing_home, fail, home_option, json_option, pounds, print_json, print_table

if TYPE_CHECKING:
    from orchestration.statement import Statement


@click.command()
@click.argument("code")
@home_option
@json_option
@click.option("--year", help="Financial year, like 2024-25 (default: the latest with money).")
@click.option("--release", "release_id", help="A release of `totalplace releases list` (default: the current one).")
def place(code: str, home_path: Path | None, as_json: bool, year: str | None, release_id: str | None) -> None:
    """The statement of the place or area CODE (or its name) for a year: resources in, spend out, and what stands behind it."""
    from dataclasses import asdict

    import duckdb

    from orchestration.statement import StatementError, find_subject, read_statement, year_meant

    release, folder = _release_folder(home_path, release_id)
    try:
        financial_year = year_meant(year) if year else None
        with duckdb.connect(str(folder / "totalplace.duckdb"), read_only=True) as connection:
            statement = read_statement(connection, release, find_subject(connection, code), financial_year)
    except StatementError as error:
        fail(str(error), 2)
    if as_json:
        print_json(asdict(statement))
    else:
        _print(statement)


def _release_folder(home_path: Path | None, release_id: str | None) -> tuple[str, Path]:
    from orchestration.release_history import NoSuchRelease, current_release, find_release

    home = existing_home(home_path)
    try:
        release = find_release(home, release_id) if release_id else current_release(home)
    except NoSuchRelease as error:
        fail(str(error), 2)
    if release is None:
        fail(f"there is no release in {home.root}: run `totalplace run --returns FOLDER` first", 2)
    return release.release_id, release.folder


def _print(statement: Statement) -> None:
    for part in (
        _print_totals,
        _print_agencies,
        _print_coverage,
        _print_eliminations,
        _print_resources,
        _print_themes,
        _print_overlap,
    ):
        part(statement)
    for note in statement.notes:
        click.echo(f"Note: {note}.")


def _print_totals(s: Statement) -> None:
    click.echo(f"{s.name} ({s.code}), {s.financial_year}; release {s.release_id}\n")
    rows = [(_words(r["capital_or_revenue"]), r["expenditure_basis"], *_money(r, _SPEND)) for r in s.totals]
    if len(rows) > 1:
        whole = (s.aggregate_gbp, s.eliminated_gbp, s.consolidated_gbp)
        rows.append(("all", s.basis, *(pounds(value) for value in whole)))
    _table("Spend out", ("capital or revenue", "basis", "aggregate", "eliminated", "consolidated"), rows, (2, 3, 4))
    grades = [f"{row['method_grade']} {_share(row['consolidated_gbp'], s.consolidated_gbp)}" for row in s.grades]
    click.echo(f"Grades of place (A recorded there, B by recipient, C by driver, D by population, E no place): {', '.join(grades)}")
    per_head, words = pounds(s.consolidated_per_head_gbp), s.population_words or "no population"
    people = f"{s.population_count:,} people, {words}" if s.population_count else words
    click.echo(f"Per head: {per_head} ({people})")
    real = s.real_terms_words or f"at {s.price_base_year} prices"
    click.echo(f"Real terms: {pounds(s.consolidated_real_gbp)} ({real})\n")


def _print_agencies(s: Statement) -> None:
    rows = [
        (r["agency_slug"], _coverage_words(r), r["method_grade"] or "-", r["expenditure_basis"] if r["layer"] else "-",
         *_money(r, (*_SPEND, "consolidated_per_head_gbp")))
        for r in s.agencies
    ]  # fmt: skip
    columns = ("agency", "coverage", "grade", "basis", "aggregate", "eliminated", "consolidated", "per head")
    _table("Spend out by agency", columns, rows, (4, 5, 6, 7))


def _print_coverage(s: Statement) -> None:
    told = [f"{number} {_words(status)}" for status, number in s.coverage.items() if number]
    click.echo(f"Coverage, agencies of the perimeter: {', '.join(told)}. A missing agency is not nought: its spend is not known.\n")


def _print_eliminations(s: Statement) -> None:
    rows = [
        (_words(r["transfer_kind"]), _words(r["treatment"]), _words(r["reason"]), f"{r['transfer_count']:,}",
         *_money(r, ("payer_amount_gbp", "eliminated_gbp", "mismatch_gbp")))
        for r in s.eliminations
    ]  # fmt: skip
    columns = ("transfer", "treatment", "reason", "transfers", "payer says", "eliminated", "mismatch")
    _table("Eliminations", columns, rows, (3, 4, 5, 6))


def _print_resources(s: Statement) -> None:
    rows = [
        (r["origin"], _words(r["funding_route"]), r["directed_by"], _words(r["route_grade"]), f"{r['agency_count']:,}",
         pounds(r["amount_gbp"]))
        for r in s.routes
    ]  # fmt: skip
    _table("Resources in, by route", ("origin", "route", "directed by", "grade", "agencies", "amount"), rows, (4, 5))
    if s.resources:
        r = s.resources
        click.echo(
            f"Resources in {pounds(r['resources_in_gbp'])} - spend out {pounds(r['consolidated_gbp'])} = reserves and unexplained"
            f" {pounds(r['reserves_and_unexplained_gbp'])}"
        )
    received = sum((row["amount_gbp"] for row in s.directed_by), Decimal(0))
    if s.directed_by:
        shares = (f"{row['directed_by']} {_share(row['amount_gbp'], received)}" for row in s.directed_by)
        click.echo(f"Directed by: {', '.join(shares)}")
    if s.streams:
        click.echo(
            f"Streams of funding: {s.streams['stream_count']:,}, of them {s.streams['small_stream_count']:,} below"
            f" {pounds(s.streams['small_stream_threshold_gbp'])} a year, together {pounds(s.streams['small_stream_gbp'])}"
        )
    click.echo()
    modes = [(_words(r["delivery_mode"]), _words(r["payee_class"]), pounds(r["amount_gbp"])) for r in s.delivery_modes]
    _table("Spend out, by delivery", ("delivery mode", "payee class", "consolidated"), modes, (2,))


def _print_themes(s: Statement) -> None:
    rows = [
        (r["theme_scheme"], r["theme_name"], f"{r['agency_count']:,}", pounds(r["attributed_gbp"]),
         _share(r["attributed_gbp"], s.consolidated_gbp))
        for r in s.themes
    ]  # fmt: skip
    _table("Themes (schemes that add up)", ("scheme", "theme", "agencies", "consolidated", "share"), rows, (2, 3, 4))
    if s.theme_grades:
        told = (f"{_words(r['classification_grade'])} {_share(r['attributed_gbp'], s.consolidated_gbp)}" for r in s.theme_grades)
        click.echo(f"Classified by: {', '.join(told)}\n")


def _print_overlap(s: Statement) -> None:
    rows = [
        (_words(r["lens"]), r["grade_scope"], r["expenditure_basis"], *_money(r, ("spend_gbp", "overlap_gbp")),
         "-" if r["overlap_rate"] is None else f"{r['overlap_rate']:.1%}", pounds(r["addressable_gbp"]))
        for r in s.overlap
    ]  # fmt: skip
    columns = ("lens", "grades", "basis", "spend", "overlap", "rate", "addressable")
    _table("Overlap (not duplication: ledgers hold no beneficiaries)", columns, rows, (3, 4, 5, 6))
    cells = [
        (_words(r["lens"]), r["grade_scope"], r["theme_code"], f"{r['cell_code']} {r['cell_name'] or ''}".strip(),
         f"{r['agency_count']:,}", r["lead_agency_slug"], *_money(r, ("spend_gbp", "overlap_gbp")))
        for r in s.overlap_cells
    ]  # fmt: skip
    if cells:
        columns = ("lens", "grades", "theme", "cell", "agencies", "lead", "spend", "overlap")
        _table("Where it is largest", columns, cells, (4, 6, 7))
    pairs = [
        (_words(r["lens"]), r["grade_scope"], r["agency_slug_a"], r["agency_slug_b"], f"{r['shared_cell_count']:,}",
         pounds(r["shared_gbp"]))
        for r in s.overlap_pairs
    ]  # fmt: skip
    columns = ("lens", "grades", "agency", "and", "cells", "the lesser of the two")
    _table("Which two spend on the same", columns, pairs, (4, 5))


_SPEND = ("aggregate_gbp", "eliminated_gbp", "consolidated_gbp")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[int]) -> None:
    if rows:
        print_table(title, columns, rows, right)
    else:
        click.echo(f"{title}: nothing")
    click.echo()


def _money(row: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [pounds(row[name]) for name in names]


def _words(value: str | None) -> str:
    return (value or "-").replace("_", " ")


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _coverage_words(row: dict[str, Any]) -> str:
    """ "ledger only, 10 of 12 months": what stands behind an agency's figure."""
    told = _words(row["coverage_status"])
    if row["coverage_status"] == "ledger_only" and row["months_expected"]:
        told += f", {row['months_present']} of {row['months_expected']} months"
    return told
