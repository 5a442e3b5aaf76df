"""Every link between two exact keys that the names themselves propose, with method, score and reason.

| method | score | the two keys |
|---|---|---|
| `plural` | 0.97 | differ in plural words only |
| `spacing` | 0.96 | differ in spaces only |
| `country` | 0.94 | differ in a UK at the end |
| `former_name` | 0.93 | one name says that it was the other before |
| `slip` | 0.90 | differ by one edit that the guards take for a slip |
| `trading_name` | 0.88 | one name says that it trades as the other |
| `tail` | 0.86 | differ in a last word that says what sort of body it is (SOLICITORS, ASSOCIATION, TRUST) |
| `cut_short` | 0.85 | words, or the end, are cut short in one of them |

Belongs here: finding pairs and asking the guards. Must not: decide clusters. Refused slips are kept: they explain what is apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from ingest.suppliers.deletions import one_edit_apart
from ingest.suppliers.guards import (
    FEWEST_CUT_LETTERS,
    TAILS,
    Verdict,
    judge_cut_end,
    judge_cut_words,
    judge_forms,
    judge_slip,
    judge_spacing,
    judge_tail,
)
from ingest.suppliers.names import singular

SCORES = {
    "merge": 1.0, "identifier": 1.0, "exact": 0.99, "plural": 0.97, "spacing": 0.96, "country": 0.94, "former_name": 0.93,
    "slip": 0.9, "trading_name": 0.88, "tail": 0.86, "cut_short": 0.85,
}  # fmt: skip
_STEM = 3
_FEWEST_ALIAS_LETTERS = 8
_FEWEST_COUNTRY_LETTERS = 8


class Link(NamedTuple):
    """Two nodes (exact keys) held to be one supplier, `node_a` before `node_b` in the alphabet; `score` from 0 to 1."""

    node_a: str
    node_b: str
    method: str
    score: float
    reason: str


class KeyFacts(NamedTuple):
    """What is known of an exact key: legal forms written with it; the aliases its names give, as (method, key of the alias)."""

    forms: frozenset[str]
    aliases: tuple[tuple[str, str], ...] = ()


def linked(a: str, b: str, method: str, reason: str) -> Link:
    low, high = (a, b) if a < b else (b, a)
    return Link(low, high, method, SCORES[method], reason)


def propose(facts: Mapping[str, KeyFacts], first_seen: Mapping[str, str]) -> tuple[list[Link], list[Link]]:
    """Links that the guards let through, and slips that they refused. `first_seen`: key -> ISO date; a trading name belongs to the
    key that claimed it first, so that a franchise's owners stay apart whatever comes later."""
    keys = sorted(key for key in facts if key)
    singulars = {key: singular(key) for key in keys}
    by_squash: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_squash[singulars[key].replace(" ", "")].append(key)
    accepted = [
        *_same_squash(by_squash, singulars),
        *_same_letters(keys),
        *_with_country(facts),
        *_with_tail(facts),
        *_cut_words(keys, singulars, facts),
        *_cut_ends(keys, facts),
    ]
    slips, refused = _slips(by_squash, singulars, facts)
    accepted += slips
    accepted += _aliases(facts, first_seen, singulars)
    return accepted, refused


def _same_squash(by_squash: Mapping[str, Sequence[str]], singulars: Mapping[str, str]) -> Iterator[Link]:
    for group in by_squash.values():
        for other in group[1:]:
            first = group[0]
            if singulars[first] == singulars[other]:
                yield linked(first, other, "plural", "the same but for plurals")
            elif judge_spacing(first, other).is_same:
                yield linked(first, other, "spacing", "the same but for spaces")


def _same_letters(keys: Iterable[str]) -> Iterator[Link]:
    """ATKINS REALIS and ATKINSREALIS: in the singular they differ by more than a space."""
    firsts: dict[str, str] = {}
    for key in keys:
        first = firsts.setdefault(key.replace(" ", ""), key)
        if first != key and judge_spacing(first, key).is_same:
            yield linked(first, key, "spacing", "the same but for spaces")


