"""Rows of the `registry/` of a returns folder: added by a command, and said where they are not in force.

Belongs here: which rows accept a proposed mapping, adding a row under a file's own header, and the lines about rows that cannot be
used. Must not: decide what a row means.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from ingest.mapping import Proposal, paste_rows
from ingest.registry import EXTENSION_COLUMNS, Registry
from orchestration.cli.console import fail

FAULTS_SHOWN = 20


def say_faults(registry: Registry) -> None:
    """A line on standard error for each row that is not in force, or whose name is another agency's: what, where, what to do."""
    lines = [f"{fault.line}; correct the row, the others are in use" for fault in registry.faults]
    lines += [clash.words for clash in registry.name_clashes]
    for line in lines[:FAULTS_SHOWN]:
        click.echo(f"  {line}", err=True)
    if len(lines) > FAULTS_SHOWN:
        click.echo(f"  ... and {len(lines) - FAULTS_SHOWN} more rows of the registry (all: table qa_findings)", err=True)


def accepted_rows(proposals: Sequence[Proposal], slug: str, file: Path) -> list[dict[str, str]]:
    """The rows of header_synonyms.csv that accept what is proposed for a file; none where every name is known already.

    Ends the command with status 2 when what is proposed cannot be accepted: a mandatory field has no column, or columns no names.
    """
    if not proposals or any(proposal.missing or proposal.header_index is None for proposal in proposals):
        fail(f"{file}: no mapping that could be accepted; `totalplace map {file}` shows what is known", 2)
    rows = dict.fromkeys(row for proposal in proposals for row in paste_rows(proposal, slug))
    return [dict(zip(EXTENSION_COLUMNS["header_synonyms"], cells, strict=True)) for cells in csv.reader(rows)]


def append_row(path: Path, columns: Sequence[str], row: Mapping[str, str]) -> None:
    """Add a row under the file's own header; a file without one gets `columns`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    header = next(csv.reader(before.splitlines()), list(columns)) if before.strip() else list(columns)
    with path.open("a", encoding="utf-8", newline="") as handle:
        if before and not before.endswith("\n"):
            handle.write("\n")
        writer = csv.DictWriter(handle, header, lineterminator="\n", extrasaction="ignore", restval="")
        if not before.strip():
            writer.writeheader()
        writer.writerow(row)
