"""Connections to numbers already judged, each under one deadline that nothing outlives.

A time-out of a socket bounds one wait; a server that sends a byte now and then would keep us for ever. So the deadline shuts the
socket itself down: whatever is waiting on it, a handshake, a header or a body, ends.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import certifi
import urllib3.connection
from urllib3.util import parse_url

from ingest.fetch.addresses import Address
from ingest.fetch.settings import FetchSettings


def tls_context() -> ssl.SSLContext:
    """Certificates are always verified: by the system's authorities (SSL_CERT_FILE counts) and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class Deadline:
    """Ends every connection it guards when its time is over, or when cut. Use as a context manager."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._guarded: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True
        self.is_cut = False

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            for handle in self._guarded:
                handle.close()
            self._guarded.clear()

    def left(self, at_most: float) -> float:
        """Seconds left, at most so many; never zero, which a socket takes for no limit."""
        return max(0.001, min(at_most, self._ends - time.monotonic()))

    def guard(self, connected: socket.socket) -> None:
        """Guard a connection. A duplicate of its handle is kept: TLS takes the original over."""
        with self._lock:
            self._guarded.append(connected.dup())
        if self.is_cut:
            self.cut()

    def cut(self) -> None:
        """End every guarded connection now."""
        self.is_cut = True
        with self._lock:
            for handle in self._guarded:
                with contextlib.suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)


class _Pinned:
    """Connects to given numbers in turn, whatever the name now resolves to."""

    numbers: Sequence[str]
    deadline: Deadline
    limits: FetchSettings
    port: int

    def _new_conn(self) -> socket.socket:
        failure: OSError | None = None
        for number in self.numbers:
            try:
                connected = socket.create_connection((number, self.port), self.deadline.left(self.limits.connect_seconds))
            except OSError as error:
                failure = error
                continue
            connected.settimeout(self.limits.read_seconds)
            self.deadline.guard(connected)
            return connected
        said = "it did not answer" if isinstance(failure, TimeoutError) else getattr(failure, "strerror", None) or failure
        raise ConnectionError(f"no connection to {', '.join(self.numbers)} port {self.port}: {said}") from failure


class PinnedHTTPConnection(_Pinned, urllib3.connection.HTTPConnection):
    pass


class PinnedHTTPSConnection(_Pinned, urllib3.connection.HTTPSConnection):
    pass


Connection = PinnedHTTPConnection | PinnedHTTPSConnection


def open_connection(
    address: Address, numbers: Sequence[str], deadline: Deadline, limits: FetchSettings, tls: ssl.SSLContext
) -> tuple[Connection, str]:
    """A connection that will go to these numbers (or through the proxy of the settings), and the target to ask it for."""
    host, port, target = address.host, address.port, address.target
    if limits.proxy:
        proxy = parse_url(limits.proxy)
        host, port = (proxy.host or "").strip("[]"), proxy.port or 3128
    options: dict[str, Any] = {"timeout": limits.read_seconds, "blocksize": 65_536}
    connection: Connection
    if address.scheme == "https":
        connection = PinnedHTTPSConnection(host, port, ssl_context=tls, **options)
        if limits.proxy:
            connection.set_tunnel(address.host, address.port, scheme="http")
    else:
        connection = PinnedHTTPConnection(host, port, **options)
        target = address.url if limits.proxy else target
    connection.numbers = [host] if limits.proxy else numbers
    connection.deadline, connection.limits = deadline, limits
    return connection, target
