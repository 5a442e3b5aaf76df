"""What a column holds, from a sample spread over all of it, and how well that fits a field.

Belongs here: shares of cells of a form, and the form each field is expected to have (by its type and the ending of its
name, so that a field added to a kind needs nothing here).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.kinds import Field
from ingest.readers.cells import Cell, is_blank
from ingest.values.dates import parse_date
from ingest.values.money import parse_money
from ingest.values.text import cell_text

SAMPLE = 200  # cells of a column
NEUTRAL = 0.6  # how well a column fits of which nothing can be said
_PENCE = re.compile(r"\.\d{2}\D*$|[£\x9c]|\d,\d{3}(\D|$)")
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$", re.IGNORECASE)
_COMPANY = re.compile(r"^(\d{7,8}|(SC|NI|OC|SO|NC|RC|IP)\d{6})$", re.IGNORECASE)
_GSS = re.compile(r"^[EWSNK]\d{8}$")
_CODE = re.compile(r"^(?=[^ ]*\d)[A-Za-z0-9][A-Za-z0-9/_.\-]{0,23}$|^[A-Z0-9]{1,5}$")
_PAYEE_WORDS = re.compile(
    r"\b(ltd|limited|plc|llp|inc|llc|co|company|group|council|trust|nhs|university|college|school|hmrc|services|solutions|housing"
    r"|association|partnership|bank|consult\w*|redacted)\b",
    re.IGNORECASE,
)
_SERIAL = range(36_500, 58_000)  # spreadsheet days, 1999 to 2058, in a column that holds nothing else
_YEAR = re.compile(r"^\d{4}\s*[-/]\s*(\d{2})?\d{2}$")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)+$")


@dataclass(frozen=True)
class Profile:
    """Shares (0 to 1) of the sampled non-blank cells; `count` is how many were sampled."""

    count: int = 0
    money: float = 0.0  # reads as an amount
    pence: float = 0.0  # and shows it: two decimals, a pound sign, thousands
    integer: float = 0.0
    date: float = 0.0
    postcode: float = 0.0
    company_number: float = 0.0
    gss_code: float = 0.0
    code: float = 0.0
    name: float = 0.0  # letters, as of a name or a title
    several_words: float = 0.0
    payee: float = 0.0  # a word that stands in names of firms and bodies
    year: float = 0.0
    slug: float = 0.0
    distinct: float = 0.0
    longest: int = 0

    @property
    def is_constant(self) -> bool:
        return self.count > 1 and self.distinct * self.count <= 1


def sample(rows: Sequence[Sequence[Cell]], column: int, limit: int = SAMPLE) -> list[Cell]:
    """Up to `limit` non-blank cells, spread evenly over the whole column."""
    filled = [row[column] for row in rows if column < len(row) and not is_blank(row[column])]
    if len(filled) <= limit:
        return filled
    return [filled[position * len(filled) // limit] for position in range(limit)]


def profile(cells: Sequence[Cell]) -> Profile:
    """The forms that the cells have."""
    count = len(cells)
    if not count:
        return Profile()
    texts = [cell_text(cell) or "" for cell in cells]

    def share(test: Callable[[Cell, str], object]) -> float:
        return sum(bool(test(cell, text)) for cell, text in zip(cells, texts, strict=True)) / count

    def matching(test: Callable[[str], object]) -> float:
        return sum(bool(test(text)) for text in texts) / count

    dates = share(_is_date)
    serials = matching(lambda text: text.isdecimal() and int(text[:9]) in _SERIAL)
    distinct = len(set(texts)) / count
    if serials == 1.0 and count >= 2 and _spread(texts) <= 800:  # days of two years at most: amounts lie further apart
        dates = 1.0
    return Profile(
        count=count,
        money=share(lambda cell, text: not _is_date(cell, text) and parse_money(cell) is not None),
        pence=share(_shows_pence),
        integer=matching(lambda text: text.lstrip("-").isdigit()),
        date=dates,
        postcode=matching(_POSTCODE.match),
        company_number=matching(_COMPANY.match),
        gss_code=matching(_GSS.match),
        code=share(lambda cell, text: _CODE.match(text) and not _shows_pence(cell, text)),
        name=matching(_is_name),
        several_words=matching(lambda text: " " in text and _is_name(text)),
        payee=matching(_PAYEE_WORDS.search),
        year=matching(_YEAR.match),
        slug=matching(_SLUG.match),
        distinct=distinct,
        longest=max(map(len, texts)),
    )


def _spread(texts: Sequence[str]) -> int:
    numbers = [int(text) for text in texts]
    return max(numbers) - min(numbers)


def _is_date(cell: Cell, text: str) -> bool:
    if isinstance(cell, (int, float)) or text.isdigit() or ("." in text and parse_money(cell) is not None):
        return False
    return parse_date(cell, "dmy") is not None or parse_date(cell, "mdy") is not None


def _shows_pence(cell: Cell, text: str) -> bool:
    if isinstance(cell, float) and not cell.is_integer():
        return True
    return isinstance(cell, str) and bool(_PENCE.search(text)) and parse_money(cell) is not None


def _is_name(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters >= 3 and letters >= 0.5 * len(text) and not (_CODE.match(text) and len(text) <= 5) and not _POSTCODE.match(text)


def fit(what: Profile, field: Field) -> float:
    """0 to 1: how well a column's content fits a field. 0 for a blank column."""
    if what.count == 0:
        return 0.0
    if field.type == "money":
        return what.money * (0.4 + 0.6 * min(1.0, 2 * what.pence))  # without pence it may be a number of anything
    if field.type == "date":
        return what.date
    return next(expected(what) for ending, expected in _EXPECTED if field.name.endswith(ending))


def _text(what: Profile) -> float:
    return max(0.0, 1.0 - what.money - what.date) * (NEUTRAL + (1 - NEUTRAL) * what.name)


def _name(what: Profile) -> float:
    """Names of payees are many and, by the dozen, of firms and public bodies; a department's name is one of few."""
    return what.name * (0.3 + 0.4 * min(1.0, 4 * what.distinct) + 0.3 * min(1.0, 4 * what.payee))


def _code(what: Profile) -> float:
    return max(what.code, what.integer) * (1.0 - what.pence)


# the first ending that fits a field's name says what its cells look like
_EXPECTED: tuple[tuple[str, Callable[[Profile], float]], ...] = (
    ("postcode", lambda what: what.postcode),
    ("place_code", lambda what: what.gss_code),
    ("payee_name", _name),
    ("identifier", _code),
    ("reference", _code),
    ("_code", _code),
    ("financial_year", lambda what: what.year),
    ("_slug", lambda what: what.slug),
    ("_name", lambda what: what.name),
    ("", _text),
)
