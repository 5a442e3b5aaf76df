"""Intake of landed files: what is done and what is not, their readings and the cache of them.

Belongs here: what decides that a file is read again. Must not: judge (that is `checking`) or write its records (`storing`).
"""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ingest import lake
from ingest.bulk.choice import read_path, split_or_read
from ingest.bulk.returns import split_return
from ingest.durable import with_checksum, without_checksum, written_aside
from ingest.home import Home
from ingest.landing import Landing, OriginalDamaged, Receipt
from ingest.reading import Note, Reading, ReturnPart
from ingest.records import FileRecord, damaged_files, partition_key, read_record, record_path, write_record
from ingest.registry import FileFacts, Registry
from ingest.waivers import NO_WAIVERS, WaiversInForce, variant_name
from orchestration.bulk import sieve_of
from orchestration.checking import return_id_of
from orchestration.file_rules import ORIGINAL_IS_WHOLE, owed_by
from orchestration.limit_settings import limits_from_environment
from orchestration.read_keys import read_key

# Checked together: enough to share the engine's cost, few enough to bound memory. Of a large file only its broken lines are held.
_BATCH_FILES, _BATCH_LINES = 64, 200_000
_CODE_FOLDERS = ("ingest", "expectations")
CODE_FILES = (
    "bulk",
    "checked",
    "checking",
    "file_rules",
    "finding_words",
    "frames",
    "intake",
    "read_keys",
    "reporting",
    "return_rules",
    "storing",
)  # of this folder
_BY_FILE = ("header_synonyms.csv", "personal_data.csv", "endpoints.csv", "calendar.csv")  # rows of them decide one file, or none
logger = logging.getLogger(__name__)
_REPOSITORY = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """A hash of the code and rules that turn a file into lines: a change means that files are read again."""
    digest = hashlib.sha256()
    for folder in _CODE_FOLDERS:
        for path in sorted((_REPOSITORY / folder).rglob("*")):
            if path.suffix in (".py", ".csv") and path.is_file() and path.name not in _BY_FILE:
                digest.update(str(path.relative_to(_REPOSITORY)).encode() + path.read_bytes())
    for name in CODE_FILES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return digest.hexdigest()


def code_and_limits() -> str:
    """What decides every file alike: code, rules, limits."""
    return f"{code_fingerprint()}\n{limits_from_environment()}"


def specification(registry: Registry) -> str:
    """All that, beside the bytes, could decide a reading. What did decide a file's record: `read_keys`."""
    return hashlib.sha256(f"{code_and_limits()}\n{registry.fingerprint}".encode()).hexdigest()[:16]


def read_landed(landing: Landing, registry: Registry, receipt: Receipt) -> Reading:
    """The reading of a landed file, from the cache in the build folder when nothing that decides it has changed."""
    cache = _cache(landing, registry, receipt)
    if cache.exists():
        try:
            if (pickled := without_checksum(cache.read_bytes())) is not None:
                reading = pickle.loads(pickled)  # our own file, written below
                reading.receipt = receipt
                return reading
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            pass
    reading = _read(landing, registry, receipt)
    with written_aside(cache, flush="none") as aside:
        aside.write_bytes(with_checksum(pickle.dumps(reading, protocol=pickle.HIGHEST_PROTOCOL)))
    with written_aside(cache.with_suffix(".partitions"), flush="file") as aside:
        aside.write_text("\n".join(sorted(partitions_of(reading))))
    return reading


def _read(landing: Landing, registry: Registry, receipt: Receipt) -> Reading:
    """A large file is surveyed, where it is regular; any other is read; one whose original is damaged is held. A fault of the
    programme holds the file that it comes to light with, as a rule that could not run; it does not stop the others. What is wrong
    with the machine stops the run."""
    facts = registry.files.get(receipt.file_name, FileFacts(None, None))
    try:
        path = landing.checked_path(receipt)
    except OriginalDamaged as damage:
        return Reading(receipt, facts).hold(ORIGINAL_IS_WHOLE, str(damage), receipt.sha256[:12])
    try:
        return read_path(path, receipt, registry, landing.limits)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # nothing is hidden: logged whole, and red
        logger.exception("%s could not be read", receipt.file_name)
        words = f"reading the file broke off, {type(error).__name__}: {error}. This is a fault of the programme, not of the file"
        return Reading(receipt, facts, notes=[Note("file_is_readable", words, outcome="could_not_run")], is_held=True)


