"""The frames that rules run on, built from what intake read (their columns: `expectations.frames`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pandas as pd

from ingest.bulk.stored import Stored
from ingest.cell_faults import LineFaults
from ingest.kinds import Kind
from ingest.ledger import LedgerDifference, money_sum
from ingest.periods import Period
from ingest.reading import Reading, ReturnPart
from ingest.registry import Registry
from ingest.rows import Control

_COUNT_COLUMNS = (
    "flow service_code financial_year economic_type capital_or_revenue expenditure_basis funding_route delivery_mode transfer_kind"
    " place_basis method_grade discretion counterparty_agency"
).split()


def line_frame(
    lines: pd.DataFrame,
    kind: Kind,
    registry: Registry,
    period: Period | None,
    faults: Mapping[str, LineFaults] = MappingProxyType({}),
) -> pd.DataFrame:
    """One row per candidate line, in order. `period`: the return's; `faults`: flag -> the cells of each line that break it."""
    amounts = np.array([float(a) if isinstance(a, Decimal) else np.nan for a in lines["amount_gbp"]], dtype="float64")
    places = [code if isinstance(code, str) else None for code in lines["place_code"]] if "place_code" in lines else None
    frame: dict[str, object] = {
        "row_number": np.array(list(lines["row_number"]), dtype="int64"),
        "amount_raw": _texts(lines, "amount_raw"),
        "amount": amounts,
        "agency_known": _agencies_known(lines, kind, registry),
        "place_code": _texts(lines, "place_code"),
        "place_status": _place_statuses(places or [None] * len(lines), list(lines["financial_year"]), registry),
        "is_repeated_line": np.array(list(lines["is_repeated_line"]), dtype=bool),
    }
    frame |= {name: [not broken for broken in of_line] for name, of_line in faults.items()}
    if kind.name in ("spend", "procurement_card"):
        frame["payee_name"] = _texts(lines, "payee_name")
        frame["payment_date"] = pd.to_datetime(pd.Series(list(lines["payment_date"]), dtype=object), errors="coerce")
        frame["payment_date_raw"] = _texts(lines, "payment_date_raw")
        days = list(lines["payment_date"])
        distance = {day: days_from_period(day, period) for day in set(days)}
        frame["days_from_period"] = [distance[day] for day in days]
    elif kind.name == "count":
        frame |= {name: _texts(lines, name) for name in _COUNT_COLUMNS}
        frame["service_known"] = [code is None or code in registry.services for code in lines["service_code"]]
        frame["counterparty_known"] = [slug is None or slug in registry.agencies for slug in lines["counterparty_agency"]]
    elif kind.name == "grants":
        frame["currency"] = _texts(lines, "currency").str.upper()
        identifiers = lines["award_identifier"]
        frame["is_repeated_identifier"] = identifiers.notna().to_numpy() & identifiers.duplicated().to_numpy()
    elif kind.is_template:
        frame["financial_year"] = _texts(lines, "financial_year")
    else:
        frame["line_known"] = [label in registry.service_line_keys for label in lines["line_label"]]
    return pd.DataFrame(frame)


def days_from_period(day: object, period: Period | None) -> float:
    """Days between a date and the nearest day of a period: 0 within it, NaN where either is unknown."""
    if not isinstance(day, date) or period is None:
        return np.nan
    return float(max((period.start - day).days, (day - period.end).days + 1, 0))


def _agencies_known(lines: pd.DataFrame, kind: Kind, registry: Registry) -> list[bool]:
    """A line of a register may belong to no agency: its publisher is none, or it has no host."""
    may_lack = kind.is_template and (kind.agency_field is None or not kind.field(kind.agency_field).is_mandatory)
    return [slug in registry.agencies or (may_lack and not isinstance(slug, str)) for slug in lines["agency_slug"]]


def _texts(lines: pd.DataFrame, name: str) -> pd.Series:
    values = list(lines[name]) if name in lines else [None] * len(lines)
    return pd.Series([v if isinstance(v, str) else None for v in values], dtype="str")


def _place_statuses(places: Sequence[str | None], years: Sequence[object], registry: Registry) -> list[str]:
    known: dict[tuple[object, object], str] = {}
    statuses: list[str] = []
    for code, year in zip(places, years, strict=True):
        if (code, year) not in known:
            known[(code, year)] = registry.place_status(code, year if isinstance(year, str) else None)
        statuses.append(known[(code, year)])
    return statuses


def return_frame(
    reading: Reading,
    part: ReturnPart,
    accepted: pd.Series,
    difference: LedgerDifference,
    stray_gbp: Decimal,
    stored: Stored | None = None,
) -> pd.DataFrame:
    """One row: the return as a whole. A ledger that could not be taken has blank differences: its rules then cannot run."""
    lines = part.lines
    repeated = lines["amount_gbp"][lines["is_repeated_line"].astype(bool)]
    mapped = reading.extract.mapped_fields
    plain = part.plain.count if part.plain else 0
    kept = int(accepted.sum()) + plain
    return pd.DataFrame(
        {
            "line_count": [len(lines) + plain],
            "accepted_count": [kept],
            "quarantined_count": [len(lines) + plain - kept],
            "excluded_count": [sum(not row.is_line for row in reading.extract.rows)],
            "row_count": [reading.physical_row_count],
            "ledger_count_difference": [np.nan if difference.row_count is None else difference.row_count],
            "ledger_gbp_difference": [np.nan if difference.gbp is None else float(difference.gbp)],
            "stray_gbp": [float(stray_gbp)],
            "has_amount_column": ["amount_gbp" in mapped],
            "has_date_column": ["payment_date" in mapped],
            "has_payee_column": ["payee_name" in mapped],
            "period": pd.Series([part.period.name if part.period else None], dtype="str"),
            "rounded_count": [int(sum(map(bool, lines["is_rounded"])))],
            "repeated_line_gbp": [float(money_sum(repeated))],
            "stored_count_difference": [np.nan if stored is None else plain - stored.complete_count],
            "stored_gbp_difference": [np.nan if stored is None or not part.plain else float(part.plain.gbp - stored.gbp)],
            "has_mandatory_columns": [not missing_columns(reading)],
        }
    )


def missing_columns(reading: Reading) -> tuple[str, ...]:
    """The mandatory fields for which the file has no column."""
    mandatory = reading.kind.mandatory if reading.kind else ()
    return tuple(name for name in mandatory if name not in reading.extract.mapped_fields)


def control_frame(controls: Sequence[Control]) -> pd.DataFrame:
    """One row per printed total of the file."""
    rows = [
        {
            "control_label": f"{control.scope}: {control.label}",
            "printed_gbp": float(control.printed_gbp),
            "summed_gbp": float(control.summed_gbp),
            "difference_gbp": float(control.summed_gbp - control.printed_gbp),
            "tolerance_gbp": float(control.tolerance_gbp),
            "excess_gbp": float(max(Decimal(0), abs(control.summed_gbp - control.printed_gbp) - control.tolerance_gbp)),
        }
        for control in controls
    ]
    return pd.DataFrame(rows)
