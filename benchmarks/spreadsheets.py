"""Reading a large workbook beside plain calamine: CPU seconds of each in one process, interleaved, medians.

The files are made here, 100,000 rows of 12 columns, as XLSX (by openpyxl) and as ODS (as LibreOffice writes it, with the
blank rest of every row). `read_workbook` includes the limits that are checked before calamine is let near the file; the
bound is 1.3 times.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from ingest.readers import read_workbook
from tests.fuzz.documents import ods, ods_row

BOUND = 1.3


def lines(count: int) -> Iterator[list[object]]:
    chance = random.Random(1)
    for number in range(count):
        yield [
            f"{chance.randint(1, 28):02d}/06/2024", f"Supplier {chance.randint(1, 5000)} Ltd", f"REF{number}",
            chance.randint(1, 10**7) / 100, "Adult social care", "Premises", "Residential", "E10000017", chance.randint(1, 9),
            f"description {chance.randint(1, 900)}", "Revenue", chance.randint(1, 10**6) / 100,
        ]  # fmt: skip


def as_xlsx(count: int) -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Lines")
    for line in lines(count):
        sheet.append(line)
    book.save(out)
    return out.getvalue()


def as_ods(count: int) -> bytes:
    rest = '<table:table-cell table:number-columns-repeated="16372"/></table:table-row>'
    rows = (ods_row(line).removesuffix("</table:table-row>") + rest for line in lines(count))
    return ods(f'<table:table table:name="Lines">{"".join(rows)}</table:table>')


def plain(content: bytes) -> int:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def ours(content: bytes) -> int:
    return read_workbook(content)[0].row_count


def cpu_seconds(read: Callable[[bytes], int], content: bytes, count: int) -> float:
    started = time.process_time()
    if read(content) != count:
        raise RuntimeError("not every row was read")
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    for name, content in (("xlsx", as_xlsx(options.rows)), ("ods", as_ods(options.rows))):
        times: dict[str, list[float]] = {"plain": [], "ours": []}
        for _ in range(options.runs):
            times["plain"].append(cpu_seconds(plain, content, options.rows))
            times["ours"].append(cpu_seconds(ours, content, options.rows))
        medians = {which: statistics.median(found) for which, found in times.items()}
        results[name] = medians | {"ratio": medians["ours"] / medians["plain"]}
    if options.json:
        print(json.dumps(results))
        return 0
    for name, found in results.items():
        print(
            f"{name}: plain calamine {found['plain']:.2f} s, with limits {found['ours']:.2f} s,"
            f" {found['ratio']:.2f} times (bound {BOUND})"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
