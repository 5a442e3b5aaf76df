"""A body whose files are calendar years, so that each holds two financial years. Place X98570001, agency `paid-by-years`."""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE, AGENCY = "X98570001", "paid-by-years"
_COLUMNS = ("Date", "Supplier", "Reference", "Amount")


def add(folder: ReturnsFolder) -> None:
    """Ten pounds a month from January 2022 to December 2023."""
    folder.registry("places", {"place_code": PLACE, "place_name": "Calendar years (synthetic)", "place_type": "unitary"})
    folder.registry("agencies", {"agency_slug": AGENCY, "agency_name": f"{AGENCY} (synthetic)", "agency_type": "la_unitary"})
    folder.registry("agency_places", {"agency_slug": AGENCY, "place_code": PLACE, "weight": "1", "driver": "boundary"})
    for year in (2022, 2023):
        rows = [
            {"Date": f"15/{month:02d}/{year}", "Supplier": "Firm Ltd", "Reference": f"{year}/{month}", "Amount": "10.00"}
            for month in range(1, 13)
        ]
        folder.file(f"{AGENCY}/spend/calendar {year}.csv", _COLUMNS, rows)
