"""`--agency SLUG` of the commands that take one: whether anybody of that slug is known.

Belongs here: refusing a slug that nobody has, with the nearest that somebody has. Must not: read the registry.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ingest.registry import Registry
from orchestration.cli.console import fail

SUGGESTED = 3


def need_known_agency(slug: str | None, registry: Registry, also: Iterable[str] = ()) -> None:
    """Ends the command with status 2 for a slug of no agency, no publisher and none of `also` (those that only this home knows of:
    a return of a publisher nobody registered is held under its folder's name). A mistyped one is no agency with nothing to show."""
    known = registry.agencies.keys() | registry.publishers.keys() | set(also)
    if slug is None or slug in known:
        return
    near = difflib.get_close_matches(slug, sorted(known), SUGGESTED, 0.6)
    hint = f"; near it: {', '.join(near)}" if near else ""
    fail(f"--agency {slug}: no such agency or publisher{hint} (`totalplace agencies list --all` shows all)", 2)
