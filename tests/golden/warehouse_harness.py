"""A warehouse built from rows written in a test: the schemas of docs/architecture.md, then `dbt build`, in process.

Belongs here: making the working database and running dbt on it. What must not be here: expected figures.
Rows are mappings; a column left out is NULL, or gets the default below where a column may not be NULL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.lake import SCHEMAS
from orchestration.ledger_parts import LINES_OF_TABLES, define_ledgers

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Row = Mapping[str, object]

_FLOW = {
    "flow_id": "VARCHAR",
    "return_id": "VARCHAR",
    "revision_id": "VARCHAR",
    "publisher_slug": "VARCHAR",
    "agency_slug": "VARCHAR",
    "kind": "VARCHAR",
    "period": "VARCHAR",
    "financial_year": "VARCHAR",
    "file_name": "VARCHAR",
    "file_sha256": "VARCHAR",
    "sheet_name": "VARCHAR",
    "row_number": "INTEGER",
    "cell_ref": "VARCHAR",
    "published_as_at": "TIMESTAMP",
    "landed_at": "TIMESTAMP",
    "amount_gbp": "DECIMAL(18,2)",
}
_TEXT = "VARCHAR"
_GBP = "DECIMAL(18,2)"


def _columns(names: str, kind: str = _TEXT) -> dict[str, str]:
    return dict.fromkeys(names.split(), kind)


TABLES: dict[str, dict[str, str]] = {
    "lake.spend": {
        **_FLOW,
        "payment_date": "DATE",
        **_columns(
            "payee_name payee_identifier reference description expense_type expense_area department"
            " merchant_category payee_postcode place_code"
        ),
        "vat_amount_gbp": _GBP,
    },
    "lake.count": {
        **_FLOW,
        **_columns(
            "place_code flow service_code economic_type capital_or_revenue expenditure_basis funding_route"
            " funding_stream delivery_mode transfer_kind counterparty_agency counterparty_name place_basis"
            " method_grade discretion"
        ),
    },
    "lake.service_expenditure": {**_FLOW, **_columns("line_label line_key measure")},
    "intake.returns": {
        **_columns("return_id revision_id"),
        "revision_number": "INTEGER",
        **_columns("publisher_slug agency_slug kind layer period"),
        **_columns("period_start period_end", "DATE"),
        **_columns("financial_year file_name file_sha256"),
        **_columns("published_as_at landed_at", "TIMESTAMP"),
        **_columns("status hold_reason"),
    },
    "intake.ledger": {
        **_columns("return_id revision_id"),
        "revision_number": "INTEGER",
        **_columns("publisher_slug agency_slug kind period file_name file_sha256 status"),
        **_columns("row_count accepted_count quarantined_count excluded_count", "BIGINT"),
        **_columns("file_gbp accepted_gbp quarantined_gbp excluded_gbp", _GBP),
    },
    "intake.findings": {
        **_columns(
            "finding_id rule_id severity owner outcome publisher_slug agency_slug kind period return_id revision_id"
            " file_name sheet_name"
        ),
        "row_number": "INTEGER",
        **_columns("cell_ref field_name value expected message"),
        "amount_gbp": _GBP,
    },
    "intake.rule_results": {
        **_columns("return_id revision_id agency_slug rule_id grain severity outcome"),
        **_columns("checked_count failed_count", "BIGINT"),
        "failed_gbp": _GBP,
        "cause": _TEXT,
    },
    "intake.rules": {**_columns("rule_id kinds grain severity owner sentence"), "is_of_folder": "BOOLEAN"},
    "intake.controls": {
        **_columns("return_id revision_id financial_year scope control_label"),
        **_columns("printed_gbp summed_gbp tolerance_gbp", _GBP),
        "source": _TEXT,
    },
    "intake.suspense": {
        **_columns("return_id revision_id agency_slug kind financial_year place_code"),
        "amount_gbp": _GBP,
        "reason": _TEXT,
    },
    "intake.repeated_rows": {
        **_columns("flow_id kind revision_id agency_slug financial_year sheet_name"),
        "row_number": "INTEGER",
        "amount_gbp": _GBP,
        **_columns("counted_flow_id counted_revision_id counted_sheet_name"),
        "counted_row_number": "INTEGER",
    },
    "intake.waivers": {
        **_columns("waiver_id return_id revision_id file_name rule_id sheet_name"),
        "row_number": "INTEGER",
        "reason": _TEXT,
        **_columns("waived_at revoked_at", "TIMESTAMP"),
        **_columns("revoke_reason status"),
        "line_count": "BIGINT",
        "amount_gbp": _GBP,
    },
    "intake.supplier_names": {
        **_columns("payee_name supplier_id supplier_key method"),
        "score": "DOUBLE",
        **_columns("reason payee_class"),
    },
    "registry.agencies": _columns(
        "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order"
        " valid_from valid_to"
    ),
    "registry.agency_places": _columns("agency_slug place_code financial_year weight driver"),
    "registry.areas": _columns("area_code area_name place_code valid_from valid_to"),
    "registry.places": _columns("place_code place_name place_type county_name region_name valid_from valid_to"),
    "registry.transfer_rules": _columns("agency_slug field pattern transfer_kind counterparty_agency grade"),
    "registry.themes": _columns("theme_scheme theme_code theme_name is_partition"),
    "registry.service_rules": _columns(
        "rule_kind agency_type agency_slug field words service_code valid_from_year valid_to_year reason"
    ),
    "registry.purchase_rules": _columns(
        "rule_kind agency_type agency_slug field words purchase_category grade valid_from_year valid_to_year reason"
    ),
    "registry.service_themes": _columns("theme_scheme service_code theme_code weight reason"),
    "registry.rates": _columns("rate_name value source"),
    "registry.populations": _columns("place_code vintage reference_year population_count source"),
    "intake.returns_due": {
        **_columns("agency_slug kind period"),
        **_columns("period_start period_end", "DATE"),
        **_columns("publisher_slug frequency"),
        **_columns("due_on grace_until", "DATE"),
        "state": _TEXT,
        "received_on": "DATE",
        "received_basis": _TEXT,
        "is_late": "BOOLEAN",
        "days_late": "INTEGER",
        "is_part_received": "BOOLEAN",
        "source": _TEXT,
    },
    "run.parameters": {"price_base_year": _TEXT, "as_known_on": "TIMESTAMP", "as_of": "DATE"},
}

_DUCKDB = {
    "string": _TEXT, "decimal128(18, 2)": _GBP, "date32[day]": "DATE", "timestamp[us]": "TIMESTAMP", "int32": "INTEGER",
    "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN",
}  # fmt: skip
TABLES |= {
    f"lake.{kind}": {column.name: _DUCKDB[str(column.type)] for column in schema}
    for kind, schema in SCHEMAS.items()
    if f"lake.{kind}" not in TABLES
}
_KINDS = {f"lake.{kind}": kind for kind in SCHEMAS}


@dataclass
class Warehouse:
    """The rows of a working database, table by table, before dbt runs."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, *rows: Row, **common: object) -> None:
        """Append rows to `table` ("lake.count"); `common` are columns all of them share."""
        self.rows.setdefault(table, []).extend({**common, **row} for row in rows)

    def write(self, path: Path) -> None:
        """Make the DuckDB file that dbt will build in."""
        connection = duckdb.connect(str(path))
        try:
            for schema in ("lake", "intake", "registry", "run"):
                connection.execute(f"create schema {schema}")
            for table, columns in TABLES.items():
                described = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                connection.execute(f"create table {table} ({described})")
                rows = self.rows.get(table, [])
                if table == "run.parameters" and not rows:
                    rows = [{"price_base_year": "2023-24"}]
                _insert(connection, table, columns, rows)
            define_ledgers(connection, LINES_OF_TABLES)
        finally:
            connection.close()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
    values: list[list[object]] = []
    for number, row in enumerate(rows, start=1):
        filled = {**_defaults(table, number, row), **row}
        unknown = set(filled) - set(columns)
        if unknown:
            raise KeyError(f"{table} has no column {sorted(unknown)}")
        values.append([filled.get(name) for name in columns])
    if values:
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"insert into {table} values ({marks})", values)


