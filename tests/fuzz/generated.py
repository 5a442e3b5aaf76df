"""Documents that hypothesis thinks of: tables of awkward cells in every format and dialect, whole rather than damaged."""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import csv
import io
import json
import random
import warnings

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.documents import ods, ods_table, parquet, xlsx, xlsx_rows, zipped

HEADER = ["Date", "Supplier", "Reference", "Amount"]
TEXT = st.one_of(
    st.sampled_from(["", " ", "Total", "Grand Total", "Date", "Amount", "a\nb", 'q"q', "'", ";", "|", "\t", '="007"', "\u2028", "\x0c", "\x0b", "£", "=1+1"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
)  # fmt: skip
AMOUNT = st.one_of(
    st.integers(-(10**9), 10**9).map(lambda n: n / 100),
    st.sampled_from(["1,250.50", "(5.00)", "5.00-", "£7", "1.005", "tba", "", "1.234,56", "1e3", "9" * 30, "CR", "-", "5 CR"]),
    st.floats(allow_nan=False, allow_infinity=False),
)
DAY = st.dates().map(lambda day: day.strftime("%d/%m/%Y"))
ROW = st.one_of(
    st.tuples(DAY, TEXT, TEXT, AMOUNT).map(list),
    st.lists(st.one_of(TEXT, AMOUNT), max_size=6),
    st.just(HEADER),
)
TABLE = st.lists(ROW, max_size=8)


def _clean(rows: list[list[object]]) -> list[list[object]]:
    """Without what XML cannot hold."""
    allowed = str.maketrans({chr(n): "" for n in (*range(32), 0xFFFE, 0xFFFF) if n not in (9, 10, 13)})
    return [[cell.translate(allowed) if isinstance(cell, str) else cell for cell in row] for row in rows]


def as_csv(rows: list[list[object]], delimiter: str, line_end: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows([HEADER, *rows])
    return out.getvalue().encode(encoding, errors="replace")


CSV = st.builds(
    as_csv, TABLE, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "utf-32"]),
)  # fmt: skip
XLSX = TABLE.map(lambda rows: xlsx(xlsx_rows([HEADER, *_clean(rows)])))
ODS = TABLE.map(lambda rows: ods(ods_table([HEADER, *_clean(rows)])))
RECORD = st.dictionaries(st.one_of(st.sampled_from([*HEADER, "amountAwarded", "id"]), st.text(max_size=3)), st.recursive(st.one_of(TEXT, AMOUNT, st.none(), st.booleans(), st.integers()), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2), max_leaves=4), max_size=6)  # fmt: skip
JSON = st.builds(
    lambda rows, is_package: json.dumps({"grants": rows} if is_package else rows).encode(),
    st.lists(RECORD, max_size=5),
    st.booleans(),
)
PARQUET = st.lists(st.tuples(DAY, TEXT, st.floats(), st.decimals(-(10**6), 10**6, places=3)), max_size=6).map(
    lambda rows: parquet(
        {
            name: __import__("pyarrow").array([row[i] for row in rows])
            for i, name in enumerate(("Date", "Supplier", "Amount", "Net"))
        }
    )
)
TABLES = st.one_of(
    CSV.map(lambda content: ("g.csv", content)),
    XLSX.map(lambda content: ("g.xlsx", content)),
    ODS.map(lambda content: ("g.ods", content)),
    JSON.map(lambda content: ("g.json", content)),
    PARQUET.map(lambda content: ("g.parquet", content)),
)
DOCUMENTS = st.one_of(
    TABLES,
    st.lists(TABLES, min_size=1, max_size=3).map(
        lambda files: ("g.zip", zipped({f"{i}/{n}": c for i, (n, c) in enumerate(files)}))
    ),
    st.binary(max_size=300).map(lambda content: ("g.bin", content)),
)
_waiting: list[tuple[str, bytes]] = []


def any_document(chance: random.Random) -> tuple[str, bytes]:
    """(name, content) of a document, drawn in batches by hypothesis from the seed of `chance`."""
    if not _waiting:

        @seed(chance.randrange(2**32))
        @settings(max_examples=100, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(DOCUMENTS)
        def draw(document: tuple[str, bytes]) -> None:
            _waiting.append(document)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            draw()
    return _waiting.pop()
