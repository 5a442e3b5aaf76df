"""Whether two near keys are one name written twice, or two names that look alike.

Belongs here: judgement of one pair, from the pair alone. Must not: find pairs. Every verdict says why in words, refusals too.
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.suppliers.word_lists import known_words, place_words

_TITLES = frozenset("MR MRS MS MISS MX DR PROF PROFESSOR REV REVD SIR DAME LORD LADY CLLR".split())
_SHORTEST_NAME = 8  # letters: below it one letter is too much of the name
_SHORTEST_WORD = 5
_SHORTEST_CUT = 3
_SURE_CUT = 4  # letters missing from a word, so that it is not a plural or another ending
TAILS = frozenset("SOLICITORS ASSOCIATION TRUST PRODUCTS OFFICE".split())
FEWEST_CUT_LETTERS = 20  # of a name whose end is cut off


class Verdict(NamedTuple):
    is_same: bool
    reason: str


def _refused(reason: str) -> Verdict:
    return Verdict(False, reason)


def judge_forms(forms_a: frozenset[str], forms_b: frozenset[str]) -> Verdict:
    """Two legal forms, both given and different, are two bodies unless the names are the same to the letter."""
    if forms_a and forms_b and forms_a.isdisjoint(forms_b):
        return _refused(f"legal forms differ: {'/'.join(sorted(forms_a))}, {'/'.join(sorted(forms_b))}")
    return Verdict(True, "")


def judge_slip(key_a: str, key_b: str) -> Verdict:
    """Two keys one edit apart: is the edit a slip of the keyboard?"""
    words_a, words_b = key_a.split(" "), key_b.split(" ")
    if words_a[0] in _TITLES or words_b[0] in _TITLES:
        return _refused("names of people are not matched by likeness")
    if min(len(key_a), len(key_b)) < _SHORTEST_NAME:
        return _refused("too short to tell a slip from another name")
    if len(words_a) != len(words_b):
        return _refused("words are divided differently and a letter differs")
    different = [(a, b) for a, b in zip(words_a, words_b, strict=True) if a != b]
    if len(different) != 1:
        return _refused("two words differ")
    return _judge_words(*different[0], is_only_word=len(words_a) == 1)


def _judge_words(a: str, b: str, is_only_word: bool) -> Verdict:
    if not (a.isalpha() and b.isalpha()):
        return _refused(f"numbers differ: {a}, {b}")
    known, places = known_words(), place_words()
    if a in places and b in places:
        return _refused(f"two places: {a}, {b}")
    is_known_a, is_known_b = a in known, b in known
    if is_known_a and is_known_b:
        return _refused(f"two words in use: {a}, {b}")
    shorter = min(len(a), len(b))
    if shorter <= 2:
        return _refused(f"initials differ: {a}, {b}")
    if is_known_a or is_known_b:
        if shorter < 3 or (len(a) == len(b) <= 4 and sorted(a) != sorted(b)):
            return _refused(f"too short to tell a slip from another word: {a}, {b}")
        return Verdict(True, f"one letter: {b if is_known_b else a} written {a if is_known_b else b}")
    if shorter < _SHORTEST_WORD:
        return _refused(f"too short to tell a slip from another word: {a}, {b}")
    if a[0] != b[0]:
        return _refused(f"first letters differ: {a}, {b}")
    if is_only_word and shorter < _SHORTEST_NAME:
        return _refused(f"the whole name differs by a letter: {a}, {b}")
    return Verdict(True, f"one letter: {a}, {b}")


def judge_spacing(key_a: str, key_b: str) -> Verdict:
    """Two keys equal but for spaces: numbers must still be the same numbers."""
    numbers_a, numbers_b = (sorted(w for w in key.split(" ") if not w.isalpha()) for key in (key_a, key_b))
    if numbers_a != numbers_b:
        only = [w for w in (*numbers_a, *numbers_b) if w.isdigit()]
        if only:
            return _refused("numbers are divided differently")
    return Verdict(True, "the same but for spaces")


def judge_tail(short: str) -> Verdict:
    """A name without its last word (SOLICITORS, TRUST) must still be a name: two words, one of which is no common word."""
    words = short.split(" ")
    if words[0] in _TITLES:
        return _refused("names of people are not matched by likeness")
    if len(words) < 2 or all(word in known_words() or len(word) < _SHORTEST_WORD for word in words):
        return _refused("too little is left of the name")
    return Verdict(True, "")


def judge_cut_words(key_a: str, key_b: str) -> Verdict:
    """Keys of as many words, where the words that differ are cut short in one of them."""
    words_a, words_b = key_a.split(" "), key_b.split(" ")
    if len(words_a) != len(words_b) or words_a[0] in _TITLES or words_b[0] in _TITLES:
        return _refused("words do not pair")
    different = [(a, b) if len(a) < len(b) else (b, a) for a, b in zip(words_a, words_b, strict=True) if a != b]
    if len(different) >= len(words_a) or len(different) > 2:
        return _refused("too little is the same")
    if sum(len(a) for a, b in zip(words_a, words_b, strict=True) if a == b) < _SHORTEST_WORD:
        return _refused("too little is the same")
    for short, long in different:
        verdict = _judge_cut(short, long)
        if not verdict.is_same:
            return verdict
    return Verdict(True, "cut short: " + ", ".join(f"{short} for {long}" for short, long in different))


def judge_cut_end(short: str, long: str) -> Verdict:
    """A long key and its beginning: a field's width cuts inside a word, or after NHS."""
    end = len(short)
    if long[end] == " ":
        return _refused("words are missing, none is cut")
    last = short.rsplit(" ", 1)[-1]
    if not last.isalpha():
        return _refused(f"a number may be cut: {last}")
    whole = long[end - len(last) :].split(" ", 1)
    missing_words = whole[1].count(" ") + 1 if len(whole) > 1 else 0
    if end < FEWEST_CUT_LETTERS or (missing_words > 2 and end < 25):
        return _refused("too short to tell whose beginning it is")
    if len(last) < _SHORTEST_CUT and not missing_words and end < 25:
        return _refused(f"too little of the last word: {last}")
    if last in known_words() and (end < 25 or len(whole[0]) - len(last) < _SURE_CUT):
        return _refused(f"{last} is a word of its own")
    return Verdict(True, f"cut short at {end} letters")


def _judge_cut(short: str, long: str) -> Verdict:
    if not long.startswith(short):
        return _refused(f"{short} is not the beginning of {long}")
    if not (short.isalpha() and long.isalpha()):
        return _refused(f"numbers differ: {short}, {long}")
    if short in known_words():
        return _refused(f"{short} is a word of its own")
    if len(short) < _SHORTEST_CUT or (len(short) < 4 and long in place_words()):
        return _refused(f"too little of the word: {short}")
    return Verdict(True, "")
