"""What sort of payee a name is.

| class | by |
|---|---|
| `redacted`, `placeholder` | the patterns of `seed_redaction_words.csv`: the whole name says that a name is withheld |
| `public_body` | an ODS or GSS identifier, or a name that the registry of agencies knows; never a pattern of words |
| `charity` | a charity number, or CHARITY or CHARITABLE in the name |
| `company` | a company number, or a legal form in the name |
| `individual` | a title of a person before the name, and none of the above |
| `unclassified` | nothing is known |

REDACTIVE PUBLISHING LTD is a company: its name is not withheld. Belongs here: the class of a name from the name and what the caller
knows of it. Must not: resolve names.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute

from ingest.registry import SEEDS, read_rows
from ingest.suppliers.names import NameParts, read_name

pc: Any = pyarrow.compute  # its functions are made while it is imported
PUBLIC_SCHEMES = frozenset({"ods", "gss"})
_COMPANIES = frozenset("LTD PLC LLP CIC INC LLC LP GMBH BV SARL DAC PTY AG".split())
_CHARITABLE = re.compile(r"\b(CHARITY|CHARITABLE)\b")
_TITLE = re.compile(r"^\W*(MR|MRS|MS|MISS|MX|DR|PROF|PROFESSOR|REV|REVD|SIR|DAME|LORD|LADY|CLLR)\b", re.IGNORECASE)


@cache
def _withheld() -> dict[str, str]:
    """Class -> one pattern (RE2) for all its rows. A stated payee that is withheld comes first."""
    rows = read_rows(SEEDS / "seed_redaction_words.csv")
    patterns: dict[str, list[str]] = {"redacted": [], "placeholder": []}
    for row in rows:
        patterns[row["payee_class"]].append(f"(?:{row['pattern']})")
    return {name: f"^(?:{'|'.join(found)})$" for name, found in patterns.items()}


def payee_classes(
    names: Sequence[str],
    identifiers: Sequence[str] | None = None,
    public_keys: Container[str] = (),
    parts: Sequence[NameParts] | None = None,
) -> list[str]:
    """The class of each name. `identifiers`: `scheme:value` or "", in the same order; `public_keys`: keys of public bodies;
    `parts`: the names as `read_name` reads them, where that is done."""
    given = identifiers or [""] * len(names)
    read = parts or [read_name(name) for name in names]
    column = pa.array(names, pa.string())
    withheld = {
        name: pc.match_substring_regex(column, pattern, ignore_case=True).to_pylist() for name, pattern in _withheld().items()
    }
    classes: list[str] = []
    for place, (name, identifier) in enumerate(zip(names, given, strict=True)):
        if withheld["redacted"][place]:
            classes.append("redacted")
        elif withheld["placeholder"][place]:
            classes.append("placeholder")
        else:
            classes.append(_class_of(name, read[place], identifier.partition(":")[0], public_keys))
    return classes


def _class_of(name: str, parts: NameParts, scheme: str, public_keys: Container[str]) -> str:
    if scheme in PUBLIC_SCHEMES or (parts.key and parts.key in public_keys):
        return "public_body"
    if scheme == "charity" or parts.form == "CIO" or _CHARITABLE.search(name.upper()):
        return "charity"
    if scheme == "company" or parts.form in _COMPANIES:
        return "company"
    return "individual" if _TITLE.match(name) else "unclassified"
