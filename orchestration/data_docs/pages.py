"""The pages of the data docs, and writing them: one per file judged in a run, one per run, and the index.

Belongs here: what stands on a page, and where. A page is written when its file is judged, which costs a few milliseconds a return;
the index is written anew by every run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from expectations.catalogue import load_catalogue
from ingest.home import Home
from ingest.records import FileRecord, PartRecord
from ingest.submitter_report.plain_text import counted, pounds
from orchestration.data_docs.validation import OUTCOMES, Validation, counts_of, validation_of
from orchestration.data_docs.view import page, sections_html, table_html, text

RETURNS_SHOWN = 60  # of one file: a template may report for hundreds of agencies
RUNS_SHOWN = 200
_OUTCOME_WORDS = {"passed": "kept", "failed": "broken", "not_applicable": "not applicable", "could_not_run": "could not run"}


def docs_folder(home: Home) -> Path:
    return home.reports / "data_docs"


def docs_page(home: Home, record: FileRecord) -> Path:
    """The page of a file; it is there once the file was judged."""
    return docs_folder(home) / "returns" / record.publisher_slug / f"{record.key}.html"


def write_run(
    home: Home, judged: Sequence[FileRecord], current: Sequence[tuple[FileRecord, PartRecord]], run: str, at: datetime
) -> None:
    """Write the pages of the files that a run judged, the run's own, and the index. `current`: the returns that the index lists;
    `run`: the run's id, "" when nothing was judged but the index is to be right."""
    for record in judged:
        _write(docs_page(home, record), file_page(home, record))
    if judged and run:
        target = docs_folder(home) / "runs" / f"{at:%Y%m%dT%H%M%S}-{run[:8]}.html"
        _write(target, run_page(home, judged, run, at))
    _write(docs_folder(home) / "index.html", index_page(home, current))


