"""Personal data that a policy keeps out: named fields dropped or hashed right after typing, before anything is stored.

Belongs here: what a row of `registry/personal_data.csv` may say, and doing it to typed lines. Pure; where the secret of a home is
kept is `home`'s and the caller's. The original bytes stay in landing, unchanged.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from ingest.kinds import KINDS, Kind

Row = Mapping[str, str]
ACTIONS = frozenset(("drop", "hash"))
STAND_IN = "REDACTED PERSONAL DATA"  # a dropped payee is a redacted one: the words publishers use, and a payee class of its own
_NAMED = frozenset(("payee_name",))
# What the count itself stands on: without them a line belongs to nobody, no year, no place or no side.
_STRUCTURE = frozenset(
    (
        "agency_slug agency_name financial_year flow place_code service_code economic_type capital_or_revenue expenditure_basis"
        " funding_route delivery_mode transfer_kind counterparty_agency place_basis method_grade discretion line_label"
    ).split()
)


@dataclass(frozen=True)
class Withheld:
    """Lines with the policy applied, and (rule_id, words) of what was done."""

    frame: pd.DataFrame
    notes: tuple[tuple[str, str], ...]


def policy_fault(row: Row) -> str:
    """Why a row of the policy cannot be used; "" where it can."""
    kind, name = row.get("kind", ""), row.get("field", "")
    if kind not in KINDS:
        return f"kind '{kind}' is not one of {', '.join(KINDS)}"
    fields = withholdable(KINDS[kind])
    if name in fields:
        return ""
    words = f"field '{name}' of {kind} cannot be withheld: the count needs it, or there is none of that name"
    return f"{words}; those that can: {', '.join(fields) or 'none'}"


def withholdable(kind: Kind) -> tuple[str, ...]:
    """The fields of a kind that a policy may name: its texts, without those that the count stands on."""
    return tuple(field.name for field in kind.fields if field.type == "text" and field.name not in _STRUCTURE)


def policies_for(rows: Sequence[Row], kind: Kind) -> list[Row]:
    """The rows about this kind."""
    return [row for row in rows if row["kind"] == kind.name]


def withhold(frame: pd.DataFrame, rows: Sequence[Row], publisher_slug: str, secret: bytes) -> Withheld:
    """Drop or hash the fields that `rows` name, line by line where a row names an agency (that of the line, or the publisher).

    A drop wins over a hash of the same field. Without a secret nothing can be hashed safely: the field is dropped instead.
    """
    notes: list[tuple[str, str]] = []
    agencies = cast("list[object]", list(frame["agency_slug"]))
    done: dict[str, set[int]] = {}
    for row in sorted(rows, key=lambda row: (row["action"] != "drop", row["field"], row.get("agency_slug", ""))):
        name, slug = row["field"], row.get("agency_slug", "")
        if name not in frame:
            continue
        values = cast("list[object]", list(frame[name]))
        is_everyone = slug in ("", publisher_slug)
        before = done.setdefault(name, set())
        concerned = [
            position
            for position, (value, agency) in enumerate(zip(values, agencies, strict=True))
            if isinstance(value, str) and position not in before and (is_everyone or agency == slug)
        ]
        if not concerned:
            continue
        is_hash = row["action"] == "hash" and bool(secret)
        for position in concerned:
            values[position] = keyed_hash(str(values[position]), secret) if is_hash else STAND_IN if name in _NAMED else None
        frame = frame.assign(**{name: pd.Series(values, dtype=object, index=frame.index)})
        before.update(concerned)
        verb = "replaced by a keyed hash" if is_hash else "dropped"
        words = f"{name.replace('_', ' ')}: {len(concerned):,} values {verb} by policy ({row['reason']})"
        notes.append(("personal_data_withheld", words))
    return Withheld(frame, tuple(notes))


def keyed_hash(value: str, secret: bytes) -> str:
    """HMAC-SHA256 of the name, its case and spaces evened out: equal names stay equal where the secret is the same, and nobody
    without it can try names out. 128 bits in hexadecimal after the word `hashed`."""
    plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return f"hashed {hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()[:32]}"
