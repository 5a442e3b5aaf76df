"""What the working database holds of intake, as tables: returns, their money and rules, findings, waivers, what is in suspense.

Belongs here: the columns of the schemas `intake` and `registry`, and the rows that revisions in and out of service give them. Must
not: choose revisions, or decide a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ingest.findings import FINDINGS_SCHEMA
from ingest.home import Home
from ingest.lake import MONEY
from ingest.records import FileRecord
from ingest.registry import EXTENSION_COLUMNS, Registry
from ingest.revisions import Revision
from ingest.waivers import all_waivers
from orchestration.returns_due import day_of_release, due_of, due_table
from orchestration.rule_results import catalogue_rows

_TEXT, _COUNT, _TIME, _DAY = pa.string(), pa.int64(), pa.timestamp("us"), pa.date32()
_Columns = dict[str, pa.DataType]
_RETURNS: _Columns = {
    "return_id": _TEXT, "revision_id": _TEXT, "revision_number": pa.int32(), "publisher_slug": _TEXT, "agency_slug": _TEXT,
    "kind": _TEXT, "layer": _TEXT, "period": _TEXT, "period_start": _DAY, "period_end": _DAY, "financial_year": _TEXT,
    "file_name": _TEXT, "file_sha256": _TEXT, "published_as_at": _TIME, "landed_at": _TIME, "status": _TEXT, "hold_reason": _TEXT,
}  # fmt: skip
_LEDGER: _Columns = {
    "return_id": _TEXT, "revision_id": _TEXT, "revision_number": pa.int32(), "publisher_slug": _TEXT, "agency_slug": _TEXT,
    "kind": _TEXT, "period": _TEXT, "file_name": _TEXT, "file_sha256": _TEXT, "status": _TEXT, "row_count": _COUNT,
    "accepted_count": _COUNT, "quarantined_count": _COUNT, "excluded_count": _COUNT, "file_gbp": MONEY, "accepted_gbp": MONEY,
    "quarantined_gbp": MONEY, "excluded_gbp": MONEY,
}  # fmt: skip
_RULES: _Columns = {
    "return_id": _TEXT, "revision_id": _TEXT, "agency_slug": _TEXT, "rule_id": _TEXT, "grain": _TEXT, "severity": _TEXT,
    "outcome": _TEXT, "checked_count": _COUNT, "failed_count": _COUNT, "failed_gbp": MONEY, "cause": _TEXT,
}  # fmt: skip
_CATALOGUE: _Columns = {
    "rule_id": _TEXT, "kinds": _TEXT, "grain": _TEXT, "severity": _TEXT, "owner": _TEXT, "sentence": _TEXT,
    "is_of_folder": pa.bool_(),
}  # fmt: skip
_CONTROLS: _Columns = {
    "return_id": _TEXT, "revision_id": _TEXT, "financial_year": _TEXT, "scope": _TEXT, "control_label": _TEXT,
    "printed_gbp": MONEY, "summed_gbp": MONEY, "tolerance_gbp": MONEY, "source": _TEXT,
}  # fmt: skip
_SUSPENSE: _Columns = {
    "return_id": _TEXT, "revision_id": _TEXT, "agency_slug": _TEXT, "kind": _TEXT, "financial_year": _TEXT, "place_code": _TEXT,
    "amount_gbp": MONEY, "reason": _TEXT,
}  # fmt: skip

_WAIVERS: _Columns = {
    "waiver_id": _TEXT, "return_id": _TEXT, "revision_id": _TEXT, "file_name": _TEXT, "rule_id": _TEXT, "sheet_name": _TEXT,
    "row_number": pa.int32(), "reason": _TEXT, "waived_at": _TIME, "revoked_at": _TIME, "revoke_reason": _TEXT,
    "status": _TEXT, "line_count": _COUNT, "amount_gbp": MONEY,
}  # fmt: skip

INTAKE_COLUMNS = {
    "returns": _RETURNS, "ledger": _LEDGER, "findings": {f.name: f.type for f in FINDINGS_SCHEMA}, "rule_results": _RULES,
    "rules": _CATALOGUE, "controls": _CONTROLS, "suspense": _SUSPENSE, "waivers": _WAIVERS,
}  # fmt: skip


def intake_tables(
    home: Home,
    revisions: Sequence[Revision],
    as_known_on: datetime | None,
    registry: Registry,
    results: Sequence[dict[str, Any]],
    findings: Sequence[pa.Table],
) -> dict[str, pa.Table]:
    """Every table of the schema `intake` that follows from revisions, by its name. `results`: of rules that are not one return's
    own; `findings`: of every file, and of those rules."""
    as_of = day_of_release(revisions, as_known_on)
    return {
        "intake.returns": _table(_RETURNS, [_return_row(r, as_known_on) for r in revisions]),
        "intake.ledger": _table(_LEDGER, [row for r in revisions for row in _ledger_rows(r)]),
        "intake.rule_results": _table(_RULES, [row for r in revisions for row in _rule_rows(r)] + list(results)),
        "intake.rules": _table(_CATALOGUE, catalogue_rows()),
        "intake.controls": _table(_CONTROLS, [row for r in revisions for row in _control_rows(r)]),
        "intake.suspense": _table(_SUSPENSE, suspense_rows(revisions)),
        "intake.waivers": _table(_WAIVERS, waiver_rows(home, revisions, as_known_on)),
        "intake.returns_due": due_table(due_of(revisions, registry, as_of) if as_of else []),
        "intake.findings": pa.concat_tables(findings).cast(FINDINGS_SCHEMA),
    }


def registry_tables(registry: Registry) -> dict[str, pa.Table]:
    tables: dict[str, pa.Table] = {}
    for name, columns in EXTENSION_COLUMNS.items():
        rows = registry.extension.get(name, [])
        data = {column: pa.array([row.get(column) or None for row in rows], pa.string()) for column in columns}
        tables[f"registry.{name}"] = pa.table(data)
    return tables


def _table(columns: _Columns, rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([_exact(row.get(name), kind) for row in rows], kind) for name, kind in columns.items()})


def _exact(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if kind == MONEY:
        return Decimal(str(value))
    if kind == _DAY and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _identity(revision: Revision) -> dict[str, Any]:
    part, file = revision.part, revision.file
    return {
        "return_id": part.return_id, "revision_id": part.revision_id, "revision_number": revision.revision_number,
        "publisher_slug": file.publisher_slug, "agency_slug": part.agency_slug, "kind": part.kind, "period": part.period,
        "financial_year": part.financial_year, "file_name": file.file_name, "file_sha256": file.file_sha256,
        "status": revision.status,
    }  # fmt: skip


def _return_row(revision: Revision, as_known_on: datetime | None) -> dict[str, Any]:
    part, file = revision.part, revision.file
    return _identity(revision) | {
        "layer": part.layer, "period_start": part.period_start, "period_end": part.period_end,
        "published_as_at": file.published_as_at, "landed_at": landed_at(file, as_known_on),
        "hold_reason": part.hold_reason or None,
    }  # fmt: skip


def landed_at(file: FileRecord, as_known_on: datetime | None) -> datetime:
    """When the content landed, as it was known on the instant: it may have come back later."""
    return file.first_landed_at if as_known_on is not None and file.landed_at > as_known_on else file.landed_at


def waiver_rows(home: Home, revisions: Sequence[Revision], as_known_on: datetime | None) -> list[dict[str, Any]]:
    """Every waiver given by the instant, with what it lets in. Who gave it stays in the home: a release names no person."""
    let_in = {row["waiver_id"]: (r, row) for r in revisions for row in r.part.waived}
    rows: list[dict[str, Any]] = []
    for waiver in all_waivers(home):
        if as_known_on is not None and waiver.at > as_known_on:
            continue
        is_revoked = not waiver.is_in_force(as_known_on)
        revision, effect = let_in.get(waiver.waiver_id, (None, {"line_count": 0, "amount_gbp": "0.00"}))
        rows.append({
            "waiver_id": waiver.waiver_id, "return_id": waiver.return_id, "revision_id": waiver.revision_id,
            "file_name": waiver.file_name, "rule_id": waiver.rule_id, "sheet_name": waiver.sheet_name,
            "row_number": waiver.row_number, "reason": waiver.reason, "waived_at": waiver.at,
            "revoked_at": waiver.revoked_at if is_revoked else None,
            "revoke_reason": waiver.revoke_reason if is_revoked else None,
            "status": "revoked" if is_revoked else revision.status if revision else "not_applied",
            "line_count": effect["line_count"], "amount_gbp": effect["amount_gbp"],
        })  # fmt: skip
    return rows


def _ledger_rows(revision: Revision) -> list[dict[str, Any]]:
    return [_identity(revision) | entry for entry in revision.part.ledger]


def _rule_rows(revision: Revision) -> list[dict[str, Any]]:
    return [_identity(revision) | result for result in revision.part.rule_results]


def _control_rows(revision: Revision) -> list[dict[str, Any]]:
    if revision.status != "in_service":
        return []
    source = f"printed in {revision.file.file_name}"
    return [
        _identity(revision) | control | {"control_label": control["label"], "source": source} for control in revision.part.controls
    ]


def suspense_rows(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """Money held and not otherwise in service: quarantined lines of revisions in service, and held returns that have no good
    revision, of this publisher or another."""
    serving = [r for r in revisions if r.status == "in_service"]
    in_service = {r.part.return_id for r in serving}
    returned = {(r.part.agency_slug, r.part.kind, r.part.period) for r in serving if r.part.agency_slug and r.part.period}
    latest = {r.part.return_id: r.revision_number for r in revisions}
    rows: list[dict[str, Any]] = []
    for revision in revisions:
        is_last_held = (
            revision.status == "held"
            and revision.part.return_id not in in_service
            and (revision.part.agency_slug, revision.part.kind, revision.part.period) not in returned
            and revision.revision_number == latest[revision.part.return_id]
        )
        if revision.status == "in_service" or is_last_held:
            rows += [_identity(revision) | entry for entry in revision.part.suspense]
    return rows
