"""The words that need judgement, from `words/*.csv`.

Belongs here: reading the lists. Must not: decide anything. All words are upper case, ASCII, without apostrophes. `known_words` are
words that stand in at least four names and two agencies' published ledgers (a slip of the keyboard seldom does), with common
surnames and words that differ from another by one letter; between two known words an edit is a different word, not a slip.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"


def _rows(name: str) -> list[list[str]]:
    with (WORDS / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))[1:]


@cache
def abbreviations() -> dict[str, str]:
    """Short form -> what it stands for (one or more words)."""
    return {row[0]: row[1] for row in _rows("abbreviations")}


@cache
def legal_forms() -> dict[str, str]:
    """Spelling of a legal form -> the form ("LIMITED" -> "LTD")."""
    return {row[0]: row[1] for row in _rows("legal_forms")}


@cache
def place_words() -> frozenset[str]:
    """Towns, counties and directions: between two of them an edit is another place."""
    return frozenset(row[0] for row in _rows("place_words"))


@cache
def known_words() -> frozenset[str]:
    """Words in use, as they are written and in the singular."""
    words = {row[0] for row in _rows("known_words")} | place_words()
    return frozenset(words | set(map(singular_word, words)))


@cache
def _not_plurals() -> frozenset[str]:
    """Words whose form with an S is another word, mostly surnames: WILLIAM and WILLIAMS."""
    return frozenset(row[0] for row in _rows("not_plurals"))


def singular_word(word: str) -> str:
    """SERVICES -> SERVICE, FACILITIES -> FACILITY; surnames (WILLIAMS), short words (GAS) and CLASS, BUS, BASIS stay."""
    if len(word) < 5 or word[-1] != "S" or word[-2] in "SUI":
        return word
    if word[:-1] in _not_plurals():
        return word
    return word[:-3] + "Y" if word.endswith("IES") else word[:-1]
