"""dbt, run warm in this process: build the project in the working database and say in one shape how each node went.

Belongs here: calling dbt and reading its results. A subprocess per call costs seconds (design: stack); the adapter is reset after
each run, because it would otherwise keep the DuckDB file open.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
MANIFEST = PROJECT / "target" / "manifest.json"
PARSED = PROJECT / "target" / "parsed.txt"  # which files the manifest was parsed from


@dataclass(frozen=True)
class NodeResult:
    """How one dbt node went. `status`: success, pass, warn, fail, error, skipped."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    message: str
    failures: int
    seconds: float

    @property
    def is_failure(self) -> bool:
        return self.status in ("fail", "error") or (self.status == "skipped" and self.resource_type != "unit_test")


class TransformError(RuntimeError):
    """dbt could not run at all. The message is its own, in one line."""


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_dbt(
    command: Sequence[str], warehouse: Path, log_folder: Path, take: Callable[[Any], None] = lambda _: None
) -> list[NodeResult]:
    """Run one dbt command (`build`, `run`, ...) on a working database. `take` is given each of dbt's own results.

    Raises TransformError when dbt fails before any node runs (a parse error, a missing file).
    """
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    arguments = [
        *command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--log-path", str(log_folder),
        "--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-print",
        # What dbt writes goes beside its log: the code's own folder may not be writable, and another run may be reading it.
        "--no-write-json", "--target-path", str(log_folder.parent / "dbt-target"),
        "--partial-parse-file-path", str(PROJECT / "target" / "partial_parse.msgpack"),
    ]  # fmt: skip
    with _environment(TOTALPLACE_WAREHOUSE=str(warehouse), DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1"):
        try:
            outcome = dbtRunner().invoke(arguments)
        finally:
            reset_adapters()
            _close_duckdb()
    results = getattr(outcome.result, "results", None)  # of a command that runs nodes
    if results is None:
        words = " ".join(str(outcome.exception or "dbt gave no result").split())
        raise TransformError(f"dbt could not run: {words[:500]}")
    for result in results:
        take(result)
    nodes = [_node_result(result) for result in results]
    # dbt's own log costs it as much as half its models: every event is put into words for it, of whatever level.
    log_folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{node.status} {node.seconds:.2f} s {node.unique_id} {node.message}\n" for node in nodes)
    (log_folder / "dbt.log").write_text("".join(lines), encoding="utf-8")
    return nodes


def _close_duckdb() -> None:
    """dbt-duckdb keeps its database open for the process; whoever reads next needs it closed."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    environment = DuckDBConnectionManager._ENV  # pyright: ignore[reportPrivateUsage]
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _node_result(result: Any) -> NodeResult:
    node = result.node
    return NodeResult(
        unique_id=node.unique_id,
        resource_type=str(node.resource_type),
        name=node.name,
        status=str(result.status),
        message=" ".join(str(result.message or "").split()),
        failures=int(result.failures or 0),
        seconds=float(result.execution_time or 0.0),
    )


def ensure_manifest() -> dict[str, Any]:
    """The dbt manifest as it lies there, parsed only when there is none.

    Raises TransformError when the project does not parse.
    """
    if not MANIFEST.exists():
        _parse()
    return json.loads(MANIFEST.read_text())


def refresh_manifest() -> None:
    """Parse anew when the project is not the one that was parsed last: told by what was written beside the manifest, because
    whoever uses dbt here writes a manifest too, whatever was read for it. Called once, before the definitions load. Of processes
    that start together one parses and the others wait for it; whoever reads meanwhile reads the old manifest whole. Where the code
    cannot be written (an image) its manifest was made with it, and stays: only times of files may differ there.

    Raises TransformError when the project does not parse.
    """
    if _is_parsed() or (MANIFEST.exists() and not os.access(MANIFEST.parent, os.W_OK)):
        return
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with MANIFEST.with_name("parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_parsed():
            PARSED.unlink(missing_ok=True)  # a parse that is stopped half-way must not look like the last that ended
            sources = _sources()
            _parse()
            PARSED.write_text(sources)


def _is_parsed() -> bool:
    return MANIFEST.exists() and PARSED.exists() and PARSED.read_text() == _sources()


def _sources() -> str:
    """The files of the project with size and time of change, as a hash."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = sorted(name for name in folders if name not in ("target", "logs"))
        for name in sorted(names):
            if name.endswith((".sql", ".yml", ".csv", ".md")):
                stat = Path(folder, name).stat()
                digest.update(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _parse() -> None:
    from dbt.cli.main import dbtRunner

    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    partial = MANIFEST.with_name("partial_parse.msgpack")
    with tempfile.TemporaryDirectory(dir=MANIFEST.parent, prefix=".parse-") as aside:
        folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", aside]
        kept = ["--partial-parse-file-path", str(partial)] if partial.exists() else []
        outcome = dbtRunner().invoke(["parse", *folders, *kept, "--log-level", "none", "--quiet"])
        if not outcome.success:
            raise TransformError(f"the dbt project does not parse: {' '.join(str(outcome.exception).split())}")
        for name in (partial.name, MANIFEST.name):
            if Path(aside, name).exists():
                Path(aside, name).replace(MANIFEST.with_name(name))
