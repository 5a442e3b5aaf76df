"""The rule catalogue as data: `catalogue.csv`, read and validated.

Belongs here: the columns of the catalogue, the words they may hold, and errors clear enough to mend a row by.
Does not belong here: running rules (runner), wording findings (wording), anything of GX (it imports slowly).

Columns, beyond their names:
* `kinds` is `*` or a `;` list; `column` is the frame column the rule runs on, `field_name` the field shown to people;
* `arguments` is a JSON object for the expectation: a text starting with `$` is looked up in the run's context, and an
  object is a choice by kind with `*` for the rest;
* `row_condition` says which rows the rule is about, in the language of `conditions`;
* `on_blank` says what a missing value in `column` means: `skip` (not this rule's business) or `could_not_run` (whoever
  built the frame owed a value; GX would ignore it and pass);
* `expects_rows` is `true` for a rule that an empty frame breaks; `since` and `until` are ISO dates, half-open.

Rules of the `file` grain are decided by intake while it reads, those of the `overlap` grain over the files in service together,
those of the `payer` grain by the warehouse over all payments of a payer, so their engine columns are blank.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from expectations.conditions import Clause, ConditionError, parse_condition
from expectations.placeholders import unknown_placeholders
from ingest.kinds import KINDS as KINDS_OF_RETURN

CATALOGUE_PATH = Path(__file__).with_name("catalogue.csv")

KINDS = tuple(KINDS_OF_RETURN)
GRAINS = ("line", "return", "month", "control", "file", "overlap", "payer")
DECIDED_GRAINS = ("file", "overlap", "payer")  # without the engine
SEVERITIES = ("blocking", "warning", "info")
OWNERS = ("submitter", "data_team")
BLANK_POLICIES = ("skip", "could_not_run")

# Map expectations only: they alone say *which* rows failed. Beware of `$` in a regex: GX searches as pandas does, by
# which "2024-25" and a line break match `^2024-25$` too; a set says exactly what it means.
EXPECTATIONS = (
    "ExpectColumnValuesToNotBeNull",
    "ExpectColumnValuesToBeBetween",
    "ExpectColumnValuesToBeInSet",
    "ExpectColumnValuesToMatchRegex",
)

_COLUMNS = (
    "rule_id", "kinds", "grain", "severity", "owner", "sentence", "message", "expected", "expectation", "column",
    "field_name", "arguments", "row_condition", "on_blank", "expects_rows", "since", "until",
)  # fmt: skip
_RULE_ID = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class CatalogueError(ValueError):
    """The catalogue cannot be used; the message lists every fault with its line."""


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue. Texts are "" where the row is blank."""

    rule_id: str
    kinds: tuple[str, ...]
    grain: str
    severity: str
    owner: str
    sentence: str
    message: str
    expected: str
    expectation: str
    column: str
    field_name: str
    arguments: Mapping[str, object] = field(hash=False)
    row_condition: tuple[Clause, ...]
    on_blank: str
    expects_rows: bool
    since: date | None
    until: date | None

    @property
    def is_for_engine(self) -> bool:
        """Whether GX checks the rule; otherwise intake decides it while reading the file."""
        return bool(self.expectation)

    def applies_to(self, kind: str) -> bool:
        return "*" in self.kinds or kind in self.kinds

    def is_in_force(self, on: date | None) -> bool:
        """Whether the rule is in force on a day; without a day, whether it has not been retired."""
        if on is None:
            return self.until is None
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def arguments_for(self, kind: str | None) -> dict[str, object]:
        """The arguments with choices by kind made; `$name` values stay. A choice without a branch is left out."""
        chosen: dict[str, object] = {}
        for name, value in self.arguments.items():
            if not isinstance(value, Mapping):
                chosen[name] = value
                continue
            branches = cast(Mapping[str, object], value)
            # Without a kind nobody can say which branch holds, so not even `*` does.
            branch = None if kind is None else kind if kind in branches else "*"
            if branch is not None and branch in branches:
                chosen[name] = branches[branch]
        return chosen

    def context_names(self, kind: str) -> tuple[str, ...]:
        """Names the rule looks up in the run's context."""
        return tuple(value[1:] for value in self.arguments_for(kind).values() if isinstance(value, str) and value.startswith("$"))

    def frame_columns(self) -> tuple[str, ...]:
        """Every frame column the rule needs: its own and its condition's."""
        return (self.column, *(clause.column for clause in self.row_condition))


def rules_for(rules: Sequence[Rule], kind: str, grain: str, on: date | None = None) -> tuple[Rule, ...]:
    """The rules in force for one kind and grain, in catalogue order."""
    return tuple(rule for rule in rules if rule.grain == grain and rule.applies_to(kind) and rule.is_in_force(on))


