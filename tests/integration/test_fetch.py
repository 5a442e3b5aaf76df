"""Fetching, against a real server on this machine that fails in every way."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from failing_server import TABLE, FailingServer

from ingest.fetch.client import Client
from ingest.fetch.endpoints import Endpoint, due_endpoints
from ingest.fetch.log import Attempt, AttemptLog
from ingest.fetch.run import Fetcher, FetchReport, Step
from ingest.fetch.settings import FetchSettings
from ingest.home import Home
from ingest.landing import Landing

pytestmark = pytest.mark.integration
SLUG = "hyndburn-borough-council"
LIMITS = FetchSettings(
    size_limit_bytes=1_000_000, total_seconds=20, connect_seconds=5, read_seconds=10, redirects=3, tries=2,
    back_off_seconds=0.01, retry_after_seconds=3, host_pause_seconds=0, allow_private=True,
)  # fmt: skip
TIGHT = {"total_seconds": 1.0, "read_seconds": 0.4}  # for what is slow on purpose
SLOW = ("stall", "drip", "continue")


@pytest.fixture(scope="module")
def server() -> Iterator[FailingServer]:
    server = FailingServer()
    yield server
    server.close()


class Desk:
    """A home, a clock that moves by the day on request, and what was slept."""

    def __init__(self, root: Path, server: FailingServer) -> None:
        self.server, self.home, self.folder = server, Home(root / "home"), root / "returns"
        self.now = datetime(2026, 1, 5, 9)
        self.slept: list[float] = []
        self.landing = Landing(self.home, self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def endpoint(self, path: str, kind: str = "spend", frequency: str = "daily", **more: str) -> Endpoint:
        url = path if "://" in path or path.startswith("/") else self.server.url(path)
        return Endpoint(SLUG, kind, url, frequency, **more)

    def fetch(self, *endpoints: Endpoint, progress: Any = lambda _: None, **settings: Any) -> FetchReport:
        return self.fetcher(**settings).fetch(endpoints, progress)

    def fetcher(self, resolver: Any = None, **settings: Any) -> Fetcher:
        limits = FetchSettings(**(LIMITS.__dict__ | settings))
        client = Client(limits, resolver) if resolver else None
        return Fetcher(self.landing, limits, self.folder, client, self.slept.append, lambda low, high: high)

    def one(self, path: str, **settings: Any) -> Attempt:
        (attempt,) = self.fetch(self.endpoint(path), **settings).attempts
        return attempt

    def log(self) -> list[Attempt]:
        return list(AttemptLog(self.home).attempts())


@pytest.fixture
def desk(tmp_path: Path, server: FailingServer) -> Desk:
    server.asked.clear()
    server.headers.clear()
    server.times.clear()
    server.body = TABLE
    return Desk(tmp_path, server)


# ---- what arrives ----
@pytest.mark.parametrize("path", ["good.csv", "close-delimited.csv", "chunked.csv", "gzip.csv"])
def test_bytes_land_unchanged_with_a_receipt(desk: Desk, path: str) -> None:
    report = desk.fetch(desk.endpoint(path))
    (receipt,) = report.receipts
    assert desk.landing.read(receipt) == TABLE
    assert (receipt.file_name, receipt.publisher_slug, receipt.kind_hint) == (f"{SLUG}/spend/{path}", SLUG, "spend")
    assert (receipt.source, receipt.detected_type) == (desk.server.url(path), "text")
    assert desk.server.headers[path][0]["accept-encoding"] == "identity"
    (attempt,) = desk.log()
    assert (attempt.outcome, attempt.status, attempt.size_bytes, attempt.sha256) == ("fetched", 200, len(TABLE), receipt.sha256)
    assert list((desk.home.landing / "incoming").iterdir()) == []


def test_a_web_page_in_place_of_a_table_lands(desk: Desk) -> None:
    (receipt,) = desk.fetch(desk.endpoint("html")).receipts
    assert receipt.detected_type == "html"


def test_the_name_that_the_server_gives_is_made_harmless(desk: Desk) -> None:
    (receipt,) = desk.fetch(desk.endpoint("named")).receipts
    assert receipt.file_name == f"{SLUG}/spend/Spend April 2024.csv"


def test_two_endpoints_with_one_name_land_apart_and_stay_so(desk: Desk, server: FailingServer) -> None:
    first, second = desk.endpoint("good.csv"), desk.endpoint("good.csv?page=2")
    desk.fetch(first)
    server.body = TABLE + b"03/04/2024,C Ltd,4.00\n"
    (other,) = desk.fetch(second).receipts
    assert other.file_name.startswith(f"{SLUG}/spend/good-") and other.file_name.endswith(".csv")
    server.body += b"04/04/2024,D Ltd,5.00\n"
    names = {r.file_name for r in desk.fetch(first, second).receipts}
    assert f"{SLUG}/spend/good.csv" in names  # the second one's same bytes are the publisher's already
    server.body += b"05/04/2024,E Ltd,6.00\n"
    assert desk.fetch(second).receipts[0].file_name == other.file_name


def test_bytes_that_the_folder_holds_already_are_not_landed_twice(desk: Desk) -> None:
    path = desk.folder / SLUG / "April 2024.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(TABLE)
    desk.landing.land_folder(desk.folder)
    (attempt,) = desk.fetch(desk.endpoint("good.csv")).attempts
    assert (attempt.outcome, attempt.file_name) == ("unchanged", f"{SLUG}/April 2024.csv")
    assert len(desk.landing.receipts()) == 1


def test_a_file_of_the_folder_keeps_its_name(desk: Desk) -> None:
    path = desk.folder / SLUG / "spend" / "good.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"other")
    desk.landing.land_folder(desk.folder)
    desk.fetch(desk.endpoint("good.csv"))
    assert desk.landing.land_folder(desk.folder).new == ()  # they do not take turns at one name
    assert len({r.file_name for r in desk.landing.receipts()}) == 2


# ---- asking again ----
def test_conditions_go_along_and_unchanged_costs_no_body(desk: Desk) -> None:
    assert desk.one("same.csv").outcome == "fetched"
    for _ in range(2):
        again = desk.one("same.csv")
        assert (again.outcome, again.status, again.size_bytes, again.etag) == ("unchanged", 304, 0, '"v1"')
    sent = desk.server.headers["same.csv"][2]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Mon, 06 Jan 2025 10:00:00 GMT")
    assert len(desk.landing.receipts()) == 1


def test_no_condition_when_the_original_is_gone(desk: Desk) -> None:
    desk.fetch(desk.endpoint("same.csv"))
    desk.landing.object_path(desk.landing.receipts()[0].sha256).unlink()
    assert desk.one("same.csv").status == 200
    assert desk.landing.read(desk.landing.receipts()[0]) == TABLE


def test_same_bytes_without_validators_are_unchanged_and_new_bytes_a_new_receipt(desk: Desk, server: FailingServer) -> None:
    assert [desk.one("good.csv").outcome for _ in range(2)] == ["fetched", "unchanged"]
    server.body = TABLE + b"03/04/2024,C Ltd,4.00\n"
    assert desk.one("good.csv").outcome == "fetched"
    server.body = TABLE
    assert desk.one("good.csv").outcome == "fetched"  # back to the first: it is the content again
    assert [r.file_name for r in desk.landing.receipts()] == [f"{SLUG}/spend/good.csv"] * 2
    assert desk.landing.receipts()[-1].size_bytes == len(TABLE)


def test_a_304_that_nobody_asked_for_is_a_failure(desk: Desk) -> None:
    assert desk.one("unasked-304").outcome == "bad_response"


# ---- redirects ----
def test_redirects_are_followed_and_written_down(desk: Desk) -> None:
    attempt = desk.one("moved")
    assert attempt.hops == (desk.server.url("moved"), desk.server.url("same.csv"))
    assert (attempt.outcome, attempt.url, attempt.final_url) == ("fetched", *attempt.hops)
    assert attempt.file_name == f"{SLUG}/spend/same.csv"


def test_nothing_of_ours_goes_from_host_to_host(desk: Desk) -> None:
    for _ in range(2):
        assert desk.one("moved-host").is_success
    first = desk.server.headers["moved-host"][1]
    second = desk.server.headers["same.csv"][1]
    assert "if-none-match" not in first  # the condition goes only to the address that gave the validator
    assert second["if-none-match"] == '"v1"'
    assert not {"referer", "cookie", "authorization"} & (set(first) | set(second))


@pytest.mark.parametrize(
    ("path", "outcome", "words"),
    [
        ("loop", "redirects", "go in a circle"),
        ("ladder", "redirects", "more than 3 redirects"),
        ("to-file", "refused_address", "redirects to a 'file' address"),
    ],
)
def test_redirects_that_lead_nowhere(desk: Desk, path: str, outcome: str, words: str) -> None:
    attempt = desk.one(path)
    assert attempt.outcome == outcome and words in attempt.error
    assert desk.slept == []  # none of these is better a second later


def test_a_redirect_to_a_private_address_is_refused(desk: Desk) -> None:
    """The first hop passes for public here; the second is what it is."""
    port = desk.server.port
    public = {"example.org": ["127.0.0.1"]}
    client = Client(FetchSettings(**LIMITS.__dict__ | {"allow_private": False}), lambda host, _: public.get(host, [host]))
    from ingest.fetch import addresses

    judged = addresses.refusal
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "refusal", lambda number: None if number == "127.0.0.1" else judged(number))
        answer = client.get(f"http://example.org:{port}/to-private", desk.home.root / "x")
    assert answer.outcome == "refused_address" and "10.0.0.1, a private address" in answer.words
    assert len(answer.hops) == 1


# ---- addresses ----
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_not_asked_unless_allowed(desk: Desk, host: str) -> None:
    attempt = desk.one(desk.server.url("good.csv", host), allow_private=False)
    assert attempt.outcome in ("refused_address", "unknown_name")
    assert desk.server.asked["good.csv"] == 0


def test_the_connection_goes_to_the_number_that_was_judged(desk: Desk) -> None:
    """A name that resolves to something else the second time is asked once only."""
    answers = [["127.0.0.1"], ["10.255.255.1"]]
    url = f"http://rebinding.example:{desk.server.port}/good.csv"
    (attempt,) = desk.fetcher(lambda *_: answers.pop(0)).fetch([desk.endpoint(url)]).attempts
    assert attempt.outcome == "fetched" and len(answers) == 1
    assert desk.server.headers["good.csv"][0]["host"] == f"rebinding.example:{desk.server.port}"


def test_one_private_number_among_public_ones_is_enough_to_refuse(desk: Desk) -> None:
    fetcher = desk.fetcher(lambda *_: ["93.184.216.34", "192.168.0.1"], allow_private=False)
    (attempt,) = fetcher.fetch([desk.endpoint("http://two.example/x")]).attempts
    assert attempt.outcome == "refused_address" and "192.168.0.1, a private address" in attempt.error


# ---- what fails, and whether it is tried again ----
@pytest.mark.parametrize(
    ("path", "outcome", "tries", "words"),
    [
        ("missing", "dead_link", 1, "404 (Not Found)"),
        ("gone", "dead_link", 1, "410"),
        ("forbidden", "refused", 1, "403"),
        ("broken", "server_error", 2, "500"),
        ("busy-for-hours", "server_error", 1, "503"),
        ("cut", "cut_short", 2, "connection failed"),
        ("cut-chunk", "cut_short", 2, "connection failed"),
        ("cut-gzip", "cut_short", 2, "ends before its end"),
        ("false-gzip", "bad_response", 1, "says it is gzip and is not"),
        ("brotli", "bad_response", 1, "packed as 'br'"),
        ("hang-up", "unreachable", 2, "without an answer"),
        ("no-http", "bad_response", 1, "connection failed"),
        ("huge-announced", "too_large", 1, "99,999,999,999 bytes are announced"),
        ("huge", "too_large", 1, "the limit is 1,000,000"),
        ("endless-chunks", "too_large", 1, "the limit is 1,000,000"),
        ("bomb", "too_large", 1, "the limit is 1,000,000"),
        ("stall", "stalled", 2, "nothing came for 0.4 seconds while waiting for an answer"),
        ("stall-in-body", "stalled", 2, "while waiting for its body"),
        ("drip-headers", "too_slow", 1, "within 1 seconds"),
        ("drip-body", "too_slow", 1, "within 1 seconds"),
        ("drip-endless", "too_slow", 1, "within 1 seconds"),
        ("continue-for-ever", "too_slow", 1, "within 1 seconds"),
    ],
)
def test_failures(desk: Desk, path: str, outcome: str, tries: int, words: str) -> None:
    attempt = desk.one(path, **TIGHT if path.startswith(SLOW) else {})
    assert (attempt.outcome, desk.server.asked[path]) == (outcome, tries)
    assert words in attempt.error
    assert [(a.number, a.is_final) for a in desk.log()] == [(n, n == tries) for n in range(1, tries + 1)]
    assert desk.landing.receipts() == ()
    assert list((desk.home.landing / "incoming").iterdir()) == []


@pytest.mark.parametrize(("path", "slept"), [("broken-once", 0.01), ("cut-once", 0.01), ("busy-once", 1.0)])
def test_what_heals_is_fetched_the_second_time(desk: Desk, path: str, slept: float) -> None:
    attempt = desk.one(path)
    assert (attempt.outcome, attempt.number, desk.slept) == ("fetched", 2, [slept])
    assert [a.outcome for a in desk.log()][-1] == "fetched" and len(desk.log()) == 2


def test_nobody_listens(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    endpoints = [desk.endpoint(f"http://127.0.0.1:{port}/{n}") for n in range(4)]
    report = desk.fetch(*endpoints)
    assert {a.outcome for a in report.attempts} == {"unreachable"}
    assert [a.number for a in report.attempts] == [2, 1, 1, 1]  # a dead host is not tried and tried for each of its files


def test_an_unknown_name(desk: Desk) -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    (attempt,) = desk.fetcher(unknown).fetch([desk.endpoint("http://nobody.example/x")]).attempts
    assert (attempt.outcome, attempt.number) == ("unknown_name", 1)


def test_tls_to_a_plain_port(desk: Desk) -> None:
    attempt = desk.one(desk.server.url("good.csv").replace("http:", "https:"))
    assert (attempt.outcome, attempt.number) == ("tls_error", 1)
    assert "no secure connection" in attempt.error


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FailingServer, ssl.SSLContext]]:
    """A server with a certificate for published.example, and the context of a client that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(1), today + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("published.example")]), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    server = FailingServer(serving)
    yield server, ssl.create_default_context(cafile=str(path))
    server.close()


