"""Delimited text, counted one character at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from ingest.tally.shape import Rows


def text_sheets(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[str | None, Rows]]:
    """The one unnamed sheet of a text file."""
    yield None, enumerate(_records(content, encoding, delimiter), start=1)


def _shown(field: str) -> str:
    """What Excel shows for ="00123", itself quoted or not."""
    inner = field[1:-1].replace('""', '"') if field.startswith('"=') else field
    return inner[2:-1] if inner.startswith('="') and inner.endswith('"') and len(inner) > 2 else field


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Quotes toggle, a doubled quote is a quote, CR, LF and CRLF end a record."""
    text = content.decode("latin-1" if encoding == "cp1252" else encoding, errors="replace")
    has_formulas = '="' in text
    start, quoted, record = 0, False, cast("list[str]", [])
    position, length = 0, len(text)
    special = re.compile(f'["\r\n{re.escape(delimiter)}]')
    while match := special.search(text, position):
        position = match.end()
        mark = match.group()
        if mark == '"':
            if quoted:
                if position < length and text[position] == '"':
                    position += 1
                else:
                    quoted = False
            elif not text[start : match.start()]:
                quoted = True
        elif quoted:
            continue
        else:
            record.append(text[start : match.start()])
            if mark != delimiter:
                if mark == "\r" and position < length and text[position] == "\n":
                    position += 1
                yield [_shown(field) for field in record] if has_formulas else record
                record = []
            start = position
    if start < length or record:
        record.append(text[start:])
        yield [_shown(field) for field in record] if has_formulas else record
