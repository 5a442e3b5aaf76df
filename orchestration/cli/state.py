"""`returns`, `templates`: what is in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from orchestration.cli.console import (
    counted,
    existing_home,
    fail,
    home_option,
    json_option,
    pounds,
    print_json,
    print_table,
    shortened,
    writing,
)


@click.group()
def returns() -> None:
    """Returns and their revisions."""


def _revisions(home_path: Path | None) -> list[dict[str, Any]]:
    from ingest.revisions import decide_revisions
    from orchestration.warehouse import current_records

    rows: list[dict[str, Any]] = []
    for revision in decide_revisions(current_records(existing_home(home_path))):
        part = revision.part
        rows.append({
            "return_id": part.return_id, "revision_number": revision.revision_number, "status": revision.status,
            "file_name": revision.file.file_name, "kind": part.kind, "period": part.period,
            "accepted_count": sum(e["accepted_count"] for e in part.ledger),
            "quarantined_count": sum(e["quarantined_count"] for e in part.ledger),
            "finding_count": part.finding_counts.get("total", 0), "hold_reason": part.hold_reason or None,
        })  # fmt: skip
    return rows


@returns.command("list")
@home_option
@json_option
def returns_list(home_path: Path | None, as_json: bool) -> None:
    """Every return revision with its status."""
    rows = _revisions(home_path)
    if as_json:
        print_json(rows)
        return
    columns = ("return", "rev", "status", "file", "accepted", "held rows", "findings", "held because")
    shown = [
        (r["return_id"], r["revision_number"], r["status"], r["file_name"], f"{r['accepted_count']:,}",
         f"{r['quarantined_count']:,}", f"{r['finding_count']:,}", shortened(r["hold_reason"] or "", 80))
        for r in rows
    ]  # fmt: skip
    print_table("Returns", columns, shown, right=(1, 4, 5, 6))


@returns.command("show")
@click.argument("return_id")
@home_option
@json_option
def returns_show(return_id: str, home_path: Path | None, as_json: bool) -> None:
    """One return: ledger, rules, findings in words."""
    from orchestration.checks.results import sample_findings
    from orchestration.warehouse import current_records

    home = existing_home(home_path)
    mine = [(record, part) for record in current_records(home) for part in record.parts if part.return_id == return_id]
    if not mine:
        fail(f"no return {return_id}; `totalplace returns list` shows all", 2)
    if as_json:
        print_json([{"file_name": r.file_name, "report_path": r.report_path, **vars(p)} for r, p in mine])
        return
    for record, part in mine:
        if record.report_path:
            click.echo(f"report for the submitter: {home.root / record.report_path}  (complete list: the .csv beside it)")
        click.echo(f"{part.revision_id}  {record.file_name}  {'HELD: ' + part.hold_reason if part.is_held else ''}")
        for entry in part.ledger:
            click.echo(
                f"  {entry['agency_slug'] or '(no agency)'}: {entry['row_count']:,} rows = {entry['accepted_count']:,} accepted +"
                f" {entry['quarantined_count']:,} quarantined + {entry['excluded_count']:,} excluded; {_gbp(entry['file_gbp'])} ="
                f" {_gbp(entry['accepted_gbp'])} + {_gbp(entry['quarantined_gbp'])} + {_gbp(entry['excluded_gbp'])}"
            )
        failed = [r for r in part.rule_results if r["outcome"] in ("failed", "could_not_run")]
        samples = sample_findings([str(home.root / record.findings_path)], [r["rule_id"] for r in failed])
        for result in failed:
            click.echo(
                f"  {result['severity']:8} {result['rule_id']}: {result['outcome']}, {counted(result['failed_count'], 'time')}"
            )
            for finding in samples.get(result["rule_id"], [])[:5]:
                where = f"row {finding['row']}: {finding['value']!r} " if finding["row"] else ""
                click.echo(f"      {where}{finding['what_to_do']}")


def _gbp(amount: str | None) -> str:
    """An amount of a record's ledger, which keeps them as text so that no penny is lost."""
    return "not known" if amount is None else pounds(Decimal(amount))


@returns.command("withdraw")
@click.argument("return_id")
@click.option("--reason", required=True, help="Why; kept with the return.")
@home_option
@json_option
def returns_withdraw(return_id: str, reason: str, home_path: Path | None, as_json: bool) -> None:
    """Take a return out of service; nothing is deleted."""
    from ingest.landing import now_utc
    from ingest.records import all_records
    from ingest.withdrawals import withdraw

    home = existing_home(home_path)
    if not any(part.return_id == return_id for record in all_records(home) for part in record.parts):
        fail(f"no return {return_id}; `totalplace returns list` shows all", 2)
    withdraw(home, return_id, reason, now_utc())
    if as_json:
        print_json({"return_id": return_id, "status": "held", "hold_reason": f"withdrawn: {reason}"})
    else:
        click.echo(f"{return_id} is withdrawn; the next `totalplace run` publishes without it")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@home_option
@json_option
def templates(directory: Path, home_path: Path | None, as_json: bool) -> None:
    """Write the empty templates and their guide into DIRECTORY."""
    from ingest.templates import write_templates

    del home_path  # every command takes --home; templates are the same in all
    with writing(str(directory)):
        paths = write_templates(directory)
    if as_json:
        print_json([str(path) for path in paths])
    else:
        click.echo(f"wrote {len(paths)} files into {directory}")
