"""One attempt at a web address: hops, conditions, limits; the body streamed to a file.

Belongs here: one request and its redirects. Must not: try again (`decisions`, `run`), name files, remember.
Nothing of ours goes along from host to host: no cookies, no referrer, no credentials, and a condition (ETag, Last-Modified) only
to the very address that gave it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ReadTimeoutError

from ingest.fetch.addresses import Address, AddressRefused, Resolver, checked_numbers, read_address, resolve
from ingest.fetch.connection import Deadline, open_connection, tls_context
from ingest.fetch.settings import FetchSettings

Outcome = Literal[
    "fetched", "unchanged", "refused_address", "unknown_name", "unreachable", "tls_error", "redirects", "dead_link", "refused",
    "busy", "server_error", "bad_response", "too_large", "too_slow", "stalled", "cut_short", "interrupted",
]  # fmt: skip
_BLOCK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_GZIP = 31  # zlib's window bits for a gzip stream
USER_AGENT = "totalplace (public spending returns)"


@dataclass(frozen=True)
class Validators:
    """What made the last answer recognisable, and the address that gave it."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Answer:
    """What one attempt came to. `words` say what went wrong; `retry_after` is the server's wish, unread."""

    outcome: Outcome
    words: str = ""
    hops: tuple[str, ...] = ()
    status: int | None = None
    size_bytes: int = 0
    seconds: float = 0.0
    etag: str = ""
    last_modified: str = ""
    content_disposition: str = ""
    retry_after: str = ""

    @property
    def final_url(self) -> str:
        return self.hops[-1] if self.hops else ""


class _Ended(Exception):
    """The attempt is over with an outcome other than a body."""

    def __init__(self, outcome: Outcome, words: str = "", retry_after: str = "") -> None:
        super().__init__(words)
        self.outcome: Outcome = outcome
        self.words, self.retry_after = words, retry_after


class Client:
    """Makes attempts. Threads may share it."""

    def __init__(self, settings: FetchSettings, resolver: Resolver = resolve, tls: ssl.SSLContext | None = None) -> None:
        self.settings, self.resolver = settings, resolver
        self.tls = tls or tls_context()
        self._running: set[Deadline] = set()
        self._is_aborted = False

    def abort(self) -> None:
        """End every attempt under way."""
        self._is_aborted = True
        for deadline in list(self._running):
            deadline.cut()

    def get(self, url: str, target: Path, validators: Validators | None = None) -> Answer:
        """Ask an address and write its body to `target`. Whatever goes wrong is in the answer, never an exception."""
        attempt = _Attempt(self, target, validators or Validators())
        started = time.monotonic()
        with Deadline(self.settings.total_seconds) as deadline:
            self._running.add(deadline)
            try:
                if self._is_aborted:
                    deadline.cut()
                answer = attempt.answer(url, deadline)
            finally:
                self._running.discard(deadline)
        if self._is_aborted:
            answer = replace(answer, outcome="interrupted", words="stopped by the user")
        elif deadline.is_cut:
            limit = f"{self.settings.total_seconds:g} seconds"
            answer = replace(answer, outcome="too_slow", words=f"the whole file did not arrive within {limit}", retry_after="")
        return replace(answer, seconds=round(time.monotonic() - started, 3))


