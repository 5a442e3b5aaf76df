"""File records: what intake made of each landed file, kept as JSON beside the lake.

Belongs here: the record's shape, reading and writing it. One record per file and content; `specification` says by which code,
registry and rules it was made, so that a re-run knows whether to make it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.durable import checked_json, file_sha256, flush_folders, is_whole, read_checked, seal, written_aside
from ingest.home import Home
from ingest.waivers import WaiversInForce, variant_name


@dataclass
class PartRecord:
    """One return revision found in a file. Paths are relative to the home; money is text, exact."""

    return_id: str
    revision_id: str
    agency_slug: str | None
    kind: str | None
    layer: str | None
    period: str | None
    period_start: str | None
    period_end: str | None
    financial_year: str | None
    is_held: bool
    hold_reason: str
    lake_path: str | None
    quarantine_path: str | None
    ledger: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    rule_results: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    controls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    suspense: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    finding_counts: dict[str, int] = field(default_factory=dict[str, int])
    plain_path: str | None = None  # the plain lines of a large file: accepted with those of lake_path, or held with the return
    held_by: list[str] = field(default_factory=list[str])  # the rules that hold the return whole
    waived: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])  # what each waiver let in: lines and money

    @property
    def paths(self) -> tuple[str | None, ...]:
        """Every file of its lines."""
        return (self.lake_path, self.quarantine_path, self.plain_path)

    @property
    def accepted_paths(self) -> tuple[str, ...]:
        """The files of its lines that count, were it in service."""
        return tuple(path for path in (self.lake_path, None if self.is_held else self.plain_path) if path)


@dataclass
class FileRecord:
    """What a landed file became, under the waivers (ids, sorted) that were in force when it was checked."""

    key: str
    file_name: str
    file_sha256: str
    publisher_slug: str
    specification: str
    landed_at: datetime
    first_landed_at: datetime
    published_as_at: datetime | None
    findings_path: str
    parts: list[PartRecord] = field(default_factory=list[PartRecord])
    report_path: str = ""  # the submitter's page; the complete CSV beside it has its name
    detected_type: str = ""
    encoding: str = ""
    delimiter: str = ""
    mapping_confidence: float | None = None
    is_dated_by_lines: bool = False  # `published_as_at` is the latest change that the file's own lines state
    waivers: list[str] = field(default_factory=list[str])
    hashes: dict[str, str] = field(default_factory=dict[str, str])  # path of each file of lines and findings -> its sha256
    looked_up: dict[str, list[str]] = field(default_factory=dict[str, list[str]])  # of the registry, by the file's lines

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that the record speaks of, without the report."""
        return (self.findings_path, *(path for part in self.parts for path in part.paths if path))

    @property
    def held_by(self) -> frozenset[str]:
        """The rules that hold any of its returns."""
        return frozenset(rule for part in self.parts for rule in part.held_by)

    @property
    def partitions(self) -> tuple[str, ...]:
        """The publisher-years it belongs to; none for a file that could not be read as a return."""
        read = [part for part in self.parts if part.lake_path or part.quarantine_path or part.period]
        return tuple(sorted({partition_key(self.publisher_slug, part.financial_year) for part in read}))


UNKNOWN_YEAR = "unknown"


def partition_key(publisher_slug: str, financial_year: str | None) -> str:
    """The Dagster partition of a return: publisher and financial year ("unknown" for a return that has none)."""
    return f"{publisher_slug}|{financial_year or UNKNOWN_YEAR}"


def record_path(home: Home, publisher_slug: str, key: str, variant: str = "") -> Path:
    """`variant`: what the file became under a set of waivers; "" without any."""
    return home.lake / "_records" / publisher_slug / f"{key}{variant}.json"


def _plain(value: object) -> str:
    if isinstance(value, (Decimal, datetime)):
        return str(value)
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def sealed(home: Home, record: FileRecord) -> FileRecord:
    """The record with the hash of every file that it speaks of, which lie there now; each is on disk when this returns."""
    hashes = {path: file_sha256(home.root / path) for path in record.paths}
    for path, sha256 in hashes.items():
        seal(home.root / path, sha256)
    flush_folders((home.root / path).parent for path in (*hashes, record.report_path) if path)
    return replace(record, hashes=hashes)


def damaged_files(home: Home, record: FileRecord) -> list[str]:
    """The files of a record that are gone or are not what was written; cheap where nobody touched them (`ingest.durable`)."""
    return [path for path, sha256 in record.hashes.items() if not is_whole(home.root / path, sha256)]


class LakeDamaged(ValueError):
    """Lines that should be counted are not those that were checked. The message says which, and what to do."""


def refuse_damaged(home: Home, records: Sequence[FileRecord]) -> None:
    """Let nothing be counted of files that changed since they were checked.

    Raises LakeDamaged.
    """
    damaged = [path for record in records for path in damaged_files(home, record)]
    if damaged:
        more = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        raise LakeDamaged(
            f"{damaged[0]}{more} in the home {'are' if more else 'is'} not what was checked: run `totalplace run`, which makes"
            f" {'them' if more else 'it'} again from the original"
        )


def write_record(home: Home, record: FileRecord) -> None:
    """Write the record last: a file without one was not finished, and is read again."""
    with written_aside(record_path(home, record.publisher_slug, record.key, variant_name(record.waivers))) as aside:
        aside.write_text(checked_json(json.loads(json.dumps(asdict(record), default=_plain))))


def read_record(path: Path) -> FileRecord | None:
    """The record, or None when there is none, it is damaged or of an older shape."""
    try:
        data = read_checked(path)
        data["parts"] = [PartRecord(**part) for part in data["parts"]]
        for name in ("landed_at", "first_landed_at", "published_as_at"):
            data[name] = datetime.fromisoformat(data[name]) if data[name] else None
        return FileRecord(**data)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def all_records(home: Home) -> list[FileRecord]:
    """Every file record of a home as intake made it, by file name, then content; several of a file that waivers are about."""
    found = [read_record(path) for path in sorted((home.lake / "_records").rglob("*.json"))]
    return sorted((r for r in found if r is not None), key=lambda r: (r.file_name, r.file_sha256, r.waivers))


def records_under(records: Sequence[FileRecord], waivers: WaiversInForce) -> list[FileRecord]:
    """One record per file: the one made under the waivers in force; before the file is checked under them, the one without any."""
    chosen: dict[str, FileRecord] = {}
    for record in records:
        wanted = waivers.ids_of(record.key)
        best = chosen.get(record.key)
        if best is None or record.waivers == wanted or (not record.waivers and best.waivers != wanted):
            chosen[record.key] = record
    return list(chosen.values())
