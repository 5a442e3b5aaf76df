"""Intake of one file: where `ingest` (reads) and `expectations` (judges) meet.

Belongs here: read a landed file, run the rules, split accepted from quarantined, hold what breaks a blocking rule, write lake,
quarantine, findings and the record. Plain Python, used alike by the Dagster assets and by `totalplace check`.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from expectations.catalogue import Rule, load_catalogue
from expectations.runner import RuleResult, run_rules
from expectations.wording import describe
from ingest import lake
from ingest.findings import Finding, findings_table
from ingest.home import Home, written_aside
from ingest.landing import Landing, Receipt
from ingest.ledger import LedgerEntry, ledger_difference, ledger_entries, money_sum
from ingest.reading import Reading, ReturnPart, read_file, unread_money
from ingest.records import FileRecord, PartRecord, partition_key, read_record, record_path, write_record
from ingest.registry import Registry, proposed_agency_row
from ingest.rows import ZERO
from orchestration.frames import control_frame, line_frame, return_frame

YEAR = timedelta(days=366)
_CODE_FOLDERS = ("ingest", "expectations")
_REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass
class CheckedPart:
    """A return part with everything the rules said of it."""

    part: ReturnPart
    return_id: str
    revision_id: str
    accepted: pd.Series
    failed_rules: list[list[str]]
    results: list[tuple[Rule, RuleResult]]
    findings: list[Finding]
    hold_reason: str = ""
    ledger: list[LedgerEntry] = field(default_factory=list[LedgerEntry])

    @property
    def is_held(self) -> bool:
        return bool(self.hold_reason)


@dataclass
class CheckedFile:
    """A reading with its checked parts and all findings of the file."""

    reading: Reading
    parts: list[CheckedPart]
    findings: list[Finding]


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """A hash of the code and rules that turn a file into lines: a change means that files are read again."""
    digest = hashlib.sha256()
    for folder in _CODE_FOLDERS:
        for path in sorted((_REPOSITORY / folder).rglob("*")):
            if path.suffix in (".py", ".csv") and path.is_file():
                digest.update(str(path.relative_to(_REPOSITORY)).encode() + path.read_bytes())
    for name in ("intake.py", "frames.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


def specification(registry: Registry) -> str:
    """What, beside the bytes, decides the result: code, rules, registry."""
    return hashlib.sha256(f"{code_fingerprint()}\n{registry.fingerprint}".encode()).hexdigest()[:16]


def read_landed(landing: Landing, registry: Registry, receipt: Receipt) -> Reading:
    """The reading of a landed file, from the cache in the work folder when nothing that decides it has changed."""
    cache = landing.home.root / "work" / "readings" / f"{receipt.key}-{specification(registry)}.pickle"
    if cache.exists():
        try:
            reading = pickle.loads(cache.read_bytes())  # our own file, written below
            reading.receipt = receipt
            return reading
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            cache.unlink()
    reading = read_file(landing.read(receipt), receipt, registry)
    with written_aside(cache) as aside:
        aside.write_bytes(pickle.dumps(reading, protocol=pickle.HIGHEST_PROTOCOL))
    return reading


def drop_reading(landing: Landing, registry: Registry, receipt: Receipt) -> None:
    """Forget the cached reading once its record is written."""
    (landing.home.root / "work" / "readings" / f"{receipt.key}-{specification(registry)}.pickle").unlink(missing_ok=True)


def is_done(home: Home, registry: Registry, receipt: Receipt) -> FileRecord | None:
    """The record of the file when it was made by this very code, registry and landing, else None."""
    record = read_record(record_path(home, receipt.publisher_slug, receipt.key))
    if record is None or record.specification != specification(registry):
        return None
    return record if record.landed_at == receipt.landed_instant else None


def undone_partitions(landing: Landing, registry: Registry) -> set[str]:
    """Publisher-years with a landed file that has no current record."""
    wanted: set[str] = set()
    for receipt in landing.receipts():
        if is_done(landing.home, registry, receipt) is None:
            wanted |= partitions_of(read_landed(landing, registry, receipt))
    return wanted


def partitions_of(reading: Reading) -> set[str]:
    """The publisher-years that a file's returns belong to."""
    years = {part.period.financial_year if part.period else None for part in reading.parts}
    return {partition_key(reading.receipt.publisher_slug, year) for year in years or {None}}


