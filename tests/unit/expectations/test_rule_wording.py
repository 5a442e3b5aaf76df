"""What a finance officer reads: no placeholder, no internal name, no number in a programmer's form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from expectations.catalogue import KINDS, Rule, load_catalogue
from expectations.wording import LONGEST_VALUE, advice, describe, describe_fault
from tests.rules.rule_cases import DATED

RULES = {rule.rule_id: rule for rule in load_catalogue()}
DATED_RULE = next(rule for rule in DATED if rule.rule_id == "payment_date_in_period")
EVERYTHING: dict[str, object] = {
    "value": "12,3O4",
    "field": "Net Amount (£)",
    "count": 40,
    "period_from": date(2024, 4, 1),
    "period_to": date(2024, 4, 30),
    "period_min": datetime(2023, 4, 1),
    "period_max": datetime(2025, 4, 30),
    "financial_year": "2024-25",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.rule_id)
@pytest.mark.parametrize("values", [{}, EVERYTHING, {**EVERYTHING, "kind": "spend"}], ids=["none", "all", "kind"])
def test_no_placeholder_is_left_whatever_is_known(rule: Rule, values: dict[str, object]) -> None:
    for text in describe(rule, **values):
        assert text.strip()
        assert not set("{}$") & set(text), text
        assert "None" not in text
        assert "nan" not in text.split()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.rule_id)
def test_messages_are_sentences_and_sentences_are_not(rule: Rule) -> None:
    assert rule.message.endswith(".")
    assert rule.message.startswith("{") or rule.message[0].isupper()
    assert not rule.sentence.endswith(".")
    assert rule.sentence[0].isupper()
    assert not rule.expected.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_limits_come_from_the_arguments_of_the_kind(kind: str) -> None:
    _, expected = describe(RULES["amount_is_not_absurd"], kind=kind)
    limit = "1,000,000,000" if kind in ("spend", "procurement_card") else "100,000,000,000"
    assert expected == f"an amount from -{limit} to {limit} pounds"


def test_limits_come_from_the_context_of_the_run() -> None:
    message, expected = describe(DATED_RULE, **EVERYTHING)
    assert expected == "a date from 1 April 2023 to 30 April 2025"
    assert "(1 April 2024 to 30 April 2024)" in message


def test_allowed_values_are_listed() -> None:
    assert describe(RULES["flow_is_known"], value="spend") == (
        "The flow spend is not one that can be counted. Write outlay for spending or income for money received.",
        "outlay, income",
    )


def test_field_is_the_header_of_the_file_or_the_name_in_words() -> None:
    rule = RULES["amount_is_present"]
    assert "in the Net Amount (£) column" in describe(rule, field="Net Amount (£)")[0]
    assert "in the amount column" in describe(rule)[0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(blank)"),
        ("  ", "(blank)"),
        (float("nan"), "(blank)"),
        (pd.NaT, "(blank)"),
        (pd.NA, "(blank)"),
        (1234567, "1,234,567"),
        (1234.5, "1,234.50"),
        (-2.0, "-2"),
        (float("inf"), "inf"),
        (Decimal("1234567.10"), "1,234,567.10"),
        (True, "yes"),
        (date(2024, 4, 1), "1 April 2024"),
        (pd.Timestamp("2024-04-01 10:00"), "1 April 2024"),
        (["a", "b"], "a, b"),
        ("two\nlines ", "two lines"),
        ("{value} {0} %s", "{value} {0} %s"),
        ("x" * 500, "x" * (LONGEST_VALUE - 1) + "…"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    rule = replace(RULES["amount_parses"], message="<{value}>")
    assert describe(rule, value=value)[0] == f"<{words}>"


@pytest.mark.parametrize("value", [1, "1", 1.0, Decimal(1)])
def test_one_is_told_of_as_one(value: object) -> None:
    told = describe(RULES["amounts_have_two_decimals"], value=value)[0]
    assert told.startswith("1 amount of this return has more than two decimals; it was rounded to the penny.")
    assert describe(RULES["month_is_complete"], value=value)[0].startswith("This month holds 1 line, fewer than")


@pytest.mark.parametrize(("value", "words"), [(2, "2 amounts of this return have"), ("0", "0 amounts"), (None, "amounts")])
def test_any_other_number_is_told_of_as_many(value: object, words: str) -> None:
    assert words in describe(RULES["amounts_have_two_decimals"], value=value)[0]


def test_names_that_no_template_uses_are_ignored() -> None:
    assert describe(RULES["amount_parses"], nonsense=1) == describe(RULES["amount_parses"])


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.rule_id)
def test_the_fault_of_many_is_a_sentence_without_the_value(rule: Rule) -> None:
    fault = describe_fault(rule, **EVERYTHING)
    assert fault[0].isupper()
    assert "12,3O4" not in fault and "(blank)" not in fault and "  " not in fault
    assert not set("{}") & set(fault)
    assert " ," not in fault and " ." not in fault


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("amount_parses", "The amount could not be read as money. Write it as a plain number, such as 1234.50 or "),
        ("line_is_not_repeated", RULES["line_is_not_repeated"].message),
        ("no_stray_money", "Lines of this file hold various amounts outside the amount column, and nothing in it."),
        ("amounts_have_two_decimals", "Amounts of this return have more than two decimals; they were rounded to the penny."),
        ("month_is_complete", "This month holds lines, fewer than a fifth of the months around it."),
    ],
)  # fmt: skip
def test_fault_in_words(rule_id: str, words: str) -> None:
    assert describe_fault(RULES[rule_id], **EVERYTHING).startswith(words)


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.severity == "blocking"], ids=lambda rule: rule.rule_id)
def test_a_blocking_rule_says_what_to_do(rule: Rule) -> None:
    assert advice(rule)[:1].isupper()
    assert advice(rule).endswith(".")
