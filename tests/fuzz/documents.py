"""Small documents of every format with a table of spend in them: what the fuzz starts from, beside the bank and the examples.

Belongs here: writers with no library between them and the bytes where a library would write too well (ODS, odd XLSX), and the
libraries themselves elsewhere. The same arguments give the same bytes.
"""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS: list[list[object]] = [
    ["Date", "Supplier", "Reference", "Amount"],
    ["03/06/2024", "Acme Ltd", "R1", 100.5],
    ["14/06/2024", "Bolt & Co", "R2", "1,250.50"],
    ["27/06/2024", "Cobble Ltd", "R3", -25.25],
]
_FIXED = (2026, 1, 1, 0, 0, 0)
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def zipped(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of the parts, in order, with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _FIXED)
            info.compress_type = compression
            archive.writestr(info, content)
    return out.getvalue()


def ods_cell(value: object, more: str = "") -> str:
    if value is None:
        return f"<table:table-cell {more}/>"
    kind = f'office:value-type="float" office:value="{value}"' if isinstance(value, (int, float)) else 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def ods_row(values: Sequence[object], more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(map(ods_cell, values))}</table:table-row>"


def ods(tables: str, styles: str = "", prolog: str = "") -> bytes:
    """An ODS with the <table:table> elements given."""
    spaces = " ".join(f'xmlns:{p}="{_OFFICE}:{p}:1.0"' for p in ("office", "table", "text", "style"))
    manifest = f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"/>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {spaces}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_table(rows: Sequence[Sequence[object]], name: str = "June", more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(map(ods_row, rows))}</table:table>'


def xlsx_rows(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    """<row> elements with numbers and inline strings."""
    out: list[str] = []
    for number, row in enumerate(rows, start=first):
        cells = ""
        for column, value in enumerate(row):
            address = f"{chr(65 + column)}{number}"
            if isinstance(value, (int, float)):
                cells += f'<c r="{address}"><v>{value}</v></c>'
            elif value is not None:
                cells += f'<c r="{address}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
        out.append(f'<row r="{number}">{cells}</row>')
    return "".join(out)


def xlsx(
    sheet_data: str, shared: Sequence[str] | None = None, is_strict: bool = False, settings: str = "", prolog: str = "",
    after: str = "",
) -> bytes:  # fmt: skip
    """An XLSX with one sheet, Sheet1, holding the <row> elements given; `shared` the shared strings."""
    space = _STRICT if is_strict else _MAIN
    office = "http://purl.oclc.org/ooxml/officeDocument" if is_strict else "http://schemas.openxmlformats.org/officeDocument/2006"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = f'<Relationship Id="rId1" Type="{office}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    if shared is not None:
        relations += f'<Relationship Id="rId2" Type="{office}/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1"'
        f' Type="{office}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}/relationships">{settings}<sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{space}"><sheetData>{sheet_data}</sheetData>{after}</worksheet>',
    }
    if shared is not None:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}" count="{len(shared)}" uniqueCount="{len(shared)}">{items}</sst>'
    return zipped(parts)


def parquet(columns: dict[str, pa.Array]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="snappy")
    return out.getvalue()


def grants(count: int = 2) -> bytes:
    """A 360Giving package."""
    entries = [
        {
            "id": f"360G-{n}", "title": f"Hall {n}", "currency": "GBP", "amountAwarded": 100 * n + 0.25, "awardDate": "2024-06-03",
            "recipientOrganization": [{"id": f"GB-CHC-{n}", "name": "Hall Trust"}], "fundingOrganization": [{"id": "x", "name": "Fund"}],
        }
        for n in range(1, count + 1)
    ]  # fmt: skip
    return json.dumps({"grants": entries}, indent=1).encode()


def records() -> bytes:
    head, *lines = ROWS
    return json.dumps([dict(zip(map(str, head), line, strict=True)) for line in lines]).encode()


def table_columns() -> dict[str, pa.Array]:
    import datetime
    from decimal import Decimal

    return {
        "Date": pa.array([datetime.date(2024, 6, 3), datetime.date(2024, 6, 14)]),
        "Supplier": pa.array(["Acme Ltd", "Bolt & Co"]).dictionary_encode(),
        "Reference": pa.array([["R1"], ["R2", "x"]]),
        "Amount": pa.array([Decimal("100.50"), Decimal("-25.25")], pa.decimal128(12, 2)),
    }


def csv_text() -> bytes:
    return b"".join(b",".join(f'"{cell}"'.encode() for cell in row) + b"\r\n" for row in ROWS)


def made_seeds() -> dict[str, bytes]:
    """A small document of every format."""
    strings = ["Date", "Supplier", "Amount", "Acme Ltd"]
    shared_rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    shared_rows += '<row r="2"><c r="A2"><v>45446</v></c><c r="B2" t="s"><v>3</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>'
    blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
    return {
        "made.csv": csv_text(),
        "made.ods": ods(ods_table(ROWS) + ods_table(ROWS, "July", 'table:style-name="ta2"')),
        "made_repeats.ods": ods(
            '<table:table table:name="A">' + "".join(map(ods_row, ROWS)) + ods_row([None], 'table:number-rows-repeated="3"')
            + ods_row(ROWS[1], 'table:number-rows-repeated="2"') + blank + "</table:table-row></table:table>"
        ),
        "made.xlsx": xlsx(xlsx_rows(ROWS)),
        "made_shared.xlsx": xlsx(shared_rows, strings),
        "made_strict.xlsx": xlsx(xlsx_rows(ROWS), is_strict=True),
        "made_grants.json": grants(),
        "made_records.json": records(),
        "made.parquet": parquet(table_columns()),
        "made.zip": zipped({"june.csv": csv_text(), "books/july.xlsx": xlsx(xlsx_rows(ROWS)), "readme.md": "words"}),
        "made_nested.zip": zipped({"inner.zip": zipped({"june.csv": csv_text()}), "__MACOSX/._june.csv": b"x"}),
        "made_sep.csv": b"sep=;\r\nDate;Supplier;Amount\r\n03/06/2024;Acme;5.00\r\n",
        "made_utf16.csv": "Date\tSupplier\tAmount\r\n03/06/2024\tAcme\t£5.00\r\n".encode("utf-16-le"),
    }  # fmt: skip


def seeds(largest: int = 60_000) -> dict[str, bytes]:
    """Made documents, the bank, the examples, and the published returns where they are, up to a size."""
    found = made_seeds()
    places = [REPOSITORY / "tests" / "bank", REPOSITORY / "examples" / "returns", REPOSITORY.parent / "shared" / "returns"]
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else []:
            if (
                path.is_file()
                and path.suffix not in (".py", ".md")
                and path.stat().st_size <= largest
                and path.name != "expected.csv"
            ):
                found.setdefault(f"{path.parent.name}/{path.name}", path.read_bytes())
    return found
