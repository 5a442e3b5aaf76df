"""The registry in force: the shipped data with what a returns folder adds under its own `registry/`.

Belongs here: which rows of a folder are taken, and when nothing is. Must not: say what a right cell looks like (that is
`validation`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path

from ingest.registry.agency_names import NameClash, find_clashes
from ingest.registry.cells import NEEDED
from ingest.registry.rows import EXTENSION_COLUMNS, POLICY, SEEDS, RegistryError, Row, read_rows
from ingest.registry.tables import Registry, shipped_names
from ingest.registry.validation import OF_AGENCIES, OF_PLACES, RegistryFault, usable_rows


def load_registry(
    folder: Path | None,
    secret: Callable[[], bytes] | None = None,
    names: Collection[str] = tuple(EXTENSION_COLUMNS),
    beside: Registry | None = None,
) -> Registry:
    """Shipped data plus the CSV files of a folder's `registry/` (None or absent: none; of these `names`). Rows that cannot be used
    are left out and named in `faults`. `secret` is asked for only where a policy hashes personal data. A row may name the
    agencies and places of `beside` too.

    Raises RegistryError for a file that cannot be used at all, and for a policy on personal data with any row that cannot be used:
    what it asks to withhold would be kept.
    """
    extension: dict[str, list[Row]] = {}
    faults: list[RegistryFault] = []
    clashes: list[NameClash] = []
    if folder is not None and folder.is_dir():
        known = _Known(folder, beside)
        for name in names:
            path = folder / f"{name}.csv"
            if path.exists():
                rows = read_rows(path, NEEDED.get(name, ()))
                extension[name], found = known.usable(name, rows)
                if name == POLICY:
                    _refuse(found, known.agency_faults)
                faults += found
                if name == "agencies":
                    used = {id(row) for row in extension[name]}
                    numbered = [(number, row) for number, row in enumerate(rows, start=2) if id(row) in used]
                    clashes = find_clashes(numbered, shipped_names(SEEDS))
        if EXTENSION_COLUMNS.keys() <= set(names):
            faults += _unknown_files(folder)
    registry = Registry(extension, faults, clashes)
    if secret is not None and any(row["action"] == "hash" for row in registry.personal_data):
        registry.secret = secret()
    return registry


def refuse_faulty_policy(folder: Path) -> None:
    """Raises RegistryError when a folder's policy on personal data has a row that cannot be used. Before such a folder lands: what
    was kept of the policy stays in force."""
    path = folder / f"{POLICY}.csv"
    _unknown_files(folder)
    if path.exists():
        known = _Known(folder)
        _refuse(known.usable(POLICY, read_rows(path, NEEDED[POLICY]))[1], known.agency_faults)


def _unknown_files(folder: Path) -> list[RegistryFault]:
    """CSV files that no name of the registry is for: a slip, which would let whatever they say go unheard.

    Raises RegistryError for one that looks like a policy on personal data."""
    found: list[RegistryFault] = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem in EXTENSION_COLUMNS:
            continue
        near = difflib.get_close_matches(path.stem.lower(), EXTENSION_COLUMNS, 1, 0.7)
        hint = f"name it {near[0]}.csv" if near else f"the files of a registry are {', '.join(sorted(EXTENSION_COLUMNS))}"
        fault = RegistryFault(f"registry/{path.name}", 0, f"no table of the registry has that name; {hint}", "")
        found.append(fault)
        if near == [POLICY]:
            _refuse([fault])
    return found


def _refuse(faults: Sequence[RegistryFault], of_agencies: Sequence[RegistryFault] = ()) -> None:
    """`of_agencies`: of rows that add agencies, which the policy may be about."""
    if faults:
        more = f" (and {len(faults) - 1} more rows)" if len(faults) > 1 else ""
        more += f"; {of_agencies[0].line}" if of_agencies else ""
        words = "nothing is read until it is put right, since what it asks to withhold would be kept"
        raise RegistryError(f"{faults[0].line}{more}; {words}")


class _Known:
    """The codes that a row of a folder's registry may name: shipped, and added beside it. Read when the first row asks."""

    def __init__(self, folder: Path, beside: Registry | None = None) -> None:
        self._folder, self._shipped = folder, Registry()
        self._beside = beside or self._shipped
        self.agency_faults: list[RegistryFault] = []  # once agencies were asked for

    def usable(self, name: str, rows: list[Row]) -> tuple[list[Row], list[RegistryFault]]:
        places = self.places if name in OF_PLACES else None
        agencies = self.agencies if name in OF_AGENCIES else None
        return usable_rows(name, rows, places, self._shipped.services, self._shipped.purchases, agencies)

    @cached_property
    def agencies(self) -> frozenset[str]:
        """Slugs of agencies, and of publishers that report for others."""
        rows, self.agency_faults = usable_rows("agencies", self._added("agencies"))
        added = (row["agency_slug"] for row in rows)
        return frozenset((*self._shipped.agencies, *self._beside.agencies, *added, *self._shipped.publishers))

    @cached_property
    def places(self) -> frozenset[str]:
        added = (row["place_code"] for row in self._added("places"))
        return frozenset((*self._shipped.places, *self._beside.places, *added))

    def _added(self, name: str) -> list[Row]:
        path = self._folder / f"{name}.csv"
        return read_rows(path, NEEDED[name]) if path.exists() else []
