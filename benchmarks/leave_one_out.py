"""Leave one agency out: take away a publisher's registry row and every header known only from it; do its files still load, or come
back with a proposal that is right in the first rank? Nothing wrong may be accepted: the script fails when anything is.

Three variants: `agency` (as said), `standards` (only the headers of the published standards are left), `perturbed` (as `agency`,
and the headers misspelt, decorated or renamed and the columns shuffled, from a fixed seed).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.archives import is_archive, members
from ingest.headers import Synonyms
from ingest.kinds import GRANTS, PROCUREMENT_CARD, SPEND, Kind
from ingest.kinds.table import read_table
from ingest.limits import DEFAULTS
from ingest.mapping import THRESHOLD, learn
from ingest.opening import CannotOpen, open_file
from ingest.readers import Sheet
from ingest.recognition import synonyms_of
from ingest.registry import Registry
from ingest.returns_folder import FolderFile, list_folder
from ingest.rows import Extract

REPOSITORY = Path(__file__).resolve().parents[1]
RETURNS = REPOSITORY.parent / "shared" / "returns"
VARIANTS = ("agency", "standards", "perturbed")
KINDS = {
    kind.name: kind for kind in (SPEND, PROCUREMENT_CARD, GRANTS)
}  # whose headers are the publisher's own; templates have ours
OUTCOMES = ("loaded", "proposed", "wrongly_proposed", "wrongly_accepted")
SEED = 20_240_401
RENAMED = {
    "amount_gbp": ("Cost", "Sum Paid (£)", "Spend", "Pounds"),
    "payment_date": ("When Paid", "Cleared On", "Day", "Pay Dt"),
    "payee_name": ("Paid To", "Company", "Organisation Paid", "Who"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one file in one variant. `confidence` None: nothing was even proposed."""

    publisher: str
    kind: str
    file_name: str
    variant: str
    outcome: str
    confidence: float | None
    seconds: float


def without(publisher: str, standards_only: bool = False) -> Registry:
    """The shipped registry as it would be had nobody ever seen this publisher's files."""
    registry = Registry()
    registry.agencies.pop(publisher, None)
    registry.publishers.pop(publisher, None)
    kept: list[dict[str, str]] = []
    for row in registry.shipped_synonyms:
        sources = {source for source in (row.get("learned_from") or "").split(";") if source}
        if standards_only:
            sources = {source for source in sources if source.startswith("standard:")} or {publisher}
        if sources != {publisher} and row.get("agency_slug", "") != publisher:
            kept.append(row)
    registry.shipped_synonyms = kept
    return registry


def open_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file; those of the one table in an archive of one; none of what is no table."""
    packed = list(members(content, DEFAULTS)) if is_archive(content) else []
    try:
        return open_file(packed[0].content if len(packed) == 1 else content).sheets
    except CannotOpen:
        return []


def table_files(
    folder: Path, most: int | None = None, with_archives: bool = True
) -> Iterator[tuple[FolderFile, Kind, list[Sheet], Extract]]:
    """Files whose headers the full registry knows as of their sub-folder's kind (spend where none names it), with their truth; at
    most `most` a publisher and kind."""
    registry, counts = Registry(), Counter[tuple[str, str]]()
    for file in list_folder(folder).files:
        kind = KINDS.get(file.kind_hint or "spend")
        if kind is None or (most and counts[file.publisher_slug, kind.name] >= most):
            continue
        if file.path.suffix == ".zip" and not with_archives:
            continue
        sheets = open_sheets(file.path.read_bytes())
        truth = read_table(sheets, kind, synonyms_of(kind, registry, file.publisher_slug))
        if truth.headers:
            counts[file.publisher_slug, kind.name] += 1
            yield file, kind, sheets, truth


def try_file(sheets: Sequence[Sheet], truth: Extract, synonyms: Synonyms, kind: Kind = SPEND) -> tuple[str, float | None]:
    """(outcome, confidence) of mapping the sheets with these synonyms alone."""
    learned = learn(sheets, kind, synonyms)
    if not learned.has_header and not learned.held:
        return "wrongly_proposed", None
    found = read_table(sheets, kind, learned.synonyms)
    proposals = learned.accepted + learned.held + found.scored
    confidence = min([learned.confidence or 0.0, *(p.confidence for p in found.scored)])
    if learned.has_header and all(p.is_accepted for p in proposals):
        return ("loaded" if _lines(found, kind) == _lines(truth, kind) else "wrongly_accepted"), confidence
    expected = {(name, header.index): _mandatory(header.columns, kind) for name, header in truth.headers}
    seen = {(p.sheet_name, p.header_index): _mandatory(p.columns, kind) for p in proposals}
    known = {(name, header.index): _mandatory(header.columns, kind) for name, header in found.headers}
    seen = known | seen
    return (
        "proposed" if all(seen.get(where) == columns for where, columns in expected.items()) else "wrongly_proposed"
    ), confidence


def _mandatory(columns: dict[str, int], kind: Kind) -> dict[str, int]:
    return {name: columns[name] for name in kind.mandatory if name in columns}


def _lines(extract: Extract, kind: Kind) -> list[tuple[object, ...]]:
    return [(line.sheet_name, line.row_number, *(str(line.cells.get(name)) for name in kind.mandatory)) for line in extract.lines]


def perturbed(sheets: Sequence[Sheet], truth: Extract, random_of: random.Random) -> tuple[list[Sheet], Extract]:
    """The same sheets with other headers and another order of columns, and what is true of them."""
    changed: list[Sheet] = []
    hidden = {header.columns[name] for _, header in truth.headers for name in header.columns}
    width = max(len(row) for sheet in sheets for row in sheet.rows)
    order = list(range(width))
    random_of.shuffle(order)
    new_texts: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    for sheet in sheets:
        rows = [list(row) for row in sheet.rows]
        for name, header in truth.headers:
            if name != sheet.name:
                continue
            fields = {column: field for field, column in header.columns.items()}
            for column, cell in enumerate(rows[header.index]):
                if isinstance(cell, str) and cell.strip():
                    text = new_texts.setdefault(cell, _misspelt(cell, fields.get(column), random_of))
                    rows[header.index][column] = text
                    if column in hidden and column in fields:
                        synonyms[text] = fields[column]
        changed.append(Sheet(sheet.name, [[row[c] if c < len(row) else None for c in order] for row in rows], sheet.is_hidden))
    place = {column: position for position, column in enumerate(order)}
    moved = Extract(lines=truth.lines)
    moved.headers = [
        (name, type(header)(header.index, {f: place[c] for f, c in header.columns.items()})) for name, header in truth.headers
    ]
    return changed, moved


def _misspelt(text: str, field: str | None, random_of: random.Random) -> str:
    """A header as the next quarter's clerk might write it."""
    if field in RENAMED and random_of.random() < 0.15:
        return random_of.choice(RENAMED[field])
    text = text.strip()
    if random_of.random() < 0.5 and len(text) > 4:
        at = random_of.randrange(1, len(text) - 2)
        slip = random_of.choice(("swap", "drop", "double"))
        pair = text[at + 1] + text[at] if slip == "swap" else "" if slip == "drop" else text[at] * 2
        text = text[:at] + pair + text[at + (2 if slip == "swap" else 1) :]
    return random_of.choice(("{}", " {} ", "* {}", "{}.", "{} (new)")).format(random_of.choice((text, text.upper(), text.lower())))


