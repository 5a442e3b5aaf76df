"""`totalplace releases`: what was published, why two releases differ, and the way back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.console import (
    counted,
    existing_home,
    fail,
    home_option,
    json_option,
    pounds,
    print_json,
    print_table,
    shortened,
    writing,
)

if TYPE_CHECKING:
    from orchestration.release_diff import ChangedFigure, ReleaseDiff
    from orchestration.release_history import Move, Release

FIGURES_SHOWN = 20
LISTED = 12
_CSV = (
    "place_code place_name financial_year agency_slug capital_or_revenue expenditure_basis place_basis method_grade"
    " aggregate_before_gbp aggregate_after_gbp aggregate_difference_gbp consolidated_before_gbp consolidated_after_gbp"
    " consolidated_difference_gbp changed_columns cause_kind cause return_id revision_before revision_after files sha256"
    " explained_aggregate_gbp explained_consolidated_gbp"
).split()


@click.group()
def releases() -> None:
    """Published releases."""


@releases.command("list")
@home_option
@json_option
def releases_list(home_path: Path | None, as_json: bool) -> None:
    """Every release, the current one marked."""
    from orchestration.release_history import current_release, list_releases, undone_releases

    home = existing_home(home_path)
    current, undone = current_release(home), undone_releases(home)
    rows = [_listed(r, current is not None and r.release_id == current.release_id, undone) for r in list_releases(home)]
    if as_json:
        print_json(rows)
        return
    shown = [
        (
            "*" if r["is_current"] else "", r["release_id"], r["created_at"][:19], r["version"], r["code_version"],
            r["table_count"], f"{r['in_service_count']} of {r['input_count']}", f"{r['size_bytes'] / 1e6:,.1f} MB", _standing(r),
        )
        for r in rows
    ]  # fmt: skip
    columns = ("", "release", "created", "version", "code", "tables", "in service", "size", "")
    print_table("Releases", columns, shown, right=(5, 6, 7))


def _standing(row: dict[str, Any]) -> str:
    if row["damaged_files"]:
        return f"damaged: {', '.join(row['damaged_files'])}"
    if row["as_known_on"]:
        return f"as known on {row['as_known_on']}"
    return f"undone {row['undone_at']}" if row["undone_at"] else ""


def _listed(release: Release, is_current: bool, undone: dict[str, dict[str, str]]) -> dict[str, Any]:
    manifest = release.manifest
    return {
        "release_id": release.release_id, "created_at": manifest["created_at"], "as_known_on": manifest["as_known_on"],
        "is_current": is_current, "undone_at": undone.get(release.release_id, {}).get("undone_at"),
        "version": manifest.get("made_with", {}).get("version"), "code_version": manifest["code_version"],
        "table_count": len(manifest["tables"]), "input_count": len(manifest["inputs"]),
        "in_service_count": sum(row["status"] == "in_service" for row in manifest["inputs"]), "size_bytes": release.size_bytes,
        "damaged_files": release.damaged_files,
        "consolidated_gbp": manifest["tables"].get("mart_spend_by_place", {}).get("sums_gbp", {}).get("consolidated_gbp"),
    }  # fmt: skip


@releases.command("diff")
@click.argument("before", default="previous")
@click.argument("after", default="current")
@home_option
@json_option
@click.option("--csv", "csv_path", type=click.Path(path_type=Path, dir_okay=False), help="Write every figure and cause here.")
def releases_diff(before: str, after: str, home_path: Path | None, as_json: bool, csv_path: Path | None) -> None:
    """What changed between two releases (`current`, `previous`, an id or its beginning), figure by figure, and why."""
    import duckdb

    from orchestration.release_diff import compare_releases
    from orchestration.release_history import NoSuchRelease, find_release

    home = existing_home(home_path)
    try:
        pair = find_release(home, before), find_release(home, after)
    except NoSuchRelease as error:
        fail(str(error), 2)
    try:
        diff = compare_releases(*pair)
    except duckdb.Error as error:
        fail(f"a release cannot be read: {error}")
    if csv_path:
        with writing(f"--csv {csv_path}"):
            _write_csv(csv_path, diff)
    if as_json:
        print_json(_as_json(diff))
    else:
        _print_diff(diff)
    if not diff.is_explained:
        raise SystemExit(1)


@releases.command("undo")
@home_option
@json_option
def releases_undo(home_path: Path | None, as_json: bool) -> None:
    """Make the release before current again; nothing is deleted, and a run with nothing new leaves it so."""
    from ingest.landing import now_utc
    from orchestration.release_history import CannotUndo, undo

    try:
        move = undo(existing_home(home_path), now_utc())
    except CannotUndo as error:
        fail(str(error))
    _print_move(move, as_json, "was undone; `totalplace releases restore` brings it back")


@releases.command("restore")
@click.argument("release_id", required=False)
@home_option
@json_option
def releases_restore(release_id: str | None, home_path: Path | None, as_json: bool) -> None:
    """Bring back a release that was undone (the last one, or RELEASE_ID)."""
    from orchestration.release_history import CannotUndo, NoSuchRelease, restore

    try:
        move = restore(existing_home(home_path), release_id)
    except NoSuchRelease as error:
        fail(str(error), 2)
    except CannotUndo as error:
        fail(str(error))
    _print_move(move, as_json, "is no longer current")


def _print_move(move: Move, as_json: bool, words: str) -> None:
    if as_json:
        print_json({"current": move.now.release_id, "left": move.left.release_id})
        return
    click.echo(f"Release {move.now.release_id} of {move.now.manifest['created_at'][:19]} is current again.")
    click.echo(f"Release {move.left.release_id} {words}.")


def _print_diff(diff: ReleaseDiff) -> None:
    click.echo(f"{diff.before_id} -> {diff.after_id}")
    if diff.is_same and not diff.inputs and not diff.made_with:
        click.echo("The same content: no figure, table, return or rule differs.")
        return
    _print_list("Returns", [f"{change.revision_id} ({change.file_name}): {change.words}" for change in diff.inputs])
    _print_list("Made with", [f"{group}: {shortened(', '.join(names), 150)}" for group, names in diff.made_with.items()])
    _print_list(
        "Rules",
        [
            f"{r.rule_id}: failed {r.failed_before:,} -> {r.failed_after:,} times,"
            f" {r.findings_before:,} -> {r.findings_after:,} findings"
            for r in diff.rules
        ],
    )
    tables = [
        f"{t.table}: rows {_rows(t.rows_before)} -> {_rows(t.rows_after)}"
        + "".join(f"; {column} {was or '-'} -> {now or '-'}" for column, was, now in t.sums_gbp[:2])
        for t in diff.tables
    ]
    _print_list("Tables", tables)
    if not diff.figures:
        click.echo("Figures of mart_spend_by_place: none differs.")
        return
    money = [figure for figure in diff.figures if figure.aggregate_difference_gbp or figure.consolidated_difference_gbp]
    click.echo(f"Figures of mart_spend_by_place: {_differ(len(diff.figures))}, {len(money)} in money")
    for figure in diff.figures[:FIGURES_SHOWN]:
        _print_figure(figure)
    if len(diff.figures) > FIGURES_SHOWN:
        click.echo(f"  ... and {len(diff.figures) - FIGURES_SHOWN} more (all: --json, --csv FILE)")
    click.echo(f"Consolidated, all figures: {_signed(diff.difference_gbp)}, by cause:")
    for cause in diff.by_cause[:LISTED]:
        if cause.consolidated_gbp or cause.aggregate_gbp:
            click.echo(f"  {_signed(cause.consolidated_gbp):>22}  {cause.kind}: {shortened(cause.words, 200)}")
    unexplained = [cause for cause in diff.by_cause if cause.kind == "unexplained"]
    click.echo(
        f"Unexplained: {_signed(sum(c.consolidated_gbp for c in unexplained))}" if unexplained else "Nothing is unexplained."
    )


def _print_list(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"{title}:")
        for line in lines[:LISTED]:
            click.echo(f"  {line}")
        if len(lines) > LISTED:
            click.echo(f"  ... and {len(lines) - LISTED} more (all: --json)")


def _print_figure(changed: ChangedFigure) -> None:
    figure = changed.figure
    bases = ", ".join(part for part in figure[3:] if part)
    click.echo(
        f"  {figure.place_code} {changed.place_name or ''} {figure.financial_year} {figure.agency_slug}"
        f"{f' ({bases})' if bases else ''}: {pounds(changed.consolidated_before_gbp)} -> {pounds(changed.consolidated_after_gbp)},"
        f" {_signed(changed.consolidated_difference_gbp)}"
    )
    for cause in changed.causes[:LISTED]:
        before = f" ({_signed(cause.aggregate_gbp)} before elimination)" if cause.aggregate_gbp != cause.consolidated_gbp else ""
        amount = _signed(cause.consolidated_gbp) if cause.consolidated_gbp or cause.aggregate_gbp else "no money"
        click.echo(f"      {amount}{before}  {cause.kind}: {cause.words}")
    if len(changed.causes) > LISTED:
        rest = sum(cause.consolidated_gbp for cause in changed.causes[LISTED:])
        click.echo(f"      {_signed(rest)}  ... {len(changed.causes) - LISTED} more causes (all: --json, --csv FILE)")


def _differ(number: int) -> str:
    return f"{counted(number, 'row')} {'differs' if number == 1 else 'differ'}"


def _rows(count: int | None) -> str:
    return "none" if count is None else f"{count:,}"


def _signed(value: Any) -> str:
    return f"{'-' if value < 0 else '+'}£{abs(value):,.2f}"


def _as_json(diff: ReleaseDiff) -> dict[str, Any]:
    figures = [
        figure.figure._asdict()
        | {key: value for key, value in asdict(figure).items() if key != "figure"}
        | {
            "aggregate_difference_gbp": figure.aggregate_difference_gbp,
            "consolidated_difference_gbp": figure.consolidated_difference_gbp,
        }
        for figure in diff.figures
    ]
    whole = asdict(diff) | {"figures": figures, "by_cause": [asdict(cause) for cause in diff.by_cause]}
    return whole | {"difference_gbp": diff.difference_gbp, "is_explained": diff.is_explained}


def _write_csv(path: Path, diff: ReleaseDiff) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(_CSV)
        for figure in diff.figures:
            writer.writerows(_csv_rows(figure))


def _csv_rows(changed: ChangedFigure) -> Iterator[list[Any]]:
    key = changed.figure
    head = [
        key.place_code, changed.place_name, *key[1:], changed.aggregate_before_gbp, changed.aggregate_after_gbp,
        changed.aggregate_difference_gbp, changed.consolidated_before_gbp, changed.consolidated_after_gbp,
        changed.consolidated_difference_gbp, ";".join(changed.before),
    ]  # fmt: skip
    for cause in changed.causes or (None,):
        if cause is None:
            yield [*head, *([None] * 9)]
        else:
            yield [
                *head, cause.kind, cause.words, cause.return_id, cause.revision_before, cause.revision_after, ";".join(cause.files),
                ";".join(cause.sha256), cause.aggregate_gbp, cause.consolidated_gbp,
            ]  # fmt: skip
