"""`agencies`: the registry of agencies, and how one is added without code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.console import chosen_home, fail, home_option, json_option, print_json, print_table
from orchestration.cli.registry_rows import accepted_rows, append_row
from orchestration.cli.submitted import submitted

if TYPE_CHECKING:
    from ingest.registry import Registry


@click.group()
def agencies() -> None:
    """The registry of agencies."""


def _registry(folder: Path, beside: Registry | None = None) -> Registry:
    """Its rows may name the agencies of `beside` too. Ends the command with status 2 when it cannot be used."""
    from ingest.registry import RegistryError, load_registry

    try:
        return load_registry(folder, beside=beside)
    except RegistryError as error:
        fail(f"the registry cannot be used: {error}", 2)


@agencies.command("list")
@home_option
@json_option
@click.option("--all", "show_all", is_flag=True, help="Every registered agency, not only those with returns here.")
def agencies_list(home_path: Path | None, as_json: bool, show_all: bool) -> None:
    """Agencies, with how many returns each has in this home."""
    from orchestration.warehouse import current_records

    home = chosen_home(home_path)
    registry = _registry(home.root / "registry")
    counts: dict[str, int] = {}
    for record in current_records(home):
        for part in record.parts:
            for slug in {entry["agency_slug"] for entry in part.ledger if entry["agency_slug"]}:
                counts[slug] = counts.get(slug, 0) + 1
    rows = [
        {
            "agency_slug": slug,
            "agency_name": row["agency_name"],
            "agency_type": row["agency_type"],
            "return_count": counts.get(slug, 0),
        }
        for slug, row in sorted(registry.agencies.items())
        if show_all or counts.get(slug) or not counts
    ]
    if as_json:
        print_json(rows)
        return
    print_table("Agencies", ("agency", "name", "type", "returns"), [list(row.values()) for row in rows], right=(3,))


@agencies.command("add")
@click.argument("slug")
@click.argument("name")
@click.argument("agency_type", metavar="TYPE")
@click.option("--place", "places", multiple=True, help="A place code it serves (repeatable).")
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="A file of its: what `totalplace map` proposes for it is accepted."
)
@home_option
@json_option
def agencies_add(
    slug: str, name: str, agency_type: str, places: tuple[str, ...], mapping: Path | None, home_path: Path | None, as_json: bool
) -> None:
    """Add an agency to the registry of the returns folder last run."""
    from ingest.registry import EXTENSION_COLUMNS, Registry
    from ingest.registry.agency_names import names_of, rival_of
    from ingest.registry.cells import AGENCY_TYPES
    from ingest.registry.validation import usable_rows
    from orchestration.cli.map import proposals_of
    from orchestration.resources import remembered_folder

    home = chosen_home(home_path)
    folder = remembered_folder(home)
    if folder is None:
        fail("no returns folder is known yet: run `totalplace run --returns FOLDER` first", 2)
    slug, name = slug.strip(), name.strip()
    row = {"agency_slug": slug, "agency_name": name, "agency_type": agency_type, "date_order": "dmy"}
    # a policy on personal data may be about the very agency that is added, and stops everything until it is
    registry = _registry(folder / "registry", beside=Registry({"agencies": [row]}))
    if slug in registry.agencies:
        again = f"; for the columns of a file of its: `totalplace map {mapping} --accept`" if mapping else ""
        fail(f"{slug} is registered already as {registry.agencies[slug]['agency_name']}{again}", 2)
    if agency_type not in AGENCY_TYPES:
        fail(f"{agency_type}: not a type of agency; the types are {', '.join(sorted(AGENCY_TYPES))}", 2)
    if faults := usable_rows("agencies", [row])[1]:
        fail(f"{slug or 'the agency'} is not added: {faults[0].words}", 2)
    for mine in names_of(row):
        if rival := rival_of(mine, registry.names):
            other = rival.agency_slug
            fail(
                f"{slug} is not added: '{name}' is a name of {other} ({registry.agencies[other]['agency_name']}) already, and a"
                f" name of two agencies means neither. If it is the same agency, name its folder {other}; if not, give another"
                " name",
                2,
            )
    if unknown := [code for code in places if code not in registry.places]:
        fail(f"--place {unknown[0]}: not a place code that is known", 2)
    synonyms = accepted_rows(proposals_of(submitted(mapping, slug, None, home_path), None), slug, mapping) if mapping else []
    path = folder / "registry" / "agencies.csv"
    append_row(path, EXTENSION_COLUMNS["agencies"], row)
    for code in places:
        served = {"agency_slug": slug, "place_code": code, "driver": "boundary" if len(places) == 1 else "population"}
        append_row(folder / "registry" / "agency_places.csv", EXTENSION_COLUMNS["agency_places"], served)
    for synonym in synonyms:
        append_row(folder / "registry" / "header_synonyms.csv", EXTENSION_COLUMNS["header_synonyms"], synonym)
    if as_json:
        print_json({"agency_slug": slug, "file": str(path), "header_synonyms": synonyms})
    else:
        click.echo(f"added {slug} to {path}; `totalplace run` takes it in")
        if not places:
            click.echo(f"it serves no place yet, so no place counts it: rows of {path.parent / 'agency_places.csv'} say which")