def _defaults(table: str, number: int, row: Row) -> Row:
    kind = _KINDS.get(table)
    if kind is None:
        return {}
    return_id = f"{row['agency_slug']}/{kind}/{row['financial_year']}"
    return {
        "flow_id": f"{kind}-{number}",
        "return_id": return_id,
        "revision_id": f"{return_id}@1",
        "publisher_slug": row["agency_slug"],
        "kind": kind,
        "period": row["financial_year"],
        "file_name": f"{row['agency_slug']}/{kind}.csv",
        "file_sha256": "0" * 64,
        "row_number": number,
        "cell_ref": f"A{number}",
        "published_as_at": "2025-06-30 00:00:00",
        "landed_at": "2025-07-01 00:00:00",
    }


@contextmanager
def built(warehouse: Warehouse, folder: Path, *, full_tests: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Write the rows, run `dbt build` (or `dbt run` after `dbt seed`) and open the result read-only.

    Raises AssertionError with the names of the nodes that failed.
    """
    database = folder / "warehouse.duckdb"
    warehouse.write(database)
    project = folder / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"))
    for command in (["build"],) if full_tests else (["seed"], ["run"]):
        run_dbt(command, project=project, database=database, folder=folder)
    connection = duckdb.connect(str(database), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def run_dbt(command: list[str], *, project: Path, database: Path, folder: Path) -> None:
    """Run one dbt command in this process, then let go of the DuckDB file."""
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    before = os.environ.get("TOTALPLACE_WAREHOUSE")
    os.environ["TOTALPLACE_WAREHOUSE"] = str(database)
    try:
        result = dbtRunner().invoke(
            [
                *command,
                "--project-dir",
                str(project),
                "--profiles-dir",
                str(project),
                "--target-path",
                str(folder / "target"),
                "--log-path",
                str(folder / "logs"),
                "--no-use-colors",
                "--quiet",
                "--no-version-check",
            ]
        )
    finally:
        reset_adapters()
        _close_duckdb_environment()
        if before is None:
            os.environ.pop("TOTALPLACE_WAREHOUSE", None)
        else:
            os.environ["TOTALPLACE_WAREHOUSE"] = before
    if not result.success:
        raise AssertionError(_failures(result))


def _close_duckdb_environment() -> None:
    """dbt-duckdb keeps one connection for the process; a second build on another file needs it gone."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def _failures(result: object) -> str:
    exception = getattr(result, "exception", None)
    if exception is not None:
        return f"dbt could not run: {exception}"
    nodes = getattr(getattr(result, "result", None), "results", [])
    failed = [node for node in nodes if str(node.status) in {"error", "fail", "runtime error"}]
    return "\n".join(f"{node.node.name}: {node.status}: {node.message}" for node in failed) or "dbt failed"


def money(value: object) -> Decimal:
    """A figure of a query as Decimal, None as nought."""
    return Decimal("0") if value is None else Decimal(str(value))
