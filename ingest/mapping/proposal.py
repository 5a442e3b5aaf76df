"""A proposed mapping of one header row: each field its column, with a confidence that can be explained.

Belongs here: combining name and content into scores, and scores into confidence. The weights and the threshold are the ones
under which the leave-one-out benchmark (`benchmarks/leave_one_out.py`) accepts nothing wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.headers import Synonyms, map_row
from ingest.kinds import Field, Kind
from ingest.mapping.assignment import best_assignment
from ingest.mapping.content import Profile, fit, profile, sample
from ingest.mapping.names import field_similarities
from ingest.readers.cells import Cell, is_blank
from ingest.values.text import cell_text

THRESHOLD = 0.85  # a mapping of this confidence is accepted; below it the return is held with the proposal
NAME_WEIGHT, CONTENT_WEIGHT = 0.65, 0.35
CONTRADICTED = 0.25  # content that fits less than this contradicts the name
CONTRADICTED_CAP = 0.5  # and no name alone makes it good
NEAR = 0.1  # two columns this near each other for one field are ambiguous
AMBIGUOUS_CAP = 0.6
NO_HEADER_CAP = 0.5  # content without a name: a proposal, never a mapping
FAINT = 0.6  # likeness below this is chance more often than not, and counts half
OPTIONAL_NAME = 0.5  # an optional field is proposed only where the name says something
_ROWS = 1_000  # rows that a profile is drawn from
_SHOWN = 3


@dataclass(frozen=True)
class Candidate:
    """A column for a field. `header` "" where the column has no name."""

    column: int
    header: str
    score: float
    name: float
    content: float


@dataclass(frozen=True)
class FieldChoice:
    """The columns that could be a field, best first, and how sure the first is. `samples` are cells of the first."""

    field: str
    is_mandatory: bool
    is_exact: bool
    confidence: float
    candidates: tuple[Candidate, ...]
    samples: tuple[str, ...]

    @property
    def chosen(self) -> Candidate:
        return self.candidates[0]


@dataclass(frozen=True)
class Proposal:
    """A mapping of one header row (`header_index` None: no row names the columns). `confidence` is that of the weakest mandatory
    field, 0 where one has no column."""

    kind: str
    sheet_name: str | None
    header_index: int | None
    choices: tuple[FieldChoice, ...]
    missing: tuple[str, ...]
    confidence: float

    @property
    def is_accepted(self) -> bool:
        return self.header_index is not None and self.confidence >= THRESHOLD

    @property
    def columns(self) -> dict[str, int]:
        """field -> column of the first rank, whatever its confidence."""
        return {choice.field: choice.chosen.column for choice in self.choices}

    @property
    def learned(self) -> dict[str, str]:
        """Headers that may stand for fields in this file: those sure enough, exact ones not repeated."""
        return {
            choice.chosen.header: choice.field
            for choice in self.choices
            if not choice.is_exact and choice.chosen.header and choice.confidence >= THRESHOLD
        }


def propose(
    rows: Sequence[list[Cell]], kind: Kind, synonyms: Synonyms, header_index: int | None, sheet_name: str | None = None,
    last: int | None = None,
) -> Proposal:  # fmt: skip
    """Map the row `header_index` (None: the columns have no names) to the kind's fields.

    Exact names keep their columns at confidence 1; the other fields share the other columns so that the scores' sum is
    largest. `last`: the index before which the header's data ends.
    """
    head = rows[header_index] if header_index is not None else []
    data = _data_rows(rows, header_index, last)
    width = max([len(head), *(len(row) for row in data)], default=0)
    headers = [cell_text(head[column]) or "" if column < len(head) else "" for column in range(width)]
    exact = map_row(head, synonyms)[0]
    profiles: dict[int, Profile] = {}
    cells: dict[int, list[Cell]] = {}
    for column in range(width):
        cells[column] = sample(data, column)
        profiles[column] = profile(cells[column])
    open_columns = [c for c in range(width) if c not in exact.values() and (headers[c] or profiles[c].count)]
    open_fields = [field for field in kind.fields if field.name not in exact]
    table = _score_table(open_fields, open_columns, headers, profiles, synonyms, header_index is None)
    given = _assign(table, open_fields, open_columns)
    choices: list[FieldChoice] = []
    for field in kind.fields:
        if (column := exact.get(field.name)) is not None:
            ranked = [Candidate(column, headers[column], 1.0, 1.0, fit(profiles[column], field))]
            confidence = 1.0
        elif (column := given.get(field.name)) is not None:
            ranked = _ranked(field.name, column, table, given)
            confidence = _confidence(ranked, header_index is None)
        else:
            continue
        shown = tuple(dict.fromkeys(text for cell in cells[column] if (text := cell_text(cell))))[:_SHOWN]
        choices.append(FieldChoice(field.name, field.is_mandatory, field.name in exact, confidence, tuple(ranked[:_SHOWN]), shown))
    missing = tuple(name for name in kind.mandatory if name not in {choice.field for choice in choices})
    weakest = 0.0 if missing else min((c.confidence for c in choices if c.is_mandatory), default=0.0)
    return Proposal(kind.name, sheet_name, header_index, tuple(choices), missing, weakest)


def _data_rows(rows: Sequence[list[Cell]], header_index: int | None, last: int | None) -> Sequence[list[Cell]]:
    """Rows spread over the data: below the header, or above it where the header stands last."""
    first = 0 if header_index is None else header_index + 1
    span = range(first, len(rows) if last is None else last)
    if header_index is not None and not any(_is_data(rows[index]) for index in span[:50]):
        span = range(header_index)
    step = max(1, len(span) // _ROWS)
    return [rows[index] for index in span[::step] if _is_data(rows[index])]


def _is_data(row: list[Cell]) -> bool:
    return sum(not is_blank(cell) for cell in row) >= 2


def _score_table(
    fields: Sequence[Field], columns: Sequence[int], headers: Sequence[str], profiles: Mapping[int, Profile], synonyms: Synonyms,
    is_nameless: bool,
) -> dict[tuple[str, int], Candidate]:  # fmt: skip
    """(field, column) -> how well they go together."""
    table: dict[tuple[str, int], Candidate] = {}
    for column in columns:
        names = field_similarities(headers[column], synonyms) if headers[column] else {}
        for field in fields:
            name, content = names.get(field.name, 0.0), fit(profiles[column], field)
            if is_nameless:
                score = content if field.is_mandatory else 0.0
            elif name < OPTIONAL_NAME and not field.is_mandatory:
                score = 0.0
            else:
                score = NAME_WEIGHT * (name if name >= FAINT else name / 2) + CONTENT_WEIGHT * content
                if content < CONTRADICTED and profiles[column].count:
                    score = min(score, CONTRADICTED_CAP) * (0.5 + 0.5 * content / CONTRADICTED)
            table[(field.name, column)] = Candidate(column, headers[column], score, name, content)
    return table


def _assign(table: Mapping[tuple[str, int], Candidate], fields: Sequence[Field], columns: Sequence[int]) -> dict[str, int]:
    weight = {field.name: 10.0 if field.is_mandatory else 1.0 for field in fields}  # an optional field never takes a better column
    scores = [[weight[field.name] * table[(field.name, column)].score for column in columns] for field in fields]
    given = best_assignment(scores) if columns else []
    return {
        field.name: columns[position]
        for field, position in zip(fields, given, strict=False)
        if position >= 0 and table[(field.name, columns[position])].score > 0.1
    }


def _ranked(name: str, column: int, table: Mapping[tuple[str, int], Candidate], given: Mapping[str, int]) -> list[Candidate]:
    """The assigned column first, then those that no other field has a better claim to."""
    claimed = {other: table[(field, other)].score for field, other in given.items() if field != name}
    others = [
        candidate
        for (field, other), candidate in table.items()
        if field == name and other != column and candidate.score > 0.1 and claimed.get(other, 0.0) <= candidate.score + NEAR
    ]
    return [table[(name, column)], *sorted(others, key=lambda c: (-c.score, c.column))]


def _confidence(ranked: Sequence[Candidate], is_nameless: bool) -> float:
    confidence = ranked[0].score
    if len(ranked) > 1 and ranked[0].score - ranked[1].score < NEAR:
        confidence = min(confidence, AMBIGUOUS_CAP)
    if is_nameless or not ranked[0].header:
        confidence = min(confidence, NO_HEADER_CAP)
    return round(confidence, 3)