def run(
    folder: Path, variants: Sequence[str] = VARIANTS, most: int | None = None, seed: int = SEED, with_archives: bool = True
) -> list[Outcome]:
    """Every file of the folder in every variant."""
    outcomes: list[Outcome] = []
    registries: dict[tuple[str, bool], Registry] = {}
    for file, kind, sheets, truth in table_files(folder, most, with_archives):
        for variant in variants:
            key = (file.publisher_slug, variant == "standards")
            registry = registries.get(key) or registries.setdefault(key, without(*key))
            given, expected = sheets, truth
            if variant == "perturbed":
                given, expected = perturbed(sheets, truth, random.Random(f"{seed}{file.name}"))
            started = time.perf_counter()
            outcome, confidence = try_file(given, expected, synonyms_of(kind, registry, file.publisher_slug), kind)
            seconds = time.perf_counter() - started
            outcomes.append(Outcome(file.publisher_slug, kind.name, file.name, variant, outcome, confidence, seconds))
    return outcomes


def _label(outcome: Outcome) -> str:
    return outcome.publisher if outcome.kind == SPEND.name else f"{outcome.publisher}, {outcome.kind}"


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for variant in VARIANTS:
        mine = [o for o in outcomes if o.variant == variant]
        if not mine:
            continue
        yield f"\n{variant}\n\n| publisher | files | {' | '.join(OUTCOMES)} | lowest confidence |\n|---|{'---:|' * 6}"
        for publisher in [*sorted({_label(o) for o in mine}), "all"]:
            rows = [o for o in mine if publisher in (_label(o), "all")]
            counts = Counter(o.outcome for o in rows)
            lowest = min(o.confidence or 0.0 for o in rows)
            yield f"| {publisher} | {len(rows)} | {' | '.join(str(counts[name]) for name in OUTCOMES)} | {lowest:.2f} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=Path, default=RETURNS)
    parser.add_argument("--variant", choices=VARIANTS, action="append")
    parser.add_argument("--most", type=int, help="files of a publisher, at most")
    parser.add_argument("--seed", type=int, default=SEED, help="of the perturbed variant")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.returns.is_dir():
        sys.stderr.write(f"there are no published returns in {options.returns}: nothing to measure\n")
        return 1
    outcomes = run(options.returns, options.variant or VARIANTS, options.most, options.seed)
    wrong = max((o.confidence or 0.0 for o in outcomes if o.outcome == "wrongly_proposed"), default=0.0)
    if options.json:
        sys.stdout.write(json.dumps([vars(o) for o in outcomes], indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_table(outcomes)) + "\n")
        sys.stdout.write(f"\nThe surest wrong proposal has confidence {wrong:.2f}; {THRESHOLD} is needed to be accepted.\n\n")
        for o in outcomes:
            if o.outcome.startswith("wrongly"):
                sys.stdout.write(f"{o.variant}: {o.file_name}: {o.outcome} ({o.confidence})\n")
    return int(any(o.outcome == "wrongly_accepted" for o in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
