"""Writes expected_words.txt: what `totalplace check` prints of every file of the bank, for a person to read before it is kept.

Run it after adding a file or changing words (`python -m tests.bank.write_words`), read the difference, and keep it if every line
says what is wrong and what to do.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path

from ingest.landing import unpacked
from ingest.reading import read_file
from ingest.submitter_report import group_findings, verdict, visible
from ingest.submitter_report.terminal import group_lines
from orchestration.checked import CheckedFile
from orchestration.checking import check_reading
from orchestration.reporting import all_findings, submission_of
from tests.unit.ingest.intake_helpers import REGISTRY, make_receipt

BANK = Path(__file__).parent
WORDS = BANK / "expected_words.txt"
NOT_RETURNS = frozenset(("expected.csv", "expected_words.txt", "write_bank.py", "write_words.py"))


def words_of(name: str, publisher: str) -> str:
    """What a terminal shows for a file, without the count (expected.csv has it): the verdict and every group."""
    content = (BANK / name).read_bytes()
    files = unpacked(make_receipt(content, name, publisher), content)
    return "\n".join(_words(check_reading(read_file(raw, receipt, REGISTRY), REGISTRY)) for receipt, raw in files)


def _words(checked: CheckedFile) -> str:
    submission = submission_of(checked, REGISTRY, datetime(2026, 1, 5), is_dry_run=True)
    groups = group_findings(all_findings(checked)).groups
    said = verdict(submission, groups)
    return "\n".join(
        [
            visible(f"{said.words} {said.then}".rstrip()),
            *(visible(line) for g in groups for line in group_lines(g, submission.return_names)),
        ]
    )


def every_file() -> list[tuple[str, str]]:
    """(file, publisher) in the order of expected.csv."""
    with (BANK / "expected.csv").open(encoding="utf-8", newline="") as handle:
        return [(row["file"], row["publisher"]) for row in csv.DictReader(handle)]


def expected_words() -> dict[str, str]:
    """File -> its words, as kept."""
    entries = WORDS.read_text(encoding="utf-8").split("\n## ")[1:]
    return {name: words.rstrip("\n") for name, _, words in (entry.partition("\n") for entry in entries)}


def main() -> None:
    text = "What `totalplace check` prints of each file of the bank. Written by `python -m tests.bank.write_words`.\n"
    for name, publisher in every_file():
        text += f"\n## {name}\n{words_of(name, publisher)}\n"
    WORDS.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(every_file())} files in {WORDS.name}\n")


if __name__ == "__main__":
    main()