def _with_country(facts: Mapping[str, KeyFacts]) -> Iterator[Link]:
    for key in facts:
        if key.endswith(" UK"):
            short = key[:-3]
            if (
                short in facts
                and len(short) >= _FEWEST_COUNTRY_LETTERS
                and judge_forms(facts[key].forms, facts[short].forms).is_same
            ):
                yield linked(short, key, "country", "the same but for UK")


def _with_tail(facts: Mapping[str, KeyFacts]) -> Iterator[Link]:
    for key in facts:
        short, _, tail = key.rpartition(" ")
        if tail not in TAILS or short not in facts or not judge_tail(short).is_same:
            continue
        if judge_forms(facts[key].forms, facts[short].forms).is_same:
            yield linked(short, key, "tail", f"the same but for {tail}")


def _slips(
    by_squash: Mapping[str, Sequence[str]], singulars: Mapping[str, str], facts: Mapping[str, KeyFacts]
) -> tuple[list[Link], list[Link]]:
    groups = list(by_squash.values())
    accepted: list[Link] = []
    refused: list[Link] = []
    left, right = one_edit_apart(list(by_squash))
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        a, b, verdict = _first_that_holds(groups[i], groups[j], singulars, facts)
        (accepted if verdict.is_same else refused).append(linked(a, b, "slip", verdict.reason))
    return accepted, refused


def _first_that_holds(
    group_a: Sequence[str], group_b: Sequence[str], singulars: Mapping[str, str], facts: Mapping[str, KeyFacts]
) -> tuple[str, str, Verdict]:
    """The first pair of spellings, in order, that the guards let through; else the first pair and why not."""
    first: tuple[str, str, Verdict] | None = None
    for a in group_a:
        for b in group_b:
            verdict = judge_slip(singulars[a], singulars[b])
            if verdict.is_same:
                forms = judge_forms(facts[a].forms, facts[b].forms)
                verdict = verdict if forms.is_same else forms
            if verdict.is_same:
                return a, b, verdict
            first = first or (a, b, verdict)
    assert first is not None  # groups are never empty
    return first


def _cut_words(keys: Iterable[str], singulars: Mapping[str, str], facts: Mapping[str, KeyFacts]) -> Iterator[Link]:
    by_stems: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_stems[" ".join([word[:_STEM] for word in singulars[key].split(" ")])].append(key)
    for group in by_stems.values():
        for a, b in combinations(group, 2):
            if singulars[a] != singulars[b]:
                verdict = judge_cut_words(singulars[a], singulars[b])
                if verdict.is_same and judge_forms(facts[a].forms, facts[b].forms).is_same:
                    yield linked(a, b, "cut_short", verdict.reason)


def _cut_ends(keys: Sequence[str], facts: Mapping[str, KeyFacts]) -> Iterator[Link]:
    """`keys` in order, so that what a key begins follows it."""
    for place, short in enumerate(keys):
        if len(short) < FEWEST_CUT_LETTERS:
            continue
        for at in range(place + 1, len(keys)):
            if not keys[at].startswith(short):
                break
            verdict = judge_cut_end(short, keys[at])
            if verdict.is_same and judge_forms(facts[short].forms, facts[keys[at]].forms).is_same:
                yield linked(short, keys[at], "cut_short", verdict.reason)
                break  # the shortest completion: longer ones hang on it


def _aliases(facts: Mapping[str, KeyFacts], first_seen: Mapping[str, str], singulars: Mapping[str, str]) -> Iterator[Link]:
    claims: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for key, known in facts.items():
        for method, alias in known.aliases:
            if len(alias.replace(" ", "")) >= _FEWEST_ALIAS_LETTERS:
                claims[singular(alias)].append((first_seen.get(key, ""), key, method))
    holders = {singulars[key]: key for key in sorted(singulars, reverse=True) if singulars[key] in claims}
    for alias, found in claims.items():
        holder = holders.get(alias)
        former = sorted(claim for claim in found if claim[2] == "former_name")
        trading = sorted(claim for claim in found if claim[2] == "trading_name")
        for _, key, method in [*former, *trading[:1]]:
            if holder and key != holder:
                yield linked(key, holder, method, f"{key}, {'formerly' if method == 'former_name' else 'trading as'} {holder}")
