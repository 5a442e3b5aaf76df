"""Files to rows of cells. One module per family of formats; each yields `Sheet`s and interprets nothing."""

from __future__ import annotations

from ingest.readers.cells import Sheet, UnreadableFile
from ingest.readers.delimited import read_delimited
from ingest.readers.workbook import read_workbook

__all__ = ["Sheet", "UnreadableFile", "read_delimited", "read_workbook"]
