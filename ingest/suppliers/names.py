"""What a supplier's name says, once case, punctuation, legal form and baggage are off.

Belongs here: one name to its exact key. Must not: compare names. Two names with one exact key are one name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ingest.suppliers.word_lists import abbreviations, legal_forms, place_words, singular_word


class NameParts(NamedTuple):
    """`key`: the words that matter, in order, one space between ("" when none is left). `form`: legal form, "" when not given.
    `aliases`: other names that the name itself gives, as
    (`trading_name` or `former_name`, key). `ods`: an ODS code given with it."""

    key: str
    form: str
    aliases: tuple[tuple[str, str], ...] = ()
    ods: str = ""


_DROPPED = frozenset({"AND", "OF", "THE", "FOR", "MESSRS"})
_ABBREVIATED = abbreviations()
_FORMS = legal_forms()
# word -> words in its place; a legal form or a word that says nothing has none
_CHANGED: dict[str, str] = _ABBREVIATED | dict.fromkeys((*_DROPPED, *_FORMS), "")
_LONG_FORMS = (
    (re.compile(r"\bPUBLIC LIMITED (COMPANY|CO\b)"), "PLC"),
    (re.compile(r"\bLIMITED LIABILITY PARTNERSHIP\b"), "LLP"),
    (re.compile(r"\bCOMMUNITY INTEREST (COMPANY|CO\b)"), "CIC"),
    (re.compile(r"\bCHARITABLE INCORPORATED ORGANI[SZ]ATION\b"), "CIO"),
)
_PUNCTUATION = (
    {code: " " for code in range(0x2100) if not chr(code).isalnum()}
    | dict.fromkeys(map(ord, "'`‘’´"))
    | {ord("&"): " AND ", ord("+"): " AND "}
)
_ALSO = re.compile(r"\bT\s?[/\\]\s?AS?\b\.?|\bTRADING AS\b|\bT/AS?\b")
_FORMER = re.compile(
    r"[-,;]?\s*\(?\b(?:FORMERLY|FORMALLY|PREVIOUSLY|FORMER NAME|PREV\b|PRE\.)(?:\s+(?:KNOWN|TRADING)?\s*A[SA]\b|\s+KNOWN\b)?[:\s]*"
)
_CARE_OF = re.compile(r"\bC[/\\]O\b.*")
_ACCOUNT = re.compile(
    r"[-(]?\s*\b(?:A[/\\]C|ACCT?|ACCOUNT|CUST(?:OMER)?|REF)\b\.?\s*(?:NO|NUMBER)?[.:\s#]*[A-Z]{0,3}\d[\dA-Z/-]*\)?"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_ODS = re.compile(r"[A-HJ-NPR-Y]\d{5}")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"^(?=[A-Z]{0,4}\d{5,}[A-Z]?$)")
# an account, a meter or a date of six figures: what follows it is a site, a batch, a reminder
_ACCOUNT_CODE = re.compile(
    r"(?<=\w)[\s:,(]+-?\s?(?:[A-Z]{1,2}-)?(?:(?=(?:[A-Z]*\d){4})[A-Z\d]{6,}|(?=(?:[A-Z]*\d){3})[A-Z\d]{8,})\b.*"
)
_AFTER_FORM = re.compile(r"\b(LIMITED|LTD|PLC|LLP|CIC)\b\.?\s*(?:[-–]\s.*|(?:\w+\s)?\d+)$")
_CUT_FORMS = {"LT": "LTD", "LIM": "LTD", "LIMI": "LTD", "LIMIT": "LTD", "LIMITE": "LTD", "PL": "PLC", "LL": "LLP"}
_DOMAIN = re.compile(r"\.(?:CO\.UK|COM|ORG\.UK|ORG|NET)\b")
_LABELLED = re.compile(r"^([A-Z]{2,6})\s[-–]\s(.*)")
_NHS = frozenset({"NHS", "FOUNDATION", "TRUST"})
# local units of one name: in brackets after it, a place tells them apart
_LOCAL_UNITS = frozenset(
    "ACADEMY SCHOOL CHURCH SURGERY PRACTICE COUNCIL HOSPITAL CLUB ASSOCIATION CHARITY YMCA MIND AGE CITIZENS SCOUT NURSERY COLLEGE"
    " HOTEL SOCIETY TRUST".split()
)
_COUNCIL_KINDS = frozenset({"METROPOLITAN", "BOROUGH", "DISTRICT", "CITY", "LONDON"})
_REORDERED = frozenset({"COUNCIL", "GRANT", "UNIVERSITY", "SERVICE", *_NHS, *_COUNCIL_KINDS})
_GRANT_HOLDERS = frozenset({"UNIVERSITY", "COLLEGE", "INSTITUTE", "COUNCIL"})


def read_name(name: str) -> NameParts:
    """The parts of a name as published."""
    text = name.upper()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    aliases: tuple[tuple[str, str], ...] = ()
    ods = ""
    if "/" in text or "\\" in text or "TRADING AS" in text:
        text, aliases = _also(_CARE_OF.sub("", text))
    if "FORM" in text or "PREV" in text or "(PRE" in text:
        text, former = _former(text)
        aliases += former
    if "(" in text or "[" in text:
        text, ods = _without_brackets(text)
    if " - " in text or " – " in text:
        text = _without_label(text)
    words, form = _words(text)
    return NameParts(" ".join(words), form, aliases, ods)


def _also(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`X T/A Y`: the name is X, and Y is another name of it."""
    parts = _ALSO.split(text, maxsplit=1)
    if len(parts) < 2:
        return text, ()
    first, second = parts[0].rstrip(" ("), parts[1].strip(" )")
    if not first:
        return second, ()
    alias = " ".join(_words(_without_brackets(second)[0])[0])
    return first, (("trading_name", alias),) if alias else ()