@pytest.mark.parametrize(
    ("host", "is_trusted", "outcome", "words"),
    [
        ("published.example", True, "fetched", ""),
        ("published.example", False, "tls_error", "self-signed certificate"),
        ("another.example", True, "tls_error", "certificate is not valid for 'another.example'"),
    ],
)
def test_certificates_are_verified_for_the_name_though_the_number_is_pinned(
    tmp_path: Path, certified: tuple[FailingServer, ssl.SSLContext], host: str, is_trusted: bool, outcome: str, words: str
) -> None:
    server, trusting = certified
    client = Client(LIMITS, lambda *_: ["127.0.0.1"], trusting if is_trusted else None)
    answer = client.get(f"https://{host}:{server.port}/good.csv", tmp_path / "body")
    assert answer.outcome == outcome and words in answer.words


@pytest.mark.parametrize("path", ["drip-headers", "drip-body", "stall-in-body"])
def test_limits_hold_inside_a_secure_connection(tmp_path: Path, certified: tuple[FailingServer, ssl.SSLContext], path: str) -> None:
    server, trusting = certified
    client = Client(FetchSettings(**LIMITS.__dict__ | TIGHT), lambda *_: ["127.0.0.1"], trusting)
    answer = client.get(f"https://published.example:{server.port}/{path}", tmp_path / "body")
    assert answer.outcome == ("stalled" if path == "stall-in-body" else "too_slow")
    assert answer.seconds < 3


