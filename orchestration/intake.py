"""Intake of landed files: what is done and what is not, the cache of readings, and writing what checking decided.

Belongs here: lake, quarantine, findings and record files of a home. Must not: judge (that is `checking`).
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from expectations.catalogue import Rule
from expectations.runner import RuleResult
from ingest import lake
from ingest.bulk.choice import read_path, split_or_read
from ingest.bulk.returns import split_return
from ingest.findings import Finding, findings_table
from ingest.home import Home, written_aside
from ingest.landing import Landing, Receipt
from ingest.ledger import LedgerEntry, money_sum
from ingest.reading import Reading, ReturnPart
from ingest.records import FileRecord, PartRecord, partition_key, read_record, record_path, write_record
from ingest.registry import Registry
from ingest.rows import ZERO
from ingest.waivers import NO_WAIVERS, WaiversInForce, variant_name
from orchestration.bulk import sieve_of
from orchestration.checking import CheckedFile, CheckedPart, address, return_id_of
from orchestration.limit_settings import limits_from_environment
from orchestration.reporting import all_findings, write_report

BATCH = 24  # files checked together: enough to share the engine's cost, few enough to bound memory
_CODE_FOLDERS = ("ingest", "expectations")
_REPOSITORY = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """A hash of the code and rules that turn a file into lines: a change means that files are read again."""
    digest = hashlib.sha256()
    for folder in _CODE_FOLDERS:
        for path in sorted((_REPOSITORY / folder).rglob("*")):
            if path.suffix in (".py", ".csv") and path.is_file():
                digest.update(str(path.relative_to(_REPOSITORY)).encode() + path.read_bytes())
    for name in ("intake.py", "checking.py", "frames.py", "bulk.py", "reporting.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


def specification(registry: Registry) -> str:
    """What, beside the bytes, decides the result: code, rules, registry, limits."""
    return hashlib.sha256(f"{code_fingerprint()}\n{registry.fingerprint}\n{limits_from_environment()}".encode()).hexdigest()[:16]


def read_landed(landing: Landing, registry: Registry, receipt: Receipt) -> Reading:
    """The reading of a landed file, from the cache in the build folder when nothing that decides it has changed."""
    cache = _cache(landing, registry, receipt)
    if cache.exists():
        try:
            reading = pickle.loads(cache.read_bytes())  # our own file, written below
            reading.receipt = receipt
            return reading
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            cache.unlink()
    reading = _read(landing, registry, receipt)
    with written_aside(cache) as aside:
        aside.write_bytes(pickle.dumps(reading, protocol=pickle.HIGHEST_PROTOCOL))
    with written_aside(cache.with_suffix(".partitions")) as aside:
        aside.write_text("\n".join(sorted(partitions_of(reading))))
    return reading


def _read(landing: Landing, registry: Registry, receipt: Receipt) -> Reading:
    """A large file is surveyed, where it is regular; any other is read."""
    return read_path(landing.checked_path(receipt), receipt, registry, landing.limits)


def take_lines(landing: Landing, registry: Registry, reading: Reading) -> Reading:
    """The reading with its lines: of a surveyed file they are taken up now, the plain ones into a file in the build folder."""
    receipt = reading.receipt
    target = _cache(landing, registry, receipt).with_suffix(".plain.parquet")
    path = landing.object_path(receipt.sha256)

    def split(surveyed: Reading) -> None:
        part = surveyed.parts[0]
        assert surveyed.kind is not None
        return_id = return_id_of(surveyed, part)
        where = _provenance(surveyed, part, return_id, f"{return_id}@{receipt.key}")
        sieve = sieve_of(surveyed.kind, part.period, part.agency_slug in registry.agencies)
        target.parent.mkdir(parents=True, exist_ok=True)
        split_return(surveyed, where, path, registry, sieve, target)

    return split_or_read(reading, path, registry, landing.limits, split)


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
    """The record of the file when it was made by this very code, registry and landing, under these waivers, else None."""
    variant = variant_name(waivers.ids_of(receipt.key))
    record = read_record(record_path(home, receipt.publisher_slug, receipt.key, variant))
    if record is None or record.specification != specification(registry):
        return None
    return record if record.landed_at == receipt.landed_instant else None


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


def store(home: Home, checked: CheckedFile, registry: Registry) -> FileRecord:
    """Write lake, quarantine and findings files of a checked file, its submitter's report, and its record last."""
    reading, receipt = checked.reading, checked.reading.receipt
    facts = reading.facts
    findings = all_findings(checked)
    waiver_ids = sorted(waiver.waiver_id for waiver in checked.waivers)
    variant = variant_name(waiver_ids)  # what a file became under other waivers is kept: a past state is made of it
    findings_path = home.lake / "_findings" / receipt.publisher_slug / f"{receipt.key}{variant}.parquet"
    parts = [_store_part(home, reading, part, variant) for part in checked.parts]
    if reading.is_held or not (parts or reading.is_archive):
        parts = [_held_part(checked)]
    if checked.parts:
        first = checked.parts[0]
        findings = [f if f.return_id else address(f, first) for f in findings]
    elif parts:
        findings = [f.at(return_id=parts[0].return_id, revision_id=parts[0].revision_id) for f in findings]
    with written_aside(findings_path) as aside:
        pq.write_table(findings_table(findings), aside, compression="zstd")
    report_path = write_report(home, checked, findings, registry)
    counts = Counter(f.revision_id for f in findings if f.severity != "info")
    for part in parts:
        part.finding_counts = {"total": counts.get(part.revision_id, 0)}
    record = FileRecord(
        key=receipt.key,
        file_name=receipt.file_name,
        file_sha256=receipt.sha256,
        publisher_slug=receipt.publisher_slug,
        specification=specification(registry),
        landed_at=receipt.landed_instant,
        first_landed_at=datetime.fromisoformat(receipt.first_landed_at),
        published_as_at=facts.published_as_at,
        findings_path=str(findings_path.relative_to(home.root)),
        report_path=str(report_path.relative_to(home.root)),
        parts=parts,
        detected_type=receipt.detected_type,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        mapping_confidence=reading.mapping_confidence,
        is_dated_by_lines=facts.is_dated_by_lines,
        waivers=waiver_ids,
    )
    before = read_record(record_path(home, record.publisher_slug, record.key, variant))
    write_record(home, record)
    if before is not None:
        _remove_what_is_no_longer(home, before, record)
    return record


