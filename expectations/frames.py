"""The frames rules run on: their columns, and the copy of a frame that the engine works on.

Belongs here: what whoever builds a frame must put in it, columns that follow from others, and changes of type that keep
GX on its vectorised paths. Does not belong here: building frames from files (intake), or any rule.

A blank cell is None, NaN or NaT; text of nothing but spaces counts as blank too. Flags are bool and never blank.
`days_from_period` counts from the nearest day of the return's period, 0 within it, blank without date or period.
`stray_gbp` is a sum of absolute values (a payment and its credit must not hide each other).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import cast

import numpy as np
import pandas as pd

_LINE = (
    "row_number", "amount_raw", "amount", "agency_known", "place_code", "place_status", "is_repeated_line",
)  # fmt: skip
_LINE_BY_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "spend": ("payee_name", "payment_date", "payment_date_raw", "days_from_period"),
    "count": (
        "flow", "service_code", "service_known", "financial_year", "economic_type", "capital_or_revenue",
        "expenditure_basis", "funding_route", "delivery_mode", "transfer_kind", "place_basis", "method_grade",
        "discretion", "counterparty_agency", "counterparty_known",
    ),
    "service_expenditure": ("line_known",),
    "procurement_card": ("payee_name", "payment_date", "payment_date_raw", "days_from_period"),
    "grants": (
        "has_mandatory_cells", "has_expected_cells", "is_readable", "has_dates_in_order", "has_own_funder", "currency",
        "is_repeated_identifier",
    ),
})  # fmt: skip
# The project's own templates but for the count: flags about any of their cells (`ingest.cell_faults` says which).
_TEMPLATE_LINE = (
    "financial_year", "has_mandatory_cells", "is_readable", "has_listed_words", "has_listed_theme", "has_registered_agencies",
    "has_registered_partners", "has_dates_in_order", "is_in_range",
)  # fmt: skip
_OTHER: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "return": (
        "line_count", "accepted_count", "quarantined_count", "excluded_count", "row_count", "ledger_count_difference",
        "ledger_gbp_difference", "stray_gbp", "has_amount_column", "has_date_column", "has_payee_column", "period",
        "rounded_count", "repeated_line_gbp", "has_mandatory_columns", "stored_count_difference", "stored_gbp_difference",
    ),
    "month": ("agency_slug", "financial_year", "month", "line_count", "neighbour_median_count", "share_of_neighbours"),
    "control": ("control_label", "printed_gbp", "summed_gbp", "difference_gbp", "tolerance_gbp", "excess_gbp"),
})  # fmt: skip

_EPOCH = pd.Timestamp("1970-01-01")
_DAY = pd.Timedelta(days=1)
_SECONDS_A_DAY = 86_400


def columns_of(kind: str, grain: str) -> tuple[str, ...]:
    """The columns a frame of this kind and grain has."""
    return _LINE + _LINE_BY_KIND.get(kind, _TEMPLATE_LINE) if grain == "line" else _OTHER[grain]


def engine_frame(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """A copy of the wanted columns (those that there are), indexed 0..n-1, in types GX compares without a call per row.

    GX's "between" is vectorised for int64, float64 and datetime64[ns] only, while pandas 3 makes datetime64[us]: so
    dates become days since 1970 (`engine_value` does the same to bounds). Text becomes pandas' `str`, blanks missing.
    """
    wanted = {name: _engine_column(_column(frame, name)) for name in dict.fromkeys(columns) if has_column(frame, name)}
    return pd.DataFrame(wanted, index=pd.RangeIndex(len(frame)), copy=False)


def engine_value(value: object) -> object:
    """A value of the run's context as the engine's columns hold it: dates as days since 1970, decimals as floats."""
    if isinstance(value, (datetime, date, np.datetime64)):
        # Never NaT (the runner does not let a missing value through); without a zone, pandas takes it for UTC.
        return cast(pd.Timestamp, pd.Timestamp(value)).timestamp() / _SECONDS_A_DAY
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (set, frozenset, tuple)):
        return [engine_value(item) for item in value]
    return value


def has_column(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column is in the frame or follows from those that are."""
    return name in frame.columns or (name == "quarantined_share" and {"accepted_count", "quarantined_count"} <= set(frame.columns))


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        # The only derived column so far: no lines at all is 0/0, a missing share, and return_has_lines speaks of it.
        accepted, quarantined = (_column(frame, part) for part in ("accepted_count", "quarantined_count"))
        return quarantined / (accepted + quarantined)
    column = frame[name]
    if not isinstance(column, pd.Series):
        raise ValueError(f"the column {name!r} is in the frame more than once")
    return column.reset_index(drop=True)


def _engine_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype):
        return column
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return (column - _EPOCH) / _DAY
    if pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
        return column.astype("int64")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    if isinstance(column.dtype, pd.StringDtype) or pd.api.types.infer_dtype(column, skipna=True) == "string":
        text = column.astype("str")
        return text.mask(text.str.strip() == "")
    return column
