"""Limits on what is read: memory is bounded by these, not by the file (design: returns, rule 9).

Belongs here: the limits as one value, and the words of a breach. Must not: read settings (the orchestration does) or files.
Readers check a limit before they make what it bounds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The largest of everything. Generous: no published return known comes near; a setting moves each."""

    file_bytes: int = 2_000_000_000
    bulk_bytes: int = 4_000_000  # text files from this size on are read column by column, where they are regular
    line_by_line_bytes: int = 128_000_000  # of a text file that is not: its lines are held in memory
    unpacked_bytes: int = (
        1_000_000_000  # of a workbook's parts, of an archive's members together, of the text in a workbook's cells
    )
    row_count: int = 5_000_000  # of one sheet
    column_count: int = 16_384
    cell_count: int = 30_000_000  # of all sheets, from the first cell to the last filled one, blank ones between included
    cell_characters: int = 1_000_000
    sheet_count: int = 1_000
    member_count: int = 1_000  # of an archive, with the archives inside it
    compression_ratio: int = 250  # of an archive's member, once it is large
    archive_depth: int = 3  # an archive in an archive in an archive
    nesting_depth: int = 64  # of JSON

    def check(self, name: str, found: int, where: str, advice: str) -> None:
        """Raises LimitBreached when `found` is more than the limit `name` allows."""
        if found > getattr(self, name):
            raise LimitBreached(name, found, getattr(self, name), where, advice)


DEFAULTS = Limits()
_UNITS = {
    "file_bytes": "bytes", "bulk_bytes": "bytes", "line_by_line_bytes": "bytes",
    "unpacked_bytes": "bytes when unpacked", "row_count": "rows", "column_count": "columns",
    "cell_count": "cells", "cell_characters": "characters in one cell", "sheet_count": "sheets",
    "member_count": "files", "compression_ratio": "times its packed size", "archive_depth": "archives inside one another",
    "nesting_depth": "levels of nesting",
}  # fmt: skip


class LimitBreached(ValueError):
    """The file is larger than a limit. The message says which, what was found, and what to do."""

    def __init__(self, name: str, found: int, limit: int, where: str, advice: str) -> None:
        self.name, self.found, self.limit = name, found, limit
        super().__init__(f"{where}: at least {found:,} {_UNITS[name]}, and the limit is {limit:,} (limit {name}); {advice}")
