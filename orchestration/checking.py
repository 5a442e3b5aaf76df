"""Checking: where `ingest` (reads) and `expectations` (judges) meet.

Belongs here: run the rules over a reading, split accepted from quarantined lines, hold what breaks a blocking rule. What is said
of it: `finding_words`. Plain Python, nothing is stored: used alike by the Dagster assets and by `totalplace check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from expectations.catalogue import Rule, load_catalogue, rules_for
from expectations.frames import columns_of, engine_frame
from expectations.runner import RuleResult, run_rules, run_rules_together
from expectations.vector import applies
from expectations.waivable import may_be_waived
from expectations.wording import describe, describe_fault
from ingest.bulk.stored import read_stored
from ingest.cell_faults import cell_faults
from ingest.garbage import uncollected
from ingest.ledger import ledger_difference, ledger_entries
from ingest.reading import Reading, ReturnPart, unread_money
from ingest.registry import Registry, stranger_words
from ingest.waivers import NO_WAIVERS, Waiver, WaiversInForce, waiver_of_line, waiver_of_return
from orchestration.bulk import witness_frame
from orchestration.checked import CheckedFile, CheckedPart
from orchestration.finding_words import address, as_waived, control_findings, finding_of, line_findings, note_finding
from orchestration.frames import control_frame, line_frame, missing_columns, return_frame
from orchestration.return_rules import STORED_COLUMNS, run_return_rules

YEAR = timedelta(days=366)
LEDGER_COLUMNS = ("ledger_count_difference", "ledger_gbp_difference")  # blank where there was no second count


def check_reading(reading: Reading, registry: Registry, waivers: WaiversInForce = NO_WAIVERS) -> CheckedFile:
    """Run every rule over a reading. Never raises for what is in the file."""
    return check_readings([reading], registry, waivers)[0]


@uncollected()
def check_readings(readings: Sequence[Reading], registry: Registry, waivers: WaiversInForce = NO_WAIVERS) -> list[CheckedFile]:
    """The same for many: lines by return, the returns' own rules together, because each call of the engine costs. A rule that
    is waived still gives its finding, as a warning; it holds nothing."""
    rules = {rule.rule_id: rule for rule in load_catalogue()}
    assert all(reading.survey is None or reading.parts[0].plain for reading in readings), "lines are taken before they are judged"
    checked = [_check_lines_of(reading, registry, rules, waivers.of(reading.receipt.key)) for reading in readings]
    _run_line_rules([part for file in checked for part in file.parts], rules)
    for file in checked:
        _take_lines(file, registry, rules)
    run_return_rules([part for file in checked for part in file.parts], rules)
    for file in checked:
        _finish(file, registry, rules)
    return checked


def _check_lines_of(reading: Reading, registry: Registry, rules: dict[str, Rule], waivers: tuple[Waiver, ...]) -> CheckedFile:
    findings = [note_finding(reading, rules, note) for note in reading.notes]
    slug = reading.receipt.publisher_slug
    if not _is_known(reading, registry):
        findings.append(finding_of(reading, rules["publisher_is_known"], stranger_words(registry, slug), value=slug))
    parts: list[CheckedPart] = []
    if not reading.is_held:
        parts = [_begin_part(reading, part, registry, waivers) for part in reading.parts]
    return CheckedFile(reading, parts, findings, waivers)


def _is_known(reading: Reading, registry: Registry) -> bool:
    """The folder is that of a registered agency or publisher, or holds a template whose lines all name registered agencies: a
    place's own team may report for everybody."""
    slug = reading.receipt.publisher_slug
    if slug in registry.agencies or slug in registry.publishers:
        return True
    if reading.kind is None or not reading.kind.has_own_agency or reading.is_held:
        return False
    return all(agency in registry.agencies for part in reading.parts for agency in part.lines["agency_slug"])


def _finish(file: CheckedFile, registry: Registry, rules: dict[str, Rule]) -> None:
    """Hold what must be held, then add up the ledger."""
    reading, slug = file.reading, file.reading.receipt.publisher_slug
    for checked in file.parts:
        _judge(reading, checked)
        if not _is_known(reading, registry):
            _hold(checked, f"the publisher '{slug}' is not in the registry", "publisher_is_known")
        if reading.hold_reason:
            _hold(checked, reading.hold_reason, "header_is_found")
        checked.ledger = ledger_entries(reading, checked.part, checked.accepted, checked is file.parts[0], checked.is_held)
        words = f"period {checked.part.period.name if checked.part.period else 'unknown'}: {checked.part.period_reason}"
        checked.findings.append(address(finding_of(reading, rules["period_decided"], words), checked))


