"""Which way a landed file is read: column by column where it is large and regular, else line by line.

Belongs here: the choice and its limits. A large file that is not regular is read line by line up to a size of its own, because
its lines are then held in memory; beyond it the file is held, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.bulk import NotRegular
from ingest.bulk.returns import survey_return
from ingest.landing import Receipt
from ingest.limits import LimitBreached, Limits
from ingest.reading import Reading, read_file
from ingest.registry import FileFacts, Registry

Split = Callable[[Reading], None]


def read_path(path: Path, receipt: Receipt, registry: Registry, limits: Limits) -> Reading:
    """Read a file; of a large, regular one only what `split_or_read` needs."""
    if path.stat().st_size < limits.bulk_bytes:
        return read_file(path.read_bytes(), receipt, registry, limits)
    try:
        limits.check("file_bytes", path.stat().st_size, "the file", "publish it in several files")
        return survey_return(path, receipt, registry, limits)
    except NotRegular as cause:
        return _line_by_line(path, receipt, registry, limits, cause)
    except LimitBreached as breach:
        return _held(receipt, registry, str(breach), breach.name)


def split_or_read(reading: Reading, path: Path, registry: Registry, limits: Limits, split: Split) -> Reading:
    """The reading with its lines: `split` fills in those of a surveyed file (`bulk.returns.split_return`)."""
    if reading.survey is None:
        return reading
    try:
        split(reading)
    except NotRegular as cause:
        return _line_by_line(path, reading.receipt, registry, limits, cause)
    return reading


def _line_by_line(path: Path, receipt: Receipt, registry: Registry, limits: Limits, cause: NotRegular) -> Reading:
    size = path.stat().st_size
    if receipt.detected_type == "text" and size > limits.line_by_line_bytes:
        words = (
            f"the file has {size:,} bytes; beyond {limits.line_by_line_bytes:,} (limit line_by_line_bytes) only regular files are"
            f" read, and it is none: {cause}. Mend that, or publish it in several files"
        )
        return _held(receipt, registry, words, "line_by_line_bytes")
    return read_file(path.read_bytes(), receipt, registry, limits)


def _held(receipt: Receipt, registry: Registry, words: str, limit: str) -> Reading:
    reading = Reading(receipt, registry.files.get(receipt.file_name, FileFacts(None, None)))
    return reading.hold("file_is_within_limits", words, limit)
