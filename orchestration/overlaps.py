"""Overlaps between the files in service: identical rows in several files of an agency, and two publishers of one return.

Belongs here: which rows are not counted because an earlier file has them (table `intake.repeated_rows`), and the findings. The
order of files and the choice of publisher are `ingest.revisions`'; staging leaves the repeated rows out (dbt, `counted_rows`).

The law: of equal rows, a file contributes as many as it holds beyond those that earlier files have contributed. So the count of
a row over all files is that of the file which holds most of it, and identical lines inside one file all count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from expectations.catalogue import Rule, load_catalogue
from ingest.findings import Finding
from ingest.home import Home
from ingest.lake import SCHEMAS
from ingest.revisions import Revision, file_order
from orchestration.overlap_results import DATE_FIELDS, finding_of, result_of
from orchestration.replaced_files import replaced_file_rule
from orchestration.rule_results import decided_together

_PROVENANCE = frozenset(
    "flow_id return_id revision_id publisher_slug kind period financial_year file_name file_sha256 sheet_name row_number cell_ref"
    " published_as_at landed_at".split()
)
COPY_SHARE = Decimal("0.9")  # from here on a file is called a copy
RANGES_SHOWN = 6


def find_repeated_rows(connection: duckdb.DuckDBPyConnection, revisions: Sequence[Revision]) -> None:
    """Write `intake.repeated_rows`: the rows in service that are not counted, each with the row that is.

    Cheap where files do not overlap: only agencies with several files, then only dates that stand in several, are looked at
    closely. Equal means: agency, date and amount are equal, and a 64-bit hash of all other fields.
    """
    connection.execute(_EMPTY)
    places = file_order(revisions)
    for kind, date_field in DATE_FIELDS.items():
        serving = [r for r in revisions if r.status == "in_service" and r.part.kind == kind and r.part.accepted_paths]
        files_of = Counter({(r.part.agency_slug, places[r.part.revision_id]) for r in serving})
        several = {agency for agency, count in Counter(agency for agency, _ in files_of).items() if count > 1}
        chosen = [r.part.revision_id for r in serving if r.part.agency_slug in several or r.part.agency_slug is None]
        if not chosen:
            continue
        orders = pa.table({"revision_id": chosen, "file_place": pa.array([places[name] for name in chosen], pa.int32())})
        connection.register("orders", orders)
        connection.execute(_repeated_sql(kind, date_field))
        connection.unregister("orders")


_EMPTY = """
create table intake.repeated_rows (
    flow_id varchar, kind varchar, revision_id varchar, agency_slug varchar, financial_year varchar, sheet_name varchar,
    row_number integer, amount_gbp decimal(18, 2), counted_flow_id varchar, counted_revision_id varchar,
    counted_sheet_name varchar, counted_row_number integer
)
"""


def _repeated_sql(kind: str, date_field: str) -> str:
    compared = [f'"{name}"' for name in SCHEMAS[kind].names if name not in _PROVENANCE | {"agency_slug", "amount_gbp", date_field}]
    texts = ", ".join(f"coalesce(trim({name}::varchar), '')" for name in compared)
    return f"""
    insert into intake.repeated_rows
    with shared_dates as (
        select agency_slug, {date_field} as row_date
        from lake.{kind} inner join orders using (revision_id)
        where {date_field} is not null and agency_slug is not null
        group by all
        having min(file_place) <> max(file_place)
    ),

    keyed as (
        select
            lines.flow_id, lines.revision_id, lines.agency_slug, lines.financial_year, lines.sheet_name, lines.row_number,
            lines.cell_ref, lines.amount_gbp, orders.file_place, lines.{date_field} as row_date, hash({texts}) as other_fields
        from lake.{kind} as lines
        inner join orders using (revision_id)
        semi join shared_dates on lines.agency_slug = shared_dates.agency_slug and lines.{date_field} = shared_dates.row_date
    ),

    shared as (
        select agency_slug, row_date, amount_gbp, other_fields
        from keyed
        group by all
        having min(file_place) <> max(file_place)
    ),

    -- Copies are numbered from the last: of equal rows of a file, the last are those that an earlier file stands for.
    numbered as (
        select
            keyed.*,
            row_number() over (
                partition by agency_slug, row_date, amount_gbp, other_fields, file_place
                order by row_number desc, sheet_name desc, cell_ref desc, flow_id desc
            ) as copy_number
        from keyed
        semi join shared using (agency_slug, row_date, amount_gbp, other_fields)
    ),

    placed as (
        select
            *,
            first_value(struct_pack(flow_id, revision_id, sheet_name, row_number, file_place)) over (
                partition by agency_slug, row_date, amount_gbp, other_fields, copy_number order by file_place
            ) as counted
        from numbered
    )

    select
        flow_id, '{kind}', revision_id, agency_slug, financial_year, sheet_name, row_number, amount_gbp, counted.flow_id,
        counted.revision_id, counted.sheet_name, counted.row_number
    from placed
    where file_place <> counted.file_place
    """


def overlap_rules(
    connection: duckdb.DuckDBPyConnection, home: Home, revisions: Sequence[Revision]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Results of the rules of grain `overlap`, one per rule and revision in service, and one finding per pair of files."""
    rules = {rule.rule_id: rule for rule in load_catalogue() if rule.grain == "overlap"}
    rows, publisher, replaced = (
        rules[name] for name in ("row_stands_in_one_file_only", "return_has_one_publisher", "replaced_file_is_earlier_revision")
    )
    silent = "it is compared with no other return"
    results, findings = decided_together(lambda: _row_rule(connection, revisions, rows), [rows], revisions, silent)
    more = decided_together(lambda: _publisher_rule(revisions, publisher), [publisher], revisions, silent)
    last = decided_together(lambda: replaced_file_rule(connection, home, revisions, replaced), [replaced], revisions, silent)
    return results + more[0] + last[0], findings + more[1] + last[1]


def _row_rule(
    connection: duckdb.DuckDBPyConnection, revisions: Sequence[Revision], rule: Rule
) -> tuple[list[dict[str, Any]], list[Finding]]:
    counts = {
        row[0]: row[1:] for kind, date in DATE_FIELDS.items() for row in connection.execute(_counts_sql(kind, date)).fetchall()
    }
    repeated = {row[0]: row[1:] for row in connection.execute(_REPEATED_OF).fetchall()}
    by_id = {r.part.revision_id: r for r in revisions if r.status == "in_service"}
    results: list[dict[str, Any]] = []
    for revision_id, revision in by_id.items():
        dated, total = counts.get(revision_id, (0, 0))
        failed, gbp = repeated.get(revision_id, (0, None))
        cause = ""
        if revision.part.kind not in DATE_FIELDS:
            cause = f"rows of a {revision.part.kind} are not payments"
        elif dated < total:
            cause = f"{total - dated} rows without a date or an agency are not compared"
        outcome = "failed" if failed else "passed" if dated else "not_applicable"
        results.append(result_of(revision, rule, outcome, dated, failed, gbp, cause))
    findings = [
        _row_finding(rule, by_id[mine], by_id[other], count, gbp, first, counts[mine][1], rows, counted_rows)
        for mine, other, count, gbp, first, rows, counted_rows in connection.execute(_PAIRS).fetchall()
    ]
    return results, findings


def _counts_sql(kind: str, date_field: str) -> str:
    judged = f"{date_field} is not null and agency_slug is not null"
    return f"select revision_id, count(*) filter (where {judged}), count(*) from lake.{kind} group by revision_id"


_REPEATED_OF = "select revision_id, count(*), sum(amount_gbp)::decimal(18, 2) from intake.repeated_rows group by revision_id"


def _ranges(prefix: str) -> str:
    """Rows of one side of each pair of files as ranges ("2-57; 60"), the first few of them."""
    return f"""
    {prefix}steps as (
        select
            revision_id, counted_revision_id, {prefix}sheet_name as sheet, {prefix}row_number as line,
            {prefix}row_number - dense_rank() over (
                partition by revision_id, counted_revision_id, {prefix}sheet_name order by {prefix}row_number
            ) as step
        from intake.repeated_rows
    ),

    {prefix}spans as (
        select revision_id, counted_revision_id, sheet, min(line) as first_line, max(line) as last_line
        from {prefix}steps
        group by revision_id, counted_revision_id, sheet, step
        qualify row_number() over (partition by revision_id, counted_revision_id order by sheet, first_line) <= {RANGES_SHOWN + 1}
    ),

    {prefix}ranges as (
        select
            revision_id,
            counted_revision_id,
            list(case when last_line > first_line then first_line || '-' || last_line else first_line::varchar end
                order by sheet, first_line) as spans
        from {prefix}spans
        group by revision_id, counted_revision_id
    )"""


_PAIRS = f"""
with {_ranges("")}, {_ranges("counted_")},
pairs as (
    select
        revision_id, counted_revision_id, count(*) as line_count, sum(amount_gbp)::decimal(18, 2) as gbp, min(row_number) as first
    from intake.repeated_rows
    group by revision_id, counted_revision_id
)
select
    pairs.revision_id, pairs.counted_revision_id, pairs.line_count, pairs.gbp, pairs.first, ranges.spans, counted_ranges.spans
from pairs
inner join ranges using (revision_id, counted_revision_id)
inner join counted_ranges using (revision_id, counted_revision_id)
order by pairs.revision_id, pairs.counted_revision_id
"""


def _row_finding(
    rule: Rule, mine: Revision, other: Revision, count: int, gbp: Decimal, first: int, total: int, rows: Sequence[str],
    counted_rows: Sequence[str],
) -> Finding:  # fmt: skip
    name, period = other.file.file_name, other.part.period
    where = f"not counted: {_in_words(rows)} of {mine.file.file_name}; counted: {_in_words(counted_rows)} of {name}"
    if count >= COPY_SHARE * total:
        words = (
            f"This file looks like a copy of {name} ({period}): {count:,} of its {total:,} rows stand there too, worth £{gbp:,.2f}."
            f" They are counted once ({where}). If the wrong file was sent, send the right one; if the period of this file is"
            f" not {mine.part.period}, say so in files.csv."
        )
    else:
        words = (
            f"{count:,} of the {total:,} rows of this file, worth £{gbp:,.2f}, stand in {name} ({period}) too. They are counted"
            f" once ({where}). Nothing needs doing unless they are payments of their own: those need a reference that"
            " tells them apart."
        )
    return finding_of(rule, mine, words, value=name).at(row_number=first, amount_gbp=gbp)


def _in_words(ranges: Sequence[str]) -> str:
    shown = ", ".join(ranges[:RANGES_SHOWN]) + (" and more" if len(ranges) > RANGES_SHOWN else "")
    return f"row{'s' if len(ranges) > 1 or '-' in ranges[0] else ''} {shown}"


def _publisher_rule(revisions: Sequence[Revision], rule: Rule) -> tuple[list[dict[str, Any]], list[Finding]]:
    by_id = {r.part.revision_id: r for r in revisions}
    results: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for revision in revisions:
        part = revision.part
        if revision.superseded_by is not None:
            winner = by_id[revision.superseded_by]
            gbp = sum((Decimal(str(entry["accepted_gbp"])) for entry in part.ledger), Decimal("0.00"))
            words = (
                f"{winner.file.publisher_slug} ({winner.file.file_name}) and {revision.file.publisher_slug}"
                f" ({revision.file.file_name}) both return {part.kind} of {part.agency_slug} for {part.period}."
                f" {winner.file.publisher_slug} is in service, this return (£{gbp:,.2f}) is set aside;"
                f" to have it the other way round: totalplace returns withdraw {winner.part.return_id} --reason ..."
            )
            findings.append(finding_of(rule, revision, words, value=winner.file.file_name).at(amount_gbp=gbp))
            results.append(result_of(revision, rule, "failed", 1, 1, gbp, ""))
        elif revision.status == "in_service":
            is_one_agency = bool(part.agency_slug and part.period)
            cause = "" if is_one_agency else "lines of many agencies are not compared"
            results.append(
                result_of(revision, rule, "passed" if is_one_agency else "not_applicable", int(is_one_agency), 0, None, cause)
            )
    return results, findings