def check_reading(reading: Reading, registry: Registry) -> CheckedFile:
    """Run every rule over a reading. Never raises for what is in the file."""
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    findings = [_note_finding(reading, rules, note) for note in reading.notes]
    slug = reading.receipt.publisher_slug
    is_known = slug in registry.agencies or slug in registry.publishers
    if not is_known:
        row = proposed_agency_row(slug)
        words = f"nobody here knows the publisher '{slug}': add to registry/agencies.csv the row  {row}"
        findings.append(_finding(reading, rules["publisher_is_known"], words, value=slug))
    if reading.is_held:
        blocking = [f.message for f in findings if f.severity == "blocking"]
        return CheckedFile(reading, [], [f.at(message=f.message) for f in findings] if blocking else findings)
    parts = [_check_part(reading, part, registry, rules, is_first=i == 0) for i, part in enumerate(reading.parts)]
    for checked in parts:
        if not is_known:
            _hold(checked, f"the publisher '{slug}' is not in the registry")
        checked.ledger = ledger_entries(reading, checked.part, checked.accepted, checked is parts[0])
        words = f"period {checked.part.period.name if checked.part.period else 'unknown'}: {checked.part.period_reason}"
        finding = _finding(reading, rules["period_decided"], words)
        checked.findings.append(_address(finding, checked))
    return CheckedFile(reading, parts, findings)


def _check_part(reading: Reading, part: ReturnPart, registry: Registry, rules: dict[str, Rule], is_first: bool) -> CheckedPart:
    assert reading.kind is not None
    kind = reading.kind.name
    return_id = _return_id(reading, part)
    revision_id = f"{return_id}@{reading.receipt.key}"
    context: dict[str, object] = {"kind": kind}
    if part.period:
        context |= {
            "period_min": part.period.start - YEAR,
            "period_max": part.period.end - timedelta(days=1) + YEAR,
            "period_from": part.period.start,
            "period_to": part.period.end - timedelta(days=1),
            "financial_year": part.period.financial_year,
        }
    frame = line_frame(part.lines, reading.kind, registry)
    results = run_rules(frame, kind=kind, grain="line", context=context)
    failed_rules: list[list[str]] = [[] for _ in range(len(part.lines))]
    quarantined = pd.Series(False, index=part.lines.index)
    checked = CheckedPart(part, return_id, revision_id, ~quarantined, failed_rules, [], [])
    for result in results:
        rule = rules[result.rule_id]
        checked.results.append((rule, result))
        if result.outcome == "failed":
            if rule.severity == "blocking":
                quarantined.iloc[result.failed_positions] = True
                for position in result.failed_positions:
                    failed_rules[position].append(rule.rule_id)
            checked.findings += _line_findings(reading, checked, rule, result, context)
    checked.accepted = ~quarantined
    difference = ledger_difference(reading)
    summary = return_frame(reading, part, checked.accepted, difference, unread_money(reading))
    checked.results += [(rules[r.rule_id], r) for r in run_rules(summary, kind=kind, grain="return", context=context)]
    if is_first and reading.extract.controls:
        controls = control_frame(reading.extract.controls)
        for result in run_rules(controls, kind=kind, grain="control", context=context):
            checked.results.append((rules[result.rule_id], result))
            checked.findings += _control_findings(reading, checked, rules[result.rule_id], result, controls)
    _judge(reading, checked, summary, context)
    return checked


