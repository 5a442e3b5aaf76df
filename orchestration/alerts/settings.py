"""Settings of alerts: TOTALPLACE_ALERT_* variables, off by default (docs/settings.md).

Belongs here: variables to one frozen object. Secrets (the password, the webhook's address, which is one) are never in a `repr`, a
log or an error: they are wrapped, and words about them name the variable or the host.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

ALERT_PREFIX = "TOTALPLACE_ALERT_"
SHAPES = ("slack", "teams", "json")
SECURITIES = ("starttls", "tls", "none")
SUBJECTS = ("run", "finding", "returns_due")


class Secret:
    """A text that does not print."""

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(set)" if self._text else "Secret(none)"

    __str__ = __repr__


@dataclass(frozen=True)
class AlertSettings:
    """Each field is the variable TOTALPLACE_ALERT_<FIELD>. `email_to` turns e-mail on, `webhook_url` the webhook, `file` the file
    `alerts/alerts.jsonl` of the home. `about`: which sorts are said. `timeout_seconds` bounds one wait of one try."""

    email_to: tuple[str, ...] = ()
    email_from: str = ""
    smtp_host: str = "localhost"
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: Secret = Secret()  # noqa: RUF009 (it cannot change)
    webhook_url: Secret = Secret()  # noqa: RUF009
    webhook_shape: str = "slack"
    file: bool = False
    about: tuple[str, ...] = SUBJECTS
    ui_url: str = ""
    reports_url: str = ""
    ca_file: str = ""
    tries: int = 3
    timeout_seconds: int = 10
    back_off_seconds: int = 1

    @property
    def is_on(self) -> bool:
        return bool(self.email_to or self.webhook_url or self.file)


def alert_settings(variables: Mapping[str, str] | None = None) -> AlertSettings:
    """Settings from variables (default: the environment's); a blank one is the default.

    Raises ValueError, with words that hold no secret, for a name that is none of ours or a value that cannot be used.
    """
    given = os.environ if variables is None else variables
    known = {ALERT_PREFIX + field.name.upper(): field.name for field in fields(AlertSettings)}
    if unknown := sorted(name for name in given if name.startswith(ALERT_PREFIX) and name not in known):
        raise ValueError(f"{unknown[0]}: there is no such setting; there are {', '.join(sorted(known))}")
    chosen: dict[str, object] = {}
    for variable, name in known.items():
        if text := given.get(variable, "").strip():
            chosen[name] = _value(variable, name, text)
    settings = AlertSettings(**chosen)  # type: ignore[arg-type]
    if settings.email_to and not settings.email_from:
        raise ValueError(f"{ALERT_PREFIX}EMAIL_FROM: say which address alerts come from, since {ALERT_PREFIX}EMAIL_TO is set")
    if settings.smtp_user and settings.smtp_security == "none":
        raise ValueError(f"{ALERT_PREFIX}SMTP_SECURITY: a password is not sent in the clear; give starttls or tls")
    return settings


def is_alerting() -> bool:
    """Whether anything of alerts is set, right or wrong."""
    return any(name.startswith(ALERT_PREFIX) and value.strip() for name, value in os.environ.items())


def _value(variable: str, name: str, text: str) -> object:
    default = getattr(AlertSettings, name)
    if name == "webhook_url":
        return _address(variable, text)
    if isinstance(default, Secret):
        return Secret(text)
    if isinstance(default, bool):
        if text.lower() not in ("1", "true", "yes", "0", "false", "no"):
            raise ValueError(f"{variable}={text}: give true or false")
        return text.lower() in ("1", "true", "yes")
    if isinstance(default, int):
        if not text.isdecimal() or not 0 < int(text) < 100_000:
            raise ValueError(f"{variable}={text}: give a whole number of one or more")
        return int(text)
    if isinstance(default, tuple):
        parts = tuple(part.strip() for part in text.replace(",", ";").split(";") if part.strip())
        allowed = SUBJECTS if name == "about" else parts
        if wrong := [part for part in parts if part not in allowed or not part.isprintable()]:
            raise ValueError(f"{variable}: '{wrong[0]}' is not one of {', '.join(allowed)}")
        if name == "email_to" and (odd := [part for part in parts if not _is_mailbox(part)]):
            raise ValueError(f"{variable}: '{odd[0]}' is not an e-mail address")
        return parts
    allowed = {"webhook_shape": SHAPES, "smtp_security": SECURITIES}.get(name)
    if allowed and text not in allowed:
        raise ValueError(f"{variable}={text}: give one of {', '.join(allowed)}")
    if name == "email_from" and not _is_mailbox(text):
        raise ValueError(f"{variable}: '{text}' is not an e-mail address")
    if name in ("ui_url", "reports_url"):
        if urlsplit(text).scheme not in ("http", "https"):
            raise ValueError(f"{variable}={text}: give an http or https address")
        return text.rstrip("/")
    if name == "ca_file" and not Path(text).is_file():
        raise ValueError(f"{variable}={text}: there is no such file")
    return text


def _address(variable: str, text: str) -> Secret:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(
            f"{variable}: it is not an http or https address (it is not shown: whoever has it can write to the channel)"
        )
    return Secret(text)


def _is_mailbox(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and host) and text.isprintable() and not any(mark in text for mark in ' <>,;"')
