"""Files of ledger rows in a working database, without landing or reading them: for tests of overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa

from ingest.lake import SCHEMAS
from ingest.records import FileRecord
from ingest.revisions import Revision, decide_revisions
from orchestration.overlaps import find_repeated_rows
from tests.unit.ingest.test_records import file_record, part_record

Row = tuple[date | None, str, str | None]  # payment date, amount, reference


@dataclass(frozen=True)
class LedgerFile:
    """One file in service. Rows stand from row 2 on."""

    name: str
    period: str
    start: str
    end: str
    rows: Sequence[Row]
    sha256: str
    agency: str | None = "kent"

    @property
    def record(self) -> FileRecord:
        return_id = f"kent.spend.{self.period}-{self.name}"
        part = replace(
            part_record(return_id), revision_id=f"{return_id}@{self.sha256}", agency_slug=self.agency, period=self.period,
            period_start=self.start, period_end=self.end, ledger=[{"agency_slug": self.agency, "accepted_gbp": "1.00"}],
        )  # fmt: skip
        record = file_record(part, key=self.sha256, name=f"kent/{self.name}.csv", sha256=self.sha256)
        return replace(record, published_as_at=datetime(2026, 1, 1))


def working_database(files: Iterable[LedgerFile]) -> tuple[duckdb.DuckDBPyConnection, list[Revision]]:
    """`lake.spend` of the files, in the order given, and `intake.repeated_rows` found in it."""
    files = list(files)
    connection = duckdb.connect()
    connection.execute("create schema lake")
    connection.execute("create schema intake")
    rows = [row for file in files for row in _lake_rows(file)]
    for kind, schema in SCHEMAS.items():
        connection.register("incoming", pa.Table.from_pylist(rows if kind == "spend" else [], schema=schema))
        connection.execute(f"create table lake.{kind} as select * from incoming")
        connection.unregister("incoming")
    revisions = decide_revisions([file.record for file in files])
    find_repeated_rows(connection, revisions)
    return connection, revisions


def _lake_rows(file: LedgerFile) -> list[dict[str, object]]:
    revision_id = file.record.parts[0].revision_id
    return [
        {
            "flow_id": f"{revision_id}/{number}", "revision_id": revision_id, "agency_slug": file.agency, "kind": "spend",
            "financial_year": "2024-25", "row_number": number, "payment_date": day, "amount_gbp": Decimal(amount),
            "reference": reference, "payee_name": "A Ltd",
        }
        for number, (day, amount, reference) in enumerate(file.rows, start=2)
    ]  # fmt: skip


def counted_rows(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """flow_id of every row that counts."""
    query = "select flow_id from lake.spend anti join intake.repeated_rows using (flow_id) order by flow_id"
    return [flow_id for (flow_id,) in connection.execute(query).fetchall()]
