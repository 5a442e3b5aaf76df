"""The words of a message: alerts as plain text, as the blocks of Slack, as the card of Teams, as JSON.

Belongs here: shapes and escaping. What stands in an alert may come from a stranger (the name of a file, say), so that nothing of it
may become a link, a mention or a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from ingest.submitter_report import visible
from orchestration.alerts.decisions import Alert

SHOWN = 10  # of one message; the others are counted, and `totalplace alerts list` has all
LONGEST = 500  # characters of one text: Teams takes 28 KB, Slack 3,000 characters in a block


def subject(alerts: Sequence[Alert]) -> str:
    """One line: how many, and the first."""
    more = f" (and {len(alerts) - 1} more)" if len(alerts) > 1 else ""
    return _text(f"Total Place: {alerts[0].title}", 150) + more if alerts else "Total Place"


def plain(alerts: Sequence[Alert], home_name: str) -> str:
    """The body of an e-mail."""
    parts = [f"From the home {_text(home_name)}."]
    for alert in alerts[:SHOWN]:
        lines = [f"{'ERROR' if alert.is_error else 'WARNING'}: {_text(alert.title)}", *(_text(text) for text in _said(alert))]
        if alert.link:
            lines.append(_link(alert.link))
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, *_rest(alerts)]) + "\n"


def slack(alerts: Sequence[Alert], home_name: str) -> dict[str, Any]:
    """The payload of a Slack incoming webhook: `text` for notifications, a section block for each alert."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": subject(alerts)[:150], "emoji": False}}
    ]
    for alert in alerts[:SHOWN]:
        mark = ":red_circle:" if alert.is_error else ":large_yellow_circle:"
        lines = [f"{mark} *{_slack(alert.title)}*", *(_slack(text) for text in _said(alert))]
        if alert.link:
            lines.append(f"<{_link(alert.link)}|Open>" if _is_web(alert.link) else _slack(alert.link))
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)[:3000], "verbatim": True}})
    foot = " ".join([*_rest(alerts), f"From the home {home_name}."])
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _slack(foot), "verbatim": True}]})
    return {"text": _slack(subject(alerts)), "blocks": blocks}


def teams(alerts: Sequence[Alert], home_name: str) -> dict[str, Any]:
    """The payload of a Teams workflow ("when a webhook request is received"): one adaptive card. Runs of text, unlike text blocks,
    know no Markdown."""
    body: list[dict[str, Any]] = [_run(subject(alerts), weight="bolder", size="large")]
    for alert in alerts[:SHOWN]:
        body.append(_run(alert.title, weight="bolder", color="attention" if alert.is_error else "warning"))
        body += [_run(text) for text in _said(alert)]
        if alert.link:
            action = {"selectAction": {"type": "Action.OpenUrl", "url": _link(alert.link)}} if _is_web(alert.link) else {}
            body.append(_run("Open" if action else alert.link, **action))
    body.append(_run(" ".join([*_rest(alerts), f"From the home {home_name}."]), isSubtle=True))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body,
    }  # fmt: skip
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


def as_json(alerts: Sequence[Alert], home_name: str) -> dict[str, Any]:
    """The payload of any other receiver: every alert, none left out."""
    return {"subject": subject(alerts), "home": home_name, "alerts": [as_record(alert) for alert in alerts]}


def as_record(alert: Alert) -> dict[str, Any]:
    """An alert as a record: of the file, of a JSON webhook, of `alerts list --json`."""
    return {"key": alert.key, "severity": "error" if alert.is_error else "warning"} | {
        name: value for name, value in asdict(alert).items() if name not in ("about", "state", "is_error")
    }


def _said(alert: Alert) -> list[str]:
    return [alert.words, f"What to do: {alert.to_do}", f"Who acts: {alert.who_acts}"]


def _rest(alerts: Sequence[Alert]) -> list[str]:
    more = len(alerts) - SHOWN
    return [f"And {more} more: totalplace alerts list shows all."] if more > 0 else []


def _run(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _text(text), **style}]}


def _text(text: str, longest: int = LONGEST) -> str:
    """One line in which nothing hides."""
    words = visible(" ".join(text.split()))
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _slack(text: str) -> str:
    return _text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_web(link: str) -> bool:
    return link.startswith(("http://", "https://"))


def _link(link: str) -> str:
    return quote(link, safe="/:?#[]@!$&'()*+,;=%~") if _is_web(link) else visible(link)
