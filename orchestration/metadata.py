"""What Dagster shows beside an asset: tables and words built from records and findings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.home import Home
from ingest.landing import Receipt
from ingest.records import FileRecord, PartRecord
from ingest.submitter_report import visible
from ingest.submitter_report.plain_text import pounds
from orchestration.chart import as_markdown_image, bars_svg, short_pounds, text_bars
from orchestration.data_docs.pages import docs_page
from orchestration.partition_facts import PartitionFacts
from orchestration.served import address

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


def _rank(record: FileRecord) -> tuple[bool, int, str]:
    """Files that are held first, then those with findings."""
    findings = sum(part.finding_counts.get("total", 0) for part in record.parts)
    return (not any(part.is_held for part in record.parts), -findings, record.file_name)


def reports_list(home: Home, records: Sequence[FileRecord]) -> dg.MetadataValue:
    """The pages of each file, as links that the UI opens: those that are held first, then those with findings."""
    written = sorted((record for record in records if record.report_path), key=_rank)
    lines: list[str] = []
    for record in written[:ROWS_SHOWN]:
        links = [f"[report]({address(home, home.root / record.report_path)})"]
        if docs_page(home, record).exists():
            links.append(f"[data docs]({address(home, docs_page(home, record))})")
        lines.append(f"* {_quoted(record.file_name)}: {', '.join(links)}")
    if len(written) > ROWS_SHOWN:
        lines.append(f"* and {len(written) - ROWS_SHOWN} more in `{home.reports.absolute()}`")
    return dg.MetadataValue.md("\n".join(lines) or "none")


def _quoted(name: str) -> str:
    """A file's name as plain text in Markdown: it is a stranger's."""
    return "`" + visible(name).replace("`", "'") + "`"


def returns_table(facts: PartitionFacts) -> dg.MetadataValue:
    """One row per return revision: its status, what was accepted and held, in rows and pounds."""
    rows: list[dict[str, object]] = []
    for revision in facts.revisions:
        part = revision.part

        def summed(name: str, part: PartRecord = part) -> int:
            return sum(int(entry[f"{name}_count"]) for entry in part.ledger)

        rows.append({
            "return": part.return_id, "revision": revision.revision_number, "status": revision.status.replace("_", " "),
            "file": revision.file.file_name, "accepted": summed("accepted"), "quarantined": summed("quarantined"),
            "excluded": summed("excluded"),
            "accepted_gbp": pounds(sum((Decimal(str(e["accepted_gbp"] or 0)) for e in part.ledger), Decimal(0))),
            "blocking": part.finding_counts.get("blocking", 0), "warnings": part.finding_counts.get("warning", 0),
            "held_because": part.hold_reason,
        })  # fmt: skip
    columns = {
        "return": "string", "revision": "int", "status": "string", "file": "string", "accepted": "int", "quarantined": "int",
        "excluded": "int", "accepted_gbp": "string", "blocking": "int", "warnings": "int", "held_because": "string",
    }  # fmt: skip
    return table(columns, rows)


def money_by_month(facts: PartitionFacts) -> dict[str, dg.MetadataValue]:
    """Pounds in service by month, for each kind whose lines have dates: a table with bars, which the UI shows at once, and a chart,
    which it opens. A month without lines has no bar and says so."""
    shown: dict[str, dg.MetadataValue] = {}
    for kind, months in sorted(facts.months.items()):
        names = sorted({*facts.months_of_year, *months})
        bars = [(f"{_MONTHS[int(name[5:]) - 1]} {name[2:4]}", months[name][1] if name in months else None) for name in names]
        words = f"{kind.replace('_', ' ')} by month: " + ", ".join(
            f"{n} {'none' if a is None else short_pounds(a)}" for n, a in bars
        )
        rows: list[dict[str, object]] = [
            {"month": name, "lines": months.get(name, (0,))[0], "gbp": "no lines" if gbp is None else pounds(gbp), "bar": bar}
            for name, (_, gbp), bar in zip(names, bars, text_bars([amount for _, amount in bars]), strict=True)
        ]
        columns = {"month": "string", "lines": "int", "gbp": "string", "bar": "string"}
        shown[f"{kind}_by_month"] = table(columns, rows)
        shown[f"{kind}_chart"] = dg.MetadataValue.md(as_markdown_image(bars_svg(bars, words), words))
    return shown


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def coverage_table(facts: PartitionFacts) -> dg.MetadataValue:
    names = ("kind", "in_service", "months_without_lines")
    rows: list[dict[str, object]] = [dict(zip(names, told, strict=True)) for told in facts.coverage]
    return table(dict.fromkeys(names, "string"), rows or [{"kind": "none", "in_service": "nothing of this year is in service"}])


def partition_metadata(home: Home, facts: PartitionFacts) -> dict[str, Any]:
    """All that the UI shows of a publisher's year, what needs looking at first."""
    files = list({r.file.key: r.file for r in facts.current}.values())
    first = sorted((record for record in files if record.report_path), key=_rank)[:1]
    return {
        "returns": len(facts.current),
        "returns_held": sum(r.part.is_held for r in facts.current),
        "findings_blocking": facts.findings("blocking"),
        "findings_warning": facts.findings("warning"),
        "findings_info": facts.findings("info"),
        "rows_accepted": facts.rows("accepted"),
        "rows_quarantined": facts.rows("quarantined"),
        "rows_excluded": facts.rows("excluded"),
        "accepted_gbp": pounds(facts.gbp("accepted")),
        "quarantined_gbp": pounds(facts.gbp("quarantined")),
        "excluded_gbp": pounds(facts.gbp("excluded")),
        "highest_revision": max((r.revision_number for r in facts.current), default=0),
        **{f"report_of_{_words(record)}": _page(home, home.root / record.report_path) for record in first},
        **{f"data_docs_of_{_words(record)}": _page(home, docs_page(home, record)) for record in first},
        "pages_of_all_files": reports_list(home, files),
        "coverage": coverage_table(facts),
        **money_by_month(facts),
        "ledger": returns_table(facts),
    }


def _words(record: FileRecord) -> str:
    return "what_is_held" if any(part.is_held for part in record.parts) else "the_file_with_most_findings"


def _page(home: Home, page: Path) -> dg.MetadataValue:
    return dg.MetadataValue.url(address(home, page))