class _Attempt:
    """One attempt's state: where it has been, what came back."""

    def __init__(self, client: Client, target: Path, validators: Validators) -> None:
        self.client, self.settings = client, client.settings
        self.target, self.validators = target, validators
        self.hops: list[str] = []
        self.status: int | None = None
        self.size = 0

    def answer(self, url: str, deadline: Deadline) -> Answer:
        try:
            return self._follow(url, deadline)
        except _Ended as ended:
            outcome, words, retry_after = ended.outcome, ended.words, ended.retry_after
        except AddressRefused as error:
            outcome, words, retry_after = "refused_address", str(error), ""
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason or str(error)
            outcome, words, retry_after = "tls_error", f"no secure connection could be made: {reason}", ""
        except socket.gaierror as error:
            outcome = "unreachable" if error.errno == socket.EAI_AGAIN else "unknown_name"
            words, retry_after = f"the host's name could not be found ({error.strerror})", ""
        except (TimeoutError, ReadTimeoutError):
            place = "its body" if self.status else "an answer"
            waited = f"nothing came for {self.settings.read_seconds:g} seconds while waiting for {place}"
            outcome, words, retry_after = "stalled", waited, ""
        except http.client.RemoteDisconnected:
            outcome, words, retry_after = "unreachable", "the server closed the connection without an answer", ""
        except (http.client.HTTPException, HTTPError, OSError) as error:
            outcome, words, retry_after = self._torn(error), f"the connection failed: {_said(error)}", ""
        return Answer(outcome, words, tuple(self.hops), self.status, self.size, retry_after=retry_after)

    def _torn(self, error: Exception) -> Outcome:
        if self.status is not None:
            return "cut_short"
        return "bad_response" if isinstance(error, http.client.HTTPException) else "unreachable"

    def _follow(self, url: str, deadline: Deadline) -> Answer:
        address = read_address(url)
        while True:
            if address.url in self.hops:
                raise _Ended("redirects", f"the redirects go in a circle, back to {address.url}")
            if len(self.hops) > self.settings.redirects:
                raise _Ended("redirects", f"more than {self.settings.redirects} redirects")
            numbers = self._numbers(address)
            self.status = None
            connection, target = open_connection(address, numbers, deadline, self.settings, self.client.tls)
            try:
                self.hops.append(address.url)
                connection.request("GET", target, headers=self._headers(address), preload_content=False, decode_content=False)
                response = connection.getresponse()
                self.status = response.status
                if response.status in _REDIRECTS and response.headers.get("location"):
                    address = self._next(address, response.headers["location"])
                    continue
                return self._read(response, address)
            finally:
                connection.close()

    def _numbers(self, address: Address) -> list[str]:
        try:
            return checked_numbers(address, self.client.resolver, allow_private=self.settings.allow_private)
        except socket.gaierror:
            if self.settings.proxy:
                return []  # names that only the proxy can resolve are the proxy's to judge
            raise

    def _headers(self, address: Address) -> dict[str, str]:
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        if address.url == self.validators.url:
            if self.validators.etag:
                headers["If-None-Match"] = self.validators.etag
            if self.validators.last_modified:
                headers["If-Modified-Since"] = self.validators.last_modified
        return headers

    @staticmethod
    def _next(address: Address, location: str) -> Address:
        text = location.encode("latin-1", "replace").decode("utf-8", "replace")  # header bytes arrive as Latin-1
        scheme = urlsplit(text).scheme.lower()
        if scheme and scheme not in ("http", "https"):
            raise AddressRefused(f"it redirects to a '{scheme}' address; only http and https are followed")
        following = read_address(urljoin(address.url, text))
        if address.scheme == "https" and following.scheme == "http":
            raise AddressRefused(f"it redirects from https to http ({following.host}), where anybody could change the file")
        return following

    def _read(self, response: BaseHTTPResponse, address: Address) -> Answer:
        headers, conditional = response.headers, address.url == self.validators.url
        if response.status == 304 and conditional:
            return Answer("unchanged", hops=tuple(self.hops), status=304)
        if response.status != 200:
            outcome, words = outcome_of_status(response.status)
            raise _Ended(outcome, words, headers.get("retry-after", ""))
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self.settings.size_limit_bytes:
            self._too_large(f"{int(declared):,} bytes are announced")
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise _Ended("bad_response", f"the body is packed as '{encoding[:40]}', which was not asked for")
        with self.target.open("wb") as out:
            if "gzip" in encoding:
                self._unpack(response, out)
            else:
                while block := response.read1(_BLOCK):
                    self._write(out, block)
        return Answer(
            "fetched",
            hops=tuple(self.hops),
            status=200,
            size_bytes=self.size,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            content_disposition=headers.get("content-disposition", ""),
        )

    def _write(self, out: BinaryIO, block: bytes) -> None:
        self.size += len(block)
        if self.size > self.settings.size_limit_bytes:
            self._too_large("more came")
        out.write(block)

    def _unpack(self, response: BaseHTTPResponse, out: BinaryIO) -> None:
        """Some servers pack what nobody asked to be packed. Unpacked block by block, so that a bomb meets the size limit."""
        unpacker = zlib.decompressobj(_GZIP)
        try:
            while data := response.read1(_BLOCK):
                while data:
                    if unpacker.eof:
                        unpacker = zlib.decompressobj(_GZIP)
                    self._write(out, unpacker.decompress(data, _BLOCK))
                    data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            while not unpacker.eof and (rest := unpacker.decompress(b"", _BLOCK)):
                self._write(out, rest)
        except zlib.error as error:
            raise _Ended("bad_response", "the body says it is gzip and is not") from error
        if not unpacker.eof:
            raise _Ended("cut_short", "the packed body ends before its end")

    def _too_large(self, what: str) -> None:
        limit = self.settings.size_limit_bytes
        raise _Ended("too_large", f"{what}, the limit is {limit:,} (TOTALPLACE_FETCH_SIZE_LIMIT_BYTES)")


def outcome_of_status(status: int) -> tuple[Outcome, str]:
    """The outcome and words of an HTTP status that brings no file."""
    name = http.client.responses.get(status, "")
    words = f"the server answered {status}{f' ({name})' if name else ''}"
    if status in (404, 410):
        return "dead_link", words
    if status in (408, 425, 429):
        return "busy", words
    if 500 <= status < 600:
        return "server_error", words
    return ("refused" if 400 <= status < 500 else "bad_response"), words


def _said(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(text.split())[:200]
