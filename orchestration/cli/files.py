"""`totalplace files`: the table of all landed files: what each is, how it was read, what became of its rows and pounds."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from orchestration.cli.console import existing_home, home_option, json_option, pounds, print_json, print_table, shortened, writing

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
COUNTS = ("row_count", "accepted_count", "quarantined_count", "excluded_count")
MONEY = ("file_gbp", "accepted_gbp", "quarantined_gbp", "excluded_gbp")


def file_rows(home_path: Path | None) -> list[dict[str, Any]]:
    """One row per landed file of a home. `file_gbp` None: there was no second count; `status`: `loaded`, `part` (some of its
    returns are held), `held`, or `unpacked`: an archive, whose files are rows of their own."""
    from orchestration.warehouse import current_records

    rows: list[dict[str, Any]] = []
    for record in current_records(existing_home(home_path)):
        entries = [entry for part in record.parts for entry in part.ledger]
        held = [part for part in record.parts if part.is_held]
        periods = sorted({part.period for part in record.parts if part.period})
        tallied = [entry["file_gbp"] for entry in entries if entry["file_gbp"] is not None]
        row: dict[str, Any] = {
            "file_name": record.file_name,
            "publisher_slug": record.publisher_slug,
            "kind": record.parts[0].kind if record.parts else None,
            "period": periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]} ({len(periods)})" if periods else None,
            "type": record.detected_type,
            "encoding": record.encoding or None,
            "delimiter": _DELIMITERS.get(record.delimiter, record.delimiter) or None,
            "mapping_confidence": record.mapping_confidence,
        }
        row |= {name: sum(int(entry[name]) for entry in entries) for name in COUNTS}
        row |= {name: sum((Decimal(entry[name]) for entry in entries if entry[name] is not None), Decimal(0)) for name in MONEY}
        row["file_gbp"] = row["file_gbp"] if tallied else None
        row["status"] = _status(len(record.parts), len(held))
        row["cause"] = "; ".join(dict.fromkeys(part.hold_reason for part in held if part.hold_reason)) or None
        rows.append(row)
    return rows


def _status(part_count: int, held_count: int) -> str:
    if part_count == 0:
        return "unpacked"
    return "loaded" if not held_count else "held" if held_count == part_count else "part"


def summary_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts and pounds over all files, and the share that loaded; an archive is counted by the files in it."""
    returns = [row for row in rows if row["status"] != "unpacked"]
    loaded = sum(row["status"] != "held" for row in returns)
    totals = {name: sum((row[name] or 0 for row in rows), start=Decimal(0) if name in MONEY else 0) for name in (*COUNTS, *MONEY)}
    return {"file_count": len(returns), "loaded_count": loaded, "loaded_share": loaded / len(returns) if returns else 0.0, **totals}


@click.command("files")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path, dir_okay=False), help="Write the table as CSV.")
@home_option
@json_option
def files(csv_path: Path | None, home_path: Path | None, as_json: bool) -> None:
    """Every landed file: type, encoding, mapping confidence, rows and pounds accepted, held, left out, and why it is held."""
    rows = file_rows(home_path)
    summary = summary_of(rows)
    if csv_path:
        with writing(f"--csv {csv_path}"), csv_path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]) if rows else ["file_name"], lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    if as_json:
        print_json({"summary": summary, "files": rows})
        return
    columns = (
        "file",
        "kind",
        "period",
        "read as",
        "map",
        "rows",
        "accepted",
        "held",
        "left out",
        "accepted £",
        "held £",
        "held because",
    )
    shown = [
        (
            r["file_name"], r["kind"], r["period"], " ".join(filter(None, (r["encoding"] or r["type"], r["delimiter"]))),
            "-" if r["mapping_confidence"] is None else f"{r['mapping_confidence']:.2f}", *(f"{r[name]:,}" for name in COUNTS),
            f"{r['accepted_gbp']:,.2f}", f"{r['quarantined_gbp']:,.2f}", shortened(r["cause"] or "", 80),
        )
        for r in rows
    ]  # fmt: skip
    print_table("Files", columns, shown, right=tuple(range(4, 11)))
    click.echo(
        f"{summary['file_count']:,} files, {summary['loaded_count']:,} loaded ({summary['loaded_share']:.1%});"
        f" {summary['row_count']:,} rows = {summary['accepted_count']:,} accepted + {summary['quarantined_count']:,} held"
        f" + {summary['excluded_count']:,} left out;"
        f" {pounds(summary['accepted_gbp'])} accepted, {pounds(summary['quarantined_gbp'])} held"
    )


def _harmless(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
