"""What a release is made of, and what the working database was prepared from.

Belongs here: the origin as it stands now, and the one that is kept in the working database, because returns, decisions and rules
may change while it is built: a release says what it holds, not what came meanwhile. Must not: publish (that is `release`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.registry import Registry
from ingest.revisions import Revision, decide_revisions
from orchestration.limit_settings import limits_from_environment
from orchestration.made_with import code_version, made_with, settings_of
from orchestration.months import ended_until
from orchestration.resources import TotalPlace
from orchestration.warehouse import PRICE_BASE_YEAR, current_records, inputs_of

_TABLE = "run.origin"


@dataclass(frozen=True)
class Origin:
    """What a release is made of: input revisions, what it was made with, and one hash of the latter."""

    inputs: Sequence[Mapping[str, Any]]
    code_version: str
    made_with: Mapping[str, Any]
    as_known_on: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """What decides a release's content: input revisions, code, and the instant it is known on."""
        known = self.as_known_on.isoformat() if self.as_known_on else None
        return hashlib.sha256(json.dumps([list(self.inputs), self.code_version, known], sort_keys=True).encode()).hexdigest()[:16]


def origin_of(totalplace: TotalPlace, revisions: Sequence[Revision] | None = None, registry: Registry | None = None) -> Origin:
    """What a release would be made of now, or of what was known on the instant that is asked for; or of these revisions by this
    registry."""
    registry = registry or totalplace.counting_registry()
    if revisions is None:
        revisions = decide_revisions(current_records(totalplace.home, totalplace.instant), totalplace.instant)
    today = (totalplace.instant or totalplace.now()).date()
    made = made_with(registry, settings_of(limits_from_environment(), PRICE_BASE_YEAR, ended_until(revisions, today)))
    return Origin(inputs_of(revisions), code_version(made, registry), made, totalplace.instant)


def keep_origin(warehouse: Path, origin: Origin) -> None:
    """Write into the working database what it was prepared from."""
    content = asdict(origin) | {"as_known_on": origin.as_known_on.isoformat() if origin.as_known_on else None}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"create or replace table {_TABLE} (origin varchar)")
        connection.execute(f"insert into {_TABLE} values (?)", [json.dumps(content)])


def kept_origin(warehouse: Path) -> Origin | None:
    """What the working database was prepared from; None where it does not say."""
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            row = connection.execute(f"select origin from {_TABLE}").fetchone()
    except (duckdb.CatalogException, duckdb.IOException):  # none was prepared, or its preparation was stopped
        return None
    assert row is not None
    content = json.loads(row[0])
    known = content["as_known_on"]
    return Origin(**content | {"as_known_on": datetime.fromisoformat(known) if known else None})