def _begin_part(reading: Reading, part: ReturnPart, registry: Registry, waivers: tuple[Waiver, ...]) -> CheckedPart:
    assert reading.kind is not None
    kind = reading.kind
    return_id = return_id_of(reading, part)
    faults = cell_faults(part.lines, kind, registry, columns_of(kind.name, "line"))
    frame = line_frame(part.lines, kind, registry, part.period, faults)
    stored = read_stored(part.plain) if part.plain else None
    if stored is not None and stored.row_count:
        frame = pd.concat(
            [frame, witness_frame(stored, kind, part.period, part.agency_slug in registry.agencies)], ignore_index=True
        )
    return CheckedPart(
        part=part,
        kind=kind.name,
        return_id=return_id,
        revision_id=f"{return_id}@{reading.receipt.key}",
        context=_context(kind.name, part),
        accepted=pd.Series(True, index=part.lines.index),
        failed_rules=[[] for _ in range(len(part.lines))],
        frame=frame,
        faults=faults,
        stored=stored,
        waivers=waivers,
    )


def _run_line_rules(parts: Sequence[CheckedPart], rules: dict[str, Rule]) -> None:
    """The rules of lines, for all returns of a kind in one call of the engine; apart where a rule looks something up."""
    together: dict[str, list[CheckedPart]] = {}
    for part in parts:
        together.setdefault(part.kind, []).append(part)
    for kind, alike in together.items():
        if any(rule.context_names(kind) for rule in rules_for(tuple(rules.values()), kind, "line")):
            found = [run_rules(part.frame, kind=kind, grain="line", context=part.context) for part in alike]
        else:
            found = run_rules_together([part.frame for part in alike], kind=kind, grain="line")
        for part, results in zip(alike, found, strict=True):
            stand_ins = _stand_ins(part, [rules[result.rule_id] for result in results])
            part.results = [
                (rules[result.rule_id], _with_plain(part, rules[result.rule_id], result, stand_ins)) for result in results
            ]
            part.frame = pd.DataFrame()


def _stand_ins(part: CheckedPart, rules: Sequence[Rule]) -> pd.DataFrame:
    """The rows that stand for the plain lines of a large file, as the engine holds them; none for any other file."""
    columns = (column for rule in rules for column in rule.frame_columns())
    return engine_frame(part.frame.iloc[len(part.part.lines) :], columns) if part.stored is not None else pd.DataFrame()


def _with_plain(part: CheckedPart, rule: Rule, result: RuleResult, stand_ins: pd.DataFrame) -> RuleResult:
    """The result for all lines of a large file: those that its extremes stand for were checked with them."""
    if part.stored is None or not part.stored.row_count or result.outcome == "could_not_run":
        return result
    count = len(part.part.lines)
    positions = result.failed_positions[result.failed_positions < count]
    if len(positions) < len(result.failed_positions):
        return replace(
            result,
            outcome="could_not_run",
            checked_count=0,
            failed_positions=positions[:0],
            cause="lines that were stored as right break it: this is a fault of the programme, not of the file",
        )
    witnesses = int(applies(rule, stand_ins).sum())
    checked_count = result.checked_count - witnesses + (part.stored.row_count if witnesses else 0)
    outcome = "failed" if len(positions) else "passed" if checked_count else "not_applicable"
    return replace(result, outcome=outcome, checked_count=checked_count, failed_positions=positions)


def _take_lines(file: CheckedFile, registry: Registry, rules: dict[str, Rule]) -> None:
    """What the rules of lines, and of printed totals, make of a file's returns."""
    reading = file.reading
    whole = (ledger_difference(reading), unread_money(reading)) if file.parts else None  # of the file, however many its returns
    for checked in file.parts:
        assert whole is not None
        _quarantine_lines(reading, checked, registry)
        checked.summary = return_frame(reading, checked.part, checked.accepted, *whole, checked.stored)
        # the totals of a file are its first return's; rules without any have a result all the same: not applicable
        controls = control_frame(reading.extract.controls if checked is file.parts[0] else [])
        for result in run_rules(controls, kind=checked.kind, grain="control", context=checked.context):
            checked.results.append((rules[result.rule_id], result))
            checked.findings += control_findings(reading, checked, rules[result.rule_id], result, controls)


def _quarantine_lines(reading: Reading, checked: CheckedPart, registry: Registry) -> None:
    quarantined = pd.Series(False, index=checked.part.lines.index)
    for rule, result in checked.results:
        if result.outcome != "failed":
            continue
        waived = _waive_lines(checked, rule, result)
        if rule.severity == "blocking":
            held = [position for position in result.failed_positions if int(position) not in waived]
            quarantined.iloc[held] = True
            for position in held:
                checked.failed_rules[position].append(rule.rule_id)
        if rule.rule_id != "agency_is_known" or _is_known(reading, registry):
            # of a publisher that nobody knows, publisher_is_known says it once
            checked.findings += line_findings(reading, checked, rule, result, waived, checked.faults.get(rule.column))
    checked.accepted = ~quarantined