def _remove_what_is_no_longer(home: Home, before: FileRecord, now: FileRecord) -> None:
    """Lines that an earlier reading of the same bytes put where this one puts none: read by nobody, but a policy on personal data
    would not have kept them."""
    kept = {path for part in now.parts for path in part.paths}
    for part in before.parts:
        for path in part.paths:
            if path and path not in kept:
                (home.root / path).unlink(missing_ok=True)


def _store_part(home: Home, reading: Reading, checked: CheckedPart, variant: str) -> PartRecord:
    assert reading.kind is not None
    part, receipt, kind = checked.part, reading.receipt, reading.kind.name
    where = _provenance(reading, part, checked.return_id, checked.revision_id)
    good, bad = part.lines.loc[checked.accepted], part.lines.loc[~checked.accepted].copy()
    stem = f"{checked.revision_id}{variant}"
    good_path = lake.lake_path(home, kind, receipt.publisher_slug, stem) if len(good) else None
    bad_path = lake.quarantine_path(home, receipt.publisher_slug, stem) if len(bad) else None
    plain_path = _keep_plain(home, checked, receipt.publisher_slug, stem)
    if good_path:
        lake.write_parquet(lake.lines_table(good, where), good_path)
    if bad_path:
        bad["rule_ids"] = [";".join(checked.failed_rules[i]) or "return_held" for i in bad.index]
        lake.write_parquet(lake.lines_table(bad, where, is_quarantine=True), bad_path)
    return PartRecord(
        return_id=checked.return_id,
        revision_id=checked.revision_id,
        agency_slug=part.agency_slug,
        kind=kind,
        layer=lake.layer_of(kind),
        period=where.period,
        period_start=part.period.start.isoformat() if part.period else None,
        period_end=part.period.end.isoformat() if part.period else None,
        financial_year=part.period.financial_year if part.period else None,
        is_held=checked.is_held,
        hold_reason=checked.hold_reason,
        lake_path=str(good_path.relative_to(home.root)) if good_path else None,
        quarantine_path=str(bad_path.relative_to(home.root)) if bad_path else None,
        plain_path=str(plain_path.relative_to(home.root)) if plain_path else None,
        ledger=[_exact(asdict(entry)) for entry in checked.ledger],
        rule_results=[_result_row(rule, result, part) for rule, result in checked.results],
        controls=[_exact(asdict(control)) for control in reading.extract.controls] if part is reading.parts[0] else [],
        suspense=_suspense(bad, checked),
        held_by=checked.held_by,
        waived=_waived(checked),
    )


def _provenance(reading: Reading, part: ReturnPart, return_id: str, revision_id: str) -> lake.Provenance:
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


