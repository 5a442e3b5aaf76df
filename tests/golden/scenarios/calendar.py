"""Returns due in a year that is long over: in time, late, held, never sent. Place X98560001, agencies `calendar-...`."""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE = "X98560001"
_COLUMNS = ("Date", "Supplier", "Reference", "Amount")
_YEAR = {"valid_from": "2024-04-01", "valid_to": "2025-04-01", "source": "worked example"}


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    folder.registry("places", {"place_code": PLACE, "place_name": "Calendar place (synthetic)", "place_type": "unitary"})
    for slug, kind in (("calendar-quarters", "la_unitary"), ("calendar-months", "la_unitary"), ("calendar-silent", "third_sector")):
        folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
        folder.registry("agency_places", {"agency_slug": slug, "place_code": PLACE, "weight": "1", "driver": "boundary"})
    for slug, kind, frequency, days in (
        ("calendar-quarters", "spend", "quarter", ("31", "31")),
        ("calendar-months", "spend", "quarter", ("31", "31")),
        ("calendar-silent", "count", "financial_year", ("183", "92")),
    ):
        due = {"kind": kind, "agency_slug": slug, "frequency": frequency, "due_days": days[0], "grace_days": days[1]}
        folder.registry("calendar", due | _YEAR)
    folder.registry("calendar", {"kind": "spend", "frequency": "weekly", "due_days": "1", "source": "no such frequency"})

    _ledger(folder, "calendar-quarters", "2024-Q2", "2024-07-31", ("03/04/2024", "03/05/2024", "03/06/2024"))
    _ledger(folder, "calendar-quarters", "2024-Q3", "2024-11-15", ("03/07/2024", "03/08/2024", "03/09/2024"))
    _ledger(folder, "calendar-quarters", "2024-Q4", "2025-01-31", ("03/10/2024", "03/11/2024", "03/12/2024"), amount="ten pounds")
    for month in ("2024-04", "2024-05", "2024-07"):
        _ledger(folder, "calendar-months", month, "2024-08-01", (f"03/{month[5:]}/2024",))


def _ledger(folder: ReturnsFolder, slug: str, period: str, published: str, days: tuple[str, ...], amount: str = "10.00") -> None:
    name = f"{slug}/spend/{period}.csv"
    folder.file(name, _COLUMNS, [
        {"Date": day, "Supplier": f"Firm {n} Ltd", "Reference": f"{period}/{n}", "Amount": amount} for n, day in enumerate(days)
    ])  # fmt: skip
    folder.registry("files", {"file": name, "period": period, "published_as_at": published})
