"""Small releases written by hand: enough of a manifest and of the tables that a comparison reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from ingest.home import Home
from orchestration.release_history import Release, point_current

YEAR = "2024-25"
_TABLES = {
    "mart_spend_by_place": (
        "place_code varchar, place_name varchar, financial_year varchar, agency_slug varchar, capital_or_revenue varchar,"
        " expenditure_basis varchar, place_basis varchar, method_grade varchar, kind varchar, coverage_status varchar,"
        " population_count bigint, aggregate_gbp decimal(18, 2), consolidated_gbp decimal(18, 2)"
    ),
    "fct_allocation": (
        "place_code varchar, financial_year varchar, agency_slug varchar, capital_or_revenue varchar, expenditure_basis varchar,"
        " place_basis varchar, method_grade varchar, driver varchar, transfer_kind varchar, counterparty_agency varchar,"
        " treatment varchar, reason varchar, part_count bigint, aggregate_gbp decimal(18, 2), consolidated_gbp decimal(18, 2)"
    ),
    "fct_flow": (
        "flow_id varchar, return_id varchar, revision_id varchar, agency_slug varchar, financial_year varchar, flow varchar,"
        " is_counting_layer boolean, amount_gbp decimal(18, 2), transfer_rule_id varchar, capital_or_revenue varchar,"
        " expenditure_basis varchar, transfer_kind varchar, counterparty_agency varchar, place_code varchar, place_basis varchar,"
        " method_grade varchar"
    ),
    "qa_rule_index": "rule_id varchar, status varchar, failed_count bigint",
    "qa_findings": "rule_id varchar",
    "qa_return_ledger": "revision_id varchar, repeated_count bigint, repeated_gbp decimal(18, 2)",
}


@dataclass
class Draft:
    """What is in a release. Figures are summed from the allocation, the allocation's rows from `money`."""

    inputs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    made_with: dict[str, Any] | None = field(default_factory=lambda: {"registry": {"registry/rates.csv": "1"}})
    rows: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: {name: [] for name in _TABLES})
    without: tuple[str, ...] = ()

    def serve(self, return_id: str, revision: str, *, status: str = "in_service", withdrawn: bool = False, waivers: Sequence[str] = ()) -> None:  # fmt: skip  # noqa: E501
        row = {"return_id": return_id, "revision_id": f"{return_id}@{revision}", "file_name": f"{return_id}-{revision}.csv"}
        self.inputs.append(row | {"sha256": revision * 16, "status": status, "waivers": list(waivers), "is_withdrawn": withdrawn})

    def line(self, flow_id: str, revision_id: str, agency: str, pounds: str, **more: Any) -> None:
        base = {
            "flow_id": flow_id, "return_id": revision_id.split("@")[0], "revision_id": revision_id, "agency_slug": agency,
            "financial_year": YEAR, "flow": "outlay", "is_counting_layer": True, "amount_gbp": Decimal(pounds),
            "capital_or_revenue": "revenue", "expenditure_basis": "gross",
        }  # fmt: skip
        self.rows["fct_flow"].append(base | more)

    def spend(self, agency: str, place: str, pounds: str, **more: Any) -> None:
        """One amount of the allocation, recorded for the place unless a `driver` is given; `kept` False: eliminated."""
        kept = more.pop("kept", True)
        base = {
            "place_code": place, "financial_year": YEAR, "agency_slug": agency, "capital_or_revenue": "revenue",
            "expenditure_basis": "gross", "place_basis": "not_stated", "method_grade": "A", "driver": "recorded", "part_count": 1,
            "treatment": "stays" if kept else "eliminated", "reason": "not_a_transfer", "aggregate_gbp": Decimal(pounds),
            "consolidated_gbp": Decimal(pounds) if kept else Decimal(0),
        }  # fmt: skip
        self.rows["fct_allocation"].append(base | more)

    def figures(self) -> list[dict[str, Any]]:
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        keys = "place_code financial_year agency_slug capital_or_revenue expenditure_basis place_basis method_grade".split()
        for row in self.rows["fct_allocation"]:
            key = tuple(row[name] for name in keys)
            figure = found.setdefault(key, {name: row[name] for name in keys} | {"aggregate_gbp": 0, "consolidated_gbp": 0})
            for name in ("aggregate_gbp", "consolidated_gbp"):
                figure[name] += row[name]
        return [{"kind": "count", "coverage_status": "returned", "place_name": "A place"} | figure for figure in found.values()]


def publish_draft(home: Home, release_id: str, draft: Draft, *, as_known_on: str | None = None, is_current: bool = True) -> Release:
    """Write the draft as a release; ids in their order are releases in their order."""
    folder = home.releases / release_id
    folder.mkdir(parents=True)
    draft.rows["mart_spend_by_place"] = [*draft.rows["mart_spend_by_place"], *draft.figures()]
    tables: dict[str, Any] = {}
    with duckdb.connect(str(folder / "totalplace.duckdb")) as connection:
        for name, columns in _TABLES.items():
            if name in draft.without:
                continue
            connection.execute(f"create table {name} ({columns})")
            listed = [column.split()[0] for column in columns.split(", ") if not column[0].isdigit()]
            rows = [[row.get(column) for column in listed] for row in draft.rows[name]]
            if rows:
                connection.executemany(f"insert into {name} values ({', '.join('?' * len(listed))})", rows)
            sums = {"consolidated_gbp": str(sum(row.get("consolidated_gbp") or 0 for row in draft.rows[name]))}
            tables[name] = {"row_count": len(rows), "content_hash": repr(sorted(map(repr, rows))), "sums_gbp": sums, "columns": []}
    manifest = {
        "release_id": release_id, "created_at": f"2026-01-01T00:00:00-{release_id}", "as_known_on": as_known_on,
        "code_version": "c", "input_fingerprint": f"f-{release_id}", "inputs": draft.inputs, "tables": tables,
    }  # fmt: skip
    if draft.made_with is not None:
        manifest["made_with"] = draft.made_with
    (folder / "manifest.json").write_text(json.dumps(manifest))
    if is_current and not as_known_on:
        point_current(home, release_id)
    return Release(release_id, folder, manifest)
