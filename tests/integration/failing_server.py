"""A real HTTP server on this machine that fails in every way, for the tests of fetching.

Raw sockets, so that it may break the protocol. Each path is a behaviour; `asked` counts requests and `headers` keeps them.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

TABLE = b"Date,Supplier,Amount\n01/04/2024,A Ltd,1.00\n02/04/2024,B Ltd,2.50\n"
BOMB = gzip.compress(b"0" * 20_000_000, 1)


class FailingServer:
    """Serves on 127.0.0.1 until closed."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.tunnels: list[str] = []
        self.tunnel_to = 0  # the local port that a CONNECT leads to, whatever it asks for
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked: dict[str, int] = defaultdict(int)
        self.headers: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.answers: dict[str, str] = {}  # path -> the path whose behaviour it has from now on
        self.body = TABLE
        self.closing = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"

    def close(self) -> None:
        self.closing.set()
        self._listener.close()

    def _serve(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, accepted: socket.socket) -> None:
        accepted.settimeout(5)
        with accepted, suppress(OSError):
            if self.tls is None:
                self._answer(accepted)
            else:
                with self.tls.wrap_socket(accepted, server_side=True) as secure:
                    self._answer(secure)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            got = connection.recv(65536)
            if not got or got[:1] == b"\x16":  # TLS spoken to a plain port
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            head += got
        lines = head.decode("latin-1").split("\r\n")
        target = lines[0].split(" ")[1]
        if lines[0].startswith("CONNECT"):
            self.tunnels.append(target)
            self._tunnel(connection)
            return
        path = target.partition("?")[0].rpartition("/")[2] if "://" in target else target.partition("?")[0].lstrip("/")
        self.asked[path] += 1
        behaviour = self.answers.get(path, path)
        self.times[path].append(time.monotonic())
        self.headers[path].append(
            {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:] if line)} | {":target": target}
        )
        getattr(self, f"do_{behaviour.partition('/')[0].partition('.')[0].replace('-', '_')}", self.do_missing)(
            connection.sendall, path
        )

    def _tunnel(self, connection: socket.socket) -> None:
        def pump(source: socket.socket, sink: socket.socket) -> None:
            with suppress(OSError):
                while block := source.recv(65536):
                    sink.sendall(block)
                sink.shutdown(socket.SHUT_WR)

        with socket.create_connection(("127.0.0.1", self.tunnel_to)) as beyond:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(beyond, connection), daemon=True)
            back.start()
            pump(connection, beyond)
            back.join(5)

    def wait(self, seconds: float) -> None:
        self.closing.wait(seconds)

    def reply(self, send: Callable[[bytes], object], status: str = "200 OK", body: bytes = b"", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status}", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            lines.append(f"Content-Length: {len(body)}")
        send("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)

    # ---- answers ----
    def do_good(self, send, path) -> None:
        self.reply(send, body=self.body)

    def do_named(self, send, path) -> None:
        self.reply(send, body=self.body, Content_Disposition='attachment; filename="../../etc/Spend April 2024.csv"')

    def do_same(self, send, path) -> None:
        """Validators, and 304 for who brings them."""
        if self.headers[path][-1].get("if-none-match") == '"v1"':
            self.reply(send, "304 Not Modified", ETag='"v1"')
        else:
            self.reply(send, body=self.body, ETag='"v1"', Last_Modified="Mon, 06 Jan 2025 10:00:00 GMT")

    def do_html(self, send, path) -> None:
        self.reply(send, body=b"<!doctype html><html><body>Oops</body></html>", Content_Type="text/html")

    def do_close_delimited(self, send, path) -> None:
        send(b"HTTP/1.0 200 OK\r\n\r\n" + self.body)

    def do_chunked(self, send, path) -> None:
        self.reply(send, Transfer_Encoding="chunked")
        for start in range(0, len(self.body), 10):
            part = self.body[start : start + 10]
            send(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        send(b"0\r\n\r\n")

    def do_gzip(self, send, path) -> None:
        self.reply(send, body=gzip.compress(self.body), Content_Encoding="gzip")

    # ---- redirects ----
    def do_moved(self, send, path) -> None:
        self.reply(send, "302 Found", Location="/same.csv")

    def do_moved_host(self, send, path) -> None:
        self.reply(send, "301 Moved Permanently", Location=self.url("same.csv", "localhost"))

    def do_loop(self, send, path) -> None:
        self.reply(send, "302 Found", Location="/loop")

    def do_ladder(self, send, path) -> None:
        self.reply(send, "302 Found", Location=f"/ladder/{int(path.partition('/')[2] or 0) + 1}")

    def do_to_private(self, send, path) -> None:
        self.reply(send, "302 Found", Location="http://10.0.0.1/secret")

    def do_to_plain(self, send, path) -> None:
        self.reply(send, "302 Found", Location=self.url("good.csv", "published.example"))

    def do_to_file(self, send, path) -> None:
        self.reply(send, "302 Found", Location="file:///etc/passwd")

    # ---- refusals ----
    def do_missing(self, send, path) -> None:
        self.reply(send, "404 Not Found", b"<html>no</html>")

    def do_gone(self, send, path) -> None:
        self.reply(send, "410 Gone")

    def do_forbidden(self, send, path) -> None:
        self.reply(send, "403 Forbidden")

    def do_broken(self, send, path) -> None:
        self.reply(send, "500 Internal Server Error", b"sorry")

    def do_broken_once(self, send, path) -> None:
        (self.do_broken if self.asked[path] == 1 else self.do_good)(send, path)

    def do_busy_once(self, send, path) -> None:
        if self.asked[path] == 1:
            self.reply(send, "429 Too Many Requests", Retry_After="1")
        else:
            self.do_good(send, path)

    def do_busy_for_hours(self, send, path) -> None:
        self.reply(send, "503 Service Unavailable", Retry_After="7200")

    def do_unasked_304(self, send, path) -> None:
        self.reply(send, "304 Not Modified")

    # ---- torn and endless ----
    def do_cut(self, send, path) -> None:
        self.reply(send, body=self.body[:20], Content_Length=str(len(self.body)))

    def do_cut_once(self, send, path) -> None:
        (self.do_cut if self.asked[path] == 1 else self.do_good)(send, path)

    def do_cut_chunk(self, send, path) -> None:
        self.reply(send, Transfer_Encoding="chunked")
        send(b"40\r\nDate,Supp")

    def do_cut_gzip(self, send, path) -> None:
        self.reply(send, body=gzip.compress(self.body)[:-12], Content_Encoding="gzip")

    def do_false_gzip(self, send, path) -> None:
        self.reply(send, body=self.body, Content_Encoding="gzip")

    def do_brotli(self, send, path) -> None:
        self.reply(send, body=self.body, Content_Encoding="br")

    def do_hang_up(self, send, path) -> None:
        return

    def do_no_http(self, send, path) -> None:
        send(b"220 ftp.example.org ready\r\n")

    def do_endless_chunks(self, send, path) -> None:
        self.reply(send, Transfer_Encoding="chunked")
        while not self.closing.is_set():
            send(b"400\r\n" + b"x" * 1024 + b"\r\n")

    def do_huge_announced(self, send, path) -> None:
        self.reply(send, Content_Length="99999999999")

    def do_huge(self, send, path) -> None:
        send(b"HTTP/1.0 200 OK\r\n\r\n")
        while not self.closing.is_set():
            send(b"x" * 65536)

    def do_bomb(self, send, path) -> None:
        self.reply(send, body=BOMB, Content_Encoding="gzip")

    def do_stall(self, send, path) -> None:
        self.wait(5)

    def do_stall_in_body(self, send, path) -> None:
        self.reply(send, body=self.body[:20], Content_Length=str(len(self.body)))
        self.wait(5)

    def do_drip_headers(self, send, path) -> None:
        send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.closing.wait(0.05):
            send(b"z")

    def do_drip_body(self, send, path) -> None:
        self.reply(send, Content_Length="100000")
        while not self.closing.wait(0.05):
            send(b"z")

    def do_drip_endless(self, send, path) -> None:
        """A body without a length: its end would look like an end."""
        send(b"HTTP/1.0 200 OK\r\n\r\nDate,")
        while not self.closing.wait(0.05):
            send(b"z")

    def do_continue_for_ever(self, send, path) -> None:
        while not self.closing.wait(0.02):
            send(b"HTTP/1.1 100 Continue\r\n\r\n")
