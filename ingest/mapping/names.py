"""How near a header comes to the known names of a field: word by word, forgiving slips of the pen.

Belongs here: words and distances. "Suppklier" is Supplier, "SUPPLIER FINAL" is Supplier; "VAT Amount" is not Net Amount, and
"Supplier Type" is not Supplier: a word too many counts, unless it is one that changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA

from ingest.values.text import header_key

LIGHT = 0.15  # the weight of a word that says little about which column it is; any other word weighs 1
_LIGHT_WORDS = frozenset("net total final paid gbp pounds pound sterling the of for a exclvat inclvat new".split())
_HALF_WORDS = {"name": 0.5}  # "Supplier Name" is hardly more than "Supplier"; "Name" alone says half
# Words that say what sort of thing a column is: one more or one fewer of them makes another column of it.
_SORTS = frozenset(
    (
        "amount value date number id identifier code reference type category class classification group region address postcode"
        " description line status currency unit rate balance budget quantity vat tax discount"
    ).split()
)
_OTHER_SORT = 0.6
_ABBREVIATIONS = {
    "no": "number", "num": "number", "nbr": "number", "nr": "number", "ref": "reference", "amt": "amount", "dt": "date",
    "desc": "description", "descr": "description", "dept": "department", "org": "organisation", "inv": "invoice",
    "trans": "transaction", "tran": "transaction", "txn": "transaction", "val": "value", "cat": "category",
    "pmt": "payment", "pymt": "payment", "pay": "payment", "supp": "supplier", "organization": "organisation",
    "organizational": "organisational",
}  # fmt: skip
_VAT_OUT = re.compile(r"\b(excl?|excluding|exc|ex|net of|less|without|before) vat\b")
_VAT_IN = re.compile(r"\b(incl?|including|with|after|gross of) vat\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FUZZY_LENGTH, _FUZZY_SIMILARITY = 5, 0.75  # shorter words must be equal or have two letters swapped: "net" is not "vat"
_JOINED_LENGTH, _JOINED_SIMILARITY = 8, 0.9


@lru_cache(maxsize=50_000)
def words_of(header: str) -> tuple[str, ...]:
    """The words of a header, abbreviations written out: "TransNo" -> ("transaction", "number")."""
    key = header_key(_CAMEL.sub(" ", header) if not re.search(r"\s", header.strip()) else header)
    key = _VAT_IN.sub("inclvat", _VAT_OUT.sub("exclvat", key))
    return tuple(_ABBREVIATIONS.get(word, word) for word in key.split())


def _weight(word: str) -> float:
    return LIGHT if word in _LIGHT_WORDS or word.isdigit() else _HALF_WORDS.get(word, 1.0)


@lru_cache(maxsize=200_000)
def word_similarity(left: str, right: str) -> float:
    """1 for the same word (plurals too), less for a slip, 0 for another word."""
    left, right = _singular(left), _singular(right)
    if left == right:
        return 1.0
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= 3 and len(longer) - len(shorter) >= 2 and longer.startswith(shorter):
        return 0.85
    if len(shorter) < _FUZZY_LENGTH:
        return 0.85 if len(shorter) == 4 and sorted(left) == sorted(right) and OSA.distance(left, right) == 1 else 0.0
    similarity = OSA.normalized_similarity(left, right)
    return similarity if similarity >= _FUZZY_SIMILARITY else 0.0


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=200_000)
def name_similarity(header: str, synonym: str) -> float:
    """0 to 1: the shared weight of two headers' words, whatever their order; words run together are told by their letters."""
    left, right = words_of(header), words_of(synonym)
    if not left or not right:
        return 0.0
    pairs = sorted(
        ((word_similarity(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)), key=lambda p: (-p[0], p[1:])
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    shared = 0.0
    for similarity, i, j in pairs:
        if similarity > 0 and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            shared += similarity * min(_weight(left[i]), _weight(right[j]))
    score = 2 * shared / (sum(map(_weight, left)) + sum(map(_weight, right)))
    alone = [w for i, w in enumerate(left) if i not in used_left] + [w for j, w in enumerate(right) if j not in used_right]
    if any(word in _SORTS for word in alone):
        score *= _OTHER_SORT
    joined_left, joined_right = "".join(left), "".join(right)
    if min(len(joined_left), len(joined_right)) >= _JOINED_LENGTH:
        joined = OSA.normalized_similarity(joined_left, joined_right)
        score = max(score, joined if joined >= _JOINED_SIMILARITY else 0.0)
    return score


def field_similarities(header: str, synonyms: Mapping[str, str]) -> dict[str, float]:
    """field -> its best similarity to the header, over all its synonyms; fields without any likeness are left out. Of equals
    the synonym that stands first in the data is a hair ahead: it breaks ties, and never decides between near ones."""
    best: dict[str, float] = {}
    for rank, (synonym, field) in enumerate(synonyms.items()):
        similarity = name_similarity(header, synonym) - rank * 1e-6
        if similarity > best.get(field, 0.0):
            best[field] = similarity
    return best
