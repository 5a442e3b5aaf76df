"""Say what is so now and was not said before: the one call that runs and sensors make.

Belongs here: bringing state, memory and channels together. A channel that fails is tried again a few times, then left until the
next call, which says it again; nothing here raises for it, and the other channels go on at the same time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ingest.home import Home
from orchestration.alerts.channels import Channel, NotSent
from orchestration.alerts.channels.email import send_email
from orchestration.alerts.channels.webhook import send_webhook
from orchestration.alerts.decisions import Alert, Decision, StateNow, decide
from orchestration.alerts.memory import Busy, alone, append_record, read_said, write_said
from orchestration.alerts.message import as_record
from orchestration.alerts.settings import AlertSettings

FILE = "file"
LONGEST_SECONDS = 40  # of all channels together: a sensor of Dagster is given up after 60, and would say it all again
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Spoken:
    """What came of one call: channel -> number of alerts said, and channel -> why it failed."""

    said: Mapping[str, int]
    failed: Mapping[str, str]

    @property
    def words(self) -> str:
        parts = [f"{number} by {channel}" for channel, number in sorted(self.said.items()) if number]
        parts += [f"{channel} FAILED ({why})" for channel, why in sorted(self.failed.items())]
        return f"alerts: {', '.join(parts)}" if parts else "alerts: nothing new"


def channels_of(settings: AlertSettings, home: Home) -> dict[str, Channel]:
    """The channels that are on, but for the file, by name."""
    name = home.root.resolve().name
    found: dict[str, Channel] = {}
    if settings.email_to:
        found["email"] = partial(send_email, settings, name)
    if settings.webhook_url:
        found["webhook"] = partial(send_webhook, settings, name)
    return found


def say(home: Home, settings: AlertSettings, state: StateNow, now: datetime, sleep: Sleep = time.sleep) -> Spoken:
    """Say by every channel what it has not said yet, and remember it. Raises nothing for a channel that fails."""
    try:
        with alone(home):
            return _say(home, settings, state, now, sleep)
    except (Busy, OSError) as error:
        return Spoken({}, {"memory": str(error)})


def _say(home: Home, settings: AlertSettings, state: StateNow, now: datetime, sleep: Sleep) -> Spoken:
    channels = channels_of(settings, home)
    before = read_said(home)
    names = [*channels, *([FILE] if settings.file else [])]
    decisions = {name: decide(state, before.get(name, {})) for name in names}
    failed = _send_all(channels, decisions, settings, sleep)
    after = {
        # a channel that failed has said nothing, but what is resolved is resolved for it too
        name: {key: mark for key, mark in before.get(name, {}).items() if key not in decision.resolved}
        if name in failed
        else decision.said
        for name, decision in decisions.items()
    }
    if settings.file:
        append_record(home, *_records(decisions[FILE], failed, now))
    write_said(home, {name: said for name, said in before.items() if name not in after} | after)
    return Spoken({name: len(d.to_say) for name, d in decisions.items() if name not in failed}, failed)


def send_now(
    channels: Mapping[str, Channel], alerts: Sequence[Alert], settings: AlertSettings, sleep: Sleep = time.sleep
) -> dict[str, str]:
    """Send these alerts by every channel, at the same time, whatever was said before. Returns why, for each that failed."""
    return _send_all(channels, {name: Decision(tuple(alerts)) for name in channels}, settings, sleep)


def _send_all(
    channels: Mapping[str, Channel], decisions: Mapping[str, Decision], settings: AlertSettings, sleep: Sleep
) -> dict[str, str]:
    failed: dict[str, str] = {}
    threads: dict[str, threading.Thread] = {}

    def send(name: str, channel: Channel, alerts: Sequence[Alert]) -> None:
        if why := _tried(channel, alerts, settings, sleep):
            failed[name] = why

    for name, channel in channels.items():
        if decisions[name].to_say:
            threads[name] = threading.Thread(target=send, args=(name, channel, decisions[name].to_say), daemon=True)
            threads[name].start()
    # a peer that answers drop by drop outlives every timeout of a socket; the run does not wait for it
    waits = sum(settings.back_off_seconds * 2**number for number in range(settings.tries - 1))
    until = time.monotonic() + min(LONGEST_SECONDS, 2 * settings.tries * settings.timeout_seconds + waits + 1)
    for name, thread in threads.items():
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            failed[name] = "no end within the time allowed"
    return dict(failed)


def _tried(channel: Channel, alerts: Sequence[Alert], settings: AlertSettings, sleep: Sleep) -> str:
    """Send, again with doubling waits where that may help. Returns why it failed, "" where it did not."""
    for number in range(settings.tries):
        try:
            channel(alerts)
            return ""
        except NotSent as error:
            if not error.is_worth_retrying or number == settings.tries - 1:
                return str(error)
        except Exception as error:  # noqa: BLE001 (a fault of ours must not reach the run; its words may hold a secret)
            return f"{type(error).__name__} (this should not happen)"
        sleep(settings.back_off_seconds * 2**number)
    return "not tried"


def _records(decision: Decision, failed: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
    at = now.isoformat(timespec="seconds")
    records = [{"at": at, "event": "alert", **as_record(alert)} for alert in decision.to_say]
    records += [{"at": at, "event": "resolved", "key": key} for key in decision.resolved]
    return records + [{"at": at, "event": "not_sent", "channel": name, "why": why} for name, why in sorted(failed.items())]


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
