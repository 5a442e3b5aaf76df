"""Files to rows of cells. One module per family of formats; each yields `Sheet`s and interprets nothing."""

from __future__ import annotations

from ingest.readers.cells import Sheet, UnreadableFile
from ingest.readers.columnar import read_parquet
from ingest.readers.delimited import read_delimited
from ingest.readers.json_records import read_json
from ingest.readers.workbook import read_workbook

__all__ = ["Sheet", "UnreadableFile", "read_delimited", "read_json", "read_parquet", "read_workbook"]
