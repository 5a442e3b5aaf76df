"""Which kind of return a file is, by what its header rows name.

Belongs here: the choice among kinds, driven by data on `Kind`. Must not: search for a mapping (headers) or read lines.

A template is recognised by its own column names, all mandatory ones present; of two that fit, the one that more columns
of the row belong to. A published kind is recognised by a header row that its synonyms map, and by one of its marks where it has
any: a ledger of card payments is a ledger with a word more. A template that lacks a mandatory column comes last: its
missing column is then a finding of the return, not a file nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ingest.headers import Synonyms, as_header
from ingest.kinds import KINDS, Kind
from ingest.kinds.service_expenditure import find_layout
from ingest.periods import Period
from ingest.readers.cells import Cell, Sheet
from ingest.registry import Registry
from ingest.values.text import header_key

SynonymsOf = Callable[[Kind], Synonyms]

_TEMPLATES = tuple(kind for kind in KINDS.values() if kind.is_template)
# Marked kinds first: a card ledger's header is a spend ledger's header too.
_PUBLISHED = tuple(sorted((k for k in KINDS.values() if not k.is_template and k.shape == "table"), key=lambda k: not k.marks))
_NEEDED = {kind.name: frozenset(map(header_key, kind.mandatory)) for kind in _TEMPLATES}
_HEADERS = {kind.name: {header_key(name): name for name in kind.field_names} for kind in _TEMPLATES}
_NEARLY = 3  # columns of a template that must be there when a mandatory one is not


def template_synonyms(kind: Kind) -> dict[str, str]:
    """A template's headers are its field names."""
    return dict(_HEADERS[kind.name]) if kind.is_template else {}


def recognise(sheets: Sequence[Sheet], synonyms_of: SynonymsOf) -> Kind | None:
    """The kind that the first telling row of the sheets names, or None. `synonyms_of`: kind -> its header synonyms here."""
    if any(find_layout(sheet) for sheet in sheets):
        return KINDS["service_expenditure"]
    published = [(kind, synonyms_of(kind)) for kind in _PUBLISHED]
    near: Kind | None = None
    for sheet in sheets:
        for index, row in enumerate(sheet.rows):
            keys = _keys(row)
            if len(keys) < 2:
                continue
            if kind := _template_named(keys):
                return kind
            for kind, synonyms in published:
                if (not kind.marks or not keys.isdisjoint(kind.marks)) and as_header(index, row, kind, synonyms):
                    return kind
            near = near or _nearly_named(keys)
    return near


def _keys(row: Iterable[Cell]) -> set[str]:
    return {key for cell in row if isinstance(cell, str) and (key := header_key(cell))}


def _template_named(keys: set[str]) -> Kind | None:
    """The template whose mandatory columns all stand in the row; of several, the one most of the row belongs to."""
    found = [kind for kind in _TEMPLATES if _NEEDED[kind.name] <= keys]
    return max(found, key=lambda kind: len(keys & _HEADERS[kind.name].keys()), default=None)


def _nearly_named(keys: set[str]) -> Kind | None:
    """The one template that most of the row belongs to, though a mandatory column is missing."""
    shares = sorted(((len(keys & _HEADERS[kind.name].keys()), kind.name) for kind in _TEMPLATES), reverse=True)
    (best, name), (second, _) = shares[:2]
    kind = KINDS[name]
    fields = {field for key, field in _HEADERS[name].items() if key in keys}
    return kind if best >= _NEARLY and best > second and kind.is_named_by(fields) else None


def synonyms_of(kind: Kind, registry: Registry, slug: str, period: Period | None = None) -> dict[str, str]:
    """Normalised header -> field for a kind as a publisher writes it: its own names first, then those of the kind it is like, then
    the template's. `period`: only names in use then."""
    alike = registry.synonyms(kind.synonyms_of, slug, period) if kind.synonyms_of else {}
    own = registry.synonyms(kind.name, slug, period)
    return own | {key: name for key, name in alike.items() if key not in own} | template_synonyms(kind)
