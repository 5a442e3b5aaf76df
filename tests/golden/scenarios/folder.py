"""A folder of returns being written: files at once, the registry's rows gathered until all scenarios have added theirs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

REGISTRY = {
    "agencies": (
        "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order"
        " valid_from valid_to"
    ),
    "agency_places": "agency_slug place_code financial_year weight driver driver_vintage",
    "places": "place_code place_name place_type county_name region_name valid_from valid_to",
}  # fmt: skip


class ReturnsFolder:
    """Rows are mappings of column to text; a column left out is blank."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._registry: dict[str, list[Mapping[str, str]]] = {}

    def registry(self, file: str, *rows: Mapping[str, str]) -> None:
        """Append rows to `registry/<file>.csv`."""
        self._registry.setdefault(file, []).extend(rows)

    def file(self, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
        """Write one return at `name` ("<publisher>/<kind>/<period>.csv")."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def write_registry(self) -> None:
        """Write what was gathered; columns are those of REGISTRY, else all that any row of the file has."""
        for file, rows in self._registry.items():
            columns = REGISTRY[file].split() if file in REGISTRY else list(dict.fromkeys(name for row in rows for name in row))
            self.file(f"registry/{file}.csv", columns, rows)
