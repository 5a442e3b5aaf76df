"""Opening a file: from bytes to sheets of cells, with every decision taken on the way.

Belongs here: which reader serves which type, and the words for what cannot be opened. Must not: know kinds of return.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest import sniff
from ingest.limits import DEFAULTS, LimitBreached, Limits
from ingest.readers import Sheet, UnreadableFile, read_delimited, read_json, read_parquet, read_workbook
from ingest.readers.cells import is_blank

_SAVE = "publish the table itself as CSV or XLSX"
_NOT_TABLES = {
    "html": "the file is a web page, not a table: the download probably met an error or a login page",
    "xml": f"the file is an XML document, not a table: {_SAVE}",
    "pdf": f"the file is a PDF: {_SAVE}",
    "document": f"the file is a text document or a presentation: {_SAVE}",
    "packed": f"the file is packed in a form that is not read: pack it as ZIP, or {_SAVE}",
    "empty": "the file is empty",
    "binary": "the file is neither text nor a workbook",
}
_UNREADABLE = {
    "locked": "the workbook is protected with a password: save it again without one",
    "xlsb": "the file is a binary workbook (.xlsb), which cannot be counted a second time: save it as .xlsx",
}


class CannotOpen(ValueError):
    """The file holds no table that can be read. `rule_id` is the rule it breaks, the message says why and what to do."""

    def __init__(self, rule_id: str, words: str, value: str | None = None) -> None:
        super().__init__(words)
        self.rule_id, self.words, self.value = rule_id, words, value


@dataclass(frozen=True)
class OpenedFile:
    """What a file holds. `notes` are (rule_id, words) of the decisions taken; encoding and delimiter are "" where there is none."""

    content_type: str
    sheets: list[Sheet] = field(repr=False)
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def row_count(self) -> int:
        return sum(sheet.row_count for sheet in self.sheets)


def open_file(content: bytes, limits: Limits = DEFAULTS) -> OpenedFile:
    """Every sheet of a file that is a table, by its content. ZIP archives are not opened here (see `archives`).

    Raises CannotOpen.
    """
    try:
        limits.check("file_bytes", len(content), "the file", "publish it in several files")
        opened = _open(content, limits)
    except LimitBreached as breach:
        raise CannotOpen("file_is_within_limits", str(breach), breach.name) from breach
    except UnreadableFile as error:
        raise CannotOpen("file_is_readable", str(error)) from error
    if not any(not is_blank(cell) for sheet in opened.sheets for row in sheet.rows for cell in row):
        raise CannotOpen("file_is_a_table", _NOT_TABLES["empty"])
    return opened


def _open(content: bytes, limits: Limits) -> OpenedFile:
    content_type = sniff.detect_type(content)
    if content_type in _NOT_TABLES:
        raise CannotOpen("file_is_a_table", _NOT_TABLES[content_type], content[:60].decode("latin-1"))
    if content_type in _UNREADABLE:
        raise CannotOpen("file_is_readable", _UNREADABLE[content_type])
    if content_type == "text":
        return _open_text(content, limits)
    if content_type == "json":
        words = "read as JSON: each entry of the list is a row, row 1 the names of its values"
        return OpenedFile("json", read_json(content, limits), notes=(("encoding_decided", words),))
    if content_type == "parquet":
        words = "read as Parquet: row 1 is the names of its columns"
        return OpenedFile("parquet", read_parquet(content, limits), notes=(("encoding_decided", words),))
    if content_type == "zip":
        raise CannotOpen("file_is_readable", "the file is an archive: give the files inside it")
    return OpenedFile(content_type, read_workbook(content, limits))


def _open_text(content: bytes, limits: Limits) -> OpenedFile:
    encoded = sniff.decide_encoding(content)
    text = sniff.decode(content, encoded.choice)
    split = sniff.decide_delimiter(text)
    words = f"encoding {encoded.choice}: {encoded.reason}; delimiter {split.reason}"
    if "\x00" in text:
        words += f"; {text.count(chr(0)):,} NUL characters are kept as they stand"
    sheets = read_delimited(text, split.choice, limits)
    return OpenedFile("text", sheets, encoded.choice, split.choice, (("encoding_decided", words),))
