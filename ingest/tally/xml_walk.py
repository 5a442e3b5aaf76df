"""XML read as events, by the interpreter's own expat, without entities.

A document type is refused: it is where entities are declared, which swell a file or reach outside it, and no spreadsheet needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from ingest.tally.shape import TallyFailed

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Text = Callable[[str], object]
PIECE = 1 << 18


def local(name: str) -> str:
    """The name without its prefix: publishers' tools choose their own, and use the transitional or the strict vocabulary."""
    return name.rpartition(":")[2]


def feed(handle: IO[bytes], start: Start, end: End, text: Text | None = None) -> Iterator[None]:
    """Calls the handlers with names as written (see `local`), and yields after each piece read, so that what they gathered can be
    taken.

    Raises TallyFailed for a document type, expat.ExpatError for broken XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    while piece := handle.read(PIECE):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise TallyFailed("the file declares a document type, which could hide entities: save it again")
