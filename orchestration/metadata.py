"""What Dagster shows beside an asset: tables and words built from records and findings."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from ingest.home import Home
from ingest.landing import Receipt
from ingest.records import FileRecord
from ingest.submitter_report import visible

ROWS_SHOWN = 50


def table(columns: dict[str, str], rows: Sequence[dict[str, object]]) -> dg.MetadataValue:
    """A metadata table; columns: name -> Dagster table type."""
    schema = dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()])
    shown = [dg.TableRecord({name: _plain(row.get(name)) for name in columns}) for row in rows[:ROWS_SHOWN]]
    return dg.MetadataValue.table(shown, schema=schema)


def _plain(value: object) -> str | int | float | bool | None:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def receipts_table(receipts: Sequence[Receipt]) -> dg.MetadataValue:
    rows: list[dict[str, object]] = [
        {
            "file": r.file_name,
            "type": r.detected_type,
            "bytes": r.size_bytes,
            "landed_at": r.landed_at[:19],
            "sha256": r.sha256[:12],
        }
        for r in sorted(receipts, key=lambda r: r.landed_at, reverse=True)
    ]
    return table({"file": "string", "type": "string", "bytes": "int", "landed_at": "string", "sha256": "string"}, rows)


def reports_list(home: Home, records: Sequence[FileRecord]) -> dg.MetadataValue:
    """The submitter's report of each file: those that are held first, then those with findings."""

    def rank(record: FileRecord) -> tuple[bool, int, str]:
        findings = sum(part.finding_counts.get("total", 0) for part in record.parts)
        return (not any(part.is_held for part in record.parts), -findings, record.file_name)

    written = sorted((record for record in records if record.report_path), key=rank)
    lines = [f"* {_quoted(record.file_name)}: `{(home.root / record.report_path).absolute()}`" for record in written[:ROWS_SHOWN]]
    if len(written) > ROWS_SHOWN:
        lines.append(f"* and {len(written) - ROWS_SHOWN} more in `{home.reports.absolute()}`")
    return dg.MetadataValue.md("\n".join(lines) or "none")


def _quoted(name: str) -> str:
    """A file's name as plain text in Markdown: it is a stranger's."""
    return "`" + visible(name).replace("`", "'") + "`"


def records_table(records: Sequence[FileRecord]) -> dg.MetadataValue:
    """One row per return revision: what was accepted, what was held."""
    rows: list[dict[str, object]] = []
    for record in records:
        for part in record.parts:
            rows.append({
                "return": part.return_id, "file": record.file_name,
                "accepted": sum(int(e["accepted_count"]) for e in part.ledger),
                "quarantined": sum(int(e["quarantined_count"]) for e in part.ledger),
                "excluded": sum(int(e["excluded_count"]) for e in part.ledger),
                "findings": part.finding_counts.get("total", 0),
                "held_because": part.hold_reason,
            })  # fmt: skip
    columns = {
        "return": "string", "file": "string", "accepted": "int", "quarantined": "int", "excluded": "int", "findings": "int",
        "held_because": "string",
    }  # fmt: skip
    return table(columns, rows)
