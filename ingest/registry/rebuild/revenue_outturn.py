"""Which authorities the revenue outturn workbooks name: what the agencies must cover.

Contract: reads every workbook of the returns folder; writes nothing.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import python_calamine


def revenue_outturn_codes(returns: Path) -> dict[str, str]:
    """E-code -> name of every authority in the revenue outturn workbooks (the latest name wins)."""
    found: dict[str, str] = {}
    for path in sorted((returns / "mhclg-revenue-outturn").rglob("*.xls")):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheet = next(name for name in book.sheet_names if name.endswith("(1)"))
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        header = next(row for row in rows if row[0] == "E-code")
        name_at = header.index("Local authority")
        for row in rows:
            if re.fullmatch(r"E\d{4}", str(row[0])):
                found[str(row[0])] = str(row[name_at]).strip()
    return found
