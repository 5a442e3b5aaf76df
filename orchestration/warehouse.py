"""The working database before dbt: exactly what is in service, as views and tables (docs/architecture.md).

Belongs here: choosing revisions, asking the rules about several returns, writing the schemas `lake`, `intake`, `registry`, `run`
(the tables of two of them are laid out in `intake_tables`). Must not: model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from ingest.findings import Finding, findings_table
from ingest.home import Home
from ingest.kinds import SUPPORTED
from ingest.lake import SCHEMAS
from ingest.records import FileRecord, all_records, records_under, refuse_damaged
from ingest.registry import Registry
from ingest.revisions import Revision, decide_revisions
from ingest.waivers import waivers_in_force
from ingest.withdrawals import WITHDRAWN, apply_withdrawals, withdrawals
from orchestration.engine import open_without_log
from orchestration.intake_tables import intake_tables, landed_at, registry_tables
from orchestration.ledger_parts import lay_out_ledgers
from orchestration.months import month_rules
from orchestration.overlaps import find_repeated_rows, overlap_rules
from orchestration.returns_due import day_of_release
from orchestration.rule_results import decided_together, rules_of
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


def inputs_of(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """The revisions that a release is made of, with their hashes and what people decided about them."""
    return [
        {
            "return_id": r.part.return_id, "revision_id": r.part.revision_id, "file_name": r.file.file_name,
            "sha256": r.file.file_sha256, "status": r.status, "waivers": r.file.waivers,
            "is_withdrawn": WITHDRAWN in r.part.held_by,
        }
        for r in revisions
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
    with open_without_log(aside, DUCKDB_LIMITS) as connection:
        for schema in ("lake", "intake", "registry", "run"):
            connection.execute(f"create schema {schema}")
        columns = _lake_columns(revisions, as_known_on)
        _lake_views(connection, home, revisions, columns)
        find_repeated_rows(connection, revisions)
        lay_out_ledgers(connection, home, revisions, columns)
        results, found = _rules_about_all(connection, home, revisions, today, registry)
        seen = [r for r in records if as_known_on is None or r.first_landed_at <= as_known_on]
        findings = [pq.read_table(home.root / r.findings_path) for r in seen if (home.root / r.findings_path).exists()]
        findings.append(findings_table([*found, *notices]))
        tables = intake_tables(home, revisions, as_known_on, registry, [*results, *folder_results], findings)
        tables |= registry_tables(registry)
        tables["intake.supplier_names"] = supplier_names(connection, registry, target.parent / "suppliers")
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
        connection.execute("checkpoint")
    aside.replace(target)
    counts = {name: table.num_rows for name, table in tables.items()}
    return Prepared(revisions, counts | {"intake.repeated_rows": repeated[0] if repeated else 0})


def _rules_about_all(
    connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision], today: date, registry: Registry
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Results and findings of the rules that look at several returns: about months, about overlaps between files."""
    month_results, month_findings = decided_together(
        lambda: month_rules(connection, revisions, today, registry.agencies),
        rules_of("month"),
        revisions,
        "no month that has ended is this return's to answer for",
    )
    overlap_results, overlap_findings = overlap_rules(connection, home, revisions)
    return [*month_results, *overlap_results], [*month_findings, *overlap_findings]


def _lake_columns(revisions: Sequence[Revision], as_known_on: datetime | None) -> str:
    """How the lake is read. As known on an instant, content that came back later still counts as landed first."""
    later = [r for r in revisions if r.file.landed_at != landed_at(r.file, as_known_on)]
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