def _waive_lines(checked: CheckedPart, rule: Rule, result: RuleResult) -> dict[int, Waiver]:
    """Position -> waiver, for the failing lines of a blocking rule that a waiver lets in."""
    waived: dict[int, Waiver] = {}
    if rule.severity != "blocking" or not checked.waivers or not may_be_waived(rule.rule_id):
        return waived
    lines = checked.part.lines
    for position in map(int, result.failed_positions):
        sheet, row = lines["sheet_name"].iloc[position], int(lines["row_number"].iloc[position])
        if waiver := waiver_of_line(checked.waivers, checked.revision_id, rule.rule_id, sheet, row):
            waived[position] = waiver
            positions = checked.waived.setdefault(waiver.waiver_id, [])
            assert positions is not None
            positions.append(position)
    if waived and rule.field_name == "payment_date" and checked.part.period is not None and "financial_year" in lines:
        # a date so far from its return says nothing of the year: the money counts in the return's own
        column = lines.columns.get_loc("financial_year")
        lines.iloc[list(waived), column] = checked.part.period.financial_year
    return waived


def _context(kind: str, part: ReturnPart) -> dict[str, object]:
    """What the catalogue may look up with `$`."""
    if part.period is None:
        return {"kind": kind}
    last = part.period.end - timedelta(days=1)
    return {
        "kind": kind,
        "period_min": part.period.start - YEAR,
        "period_max": last + YEAR,
        "period_from": part.period.start,
        "period_to": last,
        "financial_year": part.period.financial_year,
    }


def _judge(reading: Reading, checked: CheckedPart) -> None:
    """Findings of the return's own rules and of rules that could not run; hold on the blocking ones."""
    summary = checked.summary
    for rule, result in checked.results:
        is_holding = rule.severity == "blocking" and (
            result.outcome == "could_not_run" or (result.outcome == "failed" and rule.grain == "return")
        )
        waiver = waiver_of_return(checked.waivers, checked.revision_id, rule.rule_id)
        waiver = waiver if is_holding and may_be_waived(rule.rule_id) else None
        if result.outcome == "could_not_run":
            cause = reading.tally_cause if rule.column in LEDGER_COLUMNS and reading.tally is None else result.cause
            if checked.part.period is None and rule.context_names(checked.kind):
                cause = "the period of the return is not known"
            words = f"the check '{rule.sentence}' could not run: {cause}"
            finding = finding_of(reading, rule, words).at(outcome="could_not_run")
            checked.findings.append(address(as_waived(finding, waiver) if waiver else finding, checked))
        elif result.outcome == "failed" and rule.grain == "return":
            value = summary[rule.column].iloc[0] if rule.column in summary else None
            if rule.column == "has_mandatory_columns":
                value = ", ".join(missing_columns(reading))
            shown = None if value is None or value != value else str(value)
            message, expected = describe(rule, **checked.context | {"value": value})
            amount = Decimal(str(value)) if rule.column in ("stray_gbp", LEDGER_COLUMNS[1], STORED_COLUMNS[1]) else None
            fault = describe_fault(rule, **checked.context)
            finding = finding_of(reading, rule, message, value=shown).at(expected=expected, amount_gbp=amount, fault=fault)
            checked.findings.append(address(as_waived(finding, waiver) if waiver else finding, checked))
        if waiver is not None:
            checked.waived[waiver.waiver_id] = None
        elif is_holding:
            words = "could not run" if result.outcome == "could_not_run" else "no"
            _hold(checked, f"{rule.sentence}: {words}", rule.rule_id)


def _hold(checked: CheckedPart, reason: str, rule_id: str) -> None:
    """Hold the return whole: every line of it is quarantined."""
    checked.held_by.append(rule_id)
    checked.hold_reason = f"{checked.hold_reason}; {reason}" if checked.hold_reason else reason
    checked.accepted = pd.Series(False, index=checked.part.lines.index)


def return_id_of(reading: Reading, part: ReturnPart) -> str:
    assert reading.kind is not None
    publisher = reading.receipt.publisher_slug
    middle = f".{part.agency_slug}" if part.agency_slug and part.agency_slug != publisher else ""
    unknown = f"unknown-{reading.receipt.key}"
    return f"{publisher}{middle}.{reading.kind.name}.{part.period.name if part.period else unknown}"
