"""What a file is by its bytes, how its text is encoded, what splits its columns."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.sniff import decide_delimiter, decide_encoding, decode, detect_type
from tests.fuzz import documents


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"Date,Amount\n", "text"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n ,;, \x00", "empty"),
        (b" " * 70_000 + b"x", "text"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML><p>", "html"),
        (b"\n<html>", "html"),
        (b"<?xml version='1.0'?><html xmlns=''>", "html"),
        (b"<head><title>403</title></head>", "html"),
        (b"Payee <html> Ltd" + b"," * 600, "html"),
        (b"Payee,Amount\nthe <b>bold</b> one,5\n", "text"),
        (b"%PDF-1.4", "pdf"),
        (b"PAR1....", "parquet"),
        (b' {"a": 1}', "json"),
        (b"[1]", "json"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("june.csv"), "zip"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
        ("Date".encode("utf-16"), "text"),
        (b"a,b\x00c", "binary"),
    ],
)
def test_detect_type(content: bytes, kind: str) -> None:
    assert detect_type(content) == kind


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_package_whose_type_is_damaged_has_a_type_still(compression: int) -> None:
    """Found by the fuzz: each way of packing raises errors of its own."""
    content = documents.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet" * 9, "a.csv": "x"}, compression)
    for at in range(38, 70):
        assert detect_type(content[:at] + b"\xff\xff\xff" + content[at + 3 :]) in ("zip", "ods", "xlsx")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (documents.xlsx(""), "xlsx"),
        (documents.ods(""), "ods"),
        (documents.zipped({"book.xlsx": documents.xlsx(""), "a/xl/workbook.xml": "x", "note": "xl/workbook xl/worksheets"}), "zip"),
        (documents.zipped({"[Content_Types].xml": "x", "word/document.xml": "x"}), "document"),
        (documents.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "document"),
        (documents.zipped({"[Content_Types].xml": "x", "xl/workbook.bin": "x"}), "xlsb"),
        (b"PK\x05\x06" + b"\x00" * 18, "zip"),
        ("Date,Amount\r\n1,2\r\n".encode("utf-16-le"), "text"),
        ("<html>403".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"[Redacted],5\n", "text"),
        (b'{"grants": []}', "json"),
        (b"Rar!\x1a\x07\x00", "packed"),
        (b"Date,Supplier,Amount\n03/06/2024,Ac\x00me,5\n", "text"),
    ],
)
def test_what_stands_inside_decides(content: bytes, kind: str) -> None:
    assert detect_type(content) == kind


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (b"\xef\xbb\xbf\xc2\xa35", "utf-8-sig", "£5"),
        (b"\xc2\xa35", "utf-8", "£5"),
        (b"\xa35", "cp1252", "£5"),
        (b"\x9c5", "cp850", "£5"),
        (b"\x9c 5 \x82", "cp850", "£ 5 é"),
        (b"Amount (\x9c)", "cp850", "Amount (£)"),
        (b"c\x9cur,5", "cp1252", "cœur,5"),  # 0x9C where no pound sign would stand
        (b"\xa35 \x9c5", "cp1252", "£5 œ5"),
        (b"\xa35 \x81", "cp1252", "£5 \x81"),  # a byte that cp1252 leaves undefined
        (b"\xef\xbb\xbf\xa35", "cp1252", "ï»¿£5"),
        ("£5".encode("utf-16"), "utf-16", "£5"),
        ("£5,a,b,c".encode("utf-16-le"), "utf-16-le", "£5,a,b,c"),
        ("£5,a,b,c".encode("utf-16-be"), "utf-16-be", "£5,a,b,c"),
        ("£5".encode("utf-32"), "utf-32", "£5"),
    ],
)
def test_encoding_is_decided_with_a_reason(content: bytes, encoding: str, text: str) -> None:
    decision = decide_encoding(content)
    assert (decision.choice, decode(content, decision.choice)) == (encoding, text)
    assert decision.reason


def test_reason_names_the_byte() -> None:
    assert decide_encoding(b"ab\xa3").reason == "byte 0xA3 at offset 2 is not UTF-8"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3,5\nx;y;z\n", ";"),
        ("a\tb\n1,234\t2\n3\t4\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("one column\n5\n", ","),
        ("", ","),
        ("a,b\n1,2;3\n4,5;6\n", ","),
        ("note; with; marks\na,b\n1,2\n3,4\n5,6\n", ","),
        ("a, title, with, commas\nand, another, one\na;b\n1;2\n", ";"),
        ("sep=|\na,b|c\n1,2|3\n", "|"),
        ("a;b;c\n1,5;2,5;3\n1,5;2,5;3\n", ";"),
        ('a;b\n"x,y";2\n"u,v";4\n', ";"),
    ],
)
def test_delimiter(text: str, delimiter: str) -> None:
    assert decide_delimiter(text).choice == delimiter


def test_delimiters_reason_counts_the_lines() -> None:
    assert decide_delimiter("a;b\n1;2\n\n").reason == "semicolon: 1 in 100% of the 1 lines looked at"