def _write(target: Path, content: str) -> None:
    """A page may be made anew at any time: it is not worth a flush to disk of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    aside.write_text(content, encoding="utf-8")
    aside.replace(target)


def file_page(home: Home, record: FileRecord) -> str:
    """What became of every rule on every return of a file."""
    here = docs_page(home, record).parent
    validations = [validation_of(record, part) for part in record.parts[:RETURNS_SHOWN]]
    links = f"<p>{_link(here, docs_folder(home) / 'index.html', 'All returns')}"
    if record.report_path:
        links += f" \u00b7 {_link(here, home.root / record.report_path, 'The report for the submitter')}: rows, values, what to do"
    body = f'<p class="eyebrow">Great Expectations data docs</p><h1>{text(record.file_name)}</h1>{links}</p>'
    body += "".join(_part(validation) for validation in validations)
    if len(record.parts) > RETURNS_SHOWN:
        body += f"<p>and {counted(len(record.parts) - RETURNS_SHOWN, 'more return')}: they are in the table qa_rule_index</p>"
    return page(f"Data docs: {record.file_name}", body)


def _part(validation: Validation) -> str:
    part, counts = validation.part, validation.counts
    rows = sum(int(entry["row_count"]) for entry in part.ledger)
    accepted = sum(int(entry["accepted_count"]) for entry in part.ledger)
    tone, words = ("held", "held") if part.is_held else ("accepted", "taken in")
    if not part.is_held and (counts["failed"] or counts["could_not_run"]):
        tone = "part"
    told = ", ".join(f"{counts[name]} {_OUTCOME_WORDS[name]}" for name in OUTCOMES if counts[name])
    html = f"<h2>{text(part.return_id)}</h2>"
    html += f'<div class="verdict {tone}"><strong>{counted(sum(counts.values()), "rule")}: {told}</strong>'
    html += f"{words}; {accepted:,} of {counted(rows, 'row')} accepted</div>"
    if part.held_by:
        sentences = {rule.rule_id: rule.sentence for rule in load_catalogue()}
        html += f"<p>Held by: {'; '.join(text(sentences.get(name, name)) for name in part.held_by)}</p>"
    if validation.content is not None:
        html += f"<h3>Judged by Great Expectations</h3>{sections_html(validation.content)}"
    if validation.decided:
        decided = [
            [
                f'<span class="{"kept" if o == "passed" else "broken"}">{_OUTCOME_WORDS[o]}</span>',
                text(r.sentence),
                f"{n:,}" if n else "",
            ]
            for r, o, n in validation.decided
        ]
        html += f"<h3>Decided while the file was read</h3>{table_html(('Status', 'Rule', 'Times'), decided)}"
    if validation.not_applicable:
        listed = "".join(f"<li>{text(rule.sentence)}</li>" for rule in validation.not_applicable)
        html += f"<details><summary>Not applicable: {len(validation.not_applicable)}</summary><ul>{listed}</ul></details>"
    return html


def run_page(home: Home, judged: Sequence[FileRecord], run: str, at: datetime) -> str:
    """The files that one run judged."""
    body = (
        f'<p class="eyebrow">Great Expectations data docs</p><h1>Run {text(run[:8])}, {at:%d %B %Y, %H:%M}</h1>'
        f"<p>{_link(docs_folder(home) / 'runs', docs_folder(home) / 'index.html', 'All returns')}</p>"
    )
    rows = [_row(home, docs_folder(home) / "runs", record, part) for record in judged for part in record.parts]
    return page(f"Data docs of run {run[:8]}", body + table_html(_HEADERS, rows, counted(len(judged), "file")))


def index_page(home: Home, current: Sequence[tuple[FileRecord, PartRecord]]) -> str:
    """Every return in service or held last, worst first, and the runs."""
    folder = docs_folder(home)
    ordered = sorted(current, key=lambda pair: (_rank(counts_of(pair[1])), pair[1].return_id))
    rows = [_row(home, folder, record, part) for record, part in ordered]
    body = '<p class="eyebrow">Great Expectations data docs</p><h1>What the rules said of every return</h1>'
    body += table_html(_HEADERS, rows, f"{counted(len(rows), 'return')} in service or held last")
    runs = sorted((folder / "runs").glob("*.html"), reverse=True)
    if runs:
        listed = "".join(f"<li>{_link(folder, path, path.stem)}</li>" for path in runs[:RUNS_SHOWN])
        body += f"<h2>Runs that judged something</h2><ul>{listed}</ul>"
    return page("Data docs", body)


_HEADERS = ("Return", "Status", *(_OUTCOME_WORDS[name].capitalize() for name in OUTCOMES), "Accepted", "Pages")


def _rank(counts: Mapping[str, int]) -> tuple[int, int]:
    return (-counts["could_not_run"], -counts["failed"])


def _row(home: Home, here: Path, record: FileRecord, part: PartRecord) -> list[str]:
    counts = counts_of(part)
    status = '<span class="broken">held</span>' if part.is_held else '<span class="kept">taken in</span>'
    accepted = pounds(sum((Decimal(str(entry["accepted_gbp"] or 0)) for entry in part.ledger), Decimal(0)))
    links = [_link(here, docs_page(home, record), "data docs")] if docs_page(home, record).exists() else []
    if record.report_path:
        links.append(_link(here, home.root / record.report_path, "report"))
    name = f'{text(part.return_id)}<br><span class="note">{text(record.file_name)}</span>'
    numbers = [f"{counts[outcome]:,}" for outcome in OUTCOMES]
    for position in (1, 3):
        if counts[OUTCOMES[position]]:
            numbers[position] = f'<span class="broken">{numbers[position]}</span>'
    return [name, status, *numbers, f'<span class="money">{text(accepted)}</span>', " \u00b7 ".join(links)]


def _link(here: Path, target: Path, words: str) -> str:
    return f'<a href="{quote(os.path.relpath(target, here))}">{text(words)}</a>'
