"""`totalplace map`: which row names the columns of a file and which column is which field, ready to paste. Nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ingest.kinds import KINDS
from orchestration.cli.console import chosen_home, fail, home_option, json_option, print_json, print_table

TABLES = sorted(name for name, kind in KINDS.items() if kind.shape == "table")


def proposals_of(file: Path, agency: str, kind: str | None, home_path: Path | None) -> list[Any]:
    """The proposals (`ingest.mapping.Proposal`) for the sheets of a file, by the registry of its returns folder, else of the home.

    Ends the command with status 2 for a file that is none, 1 for one that cannot be opened.
    """
    from ingest.mapping import propose_sheets
    from ingest.opening import CannotOpen, open_file
    from ingest.periods import period_in_name
    from ingest.recognition import synonyms_of
    from ingest.registry import RegistryError, load_registry
    from orchestration.resources import limits_from_environment

    if not file.is_file():
        fail(f"{file}: there is no such file" if not file.exists() else f"{file} is a folder: give one file", 2)
    try:
        sheets = open_file(file.read_bytes(), limits_from_environment()).sheets
        given = _folder_of(file).parent / "registry"
        registry = load_registry(given if given.is_dir() else chosen_home(home_path).root / "registry")
    except CannotOpen as error:
        fail(f"{file.name}: {error}")
    except RegistryError as error:
        fail(str(error), 2)
    period = period_in_name(file.name)
    kind = kind or (file.resolve().parent.name if file.resolve().parent.name in TABLES else None)
    kinds = [KINDS[kind]] if kind else [KINDS[name] for name in ("spend", "count")]
    return propose_sheets(sheets, [(k, synonyms_of(k, registry, agency, period)) for k in kinds])


def _folder_of(file: Path) -> Path:
    parent = file.resolve().parent
    return parent.parent if parent.name in KINDS else parent


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(TABLES), help="The kind of return (default: the one that fits best).")
@click.option("--agency", help="The agency whose return it is (default: the name of the folder the file lies in).")
@home_option
@json_option
def map_file(file: Path, kind: str | None, agency: str | None, home_path: Path | None, as_json: bool) -> None:
    """Propose the header row and the columns of FILE, with rows for registry/header_synonyms.csv."""
    from ingest.mapping import THRESHOLD

    slug = agency or _folder_of(file).name
    proposals = proposals_of(file, slug, kind, home_path)
    if not proposals:
        fail(f"{file.name}: no row looks like column names and no columns like a return; give --kind, or put names above the data")
    if as_json:
        print_json({"file": file.name, "threshold": THRESHOLD, "sheets": [_plain(proposal, slug) for proposal in proposals]})
        return
    for proposal in proposals:
        _print(proposal, slug, THRESHOLD)


def _plain(proposal: Any, slug: str) -> dict[str, Any]:
    from ingest.mapping import paste_rows
    from ingest.readers.cells import column_letter

    fields = [
        {
            "field": choice.field, "is_mandatory": choice.is_mandatory, "is_exact": choice.is_exact,
            "confidence": choice.confidence,
            "candidates": [
                {"column": column_letter(one.column), "header": one.header, "score": round(one.score, 3)}
                for one in choice.candidates
            ],
            "samples": list(choice.samples),
        }
        for choice in proposal.choices
    ]  # fmt: skip
    return {
        "sheet_name": proposal.sheet_name,
        "kind": proposal.kind,
        "header_row": None if proposal.header_index is None else proposal.header_index + 1,
        "confidence": proposal.confidence,
        "is_accepted": proposal.is_accepted,
        "missing": list(proposal.missing),
        "fields": fields,
        "paste": paste_rows(proposal, slug),
    }


def _print(proposal: Any, slug: str, threshold: float) -> None:
    from ingest.mapping import paste_rows
    from ingest.mapping.wording import candidate_words, where
    from ingest.readers.cells import column_letter

    verdict = (
        "accepted"
        if proposal.is_accepted
        else f"held: below {threshold}"
        if proposal.header_index is not None
        else "held: no names"
    )
    click.echo(f"{where(proposal)}: {proposal.kind}, confidence {proposal.confidence:.2f} ({verdict})")
    rows = [
        (
            choice.field + (" *" if choice.is_mandatory else ""), column_letter(choice.chosen.column), choice.chosen.header,
            "known name" if choice.is_exact else f"{choice.confidence:.2f}",
            candidate_words(choice.candidates[1]) if len(choice.candidates) > 1 else "", " | ".join(choice.samples),
        )
        for choice in proposal.choices
    ]  # fmt: skip
    print_table("", ("field (* must be there)", "column", "header", "confidence", "runner-up", "holds"), rows)
    if proposal.missing:
        click.echo(f"no column for {', '.join(proposal.missing)}")
    if pasted := paste_rows(proposal, slug):
        click.echo("registry/header_synonyms.csv (kind,agency_slug,header,field,valid_from,valid_to):")
        click.echo("\n".join(pasted))
