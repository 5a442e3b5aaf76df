"""`totalplace map`: which row names the columns of a file and which column is which field, ready to paste or, with
`--accept`, added to the registry. The file itself is not stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ingest.archives import is_archive
from ingest.kinds import KINDS
from ingest.mapping import Proposal
from orchestration.cli.console import chosen_home, fail, home_option, json_option, print_json, print_table
from orchestration.cli.registry_rows import accepted_rows, append_row
from orchestration.cli.submitted import Submitted, submitted

TABLES = sorted(name for name, kind in KINDS.items() if kind.shape == "table")


def proposals_of(given: Submitted, kind: str | None) -> list[Proposal]:
    """The proposals for the sheets of a file, or of the files in an archive, by the registry of its returns folder, else of the
    home. Ends the command with status 1 for one that cannot be opened."""
    from ingest.mapping import propose_sheets
    from ingest.opening import CannotOpen, open_file
    from ingest.periods import period_in_name
    from ingest.recognition import synonyms_of

    found: list[Proposal] = []
    for receipt, content in given.files():
        if is_archive(content):
            continue
        try:
            sheets = open_file(content, given.limits).sheets
        except CannotOpen as error:
            fail(f"{receipt.file_name}: {error}")
        period = period_in_name(receipt.file_name)
        hint = kind or (receipt.kind_hint if receipt.kind_hint in TABLES else None)
        kinds = [KINDS[hint]] if hint else [KINDS[name] for name in ("spend", "count")]
        found += propose_sheets(sheets, [(k, synonyms_of(k, given.registry, given.publisher_slug, period)) for k in kinds])
    return found


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(TABLES), help="The kind of return (default: the one that fits best).")
@click.option("--agency", help="The agency whose return it is (default: the name of the folder the file lies in).")
@click.option("--accept", is_flag=True, help="Add the rows to registry/header_synonyms.csv of the returns folder.")
@home_option
@json_option
def map_file(file: Path, kind: str | None, agency: str | None, accept: bool, home_path: Path | None, as_json: bool) -> None:
    """Propose the header row and the columns of FILE, with rows for registry/header_synonyms.csv."""
    from ingest.mapping import THRESHOLD, paste_rows

    given = submitted(file, agency, kind, home_path)
    slug = given.publisher_slug
    proposals = proposals_of(given, kind)
    if not proposals:
        fail(f"{file.name}: no row looks like column names and no columns like a return; give --kind, or put names above the data")
    added = _accept(given, proposals, home_path) if accept else None
    if as_json:
        sheets = [_plain(proposal, slug) for proposal in proposals]
        print_json({"file": file.name, "threshold": THRESHOLD, "added_to": added and str(added), "sheets": sheets})
        return
    for proposal in proposals:
        _print(proposal, slug, THRESHOLD)
    if added:
        click.echo(f"added to {added}; `totalplace run` takes it in")
        if slug not in given.registry.agencies and slug not in given.registry.publishers:
            click.echo(f"{slug} is not registered yet: `totalplace agencies add {slug} NAME TYPE --place CODE`")
    elif not accept and any(paste_rows(proposal, slug) for proposal in proposals):
        click.echo("Right? `totalplace map FILE --accept` adds these rows; otherwise correct them first.")


def _accept(given: Submitted, proposals: list[Proposal], home_path: Path | None) -> Path | None:
    """Add the rows that accept the proposals to the registry of the file's returns folder, else of the folder last run. None:
    every name is known already."""
    from ingest.registry import EXTENSION_COLUMNS
    from orchestration.resources import remembered_folder

    rows = accepted_rows(proposals, given.publisher_slug, given.file)
    beside = given.folder.parent / "registry"
    folder = given.folder.parent if beside.is_dir() else remembered_folder(chosen_home(home_path))
    if folder is None:
        fail("no returns folder is known yet: run `totalplace run --returns FOLDER` first", 2)
    path = folder / "registry" / "header_synonyms.csv"
    for row in rows:
        append_row(path, EXTENSION_COLUMNS["header_synonyms"], row)
    return path if rows else None


def _plain(proposal: Proposal, slug: str) -> dict[str, Any]:
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


def _print(proposal: Proposal, slug: str, threshold: float) -> None:
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
        words = ", ".join(proposal.missing)
        click.echo(f"no column for {words}: a return without it is held; name the column, or add it to the file and send it again")
    if pasted := paste_rows(proposal, slug):
        click.echo("registry/header_synonyms.csv (kind,agency_slug,header,field,valid_from,valid_to):")
        click.echo("\n".join(pasted))
