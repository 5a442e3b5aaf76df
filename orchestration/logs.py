"""What happened, one line of JSON per event, in `<home>/logs/<day>.jsonl`: for grep, and for whoever collects logs.

Belongs here: writing a line, what is never in one, how long they are kept. Must not: decide anything, print, or stop a run: where
no line can be written, none is.

Every line has `at` (UTC), `run` (the Dagster run, "" outside one) and `stage`; then what the event is about: `publisher`, `agency`,
`return_id`, `kind`, `period`, `outcome`, `seconds`, counts, `error` in words.
"""

import functools
import inspect
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.home import Home

LOG_DAYS_VARIABLE, LOG_DAYS = "TOTALPLACE_LOG_DAYS", 90
_HIDDEN = "***"
_SECRET_NAME = re.compile(
    r"PASSWORD|PASSWD|SECRET|TOKEN|HASH_KEY|API_KEY|WEBHOOK|CREDENTIAL|POSTGRES_URL|DATABASE_URL", re.IGNORECASE
)
_SHORTEST_SECRET = 4  # a shorter one would blank out ordinary words
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+@")
_QUERY_OF_ADDRESS = re.compile(r"(://[^\s?#]+)\?[^\s\"'<>]*")
_run: ContextVar[str] = ContextVar("run", default="")


def log(home: Home, stage: str, **fields: Any) -> None:
    """Append one line. Fields that are None are left out."""
    now = datetime.now(UTC).replace(tzinfo=None)
    known = {"at": now.isoformat(timespec="milliseconds"), "run": _run.get(), "stage": stage}
    line = json.dumps(known | {name: value for name, value in fields.items() if value is not None}, default=str, ensure_ascii=False)
    path = home.logs / f"{now.date().isoformat()}.jsonl"
    with suppress(OSError):
        if not path.exists():
            home.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
            _prune(home, now.date())
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (without_secrets(home, line) + "\n").encode(errors="replace"))  # in one piece: others append too
        finally:
            os.close(handle)


def without_secrets(home: Home, text: str) -> str:
    """Text without the home's secret, values of variables that are called secret, names, passwords and queries of addresses."""
    secrets = [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]
    with suppress(OSError):
        secrets.append(home.secret_file.read_text(errors="replace"))
    for secret in sorted(filter(lambda s: len(s) >= _SHORTEST_SECRET, secrets), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN).replace(json.dumps(secret, ensure_ascii=False)[1:-1], _HIDDEN)
    return _QUERY_OF_ADDRESS.sub(rf"\1?{_HIDDEN}", _USER_IN_ADDRESS.sub(f"{_HIDDEN}@", text))


def logged(stage: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let an asset's function, of (context, totalplace), log how it ended: seconds, what it says in numbers, or the error."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def generator(context: Any, totalplace: Any) -> Iterator[Any]:
            with _Watch(stage, context, totalplace.home) as watch:
                for event in function(context, totalplace):
                    watch.see(event)
                    yield event

        @functools.wraps(function)
        def plain(context: Any, totalplace: Any) -> Any:
            with _Watch(stage, context, totalplace.home) as watch:
                result = function(context, totalplace)
                watch.see(result)
                return result

        return generator if inspect.isgeneratorfunction(function) else plain

    return decorate


class _Watch:
    """A stage as it runs: what it materialized, which checks failed, how long it took."""

    def __init__(self, stage: str, context: Any, home: Home) -> None:
        self.stage, self.home, self.run_id = stage, home, str(context.run.run_id)
        self.partitions = list(context.partition_keys) if getattr(context, "has_partition_key", False) else None
        self.materialized, self.passed, self.failed, self.counts = 0, 0, 0, {}

    def see(self, event: Any) -> None:
        from dagster import AssetCheckResult, MaterializeResult  # late: what only writes lines needs no Dagster

        if isinstance(event, AssetCheckResult):
            self.passed, self.failed = self.passed + bool(event.passed), self.failed + (not event.passed)
        elif isinstance(event, MaterializeResult):
            self.materialized += 1
            plain = {
                name: value for name, value in (event.metadata or {}).items() if isinstance(value, int) or name == "release_id"
            }
            self.counts = {name.removeprefix("dagster/"): value for name, value in plain.items()} if self.materialized == 1 else {}

    def __enter__(self) -> "_Watch":
        self.token, self.started = _run.set(self.run_id), time.perf_counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, GeneratorExit):
            outcome, words = "done" if error is None else "stopped", None
        else:
            described = getattr(error, "description", None)
            outcome, words = "failed", " ".join(f"{type(error).__name__}: {described or error}".split())[:1000]
        log(
            self.home,
            self.stage,
            outcome=outcome,
            seconds=round(time.perf_counter() - self.started, 3),
            partitions=self.partitions,
            materialized=self.materialized,
            checks_passed=self.passed,
            checks_failed=self.failed,
            error=words,
            **self.counts,
        )
        with suppress(ValueError):  # a generator may be closed in another context
            _run.reset(self.token)


def log_days() -> int:
    """How long lines are kept, in days. Raises ValueError for a setting that is no number of days."""
    given = os.environ.get(LOG_DAYS_VARIABLE, str(LOG_DAYS))
    if not given.isdecimal() or not int(given):
        raise ValueError(f"{LOG_DAYS_VARIABLE}={given}: give a number of days, such as {LOG_DAYS}")
    return int(given)


def _prune(home: Home, today: date) -> None:
    """Take away the files of days long past; nothing where the setting cannot be read."""
    with suppress(ValueError):
        oldest = (today - timedelta(days=log_days())).isoformat()
        for path in home.logs.glob("????-??-??.jsonl"):
            if path.stem < oldest:
                path.unlink()