def _keep_plain(home: Home, checked: CheckedPart, publisher_slug: str, stem: str) -> Path | None:
    """Move the plain lines of a large file into the lake, or beside the quarantine of a return that is held."""
    plain = checked.part.plain
    if plain is None or not plain.count:
        return None
    lines = lake.lake_path(home, checked.kind, publisher_slug, stem)
    target = lake.plain_path(lake.quarantine_path(home, publisher_slug, stem) if checked.is_held else lines)
    target.parent.mkdir(parents=True, exist_ok=True)
    plain.path.replace(target)
    return target


def _waived(checked: CheckedPart) -> list[dict[str, object]]:
    """The lines and money in the lake that each waiver let in; none where something else still holds them."""
    amounts = checked.part.lines["amount_gbp"]
    rows: list[dict[str, object]] = []
    for waiver_id, positions in sorted(checked.waived.items()):
        mine = range(len(amounts)) if positions is None else positions
        let_in = [position for position in mine if checked.accepted.iloc[position]]
        rows.append({"waiver_id": waiver_id, "line_count": len(let_in), "amount_gbp": str(money_sum(amounts.iloc[let_in]))})
    return rows


def _held_part(checked: CheckedFile) -> PartRecord:
    """A file that holds no readable return still has a record, a ledger and a status."""
    reading, receipt = checked.reading, checked.reading.receipt
    return_id = f"{receipt.publisher_slug}.{reading.kind.name if reading.kind else 'unknown'}.unknown-{receipt.key}"
    rows = reading.physical_row_count
    entry = LedgerEntry(None, rows, 0, rows, 0, None, ZERO, ZERO, ZERO)
    reasons = [f.message for f in checked.findings if f.severity == "blocking"]
    return PartRecord(
        return_id=return_id,
        revision_id=f"{return_id}@{receipt.key}",
        agency_slug=None,
        kind=reading.kind.name if reading.kind else None,
        layer=lake.layer_of(reading.kind.name if reading.kind else None),
        period=None,
        period_start=None,
        period_end=None,
        financial_year=None,
        is_held=True,
        hold_reason="; ".join(reasons),
        lake_path=None,
        quarantine_path=None,
        ledger=[_exact(asdict(entry))],
        rule_results=[_file_rule_row(f) for f in checked.findings if f.severity == "blocking"],
        held_by=sorted({f.rule_id for f in checked.findings if f.severity == "blocking"}),
    )


def _file_rule_row(finding: Finding) -> dict[str, object]:
    return {
        "rule_id": finding.rule_id, "grain": "file", "severity": finding.severity, "outcome": "failed",
        "checked_count": 1, "failed_count": 1, "failed_gbp": None, "cause": finding.message,
    }  # fmt: skip


def _result_row(rule: Rule, result: RuleResult, part: ReturnPart) -> dict[str, object]:
    failed = None
    if rule.grain == "line" and result.outcome == "failed":
        failed = str(money_sum(part.lines["amount_gbp"].iloc[result.failed_positions]))
    return {
        "rule_id": rule.rule_id, "grain": rule.grain, "severity": rule.severity, "outcome": result.outcome,
        "checked_count": result.checked_count, "failed_count": result.failed_count or int(result.outcome == "failed"),
        "failed_gbp": failed, "cause": result.cause,
    }  # fmt: skip


def _suspense(bad: pd.DataFrame, checked: CheckedPart) -> list[dict[str, object]]:
    """Money of quarantined lines by agency, year and place."""
    sums: dict[tuple[str | None, str | None, str | None], Decimal] = {}
    places: Sequence[object] = list(bad["place_code"]) if "place_code" in bad else [None] * len(bad)
    rows = zip(bad["agency_slug"], bad["financial_year"], places, bad["amount_gbp"], strict=True)
    for agency, year, place, amount in rows:
        if isinstance(amount, Decimal):
            key = tuple(value if isinstance(value, str) else None for value in (agency, year, place))
            sums[key] = sums.get(key, ZERO) + amount  # type: ignore[index, arg-type]
    if checked.is_held and checked.part.plain:
        for year, amount in checked.part.plain.gbp_by_year.items():
            key = (checked.part.agency_slug, year, None)
            sums[key] = sums.get(key, ZERO) + amount
    reason = "return_held" if checked.is_held else "lines_quarantined"
    ordered = sorted(sums.items(), key=lambda item: tuple(value or "" for value in item[0]))
    return [
        {"agency_slug": agency, "financial_year": year, "place_code": place, "amount_gbp": str(amount), "reason": reason}
        for (agency, year, place), amount in ordered
    ]


def _exact(row: dict[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}
