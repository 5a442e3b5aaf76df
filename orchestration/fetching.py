"""Fetching as runs and the command line do it: which endpoints, with which settings, into the landing of the home.

Belongs here: choosing endpoints. Must not: fetch itself (that is `ingest.fetch`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.fetch.endpoints import Endpoint, due_endpoints, endpoints_of, shipped_endpoints
from ingest.fetch.log import AttemptLog
from ingest.fetch.run import Fetcher, FetchReport, Progress
from ingest.registry import Registry
from ingest.returns_folder import REGISTRY_FOLDER
from orchestration.resources import TotalPlace


def fetch_due(totalplace: TotalPlace, registry: Registry, *, failed_again: bool = False) -> FetchReport:
    """Fetch the due endpoints of the folder's registry; one that failed today is left until tomorrow (or `totalplace fetch`),
    unless `failed_again`.

    Raises ValueError for settings that cannot be used.
    """
    endpoints = endpoints_of(registry.extension.get("endpoints", []))
    if not endpoints:  # nothing is read, nothing is asked
        return FetchReport()
    due = due_now(totalplace, endpoints, failed_again=failed_again)
    return fetch(totalplace, due)


def due_now(totalplace: TotalPlace, endpoints: Sequence[Endpoint], *, failed_again: bool) -> list[Endpoint]:
    """The endpoints to ask today, by the attempt log of the home."""
    return due_endpoints(endpoints, AttemptLog(totalplace.home).histories(), totalplace.now().date(), failed_again=failed_again)


def fetch(totalplace: TotalPlace, endpoints: Sequence[Endpoint], progress: Progress = lambda _: None) -> FetchReport:
    """Fetch these endpoints into the landing of the home.

    Raises ValueError for settings that cannot be used.
    """
    if not endpoints:
        return FetchReport()
    return Fetcher(totalplace.landing(), totalplace.fetch_settings(), totalplace.folder).fetch(endpoints, progress)


def chosen_endpoints(registry: Registry, agency: str | None, *, shipped: bool) -> list[Endpoint]:
    """The endpoints of the folder's registry, with the shipped ones where asked for; of one agency where given."""
    found = endpoints_of(registry.extension.get("endpoints", []))
    if shipped:
        found += [e for e in shipped_endpoints() if e.key not in {known.key for known in found}]
    return [e for e in found if agency in (None, e.agency_slug)]


def registry_folder(totalplace: TotalPlace) -> Path:
    """The registry of the returns folder where it can be read, else the copy that the home keeps."""
    folder = totalplace.folder
    given = folder / REGISTRY_FOLDER if folder else None
    return given if given is not None and given.is_dir() else totalplace.home.root / REGISTRY_FOLDER
