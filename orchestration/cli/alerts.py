"""`totalplace alerts`: what there is to alert of, and whether the channels work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestration.cli.console import (
    chosen_alerts,
    chosen_home,
    existing_home,
    fail,
    home_option,
    json_option,
    print_json,
    print_table,
    shortened,
)

ROWS_SHOWN = 50


@click.group()
def alerts() -> None:
    """Alerts to e-mail, webhook and file (off until a TOTALPLACE_ALERT_ setting names a channel)."""


@alerts.command("list")
@home_option
@json_option
def alerts_list(home_path: Path | None, as_json: bool) -> None:
    """What stands now, and which channels have said it. Sends nothing."""
    from orchestration.alerts.after_run import state_of
    from orchestration.alerts.memory import read_said
    from orchestration.alerts.message import as_record
    from orchestration.alerts.say import utc_now

    home, settings = existing_home(home_path), chosen_alerts()
    said = read_said(home)
    rows: list[dict[str, Any]] = []
    for alert in _state(state_of, home, settings, utc_now().date()):
        by = sorted(channel for channel, marks in said.items() if marks.get(alert.key) == alert.fingerprint)
        rows.append(as_record(alert) | {"said_by": by})
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("Nothing to alert of.")
        return
    shown = [
        (row["severity"], shortened(row["title"], 90), shortened(row["words"], 160), row["who_acts"], ", ".join(row["said_by"]))
        for row in rows[:ROWS_SHOWN]
    ]
    print_table("Alerts", ("", "about", "in words", "who acts", "said by"), shown)
    if len(rows) > ROWS_SHOWN:
        click.echo(f"  ... and {len(rows) - ROWS_SHOWN} more (all: --json)")
    if not settings.is_on:
        click.echo("  Alerts are off: set a TOTALPLACE_ALERT_ variable (docs/alerts.md) to have them sent.")


def _state(state_of: Any, home: Any, settings: Any, today: Any) -> Any:
    if not home.dagster.is_dir():
        return state_of(home, settings, today).alerts
    from orchestration.instance import StorageUnreachable, open_instance, prepare_instance

    try:
        prepare_instance(home)
        with open_instance() as instance:
            return state_of(home, settings, today, instance).alerts
    except StorageUnreachable as error:
        fail(str(error))


@alerts.command("test")
@home_option
@json_option
def alerts_test(home_path: Path | None, as_json: bool) -> None:
    """Send a message, marked as a test, by every channel that is on. Status 1 when one fails, 2 when none is on."""
    from orchestration.alerts.decisions import Alert
    from orchestration.alerts.memory import append_record, record_file
    from orchestration.alerts.message import as_record
    from orchestration.alerts.say import channels_of, send_now, utc_now

    home, settings = chosen_home(home_path), chosen_alerts()
    if not settings.is_on:
        fail("alerts are off: set TOTALPLACE_ALERT_EMAIL_TO, TOTALPLACE_ALERT_WEBHOOK_URL or TOTALPLACE_ALERT_FILE", 2)
    test = Alert(
        sort="command", about="test", state="", title="TEST of alerts: nothing is wrong", is_error=False,
        words="This message was sent by `totalplace alerts test`, to see whether it arrives.",
        to_do="Nothing.", who_acts="nobody", link=settings.ui_url,
    )  # fmt: skip
    channels = channels_of(settings, home)
    failed = send_now(channels, [test], settings)
    outcome = {name: failed.get(name, "sent") for name in channels}
    if settings.file:
        try:
            append_record(home, {"at": utc_now().isoformat(timespec="seconds"), "event": "test", **as_record(test)})
            outcome["file"] = f"written to {record_file(home)}"
        except OSError as error:
            failed["file"] = outcome["file"] = f"cannot be written: {error.strerror}"
    if as_json:
        print_json([{"channel": name, "is_sent": name not in failed, "words": words} for name, words in outcome.items()])
    else:
        for name, words in outcome.items():
            click.echo(f"  {name}: {'FAILED: ' if name in failed else ''}{words}")
    if failed:
        raise SystemExit(1)
