"""Writing what checking decided: lake, quarantine, findings and report of a file, its record last.

Belongs here: files of a home and the shape of a record. Must not: judge (that is `checking`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from expectations.catalogue import Rule
from expectations.runner import RuleResult
from ingest import lake
from ingest.durable import flush_file, make_folder, written_aside
from ingest.findings import findings_table
from ingest.garbage import uncollected
from ingest.home import Home
from ingest.ledger import LedgerEntry, money_sum
from ingest.reading import ReturnPart
from ingest.records import FileRecord, PartRecord, read_record, record_path, sealed, write_record
from ingest.registry import Registry
from ingest.rows import ZERO
from ingest.waivers import variant_name
from orchestration.checked import CheckedFile, CheckedPart
from orchestration.file_rules import ORIGINAL_IS_WHOLE, file_rule_rows, unread_rows
from orchestration.finding_words import address
from orchestration.intake import code_and_limits, provenance_of
from orchestration.logs import log
from orchestration.read_keys import looked_up_by, read_key
from orchestration.reporting import all_findings, write_report


@uncollected()
def store(home: Home, checked: CheckedFile, registry: Registry) -> FileRecord:
    """Write lake, quarantine and findings files of a checked file, its submitter's report, and its record last."""
    reading, receipt = checked.reading, checked.reading.receipt
    facts = reading.facts
    findings = all_findings(checked)
    waiver_ids = sorted(waiver.waiver_id for waiver in checked.waivers)
    variant = variant_name(waiver_ids)  # what a file became under other waivers is kept: a past state is made of it
    findings_path = home.lake / "_findings" / receipt.publisher_slug / f"{receipt.key}{variant}.parquet"
    parts = [_store_part(home, checked, part, variant) for part in checked.parts]
    if reading.is_held or not (parts or reading.is_archive):
        parts = [_held_part(checked)]
    if checked.parts:
        first = checked.parts[0]
        findings = [f if f.return_id else address(f, first) for f in findings]
    elif parts:
        findings = [f.at(return_id=parts[0].return_id, revision_id=parts[0].revision_id) for f in findings]
    with written_aside(findings_path, flush="file") as aside:
        lake.write_table(findings_table(findings), aside)
    looked_up = looked_up_by(reading, registry)
    report_path = write_report(home, checked, findings, registry)
    counts = Counter((f.revision_id, f.severity) for f in findings)
    for part in parts:
        mine = {severity: counts[part.revision_id, severity] for severity in ("blocking", "warning", "info")}
        part.finding_counts = {"total": mine["blocking"] + mine["warning"], **mine}
    record = FileRecord(
        key=receipt.key,
        file_name=receipt.file_name,
        file_sha256=receipt.sha256,
        publisher_slug=receipt.publisher_slug,
        specification=read_key(code_and_limits(), registry, receipt, looked_up),
        looked_up=looked_up,
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
    record = sealed(home, record)
    if before is not None and ORIGINAL_IS_WHOLE not in record.held_by:  # else its lines are all that is left of it
        _remove_what_is_no_longer(home, before, record)
    write_record(home, record)
    is_repair = before is not None and before.specification == record.specification and before.landed_at == record.landed_at
    for part in parts:
        _log(home, record, part, is_repair=is_repair)
    return record


def _log(home: Home, record: FileRecord, part: PartRecord, *, is_repair: bool) -> None:
    counts = {
        name: sum(int(entry[f"{name}_count"]) for entry in part.ledger) for name in ("row", "accepted", "quarantined", "excluded")
    }
    log(
        home, "return", publisher=record.publisher_slug, agency=part.agency_slug, return_id=part.return_id, kind=part.kind,
        period=part.period, file_name=record.file_name, sha256=record.file_sha256, outcome="held" if part.is_held else "accepted",
        rows=counts["row"], accepted=counts["accepted"], quarantined=counts["quarantined"], excluded=counts["excluded"],
        findings=part.finding_counts.get("total", 0), held_by=part.held_by or None, is_repair=is_repair or None,
    )  # fmt: skip


def _remove_what_is_no_longer(home: Home, before: FileRecord, now: FileRecord) -> None:
    """Lines that an earlier reading of the same bytes put where this one puts none: read by nobody, but a policy on personal data
    would not have kept them. Before the record is written: whoever is stopped in between finds the earlier record's file gone, and
    stores anew; after it, nobody would look for them again."""
    kept = {path for part in now.parts for path in part.paths}
    for part in before.parts:
        for path in part.paths:
            if path and path not in kept:
                (home.root / path).unlink(missing_ok=True)


def _store_part(home: Home, file: CheckedFile, checked: CheckedPart, variant: str) -> PartRecord:
    reading = file.reading
    assert reading.kind is not None
    part, receipt, kind = checked.part, reading.receipt, reading.kind.name
    where = provenance_of(reading, part, checked.return_id, checked.revision_id)
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
        rule_results=[_result_row(rule, result, part) for rule, result in checked.results]
        + file_rule_rows(reading, file.findings + checked.findings),
        controls=[_exact(asdict(control)) for control in reading.extract.controls] if part is reading.parts[0] else [],
        suspense=_suspense(bad, checked),
        held_by=checked.held_by,
        waived=_waived(checked),
    )


def _keep_plain(home: Home, checked: CheckedPart, publisher_slug: str, stem: str) -> Path | None:
    """Move the plain lines of a large file into the lake, or beside the quarantine of a return that is held."""
    plain = checked.part.plain
    if plain is None or not plain.count:
        return None
    lines = lake.lake_path(home, checked.kind, publisher_slug, stem)
    target = lake.plain_path(lake.quarantine_path(home, publisher_slug, stem) if checked.is_held else lines)
    make_folder(target.parent)
    flush_file(plain.path)
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
        rule_results=file_rule_rows(reading, checked.findings) + unread_rows(reading),
        held_by=sorted({f.rule_id for f in checked.findings if f.severity == "blocking"}),
    )


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