@lru_cache(maxsize=8)
def load_catalogue(path: Path = CATALOGUE_PATH) -> tuple[Rule, ...]:
    """Read and validate the catalogue. Raises CatalogueError listing every fault, each with the line it is on."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise CatalogueError(f"{path.name}: the columns must be {', '.join(_COLUMNS)}; found {reader.fieldnames}")
        rules: list[Rule] = []
        faults: list[str] = []
        seen: dict[str, int] = {}
        for row in reader:
            # A row with too many cells has them under None; one with too few has None as value.
            cells = cast(dict[str | None, object], row)
            where = f"{path.name} line {reader.line_num} ({row['rule_id']})"
            if None in cells or None in cells.values():
                faults.append(f"{where}: the row does not have {len(_COLUMNS)} cells")
                continue
            rule, row_faults = _read_row(row)
            if rule.rule_id in seen:
                row_faults.append(f"rule_id is already used on line {seen[rule.rule_id]}")
            seen.setdefault(rule.rule_id, reader.line_num)
            faults.extend(f"{where}: {fault}" for fault in row_faults)
            rules.append(rule)
    if faults:
        raise CatalogueError("\n".join(faults))
    return tuple(rules)


def _read_row(row: Mapping[str, str]) -> tuple[Rule, list[str]]:
    """A rule and the faults of its row; the rule is only usable when there are none."""
    faults: list[str] = []
    rule = Rule(
        rule_id=row["rule_id"],
        kinds=tuple(row["kinds"].split(";")),
        grain=row["grain"],
        severity=row["severity"],
        owner=row["owner"],
        sentence=row["sentence"],
        message=row["message"],
        expected=row["expected"],
        expectation=row["expectation"],
        column=row["column"],
        field_name=row["field_name"],
        arguments=_read_arguments(row["arguments"], faults),
        row_condition=_read_condition(row["row_condition"], faults),
        on_blank=row["on_blank"],
        expects_rows=row["expects_rows"] == "true",
        since=_read_date("since", row["since"], faults),
        until=_read_date("until", row["until"], faults),
    )
    if row["expects_rows"] not in ("", "true"):
        faults.append(f"expects_rows is {row['expects_rows']!r}; it must be true or blank")
    return rule, faults + _faults(rule)


def _faults(rule: Rule) -> list[str]:
    faults: list[str] = []
    if not _RULE_ID.match(rule.rule_id):
        faults.append("rule_id must be snake_case and read as a sentence, such as amount_parses")
    for name, value, allowed in (
        ("grain", rule.grain, GRAINS),
        ("severity", rule.severity, SEVERITIES),
        ("owner", rule.owner, OWNERS),
        *(("kinds", kind, ("*", *KINDS)) for kind in rule.kinds),
    ):
        if value not in allowed:
            faults.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
    if "*" in rule.kinds and len(rule.kinds) > 1:
        faults.append("kinds is either * or a list, not both")
    for name, text in (("sentence", rule.sentence), ("message", rule.message), ("expected", rule.expected)):
        if not text.strip():
            faults.append(f"{name} is blank")
        faults.extend(f"{name} has the unknown placeholder {{{mark}}}" for mark in unknown_placeholders(text))
    if rule.field_name and not _NAME.match(rule.field_name):
        faults.append(f"field_name {rule.field_name!r} is not snake_case")
    if rule.since and rule.until and rule.since >= rule.until:
        faults.append("since must come before until")
    return faults + (_file_faults(rule) if rule.grain in DECIDED_GRAINS else _engine_faults(rule))


def _file_faults(rule: Rule) -> list[str]:
    given = (rule.expectation, rule.column, rule.arguments, rule.row_condition, rule.on_blank, rule.expects_rows)
    return [f"a rule of the {rule.grain} grain is decided by intake and names nothing for the engine"] if any(given) else []


def _engine_faults(rule: Rule) -> list[str]:
    faults: list[str] = []
    if rule.expectation not in EXPECTATIONS:
        faults.append(f"expectation is {rule.expectation!r}; it must be one of {', '.join(EXPECTATIONS)}")
    if not _NAME.match(rule.column):
        faults.append(f"column {rule.column!r} is not a snake_case name")
    if rule.on_blank not in BLANK_POLICIES:
        faults.append(f"on_blank is {rule.on_blank!r}; it must be one of {', '.join(BLANK_POLICIES)}")
    for name, value in rule.arguments.items():
        if isinstance(value, Mapping):
            strangers = set(cast(Mapping[str, object], value)) - {"*", *KINDS}
            faults.extend(f"argument {name} chooses by the unknown kind {kind!r}" for kind in sorted(strangers))
        elif isinstance(value, str) and value.startswith("$") and not _NAME.match(value[1:]):
            faults.append(f"argument {name} looks up {value!r}, which is not a name")
    return faults


def _read_arguments(text: str, faults: list[str]) -> Mapping[str, object]:
    if not text:
        return MappingProxyType({})
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        faults.append(f"arguments is not JSON: {error}")
        return MappingProxyType({})
    if not isinstance(value, dict):
        faults.append("arguments must be a JSON object")
        return MappingProxyType({})
    return cast(Mapping[str, object], _frozen(cast(object, value)))


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in cast(dict[str, object], value).items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in cast(list[object], value))
    return value


def _read_condition(text: str, faults: list[str]) -> tuple[Clause, ...]:
    try:
        return parse_condition(text)
    except ConditionError as error:
        faults.append(f"row_condition: {error}")
        return ()


def _read_date(name: str, text: str, faults: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(f"{name} is {text!r}; it must be a date such as 2026-04-01, or blank")
        return None
