"""Fetch many endpoints: a few hosts at a time, each host one file after the other, every attempt written down, all of it resumable.

What is fetched lands before its attempt is logged as fetched, so a run that is killed at any moment goes on, when run again, with
exactly the endpoints that have not landed.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

from ingest.fetch.arrivals import land_download
from ingest.fetch.client import Answer, Client, Validators
from ingest.fetch.decisions import Uniform, wait_before_next
from ingest.fetch.endpoints import Endpoint
from ingest.fetch.local import copy_local, is_local
from ingest.fetch.log import Attempt, AttemptLog, History
from ingest.fetch.settings import FetchSettings
from ingest.landing import Landing, Receipt

Progress = Callable[["Step"], None]
_DEAD_HOST = frozenset(("unreachable", "unknown_name", "tls_error"))
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Step:
    """One endpoint is done: its last attempt, and how many of how many are."""

    attempt: Attempt
    done: int
    total: int


@dataclass(frozen=True)
class FetchReport:
    """What a fetch came to: the last attempt of every endpoint asked, and the receipts of what is new in landing."""

    attempts: tuple[Attempt, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    def count(self, outcome: str) -> int:
        return sum(a.outcome == outcome for a in self.attempts)

    @property
    def failed(self) -> tuple[Attempt, ...]:
        return tuple(a for a in self.attempts if not a.is_success)

    @property
    def words(self) -> str:
        """One line."""
        counts = f"{self.count('fetched')} fetched, {self.count('unchanged')} unchanged, {len(self.failed)} failed"
        return f"{len(self.attempts)} endpoints asked: {counts}"


@dataclass
class _Download:
    endpoint: Endpoint
    number: int
    at: str
    answer: Answer
    path: Path


@dataclass
class Fetcher:
    """Fetches into a landing. `sleep` and `uniform` are seams for tests; the clock is the landing's."""

    landing: Landing
    settings: FetchSettings
    returns_folder: Path | None = None
    client: Client | None = None
    sleep: Callable[[float], object] | None = None
    uniform: Uniform = random.uniform
    log: AttemptLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = AttemptLog(self.landing.home)
        self._stop = threading.Event()

    def fetch(self, endpoints: Sequence[Endpoint], progress: Progress = lambda _: None) -> FetchReport:
        """Ask every endpoint given. A failure is an attempt in the report and the log, never an exception.

        KeyboardInterrupt (also one raised by `progress`) ends what is under way at once; what has landed stays landed.
        """
        if not endpoints:
            return FetchReport()
        client = self.client or Client(self.settings)
        histories = self.log.histories()
        known = list(self.landing.receipts())
        attempts: list[Attempt] = []
        new: list[Receipt] = []
        queue: SimpleQueue[_Download | None] = SimpleQueue()
        hosts = by_host(endpoints)
        with self._incoming() as folder, ThreadPoolExecutor(min(self.settings.parallel, len(hosts)), "fetch") as pool:
            futures: list[Future[None]] = []
            try:
                for group in hosts:
                    futures.append(pool.submit(self._fetch_host, group, histories, client, folder, queue))
                ended = 0
                while ended < len(hosts):
                    download = queue.get()
                    if download is None:
                        ended += 1
                        continue
                    attempt, receipt = self._land(download, histories.get(download.endpoint.key, History()), known)
                    self.log.append(attempt)
                    download.path.unlink(missing_ok=True)
                    attempts.append(attempt)
                    if receipt is not None:
                        new.append(receipt)
                    progress(Step(attempt, len(attempts), len(endpoints)))
                for future in futures:
                    future.result()
            except BaseException:
                self._stop.set()
                client.abort()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return FetchReport(tuple(attempts), tuple(new))

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A folder for bodies on their way, gone afterwards; those that a killed run left are gone after a day."""
        home = self.landing.home.landing / "incoming"
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as folder:
            now = Path(folder).stat().st_mtime  # the file system's own clock
            for old in home.iterdir():
                if now - old.stat().st_mtime > _DAY_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
            yield Path(folder)

    def _fetch_host(
        self,
        endpoints: Sequence[Endpoint],
        histories: dict[str, History],
        client: Client,
        folder: Path,
        queue: SimpleQueue[_Download | None],
    ) -> None:
        is_dead = False
        try:
            for index, endpoint in enumerate(endpoints):
                if index and not is_local(endpoint.url):
                    self._wait(self.settings.host_pause_seconds)
                if self._stop.is_set():
                    return
                tries = replace(self.settings, tries=1) if is_dead else self.settings
                download = self._fetch_one(endpoint, histories.get(endpoint.key, History()), client, folder / endpoint.key, tries)
                if download is None:
                    return
                # a host that cannot be reached after every try gets one try for each of its other files
                is_dead = download.answer.outcome in _DEAD_HOST
                queue.put(download)
        finally:
            queue.put(None)

    def _fetch_one(
        self, endpoint: Endpoint, history: History, client: Client, target: Path, settings: FetchSettings
    ) -> _Download | None:
        """Try until an answer stands. Tries that do not stand are logged here; the one that does, after it has landed."""
        number = 0
        while True:
            number += 1
            now = self.landing.clock()
            if is_local(endpoint.url):
                answer = copy_local(endpoint.url, target, self.returns_folder, settings)
            else:
                answer = client.get(endpoint.url, target, self._validators(history))
            if self._stop.is_set():
                return None
            wait = wait_before_next(answer, number, settings, self.landing.clock(), self.uniform)
            if wait is None:
                return _Download(endpoint, number, _instant(now), answer, target)
            self.log.append(_attempt(endpoint, number, _instant(now), answer, is_final=False))
            self._wait(wait)
            if self._stop.is_set():
                return None

    def _wait(self, seconds: float) -> None:
        if self.sleep is not None:
            self.sleep(seconds)
        else:
            self._stop.wait(seconds)

    def _validators(self, history: History) -> Validators:
        """Conditions make sense only while we still hold what they stand for."""
        last = history.success
        if last is None or not last.sha256 or not self.landing.object_path(last.sha256).exists():
            return Validators()
        return Validators(last.final_url, last.etag, last.last_modified)

    def _land(self, download: _Download, history: History, known: list[Receipt]) -> tuple[Attempt, Receipt | None]:
        endpoint, answer = download.endpoint, download.answer
        attempt = _attempt(endpoint, download.number, download.at, answer, is_final=True)
        if answer.outcome == "unchanged" and history.success is not None:
            same = history.success
            kept = replace(attempt, etag=same.etag, last_modified=same.last_modified, sha256=same.sha256, file_name=same.file_name)
            return kept, None
        if answer.outcome != "fetched":
            return attempt, None
        landed = land_download(self.landing, endpoint, download.path, answer, known)
        outcome = "fetched" if landed.receipt else "unchanged"
        return replace(attempt, outcome=outcome, sha256=landed.sha256, file_name=landed.file_name), landed.receipt


def by_host(endpoints: Sequence[Endpoint]) -> list[list[Endpoint]]:
    """Endpoints by host, in the order given; files are one host."""
    groups: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        groups.setdefault("" if is_local(endpoint.url) else _host(endpoint.url), []).append(endpoint)
    return list(groups.values())


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="microseconds")


def _attempt(endpoint: Endpoint, number: int, at: str, answer: Answer, *, is_final: bool) -> Attempt:
    return Attempt(
        endpoint=endpoint.key,
        agency_slug=endpoint.agency_slug,
        kind=endpoint.kind,
        url=endpoint.url,
        at=at,
        number=number,
        outcome=answer.outcome,
        is_final=is_final,
        final_url=answer.final_url,
        hops=answer.hops,
        status=answer.status,
        size_bytes=answer.size_bytes,
        seconds=answer.seconds,
        error=answer.words,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )
