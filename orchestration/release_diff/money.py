"""What two releases say of money, as rows: changed figures, strands of the allocation, and the lines that changed.

Belongs here: SQL over a connection in which the releases are attached as `a` (before) and `b` (after), read-only. Must not:
decide what a difference means. Only agencies and years with a changed figure are read beyond the mart, and of their lines only
those of revisions that differ at all, so that memory follows the change and not the release.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.release_diff.attribution import Group, Leg, Lines, Spot, Strand
from orchestration.release_diff.shapes import Figure

WATCHED = (
    "aggregate_gbp", "eliminated_gbp", "consolidated_gbp", "consolidated_real_gbp", "price_base_year", "population_count",
    "population_vintage", "consolidated_per_head_gbp", "coverage_status", "layer", "kind", "driver", "driver_vintage",
)  # fmt: skip
_ATTRIBUTES = (
    "agency_slug", "financial_year", "capital_or_revenue", "expenditure_basis", "transfer_kind", "counterparty_agency",
    "place_code", "place_basis", "method_grade",
)  # fmt: skip
_PENCE = "cast(coalesce(sum({0}) filter (side = '{1}'), 0) * 100 as hugeint)"


def columns_in_both(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The columns that a table has in both releases; empty when one has no such table."""
    sides = [
        {row[0] for row in connection.execute(
            "select column_name from duckdb_columns() where database_name = ? and table_name = ?", [side, table]
        ).fetchall()}
        for side in ("a", "b")
    ]  # fmt: skip
    return sides[0] & sides[1]


@dataclass(frozen=True)
class ChangedRow:
    """A row of mart_spend_by_place that differs: the watched columns before and after ({}: no such row)."""

    figure: Figure
    place_name: str | None
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def has_other_money(self) -> bool:
        pairs = ((self.before.get(c) or 0, self.after.get(c) or 0) for c in ("aggregate_gbp", "consolidated_gbp"))
        return any(was != now for was, now in pairs)


def changed_figures(connection: duckdb.DuckDBPyConnection) -> list[ChangedRow]:
    """Every row of mart_spend_by_place that differs."""
    present = columns_in_both(connection, "mart_spend_by_place")
    if not present >= set(Figure._fields):
        return []
    watched = [column for column in WATCHED if column in present]
    keys = ", ".join(Figure._fields)
    listed = f"{keys}, place_name, {', '.join(watched)}"
    values = "{" + ", ".join(f"'{column}': {column}" for column in watched) + "}"
    rows = connection.execute(
        f"""
        with united as (
            select 'a' as side, {listed} from a.mart_spend_by_place
            union all
            select 'b' as side, {listed} from b.mart_spend_by_place
        )
        select {keys}, any_value(place_name), any_value({values}) filter (side = 'a') as before,
            any_value({values}) filter (side = 'b') as after
        from united
        group by {keys}
        having before is distinct from after
        order by {keys}
        """
    ).fetchall()
    size = len(Figure._fields)
    return [ChangedRow(Figure(*row[:size]), row[size], row[size + 1] or {}, row[size + 2] or {}) for row in rows]


def choose_agency_years(connection: duckdb.DuckDBPyConnection, figures: list[Figure]) -> None:
    """Keep the agencies and years whose money is to be followed (table `followed`)."""
    connection.execute("create or replace temp table followed (agency_slug varchar, financial_year varchar)")
    pairs = sorted({(figure.agency_slug, figure.financial_year) for figure in figures})
    if pairs:
        connection.executemany("insert into followed values (?, ?)", pairs)


def strands(connection: duckdb.DuckDBPyConnection) -> list[Strand]:
    """The allocation of the followed agencies and years, in both releases; empty when one does not publish it."""
    if not columns_in_both(connection, "fct_allocation") >= {"treatment", "reason", "part_count"}:
        return []
    keys = f"{', '.join(Group._fields)}, {', '.join(Spot._fields)}, driver = 'recorded' as is_recorded"
    both = " union all ".join(
        f"select '{side}' as side, * from (select {keys}, part_count, reason, aggregate_gbp, consolidated_gbp"
        f" from {side}.fct_allocation semi join followed using (agency_slug, financial_year))"
        for side in ("a", "b")
    )
    money = ", ".join(_PENCE.format(column, side) for column in ("aggregate_gbp", "consolidated_gbp") for side in ("a", "b"))
    reasons = ", ".join(f"list(distinct reason order by reason) filter (side = '{side}')" for side in ("a", "b"))
    names = f"{', '.join(Group._fields)}, {', '.join(Spot._fields)}, is_recorded"
    rows = connection.execute(
        f"select {names}, {money}, sum(part_count)::bigint, {reasons} from ({both}) group by {names} order by {names}"
    ).fetchall()
    g, s = len(Group._fields), len(Group._fields) + len(Spot._fields)
    return [
        Strand(
            Group(*row[:g]), Spot(*row[g:s]), bool(row[s]), row[s + 1], row[s + 2], row[s + 3], row[s + 4], row[s + 5],
            tuple(row[s + 6] or ()), tuple(row[s + 7] or ()),
        )
        for row in rows
    ]  # fmt: skip


def read_changed_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the outlay lines that differ (table `changed_lines`, one row per line, columns of both releases)."""
    columns = ", ".join(("flow_id", "revision_id", "is_counting_layer", "amount_gbp", "transfer_rule_id", *_ATTRIBUTES))
    for side in ("a", "b"):
        connection.execute(
            f"create or replace temp table revisions_{side} as"
            f" select revision_id, count(*) as line_count, sum(hash({columns})) as content from {side}.fct_flow"
            f" where flow = 'outlay' group by revision_id"
        )
    connection.execute(
        "create or replace temp table changed_revisions as select coalesce(x.revision_id, y.revision_id) as revision_id"
        " from revisions_a as x full join revisions_b as y on x.revision_id = y.revision_id"
        " where x.content is distinct from y.content or x.line_count is distinct from y.line_count"
    )
    lines = {
        side: f"(select {columns}, return_id, case when is_counting_layer then amount_gbp else 0 end as counted_gbp"
        f" from {side}.fct_flow semi join changed_revisions using (revision_id) where flow = 'outlay')"
        for side in ("a", "b")
    }
    same = " and ".join(f"x.{column} is not distinct from y.{column}" for column in _ATTRIBUTES)
    listed = ", ".join(f"x.{column} as {column}_a, y.{column} as {column}_b" for column in (*_ATTRIBUTES, "counted_gbp"))
    connection.execute(
        f"""
        create or replace temp table changed_lines as
        select
            coalesce(y.return_id, x.return_id) as return_id, x.transfer_rule_id as rule_a, y.transfer_rule_id as rule_b, {listed},
            case
                when x.flow_id is null or y.flow_id is null then 'lines'
                when x.is_counting_layer <> y.is_counting_layer then 'layer'
                when x.amount_gbp <> y.amount_gbp then 'lines'
                when
                    x.transfer_rule_id is distinct from y.transfer_rule_id
                    or x.transfer_kind is distinct from y.transfer_kind
                    or x.counterparty_agency is distinct from y.counterparty_agency then 'transfer'
                else 'attributes'
            end as change
        from {lines["a"]} as x
        full join {lines["b"]} as y on x.flow_id = y.flow_id
        where not (coalesce(x.counted_gbp = y.counted_gbp, false) and {same})
        """
    )


def legs(connection: duckdb.DuckDBPyConnection) -> list[Leg]:
    """What the changed lines took from and brought to the followed agencies and years, summed."""
    names = ", ".join(_ATTRIBUTES)
    sides = " union all ".join(
        f"select change, return_id, case when change = 'transfer' then rule_a end as rule_a,"
        f" case when change = 'transfer' then rule_b end as rule_b, {sign} * counted_gbp_{side} as gbp,"
        f" {', '.join(f'{column}_{side} as {column}' for column in _ATTRIBUTES)} from changed_lines"
        for side, sign in (("a", "-1"), ("b", "1"))
    )
    rows = connection.execute(
        f"select change, return_id, rule_a, rule_b, {names}, cast(sum(gbp) * 100 as hugeint) as pence from ({sides})"
        f" semi join followed using (agency_slug, financial_year) group by all having pence <> 0 order by all"
    ).fetchall()
    return [Leg(Group(*row[4:10]), _spot(*row[10:13]), Lines(*row[:4]), row[13]) for row in rows]


def returns_that_changed(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """(agency, year) -> returns of which counted lines changed, most money first."""
    rows = connection.execute(
        "select coalesce(agency_slug_b, agency_slug_a), coalesce(financial_year_b, financial_year_a), return_id from changed_lines"
        " group by all order by sum(abs(coalesce(counted_gbp_b, 0) - coalesce(counted_gbp_a, 0))) desc, return_id"
    ).fetchall()
    found: dict[tuple[str, str], list[str]] = {}
    for agency, year, return_id in rows:
        found.setdefault((agency, year), []).append(return_id)
    return found


def _spot(place_code: str | None, place_basis: str | None, method_grade: str | None) -> Spot:
    """Where a line's money stands: as the allocation writes what the line recorded."""
    if place_code is None:
        return Spot(None, None, None)
    return Spot(place_code, place_basis or "not_stated", "E" if place_code == "UNALLOCATED" else method_grade or "A")
