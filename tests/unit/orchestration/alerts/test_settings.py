"""Settings of alerts: off by default, refused in words when wrong, secrets never shown."""

from __future__ import annotations

import pytest

from orchestration.alerts.settings import ALERT_PREFIX, AlertSettings, Secret, alert_settings

HOOK = "https://hooks.example.org/services/T000/B000/verysecret"


def given(**values: str) -> AlertSettings:
    return alert_settings({ALERT_PREFIX + name.upper(): value for name, value in values.items()})


def test_off_by_default() -> None:
    assert alert_settings({}) == AlertSettings()
    assert not AlertSettings().is_on
    assert not given(email_to="", webhook_url=" ").is_on


@pytest.mark.parametrize(
    "values",
    [{"email_to": "a@x.org", "email_from": "b@x.org"}, {"webhook_url": HOOK}, {"file": "yes"}],
    ids=lambda v: next(iter(v)),
)
def test_on_by_naming_a_channel(values: dict[str, str]) -> None:
    assert given(**values).is_on


def test_lists_and_numbers() -> None:
    settings = given(
        email_to="a@x.org, b@x.org;c@x.org", email_from="me@x.org", smtp_port="25", about="run;finding", ui_url="http://h/"
    )
    assert settings.email_to == ("a@x.org", "b@x.org", "c@x.org")
    assert (settings.smtp_port, settings.about, settings.ui_url) == (25, ("run", "finding"), "http://h")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"email": "a@x.org"}, "TOTALPLACE_ALERT_EMAIL: there is no such setting; there are TOTALPLACE_ALERT_ABOUT"),
        ({"email_to": "a@x.org"}, "TOTALPLACE_ALERT_EMAIL_FROM: say which address"),
        ({"email_to": "nobody", "email_from": "b@x.org"}, "'nobody' is not an e-mail address"),
        ({"email_to": "a@x.org", "email_from": "b"}, "'b' is not an e-mail address"),
        ({"email_to": "a@x.org\nBcc: c@x.org", "email_from": "b@x.org"}, "is not"),
        ({"webhook_shape": "irc"}, "give one of slack, teams, json"),
        ({"smtp_security": "maybe"}, "give one of starttls, tls, none"),
        ({"smtp_security": "none", "smtp_user": "me"}, "a password is not sent in the clear"),
        ({"smtp_port": "0"}, "give a whole number of one or more"),
        ({"tries": "many"}, "give a whole number of one or more"),
        ({"file": "perhaps"}, "give true or false"),
        ({"about": "run;weather"}, "'weather' is not one of run, finding, returns_due"),
        ({"ui_url": "javascript:alert(1)"}, "give an http or https address"),
        ({"ca_file": "/no/such/file"}, "there is no such file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(values: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match="TOTALPLACE_ALERT_") as refused:
        given(**values)
    assert words in str(refused.value)


@pytest.mark.parametrize("address", ["ftp://hooks/verysecret", "verysecret", "https://[verysecret", "https:///verysecret"])
def test_a_wrong_webhook_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ValueError, match="TOTALPLACE_ALERT_WEBHOOK_URL") as refused:
        given(webhook_url=address)
    assert "verysecret" not in str(refused.value)


def test_secrets_do_not_print() -> None:
    settings = given(webhook_url=HOOK, smtp_password="verysecret", file="1")
    assert settings.smtp_password.reveal() == "verysecret"
    for shown in (
        repr(settings),
        str(settings),
        f"{settings.webhook_url}",
        repr([settings.smtp_password]),
        str(settings.webhook_url),
    ):
        assert "verysecret" not in shown
    assert Secret("a") == Secret("a") != Secret("b")
