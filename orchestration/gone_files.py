"""Files in service that the returns folder no longer has: what vanished stays in service, and whoever took it out is told so.

Belongs here: which files those are, and the line about them. Must not: withdraw anything. Files of endpoints never were in the
folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.archives import MARK
from ingest.home import Home
from ingest.landing import Landing, Receipt
from ingest.returns_folder import list_folder
from ingest.revisions import Revision, decide_revisions
from orchestration.warehouse import current_records

SHOWN = 3


@dataclass(frozen=True)
class GoneFile:
    """A file of the folder once (an archive by its own name), and its returns that are in service."""

    file_name: str
    return_ids: tuple[str, ...]


def gone_files(home: Home, folder: Path) -> list[GoneFile]:
    """The files in service that `folder` no longer has, by name. Cheap where every file that landed is still there."""
    names = frozenset(file.name for file in list_folder(folder).files)
    keys = {r.key for r in Landing(home).receipts() if is_of_folder(r) and _outer(r.file_name) not in names}
    return gone_among(decide_revisions(current_records(home)), keys) if keys else []


def gone_among(revisions: Iterable[Revision], keys: frozenset[str] | set[str]) -> list[GoneFile]:
    """The files of these keys that hold a return in service."""
    found: dict[str, list[str]] = {}
    for revision in revisions:
        if revision.status == "in_service" and revision.file.key in keys:
            found.setdefault(_outer(revision.file.file_name), []).append(revision.part.return_id)
    return [GoneFile(name, tuple(sorted(set(found[name])))) for name in sorted(found)]


def is_of_folder(receipt: Receipt) -> bool:
    """Whether the file came from a returns folder: its source is a path that ends in its name there, no address of an endpoint."""
    source = receipt.source.split(MARK)[0] if "://" not in receipt.source else ""
    return Path(source).as_posix().endswith(f"/{_outer(receipt.file_name)}")


def _outer(file_name: str) -> str:
    """The file in the folder: of a member, its archive."""
    return file_name.split(MARK)[0]


def gone_words(gone: Sequence[GoneFile]) -> str:
    """One line; "" for none."""
    if not gone:
        return ""
    named = [f"{file.file_name} ({_ids(file.return_ids)})" for file in gone[:SHOWN]]
    more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
    one = len(gone) == 1
    return (
        f"{len(gone):,} {'file' if one else 'files'} in service {'is' if one else 'are'} no longer in the folder;"
        f" {'it still counts' if one else 'they still count'}: {', '.join(named)}{more};"
        " `totalplace returns withdraw ID --reason ...` takes one out"
    )


def _ids(return_ids: Sequence[str]) -> str:
    return return_ids[0] + (f" and {len(return_ids) - 1} more" if len(return_ids) > 1 else "")
