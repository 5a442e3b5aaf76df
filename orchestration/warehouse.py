"""The working database before dbt: exactly what is in service, as views and tables (docs/architecture.md).

Belongs here: choosing revisions, the rules about months, writing the schemas `lake`, `intake`, `registry`, `run`. Must not: model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.findings import FINDINGS_SCHEMA, Finding, findings_table
from ingest.home import Home
from ingest.kinds import SUPPORTED
from ingest.lake import MONEY, SCHEMAS
from ingest.records import FileRecord, all_records, records_under, refuse_damaged
from ingest.registry import EXTENSION_COLUMNS, Registry
from ingest.revisions import Revision, decide_revisions
from ingest.waivers import all_waivers, waivers_in_force
from ingest.withdrawals import WITHDRAWN, apply_withdrawals, withdrawals
from orchestration.ledger_parts import lay_out_ledgers
from orchestration.months import month_rules
from orchestration.overlaps import find_repeated_rows, overlap_rules
from orchestration.returns_due import day_of_release, due_of, due_table
from orchestration.rule_results import catalogue_rows, decided_together, rules_of
from orchestration.suppliers import supplier_names

DUCKDB_LIMITS: dict[str, Any] = {"memory_limit": "1GB"}  # the process has 2: what does not fit is spilled beside the database
PRICE_BASE_YEAR = "2024-25"  # the last financial year whose four quarters the deflator series holds


@dataclass(frozen=True)
class Prepared:
    """What the working database was prepared with."""

    revisions: list[Revision]
    row_counts: dict[str, int]


def current_records(home: Home, as_known_on: datetime | None = None) -> list[FileRecord]:
    """The file records of a home, under the waivers and withdrawals of now or of an instant; withdrawn returns held."""
    records = records_under(all_records(home), waivers_in_force(home, as_known_on))
    return apply_withdrawals(records, withdrawals(home, as_known_on))


def release_inputs(home: Home, as_known_on: datetime | None = None) -> list[dict[str, Any]]:
    """The revisions that a release is made of, with their hashes and what people decided about them."""
    return [
        {
            "return_id": r.part.return_id, "revision_id": r.part.revision_id, "file_name": r.file.file_name,
            "sha256": r.file.file_sha256, "status": r.status, "waivers": r.file.waivers,
            "is_withdrawn": WITHDRAWN in r.part.held_by,
        }
        for r in decide_revisions(current_records(home, as_known_on), as_known_on)
    ]  # fmt: skip


def prepare_warehouse(
    home: Home,
    registry: Registry,
    today: date,
    as_known_on: datetime | None = None,
    notices: Sequence[Finding] = (),
    folder_results: Sequence[dict[str, Any]] = (),
) -> Prepared:
    """Write the working database anew, aside, and swap it in: a reader of the old file keeps the old file. `notices` and
    `folder_results`: what the rules about the folder of returns say (`notices.folder_results`)."""
    records = current_records(home, as_known_on)
    revisions = decide_revisions(records, as_known_on)
    refuse_damaged(home, [r.file for r in revisions if r.status == "in_service"])
    target = home.warehouse
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(".part")
    for path in (aside, Path(f"{aside}.wal"), Path(f"{target}.wal")):
        path.unlink(missing_ok=True)
    with duckdb.connect(str(aside), config=DUCKDB_LIMITS) as connection:
        for schema in ("lake", "intake", "registry", "run"):
            connection.execute(f"create schema {schema}")
        columns = _lake_columns(revisions, as_known_on)
        _lake_views(connection, home, revisions, columns)
        find_repeated_rows(connection, revisions)
        lay_out_ledgers(connection, home, revisions, columns)
        tables = _intake_tables(connection, home, records, revisions, today, as_known_on, notices, registry)
        tables["intake.rule_results"] = pa.concat_tables([tables["intake.rule_results"], _table(_RULES, folder_results)])
        tables |= _registry_tables(registry) | {
            "intake.supplier_names": supplier_names(connection, registry, target.parent / "suppliers")
        }
        for name, table in tables.items():
            connection.register("incoming", table)
            connection.execute(f"create table {name} as select * from incoming")
            connection.unregister("incoming")
        known = "null" if as_known_on is None else f"timestamp '{as_known_on.isoformat(sep=' ')}'"
        day = day_of_release(revisions, as_known_on)
        as_of = "null" if day is None else f"date '{day}'"
        parameters = (
            f"select '{PRICE_BASE_YEAR}'::varchar as price_base_year, {known}::timestamp as as_known_on, {as_of}::date as as_of"
        )
        connection.execute(f"create table run.parameters as {parameters}")
        repeated = connection.execute("select count(*) from intake.repeated_rows").fetchone()
    aside.replace(target)
    counts = {name: table.num_rows for name, table in tables.items()}
    return Prepared(revisions, counts | {"intake.repeated_rows": repeated[0] if repeated else 0})


def _lake_columns(revisions: Sequence[Revision], as_known_on: datetime | None) -> str:
    """How the lake is read. As known on an instant, content that came back later still counts as landed first."""
    later = [r for r in revisions if r.file.landed_at != _landed_at(r.file, as_known_on)]
    landed = " ".join(f"when '{_quoted(r.part.revision_id)}' then timestamp '{r.file.first_landed_at}'" for r in later)
    return f"* replace (case revision_id {landed} else landed_at end as landed_at)" if later else "*"


def _lake_views(connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision], columns: str) -> None:
    """A view over the files in service."""
    for kind in SUPPORTED:
        paths = [
            str(home.root.resolve() / path)
            for r in revisions
            if r.status == "in_service" and r.part.kind == kind
            for path in r.part.accepted_paths
        ]
        if paths:
            listing = ", ".join(f"'{_quoted(path)}'" for path in paths)
            connection.execute(f"create view lake.{kind} as select {columns} from read_parquet([{listing}])")
        else:
            connection.register("incoming", SCHEMAS[kind].empty_table())
            connection.execute(f"create table lake.{kind} as select * from incoming")
            connection.unregister("incoming")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _intake_tables(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    records: Sequence[FileRecord],
    revisions: Sequence[Revision],
    today: date,
    as_known_on: datetime | None,
    notices: Sequence[Finding],
    registry: Registry,
) -> dict[str, pa.Table]:
    month_results, month_findings = decided_together(
        lambda: month_rules(connection, revisions, today, registry.agencies),
        rules_of("month"),
        revisions,
        "no month that has ended is this return's to answer for",
    )
    overlap_results, overlap_findings = overlap_rules(connection, revisions)
    as_of = day_of_release(revisions, as_known_on)
    seen = [r for r in records if as_known_on is None or r.first_landed_at <= as_known_on]
    findings = [pq.read_table(home.root / r.findings_path) for r in seen if (home.root / r.findings_path).exists()]
    findings.append(findings_table([*month_findings, *overlap_findings, *notices]))
    return {
        "intake.returns": _table(_RETURNS, [_return_row(r, as_known_on) for r in revisions]),
        "intake.ledger": _table(_LEDGER, [row for r in revisions for row in _ledger_rows(r)]),
        "intake.rule_results": _table(_RULES, [row for r in revisions for row in _rule_rows(r)] + month_results + overlap_results),
        "intake.rules": _table(_CATALOGUE, catalogue_rows()),
        "intake.controls": _table(_CONTROLS, [row for r in revisions for row in _control_rows(r)]),
        "intake.suspense": _table(_SUSPENSE, _suspense_rows(revisions)),
        "intake.waivers": _table(_WAIVERS, _waiver_rows(home, revisions, as_known_on)),
        "intake.returns_due": due_table(due_of(revisions, registry, as_of) if as_of else []),
        "intake.findings": pa.concat_tables(findings).cast(FINDINGS_SCHEMA),
    }


def _registry_tables(registry: Registry) -> dict[str, pa.Table]:
    tables: dict[str, pa.Table] = {}
    for name, columns in EXTENSION_COLUMNS.items():
        rows = registry.extension.get(name, [])
        data = {column: pa.array([row.get(column) or None for row in rows], pa.string()) for column in columns}
        tables[f"registry.{name}"] = pa.table(data)
    return tables


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
        "published_as_at": file.published_as_at, "landed_at": _landed_at(file, as_known_on),
        "hold_reason": part.hold_reason or None,
    }  # fmt: skip


def _landed_at(file: FileRecord, as_known_on: datetime | None) -> datetime:
    """When the content landed, as it was known on the instant: it may have come back later."""
    return file.first_landed_at if as_known_on is not None and file.landed_at > as_known_on else file.landed_at


def _waiver_rows(home: Home, revisions: Sequence[Revision], as_known_on: datetime | None) -> list[dict[str, Any]]:
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


def _suspense_rows(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
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