def _former(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`X (formerly Y)`: the name is X, and Y was its name."""
    parts = _FORMER.split(text, maxsplit=1)
    if len(parts) < 2 or not parts[0].strip():
        return text, ()
    alias = " ".join(_words(_without_brackets(parts[1].rstrip(" )"))[0])[0])
    return parts[0], (("former_name", alias),) if alias else ()


def _without_brackets(text: str) -> tuple[str, str]:
    """Brackets inside a name are part of it; at its end they are baggage, unless they name the place of a local unit."""
    ods = ""

    def kept(match: re.Match[str]) -> str:
        nonlocal ods
        inner = match.group(1).strip()
        if _ODS.fullmatch(inner):
            ods = inner
            return " "
        before = text[: match.start()].strip()
        is_last = not text[match.end() :].strip(" .")
        if is_last and is_initials(before, inner):
            return f"\n{inner}"
        if not is_last:
            return f" {inner} "
        words = text[: match.start()].split()
        is_local = not _LOCAL_UNITS.isdisjoint(words) and not place_words().isdisjoint(inner.split())
        return f" {inner} " if inner == "UK" or is_local or not words else " "

    return _BRACKETS.sub(kept, text).rpartition("\n")[2], ods


def _without_label(text: str) -> str:
    """`BT - BRITISH TELECOMMUNICATIONS`: initials before the name."""
    found = _LABELLED.match(text)
    return found.group(2) if found and is_initials(found.group(1), found.group(2)) else text


def is_initials(label: str, text: str) -> bool:
    """Whether `label` is the initials of `text`: GLL of GREENWICH LEISURE LTD."""
    if not (2 <= len(label) <= 8 and label.isalpha()):
        return False
    words = text.translate(_PUNCTUATION).split()
    said = [word for word in words if word not in _DROPPED]
    unformed = [word for word in said if word not in _FORMS]
    return label in {"".join(word[0] for word in some) for some in (words, said, unformed) if len(some) > 1}


def _words(text: str) -> tuple[list[str], str]:
    """The words that matter and the legal form, from text in upper case without brackets."""
    if "COMPANY" in text or "LIABILITY" in text or "INCORP" in text or "INTEREST" in text or "PUBLIC LIM" in text:
        for pattern, short in _LONG_FORMS:
            text = pattern.sub(short, text)
    has_number = _DIGIT.search(text) is not None
    if has_number:
        text = _ACCOUNT_CODE.sub("", _ACCOUNT.sub(" ", text), count=1)
    if "." in text:
        text = _DOMAIN.sub(" ", text)
    if text[-1:].isdigit() or " - " in text or " – " in text:
        text = _AFTER_FORM.sub(r"\1", text)
    if "CO-OP" in text:
        text = text.replace("CO-OP", "COOP")
    raw = text.translate(_PUNCTUATION).split()
    if len(min(raw, key=len, default="XX")) == 1:
        raw = _initials_together(raw)
    if has_number and len(raw) > 1:
        raw = [word for word in raw if not _LONG_NUMBER.match(word)] or raw
    form = ""
    if len(raw) > 2 and raw[-1] in _CUT_FORMS:
        form = _CUT_FORMS[raw.pop()]
    words: list[str] = []
    for word in raw:
        changed = _CHANGED.get(word)
        if changed is None:
            words.append(word)
        elif changed:
            words += changed.split()
        elif word in _FORMS:
            form = _FORMS[word]
    if not words:
        words = raw
    elif len(words) > 2:
        words = _without_repeats(words, raw)
    if len(words) > 1 and (words[-1] in _REORDERED or words[0] in _REORDERED):
        words = _one_order(words, raw, form)
    return words, form


def _without_repeats(words: list[str], raw: list[str]) -> list[str]:
    """Without initials beside the name they stand for, COMPANY at the end (but not SMITH & COMPANY), the first word said again."""
    if words[-1] == "COMPANY" and "AND" not in raw[-3:] and (len(words) > 3 or raw[0] != "THE"):
        words = words[:-1]
    for label, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        if 3 <= len(label) == len(rest) and label == "".join([word[0] for word in rest]):
            return rest
    return words[:-1] if words[-1] == words[0] and len(words) > 2 else words


def _one_order(words: list[str], raw: list[str], form: str) -> list[str]:
    """Public bodies are written in several ways: University of X, X University; X Borough Council, X Council; X NHS Trust, X NHS
    Foundation Trust, X NHS FT; X Ambulance Service."""
    if words[-1] in _NHS or (words[-1] == "SERVICE" and words[-2] == "AMBULANCE" and not form):
        return _nhs_trust(words)
    if words[-1] == "GRANT" and not _GRANT_HOLDERS.isdisjoint(words):
        words = words[:-1]
    if words[0] == "UNIVERSITY" and len(words) <= 3 and raw[:2] in (["UNIVERSITY", "OF"], ["THE", "UNIVERSITY"]):
        return [*words[1:], "UNIVERSITY"]
    if words[-1] == "COUNCIL" or (words[-1] in ("DISTRICT", "BOROUGH") and not form):
        words = words if words[-1] == "COUNCIL" else [*words, "COUNCIL"]
        kept = [word for word in words[:-1] if word not in _COUNCIL_KINDS]
        return [*(kept or words[:-1]), "COUNCIL"]
    return words


def _nhs_trust(words: list[str]) -> list[str]:
    end = len(words)
    while end and words[end - 1] in _NHS:
        end -= 1
    tail = set(words[end:])
    is_trust = "NHS" in words[1:] or tail >= {"FOUNDATION", "TRUST"} or not tail
    if not is_trust or end < 2:
        return words
    return [*words[:1], *(word for word in words[1:end] if word != "NHS"), "NHS", "TRUST"]


def _initials_together(words: list[str]) -> list[str]:
    """Letters that stand alone, as one word: J W SMITH, J.W. SMITH and JW SMITH."""
    joined: list[str] = []
    was_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and was_letter:
            joined[-1] += word
        else:
            joined.append(word)
        was_letter = is_letter
    return joined


def singular(key: str) -> str:
    """A key with plural words made singular: SERVICES -> SERVICE, FACILITIES -> FACILITY; never surnames (WILLIAMS)."""
    if "S " not in key and not key.endswith("S"):
        return key
    return " ".join(map(singular_word, key.split(" ")))
