"""E-mail and webhook against real servers on this machine: what arrives, and what is said when it does not."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from orchestration.alerts.channels import NotSent
from orchestration.alerts.channels.email import send_email
from orchestration.alerts.channels.webhook import send_webhook
from orchestration.alerts.decisions import Alert
from orchestration.alerts.settings import AlertSettings, Secret

pytestmark = pytest.mark.integration
ALERT = Alert(
    "run", "publish_release", "1", "A release is blocked – £5", "The gate is closed.", "Mend it.", "the data team", "http://ui/1"
)
ADDRESSED = AlertSettings(
    email_to=("watcher@example.org", "second@example.org"), email_from="totalplace@example.org", smtp_host="localhost",
    smtp_security="none", timeout_seconds=2,
)  # fmt: skip


@dataclass
class Postbox:
    """What an SMTP server took; `answer` is what it says to a message, `refused` the addresses it does not take."""

    answer: str = "250 OK"
    refused: tuple[str, ...] = ()
    taken: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def post(authority: trustme.CA, tmp_path: Path) -> Iterator[Any]:
    """post(postbox, is_secure) -> settings that reach it. A secure one takes only STARTTLS and the login me/verysecret."""
    running: list[Controller] = []
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)

    def start(postbox: Postbox, *, is_secure: bool = False) -> AlertSettings:
        options: dict[str, Any] = {}
        if is_secure:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert("localhost").configure_cert(context)
            options = {
                "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _authenticate,
            }  # fmt: skip
        controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        running.append(controller)
        return replace(ADDRESSED, smtp_port=controller.port, ca_file=str(ca_file))

    yield start
    for controller in running:
        controller.stop()


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"me", b"verysecret"), handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_email_arrives_whole(post: Any) -> None:
    postbox = Postbox()
    send_email(post(postbox), "lancashire", [ALERT, ALERT])
    (envelope,) = postbox.taken
    assert envelope.rcpt_tos == ["watcher@example.org", "second@example.org"]
    message = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
    assert message["Subject"] == "Total Place: A release is blocked – £5 (and 1 more)"
    assert (message["From"], message["Auto-Submitted"]) == ("totalplace@example.org", "auto-generated")
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    for words in ("lancashire", "The gate is closed.", "What to do: Mend it.", "Who acts: the data team", "http://ui/1"):
        assert words in text


def test_starttls_and_login(post: Any) -> None:
    postbox = Postbox()
    secure = replace(post(postbox, is_secure=True), smtp_security="starttls", smtp_user="me", smtp_password=Secret("verysecret"))
    send_email(secure, "home", [ALERT])
    assert len(postbox.taken) == 1
    with pytest.raises(NotSent, match="refused the login") as refused:
        send_email(replace(secure, smtp_password=Secret("wrongsecret")), "home", [ALERT])
    assert not refused.value.is_worth_retrying
    assert "wrongsecret" not in str(refused.value)
    with pytest.raises(NotSent, match="is not trusted") as strange:
        send_email(replace(secure, ca_file=""), "home", [ALERT])
    assert not strange.value.is_worth_retrying
    assert len(postbox.taken) == 1


def test_nothing_goes_in_the_clear_where_starttls_is_asked_for(post: Any) -> None:
    postbox = Postbox()
    with pytest.raises(NotSent, match="offers no STARTTLS") as refused:
        send_email(replace(post(postbox), smtp_security="starttls"), "home", [ALERT])
    assert not refused.value.is_worth_retrying
    assert postbox.taken == []


@pytest.mark.parametrize(("answer", "again"), [("451 try later", True), ("554 spam", False)])
def test_a_refused_message_is_worth_another_try_where_the_server_says_so(post: Any, answer: str, again: bool) -> None:
    with pytest.raises(NotSent, match=answer[:3]) as refused:
        send_email(post(Postbox(answer)), "home", [ALERT])
    assert refused.value.is_worth_retrying is again


def test_addresses_that_are_not_taken(post: Any) -> None:
    with pytest.raises(NotSent, match="took none of the addresses") as none:
        send_email(post(Postbox(refused=ADDRESSED.email_to)), "home", [ALERT])
    assert not none.value.is_worth_retrying
    postbox = Postbox(refused=("second@example.org",))
    with pytest.raises(NotSent, match="took 1 of 2 addresses") as some:
        send_email(post(postbox), "home", [ALERT])
    assert len(postbox.taken) == 1
    assert not some.value.is_worth_retrying  # the first has it, and must not get it again


def test_a_mail_server_that_is_not_there_or_never_speaks() -> None:
    with pytest.raises(NotSent, match="ConnectionRefusedError") as gone:
        send_email(replace(ADDRESSED, smtp_port=free_port()), "home", [ALERT])
    assert gone.value.is_worth_retrying
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = replace(ADDRESSED, smtp_port=silent.getsockname()[1], timeout_seconds=1)
        with pytest.raises(NotSent) as stalled:
            send_email(mute, "home", [ALERT])
        assert stalled.value.is_worth_retrying


class Receiver(ThreadingHTTPServer):
    """An HTTP server that answers as its path says: /200, /404, /500, /302, /slow."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, Any]] = []

    def settings(self, path: str, shape: str = "slack") -> AlertSettings:
        address = Secret(f"http://127.0.0.1:{self.server_port}/{path}?key=verysecret")
        return AlertSettings(webhook_url=address, webhook_shape=shape, timeout_seconds=1)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        path = self.path.strip("/").partition("?")[0]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((path, json.loads(body)))
        if path == "slow":
            time.sleep(2)
        self.send_response(int(path) if path.isdecimal() else 200)
        if path == "302":
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(("shape", "key"), [("slack", "blocks"), ("teams", "attachments"), ("json", "alerts")])
def test_a_webhook_gets_the_shape_it_takes(receiver: Receiver, shape: str, key: str) -> None:
    send_webhook(receiver.settings("200", shape), "home", [ALERT])
    ((_, payload),) = receiver.got
    assert payload[key]
    assert "The gate is closed." in json.dumps(payload)


@pytest.mark.parametrize(
    ("path", "words", "again"),
    [
        ("404", "answered 404", False),
        ("403", "answered 403", False),
        ("429", "answered 429", True),
        ("500", "answered 500", True),
        ("302", "sends elsewhere", False),
        ("slow", "ReadTimeoutError", True),
    ],
)
def test_a_webhook_that_does_not_take_it(receiver: Receiver, path: str, words: str, again: bool) -> None:
    with pytest.raises(NotSent, match=words) as refused:
        send_webhook(receiver.settings(path), "home", [ALERT])
    assert refused.value.is_worth_retrying is again
    assert "verysecret" not in str(refused.value)
    assert len(receiver.got) == 1  # nothing is followed, nothing tried twice here


def test_a_webhook_that_is_not_there_keeps_its_secret() -> None:
    address = f"http://127.0.0.1:{free_port()}/verysecret"
    with pytest.raises(NotSent, match=r"the webhook at 127\.0\.0\.1") as gone:
        send_webhook(AlertSettings(webhook_url=Secret(address), timeout_seconds=1), "home", [ALERT])
    assert "verysecret" not in str(gone.value)
