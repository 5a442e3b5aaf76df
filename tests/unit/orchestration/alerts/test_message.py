"""Messages: every alert has its words, what to do, who acts and a link; nothing of a stranger's becomes more than text."""

from __future__ import annotations

import json
from dataclasses import replace

from orchestration.alerts.decisions import Alert
from orchestration.alerts.message import SHOWN, as_json, plain, slack, subject, teams

ALERT = Alert(
    "finding", "a", "1", "council/May.csv: broken", "The amount could not be read as money.", "Write the amount as a number.",
    "council", "https://reports.example.org/council/abc.html",
)  # fmt: skip
EVIL = replace(
    ALERT,
    title="<!channel> *now* [click](https://evil.example) & \u202egnp.exe\r\nBcc: all@example.org",
    link="https://r/a b|c>d.html",
)


def test_each_shape_says_words_what_to_do_who_acts_and_where() -> None:
    for shown in (plain([ALERT], "home"), json.dumps(slack([ALERT], "home")), json.dumps(teams([ALERT], "home"))):
        for words in (ALERT.title, ALERT.words, f"What to do: {ALERT.to_do}", f"Who acts: {ALERT.who_acts}", ALERT.link, "home"):
            assert words in shown
    assert as_json([ALERT], "home")["alerts"][0]["to_do"] == ALERT.to_do


def test_a_subject_is_one_line() -> None:
    assert subject([ALERT, ALERT, ALERT]) == "Total Place: council/May.csv: broken (and 2 more)"
    assert "\n" not in subject([EVIL]) and "\r" not in subject([EVIL])
    assert len(subject([replace(ALERT, title="x" * 5000)])) < 200


def test_slack_gets_no_mention_and_no_link_but_ours() -> None:
    text = slack([EVIL], "home")["blocks"][1]["text"]
    assert text["verbatim"]
    assert "<!" not in text["text"] and "&lt;!channel&gt;" in text["text"]
    assert text["text"].count("<") == 1
    assert "<https://r/a%20b%7Cc%3Ed.html|Open>" in text["text"]


def test_teams_gets_runs_of_text_which_know_no_markdown() -> None:
    content = teams([EVIL], "home")["attachments"][0]["content"]
    assert {block["type"] for block in content["body"]} == {"RichTextBlock"}
    urls = [run["selectAction"]["url"] for block in content["body"] for run in block["inlines"] if "selectAction" in run]
    assert urls == ["https://r/a%20b%7Cc%3Ed.html"]


def test_what_cannot_be_seen_is_shown() -> None:
    assert "\u202e" not in plain([EVIL], "home")
    assert "‹U+202E›" in plain([EVIL], "home")


def test_many_alerts_are_counted_and_stay_within_the_limits() -> None:
    many = [replace(ALERT, about=str(n), title="t" * 5000, words="w" * 5000, to_do="d" * 5000) for n in range(SHOWN + 30)]
    assert "And 30 more" in plain(many, "home")
    assert len(json.dumps(teams(many, "home"))) < 28_000
    blocks = slack(many, "home")["blocks"]
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks if "text" in block)
    assert len(as_json(many, "home")["alerts"]) == len(many)


def test_a_path_is_no_link() -> None:
    local = replace(ALERT, link="/home/x/reports/a.html")
    assert "selectAction" not in json.dumps(teams([local], "home"))
    assert "|Open>" not in json.dumps(slack([local], "home"))
