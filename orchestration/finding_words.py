"""What checking says: findings in words, addressed to the cell, from the results of rules.

Belongs here: wording and addressing. Must not: decide what is held (that is `checking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from expectations.catalogue import Rule
from expectations.runner import RuleResult
from expectations.wording import advice, describe, describe_fault, field_in_words
from ingest.cell_faults import CellFault, LineFaults
from ingest.findings import Finding
from ingest.reading import Note, Reading
from ingest.waivers import Waiver
from orchestration.checked import CheckedPart


def finding_of(reading: Reading, rule: Rule, words: str, value: str | None = None) -> Finding:
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


def note_finding(reading: Reading, rules: dict[str, Rule], note: Note) -> Finding:
    rule, words = rules[note.rule_id], note.words
    to_do = advice(rule)
    if note.outcome == "could_not_run":
        return finding_of(reading, rule, f"the check '{rule.sentence}' could not run: {words}").at(outcome="could_not_run")
    if rule.severity == "blocking" and " ".join(to_do.lower().split()[:3]) not in words.lower():
        # intake knows what is wrong with this file, the rule what to do about it
        words = f"{words}{'' if words.endswith('.') else '.'} {to_do}"
    finding = finding_of(reading, rule, words, note.value)
    return finding.at(sheet_name=note.sheet_name, row_number=note.row_number, fault=note.fault)


def address(finding: Finding, checked: CheckedPart) -> Finding:
    """The finding with the return it belongs to."""
    part = checked.part
    return finding.at(
        agency_slug=finding.agency_slug or part.agency_slug,
        period=part.period.name if part.period else None,
        return_id=checked.return_id,
        revision_id=checked.revision_id,
    )


_RAW_COLUMNS = {"amount_gbp": "amount_raw", "payment_date": "payment_date_raw"}


def line_findings(
    reading: Reading,
    checked: CheckedPart,
    rule: Rule,
    result: RuleResult,
    waived: Mapping[int, Waiver],
    faults: LineFaults | None = None,
) -> list[Finding]:
    """One finding per failing line, complete, addressed to its cell; one per broken cell where a rule is about several."""
    lines, extract = checked.part.lines, reading.extract
    shown = _RAW_COLUMNS.get(rule.field_name, rule.field_name)
    names = ("sheet_name", "row_number", "cell_ref", "agency_slug", "amount_gbp", "stray_gbp")
    failing = lines.iloc[result.failed_positions]
    values: Sequence[object] = list(failing[shown]) if shown in lines else [None] * len(failing)
    base = address(finding_of(reading, rule, ""), checked)
    if rule.field_name == "agency_slug" and reading.kind and reading.kind.agency_field:
        base = base.at(field_name=reading.kind.agency_field)
    worded: dict[object, Finding] = {}  # by the fault, or the cell's value of a rule about one cell: all but the address

    def said(fault: CellFault) -> Finding:
        known = checked.context | _words_of(fault, is_several=faults is not None)
        message, expected = describe(rule, **known)
        return base.at(
            message=message,
            expected=expected,
            fault=describe_fault(rule, **known),
            value=fault.value,
            field_name=fault.field_name or None,
        )

    found: list[Finding] = []
    rows = zip(result.failed_positions, values, *(failing[name] for name in names), strict=True)
    for position, value, sheet, row, cell, agency, amount, stray in rows:
        money = amount if isinstance(amount, Decimal) else stray
        text = value if isinstance(value, str) else None
        for key in faults[int(position)] if faults is not None else (text,):
            if key not in worded:
                worded[key] = said(key if isinstance(key, CellFault) else CellFault(base.field_name or "", key))
            finding = worded[key]
            finding = finding.at(
                agency_slug=agency if isinstance(agency, str) else base.agency_slug,
                sheet_name=sheet,
                row_number=int(row),
                cell_ref=cell if rule.field_name == "amount_gbp" else extract.cell_of(sheet, int(row), finding.field_name or ""),
                amount_gbp=money if isinstance(money, Decimal) else None,
            )
            waiver = waived.get(int(position))
            found.append(finding if waiver is None else as_waived(finding, waiver))
    return found


def _words_of(fault: CellFault, is_several: bool) -> dict[str, object]:
    """What a message may say of a broken cell. A rule about several fields has no field of its own to speak of."""
    if not is_several:
        return {"value": fault.value}
    bounds = {"min_value": fault.low, "max_value": fault.high}
    return {"value": fault.value, "field": field_in_words(fault.field_name), "allowed": fault.allowed, **bounds}


def control_findings(
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
        found.append(address(finding_of(reading, rule, words, value=control["control_label"]), checked).at(amount_gbp=amount))
    return found


def as_waived(finding: Finding, waiver: Waiver) -> Finding:
    """The finding stays, as a warning. Findings are published, so the waiver's name is not in it: its id leads to the record."""
    words = f"{finding.message} Counted all the same, by waiver {waiver.waiver_id}: {waiver.reason}"
    return finding.at(severity="warning", message=words)
