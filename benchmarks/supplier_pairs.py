"""Supplier resolution against pairs from published ledgers, labelled by reading: `python -m benchmarks.supplier_pairs [--write]`.

Prints precision, recall and the wrong pairs; `--write` puts them into docs/suppliers.md between its two marks.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from ingest.suppliers import SupplierName, resolve

REPOSITORY = Path(__file__).resolve().parents[1]
PAIRS = REPOSITORY / "tests" / "unit" / "ingest" / "suppliers" / "supplier_pairs.csv"
DOCUMENT = REPOSITORY / "docs" / "suppliers.md"
BEGIN, END = "<!-- pairs: begin -->", "<!-- pairs: end -->"


@dataclass(frozen=True)
class Judged:
    """`joined`: wrongly one supplier; `parted`: wrongly two. Pairs of names, in the order of the file."""

    pair_count: int
    right_count: int
    joined: list[tuple[str, str]]
    parted: list[tuple[str, str]]

    @property
    def precision(self) -> float:
        return self.right_count / max(self.right_count + len(self.joined), 1)

    @property
    def recall(self) -> float:
        return self.right_count / max(self.right_count + len(self.parted), 1)


def judge_pairs(path: Path = PAIRS) -> Judged:
    with path.open(encoding="utf-8", newline="") as handle:
        pairs = list(csv.DictReader(handle))
    names = sorted({pair[side] for pair in pairs for side in ("name_a", "name_b")})
    supplier = {name: found.supplier_id for name, found in zip(names, resolve(list(map(SupplierName, names))).names, strict=True)}
    right, joined, parted = 0, list[tuple[str, str]](), list[tuple[str, str]]()
    for pair in pairs:
        a, b = pair["name_a"], pair["name_b"]
        is_one, is_same = supplier[a] == supplier[b], pair["label"] == "same"
        right += is_one and is_same
        if is_one != is_same:
            (joined if is_one else parted).append((a, b))
    return Judged(len(pairs), right, joined, parted)


def in_words(judged: Judged) -> str:
    def listed(pairs: list[tuple[str, str]]) -> str:
        return "\n".join("| " + " | ".join(name.replace("|", "\\|") for name in pair) + " |" for pair in pairs)

    head = "\n\n| name | name |\n|---|---|\n"
    joined = f"{head}{listed(judged.joined)}" if judged.joined else " none."
    return (
        f"{judged.pair_count} pairs: precision {judged.precision:.3f}, recall {judged.recall:.3f}.\n\n"
        f"Wrongly one supplier:{joined}\n\nWrongly two:{head}{listed(judged.parted)}\n"
    )


def with_section(document: str, words: str) -> str:
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{words}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    found = in_words(judge_pairs())
    if "--write" in sys.argv[1:]:
        DOCUMENT.write_text(with_section(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")
    sys.stdout.write(found)