def test_no_redirect_out_of_a_secure_connection(tmp_path: Path, certified: tuple[FailingServer, ssl.SSLContext]) -> None:
    server, trusting = certified
    client = Client(LIMITS, lambda *_: ["127.0.0.1"], trusting)
    answer = client.get(f"https://published.example:{server.port}/to-plain", tmp_path / "body")
    assert answer.outcome == "refused_address" and "from https to http" in answer.words


def test_a_secure_connection_through_a_proxy(desk: Desk, tmp_path: Path, certified: tuple[FailingServer, ssl.SSLContext]) -> None:
    beyond, trusting = certified
    desk.server.tunnel_to = beyond.port
    settings = FetchSettings(**LIMITS.__dict__ | {"proxy": f"http://127.0.0.1:{desk.server.port}"})

    def unknown_here(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    answer = Client(settings, unknown_here, trusting).get("https://published.example/good.csv", tmp_path / "body")
    assert (answer.outcome, desk.server.tunnels) == ("fetched", ["published.example:443"])


# ---- files ----
def test_files_only_from_allowed_folders(desk: Desk, tmp_path: Path) -> None:
    allowed, outside = tmp_path / "drop", tmp_path / "secret"
    for folder in (allowed, outside, desk.folder / ".drop"):
        folder.mkdir(parents=True)
        (folder / "May 2024.csv").write_bytes(TABLE + str(folder).encode())
    (allowed / "link.csv").symlink_to(outside / "May 2024.csv")
    (allowed / "big.csv").write_bytes(b"x" * 1_000_001)
    os.mkfifo(allowed / "pipe.csv")
    outcomes = {
        f"file://{allowed}/May%202024.csv": "fetched",
        f"{outside}/May 2024.csv": "refused_address",
        f"file://{allowed}/../secret/May%202024.csv": "refused_address",
        f"file://{allowed}/link.csv": "refused_address",
        "file://server/share/May.csv": "refused_address",
        f"file://{allowed}/none.csv": "dead_link",
        f"file://{allowed}/big.csv": "too_large",
        f"file://{allowed}/pipe.csv": "refused_address",
    }
    report = desk.fetch(*(desk.endpoint(url) for url in outcomes), allowed_folders=(allowed,))
    assert {a.url: a.outcome for a in report.attempts} == outcomes
    inside = Endpoint(SLUG, "", ".drop/May 2024.csv", "daily")
    up = Endpoint(SLUG, "", "../secret/May 2024.csv", "daily")
    assert [a.outcome for a in desk.fetch(inside, up).attempts] == ["fetched", "refused_address"]
    assert {r.file_name for r in desk.landing.receipts()} == {f"{SLUG}/spend/May 2024.csv", f"{SLUG}/May 2024.csv"}


# ---- many, resumed ----
def test_a_killed_fetch_goes_on_where_it_was(desk: Desk, server: FailingServer) -> None:
    endpoints = [desk.endpoint(f"good.csv?month={n}", kind="spend" if n % 2 else "") for n in range(5)]

    def killed(step: Step) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.fetch(*endpoints, progress=killed, parallel=1, host_pause_seconds=0.05)
    done = {a.endpoint for a in desk.log() if a.is_success}
    assert len(done) == 2
    left = due_endpoints(endpoints, AttemptLog(desk.home).histories(), desk.now.date())
    assert {e.key for e in endpoints} - {e.key for e in left} == done
    report = desk.fetch(*left)
    assert len(report.attempts) == 3 and not report.failed
    assert due_endpoints(endpoints, AttemptLog(desk.home).histories(), desk.now.date()) == []
    assert list((desk.home.landing / "incoming").iterdir()) == []


def test_an_interrupt_ends_what_is_under_way_at_once(desk: Desk) -> None:
    """A download that would take long is cut, not waited for."""
    endpoints = [desk.endpoint("good.csv"), desk.endpoint(desk.server.url("drip-body", "localhost"))]

    def killed(_: Step) -> None:
        time.sleep(0.2)
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        desk.fetch(*endpoints, progress=killed, total_seconds=60, read_seconds=60)
    assert time.monotonic() - started < 5
    assert [a.outcome for a in desk.log()] == ["fetched"]  # what was cut is not a failure of the endpoint


def test_one_host_is_asked_one_file_at_a_time_and_hosts_side_by_side(desk: Desk) -> None:
    together = threading.Barrier(2, timeout=3)

    def resolver(host: str, _: int) -> list[str]:
        if host.startswith("first"):
            together.wait()  # only passes when two hosts are asked at once
        return ["127.0.0.1"]

    urls = [f"http://{host}:{desk.server.port}/good.csv?{n}" for n, host in enumerate(["first-a", "first-b"])]
    report = desk.fetcher(resolver).fetch([desk.endpoint(url) for url in urls])
    assert not report.failed
    desk.server.times.clear()
    paused = desk.fetcher(None, host_pause_seconds=0.2)
    paused.sleep = None
    paused.fetch([desk.endpoint(f"good.csv?{n}") for n in range(3)])
    first, second, third = desk.server.times["good.csv"]
    assert second - first >= 0.2 and third - second >= 0.2


def test_a_torn_line_of_the_log_is_passed_over_and_does_not_tear_the_next(desk: Desk) -> None:
    desk.one("good.csv")
    (path,) = (desk.home.landing / "attempts").glob("*.jsonl")
    with path.open("ab") as handle:
        handle.write(b'{"endpoint": "x", "agen')
    desk.one("missing")
    assert [a.outcome for a in desk.log()] == ["fetched", "dead_link"]
    assert all(json.loads(line) for line in path.read_text().splitlines() if line.endswith("}"))


def test_a_proxy_is_used_only_when_the_setting_names_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert desk.one("good.csv").outcome == "fetched"
    proxied = desk.endpoint("http://published.example/same.csv")
    proxy = f"http://127.0.0.1:{desk.server.port}"
    fetcher = desk.fetcher(lambda *_: ["93.184.216.34"], proxy=proxy, allow_private=False)
    assert fetcher.fetch([proxied]).attempts[0].status == 200
    assert desk.server.headers["same.csv"][0][":target"] == "http://published.example/same.csv"
