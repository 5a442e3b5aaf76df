"""The words of a finding: a rule's templates with the values of one case put in.

Belongs here: turning numbers, dates, blanks and lists into words for a finance officer.
Does not belong here: grouping findings, addressing cells, or escaping for HTML and CSV (values come out of strangers'
files) - the submitter's report does that, since only it knows where the words will stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from expectations.catalogue import Rule
from expectations.placeholders import STAND_INS

# Long enough to recognise a cell by, short enough for a sentence; the finding itself carries the whole value.
LONGEST_VALUE = 120
_NUMBERED = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")


def describe(rule: Rule, **values: object) -> tuple[str, str]:
    """The message and what was expected, in plain English: `message, expected = describe(rule, value="12,3O4")`.

    `values` may be a run's whole context: names no placeholder uses are ignored, and a missing one has a stand-in. The
    rule's own arguments fill {min_value}, {max_value} and {allowed} (give `kind`, as some depend on it). `period_from`
    and `period_to` are shown as given, and read as both inclusive. `[line|lines]` in a message is the word for a {value} of one,
    and that for any other.
    """
    words = {**STAND_INS, **_own_values(rule, values)}
    for name in STAND_INS:
        if name in values and not _is_blank(values[name]):
            words[name] = _in_words(values[name])
    return _in_number(rule.message, is_one=words["value"] == "1").format_map(words), rule.expected.format_map(words)


def describe_fault(rule: Rule, **values: object) -> str:
    """The message without the value, for all findings of one fault together: "The amount could not be read as money. ..."."""
    template = _in_number(rule.message.replace("{value} [", "["), is_one=False)
    if rule.grain != "line" and not template.startswith("{value}"):
        template = template.replace("{value} pounds", "{value}").replace("{value}", "various amounts")
    template = template.replace("{value} ", "").replace(" {value}", "").replace("{value}", "")
    message, _ = describe(replace(rule, message=template), **values)
    return message[:1].upper() + message[1:]


def _in_number(template: str, *, is_one: bool) -> str:
    return _NUMBERED.sub(r"\1" if is_one else r"\2", template)


def advice(rule: Rule) -> str:
    """What to do, without what is wrong: the message after its first sentence."""
    _, _, rest = rule.message.partition(". ")
    return _in_number(rest, is_one=False).format_map(STAND_INS)


def _own_values(rule: Rule, values: Mapping[str, object]) -> dict[str, str]:
    kind = values.get("kind")
    words = {"field": field_in_words(rule.field_name)} if rule.field_name else {}
    for name, argument in rule.arguments_for(kind if isinstance(kind, str) else None).items():
        value = values.get(argument[1:]) if isinstance(argument, str) and argument.startswith("$") else argument
        if not _is_blank(value):
            words["allowed" if name == "value_set" else name] = _in_words(value)
    return words


def field_in_words(field_name: str) -> str:
    """`amount_gbp` as `amount`, `payment_date` as `payment date`."""
    return field_name.removesuffix("_gbp").replace("_", " ")


def _is_blank(value: object) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    # NaN and NaT differ from themselves; pandas' NA does not say either way, so it goes by name (no pandas needed).
    return type(value).__name__ == "NAType" or bool(value != value)


def _in_words(value: object) -> str:
    if isinstance(value, str):
        text = " ".join(value.split())
        return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "\u2026"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (datetime, date)):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, (float, Decimal)):
        return f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Sequence):
        return ", ".join(_in_words(item) for item in cast(Sequence[object], value))
    return _in_words(str(value))