def _judge(reading: Reading, checked: CheckedPart, summary: pd.DataFrame, context: dict[str, object]) -> None:
    """Findings of the return's own rules and of rules that could not run; hold on the blocking ones."""
    for rule, result in checked.results:
        if result.outcome == "could_not_run":
            words = f"the check '{rule.sentence}' could not run: {result.cause}"
            finding = _finding(reading, rule, words).at(outcome="could_not_run")
            checked.findings.append(_address(finding, checked))
        elif result.outcome == "failed" and rule.grain == "return":
            value = summary[rule.column].iloc[0] if rule.column in summary else None
            shown = None if value is None or value != value else str(value)
            message, expected = describe(rule, **context | {"value": value})
            amount = Decimal(str(value)) if rule.column in ("stray_gbp", "ledger_gbp_difference") else None
            finding = _finding(reading, rule, message, value=shown).at(expected=expected, amount_gbp=amount)
            checked.findings.append(_address(finding, checked))
        if rule.severity == "blocking" and (
            result.outcome == "could_not_run" or (result.outcome == "failed" and rule.grain == "return")
        ):
            _hold(checked, f"{rule.sentence}: {'could not run' if result.outcome == 'could_not_run' else 'no'}")


def _hold(checked: CheckedPart, reason: str) -> None:
    """Hold the return whole: every line of it is quarantined."""
    checked.hold_reason = f"{checked.hold_reason}; {reason}" if checked.hold_reason else reason
    checked.accepted = pd.Series(False, index=checked.part.lines.index)


def _return_id(reading: Reading, part: ReturnPart) -> str:
    assert reading.kind is not None
    publisher = reading.receipt.publisher_slug
    middle = f".{part.agency_slug}" if part.agency_slug and part.agency_slug != publisher else ""
    unknown = f"unknown-{reading.receipt.key}"
    return f"{publisher}{middle}.{reading.kind.name}.{part.period.name if part.period else unknown}"


def _finding(reading: Reading, rule: Rule, words: str, value: str | None = None) -> Finding:
    return Finding(
        rule_id=rule.rule_id,
        severity=rule.severity,  # type: ignore[arg-type]
        owner=rule.owner,  # type: ignore[arg-type]
        message=words,
        expected=describe(rule)[1],
        publisher_slug=reading.receipt.publisher_slug,
        kind=reading.kind.name if reading.kind else None,
        file_name=reading.receipt.file_name,
        value=value,
        field_name=rule.field_name or None,
    )


def _note_finding(reading: Reading, rules: dict[str, Rule], note: object) -> Finding:
    from ingest.reading import Note

    assert isinstance(note, Note)
    finding = _finding(reading, rules[note.rule_id], note.words, note.value)
    return finding.at(sheet_name=note.sheet_name, row_number=note.row_number)


def _address(finding: Finding, checked: CheckedPart) -> Finding:
    part = checked.part
    return finding.at(
        agency_slug=finding.agency_slug or part.agency_slug,
        period=part.period.name if part.period else None,
        return_id=checked.return_id,
        revision_id=checked.revision_id,
    )


_RAW_COLUMNS = {"amount_gbp": "amount_raw", "payment_date": "payment_date_raw"}


def _line_findings(
    reading: Reading, checked: CheckedPart, rule: Rule, result: RuleResult, context: dict[str, object]
) -> list[Finding]:
    """One finding per failing line, complete, addressed to its cell."""
    lines = checked.part.lines
    shown = _RAW_COLUMNS.get(rule.field_name, rule.field_name)
    words: dict[object, tuple[str, str]] = {}
    base = _address(_finding(reading, rule, ""), checked)
    found: list[Finding] = []
    for position in result.failed_positions:
        line = lines.iloc[int(position)]
        value = line[shown] if shown in lines else None
        value = value if isinstance(value, str) else None
        if value not in words:
            words[value] = describe(rule, **context | {"value": value})
        message, expected = words[value]
        amount = line["amount_gbp"] if isinstance(line["amount_gbp"], Decimal) else line["stray_gbp"]
        found.append(
            base.at(
                message=message,
                expected=expected,
                value=value,
                agency_slug=line["agency_slug"] if isinstance(line["agency_slug"], str) else base.agency_slug,
                sheet_name=line["sheet_name"],
                row_number=int(line["row_number"]),
                cell_ref=line["cell_ref"] if rule.field_name == "amount_gbp" else None,
                amount_gbp=amount if isinstance(amount, Decimal) else None,
            )
        )
    return found


