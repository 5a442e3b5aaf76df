"""What arrived, into landing: under which name, and whether the publisher's very bytes are there already.

Must not: fetch, or look into the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.fetch.client import Answer
from ingest.fetch.endpoints import Endpoint
from ingest.fetch.names import name_from, numbered_apart, safe_name
from ingest.landing import Landing, Receipt
from ingest.returns_folder import FolderFile


@dataclass(frozen=True)
class Landed:
    """Where a download ended: `receipt` None when the publisher's very bytes were in landing already, as `file_name`."""

    sha256: str
    file_name: str
    receipt: Receipt | None


def land_download(landing: Landing, endpoint: Endpoint, path: Path, answer: Answer, known: list[Receipt]) -> Landed:
    """Land a body under `<agency>/[<kind>/]<name>`; `known` (every receipt) is kept up to date."""
    given = "/".join(part for part in map(safe_name, endpoint.file_name.split("/")) if part)
    name = landing_name(endpoint, given or name_from(answer.content_disposition, answer.final_url), known)
    file = FolderFile(path, name, endpoint.agency_slug, endpoint.kind or None)
    with path.open("rb") as body:
        sha256 = hashlib.file_digest(body, "sha256").hexdigest()
    if (twin := _twin(file, sha256, known)) is not None:
        return Landed(sha256, twin.file_name, None)
    made = landing.land_file(file, endpoint.url, known)
    keys = {receipt.key for receipt in made}
    known[:] = [r for r in known if r.key not in keys] + made
    return Landed(sha256, name, made[-1] if made else None)


def landing_name(endpoint: Endpoint, name: str, known: Sequence[Receipt]) -> str:
    """The name a return lands under: apart from files that came from elsewhere (the folder, another endpoint) under this name."""
    folder = f"{endpoint.agency_slug}/{endpoint.kind}/" if endpoint.kind else f"{endpoint.agency_slug}/"
    is_taken = any(r.file_name == folder + name and r.source != endpoint.url for r in known)
    return folder + (numbered_apart(name, endpoint.url) if is_taken else name)


def _twin(file: FolderFile, sha256: str, known: Sequence[Receipt]) -> Receipt | None:
    """The receipt of the same bytes that the publisher now has under another name: landed again they would be a return twice."""
    latest: dict[str, Receipt] = {}
    for receipt in sorted((r for r in known if r.publisher_slug == file.publisher_slug), key=lambda r: r.landed_at):
        latest[receipt.file_name] = receipt
    twins = [r for name, r in latest.items() if r.sha256 == sha256 and name != file.name]
    return twins[0] if twins else None