def take_lines(landing: Landing, registry: Registry, reading: Reading) -> Reading:
    """The reading with its lines: of a surveyed file they are taken up now, the plain ones into a file in the build folder."""
    receipt = reading.receipt
    target = _cache(landing, registry, receipt).with_suffix(".plain.parquet")
    path = landing.object_path(receipt.sha256)

    def split(surveyed: Reading) -> None:
        part = surveyed.parts[0]
        assert surveyed.kind is not None
        return_id = return_id_of(surveyed, part)
        where = provenance_of(surveyed, part, return_id, f"{return_id}@{receipt.key}")
        sieve = sieve_of(surveyed.kind, part.period, part.agency_slug in registry.agencies)
        target.parent.mkdir(parents=True, exist_ok=True)
        split_return(surveyed, where, path, registry, sieve, target)

    return split_or_read(reading, path, registry, landing.limits, split)


def is_batch(readings: Sequence[Reading]) -> bool:
    """Whether these are enough to be checked together."""
    return len(readings) >= _BATCH_FILES or sum(len(part.lines) for each in readings for part in each.parts) >= _BATCH_LINES


def drop_reading(landing: Landing, registry: Registry, receipt: Receipt) -> None:
    """Forget the cached reading once its record is written, and those of other rules or registries with it."""
    for path in _cache(landing, registry, receipt).parent.glob(f"{receipt.key}-*"):
        path.unlink(missing_ok=True)


def _cache(landing: Landing, registry: Registry, receipt: Receipt) -> Path:
    return landing.home.root / "build" / "readings" / f"{receipt.key}-{specification(registry)}.pickle"


def partitions_of_landed(landing: Landing, registry: Registry, receipt: Receipt) -> set[str]:
    """The publisher-years of a landed file, without loading its reading when it was read before."""
    note = _cache(landing, registry, receipt).with_suffix(".partitions")
    if note.exists():
        return set(note.read_text().split("\n"))
    return partitions_of(read_landed(landing, registry, receipt))


def is_done(home: Home, registry: Registry, receipt: Receipt, waivers: WaiversInForce = NO_WAIVERS) -> FileRecord | None:
    """The record of the file when it was made by this very code and landing, by the rows of the registry that it is read by as they
    now are, under these waivers, and its files are still what was written; else None."""
    variant = variant_name(waivers.ids_of(receipt.key))
    record = read_record(record_path(home, receipt.publisher_slug, receipt.key, variant))
    if record is None or record.landed_at != receipt.landed_instant or damaged_files(home, record):
        return None
    is_damaged = ORIGINAL_IS_WHOLE in record.held_by  # held for that alone: read again once the original is back
    owes = any(not owed_by(part.kind) <= {row["rule_id"] for row in part.rule_results} for part in record.parts)
    is_current = record.specification == read_key(code_and_limits(), registry, receipt, record.looked_up)
    if is_current and not is_damaged and not owes:
        return record
    return record if Landing(home).damaged([receipt]) else None  # what was made of a lost original is kept as it is


def read_again(landing: Landing, registry: Registry, records: Sequence[FileRecord]) -> None:
    """Make the files of these records be read and checked again, whatever they were made by. The records stay until then."""
    keys = {record.key for record in records}
    for record in records:
        write_record(landing.home, replace(record, specification=""))
    for receipt in landing.receipts():
        if receipt.key in keys:
            drop_reading(landing, registry, receipt)


def undone_partitions(landing: Landing, registry: Registry, waivers: WaiversInForce = NO_WAIVERS) -> set[str]:
    """Publisher-years with a landed file that has no current record."""
    wanted: set[str] = set()
    for receipt in landing.receipts():
        if is_done(landing.home, registry, receipt, waivers) is None:
            wanted |= partitions_of_landed(landing, registry, receipt)
    return wanted


def partitions_of(reading: Reading) -> set[str]:
    """The publisher-years that a file's returns belong to; none for an archive, whose files landed beside it."""
    if reading.is_archive and not reading.is_held:
        return set()
    years = {part.period.financial_year if part.period else None for part in reading.parts}
    return {partition_key(reading.receipt.publisher_slug, year) for year in years or {None}}


def provenance_of(reading: Reading, part: ReturnPart, return_id: str, revision_id: str) -> lake.Provenance:
    assert reading.kind is not None
    receipt = reading.receipt
    return lake.Provenance(
        return_id,
        revision_id,
        receipt.publisher_slug,
        reading.kind.name,
        part.period.name if part.period else None,
        receipt.file_name,
        receipt.sha256,
        reading.facts.published_as_at,
        receipt.landed_instant,
    )