def _control_findings(
    reading: Reading, checked: CheckedPart, rule: Rule, result: RuleResult, controls: pd.DataFrame
) -> list[Finding]:
    found: list[Finding] = []
    for position in result.failed_positions:
        control = controls.iloc[int(position)]
        words = (
            f"{control['control_label'].replace('_', ' ')}: the file prints £{control['printed_gbp']:,.0f}, its lines add up to"
            f" £{control['summed_gbp']:,.0f}, which is £{abs(control['difference_gbp']):,.0f} away and more than rounding explains"
        )
        amount = Decimal(str(round(float(control["difference_gbp"]), 2)))
        found.append(_address(_finding(reading, rule, words, value=control["control_label"]), checked).at(amount_gbp=amount))
    return found


def store(home: Home, checked: CheckedFile, registry: Registry) -> FileRecord:
    """Write lake, quarantine and findings files of a checked file, and its record last."""
    reading, receipt = checked.reading, checked.reading.receipt
    facts = reading.facts
    findings = checked.findings + [finding for part in checked.parts for finding in part.findings]
    findings_path = home.lake / "_findings" / receipt.publisher_slug / f"{receipt.key}.parquet"
    parts = [_store_part(home, reading, part) for part in checked.parts] or [_held_part(checked)]
    if checked.parts:
        first = checked.parts[0]
        findings = [f if f.return_id else _address(f, first) for f in findings]
    else:
        findings = [f.at(return_id=parts[0].return_id, revision_id=parts[0].revision_id) for f in findings]
    with written_aside(findings_path) as aside:
        pq.write_table(findings_table(findings), aside, compression="zstd")
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
        first_landed_at=pd.Timestamp(receipt.first_landed_at).to_pydatetime(),
        published_as_at=facts.published_as_at,
        findings_path=str(findings_path.relative_to(home.root)),
        parts=parts,
    )
    write_record(home, record)
    return record


def _store_part(home: Home, reading: Reading, checked: CheckedPart) -> PartRecord:
    assert reading.kind is not None
    part, receipt, kind = checked.part, reading.receipt, reading.kind.name
    where = lake.Provenance(
        checked.return_id,
        checked.revision_id,
        receipt.publisher_slug,
        kind,
        part.period.name if part.period else None,
        receipt.file_name,
        receipt.sha256,
        reading.facts.published_as_at,
        receipt.landed_instant,
    )
    good, bad = part.lines[checked.accepted], part.lines[~checked.accepted].copy()
    good_path = lake.lake_path(home, kind, receipt.publisher_slug, checked.revision_id) if len(good) else None
    bad_path = lake.quarantine_path(home, receipt.publisher_slug, checked.revision_id) if len(bad) else None
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
        ledger=[_exact(asdict(entry)) for entry in checked.ledger],
        rule_results=[_result_row(rule, result, part) for rule, result in checked.results],
        controls=[_exact(asdict(control)) for control in reading.extract.controls] if part is reading.parts[0] else [],
        suspense=_suspense(bad, checked),
    )


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
    reason = "return_held" if checked.is_held else "lines_quarantined"
    ordered = sorted(sums.items(), key=lambda item: tuple(value or "" for value in item[0]))
    return [
        {"agency_slug": agency, "financial_year": year, "place_code": place, "amount_gbp": str(amount), "reason": reason}
        for (agency, year, place), amount in ordered
    ]


def _exact(row: dict[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}
