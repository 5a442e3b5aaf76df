"""What a release was made with, file by file: code, rules, mappings, reference data, a place's own registry, settings.

Belongs here: naming and hashing what decides a figure beside the returns, so that two releases can be told apart by cause.
Must not: decide what a difference means (that is `release_diff`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ingest.limits import Limits
from ingest.registry import EXTENSION_COLUMNS, Registry
from orchestration.intake import CODE_FILES

REPOSITORY = Path(__file__).resolve().parents[1]
GROUPS = ("registry", "seeds", "mappings", "rules", "models", "code", "settings")
# the rest only acts
_DECIDING = (
    *CODE_FILES,
    "flow_file",
    "intake_tables",
    "ledger_parts",
    "months",
    "notices",
    "overlap_results",
    "overlaps",
    "release_notes",
    "release_tables",
    "release_views",
    "replaced_files",
    "returns_due",
    "rule_results",
    "suppliers",
    "warehouse",
)
_CODE = ("ingest/**/*.py", "expectations/**/*.py", *(f"orchestration/{name}.py" for name in _DECIDING))


def made_with(registry: Registry, settings: Mapping[str, Any]) -> dict[str, Any]:
    """`version` of the package, and for each of GROUPS a mapping of file (or setting, or table of the registry in force) to a
    hash (or the value): what, with the revisions of returns, decides every figure."""
    return {
        "version": _version(),
        "registry": {f"registry/{name}.csv": digest for name, digest in _registry_hashes(registry).items()},
        "seeds": _hashes(["dbt_project/seeds/*.csv"]),
        "mappings": _hashes(["ingest/registry/*.csv"]),
        "rules": _hashes(["expectations/*.csv"]),
        "models": _hashes(
            [f"dbt_project/{folder}/**/*.{kind}" for folder in ("models", "macros", "seeds") for kind in ("sql", "yml")]
        ),
        "code": _hashes(_CODE),
        "settings": dict(sorted(settings.items())),
    }


def code_version(made: Mapping[str, Any], registry: Registry) -> str:
    """One hash of all of it: with the input revisions, what decides a release. The secret that personal data are hashed with is in
    it too, as its fingerprint."""
    return hashlib.sha256(json.dumps([made, registry.fingerprint], sort_keys=True).encode()).hexdigest()[:16]


def settings_of(limits: Limits, price_base_year: str, months_ended: str | None = None) -> dict[str, Any]:
    """The settings that decide what is read, how it is priced, and of which months payments are expected (`months.ended_until`)."""
    given = {"price_base_year": price_base_year, "months_ended": months_ended}
    return {f"limit_{name}": value for name, value in asdict(limits).items()} | given


def changed_files(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """group -> names that differ between two `made_with`, only groups with a difference."""
    found: dict[str, list[str]] = {}
    for group in GROUPS:
        old, new = before.get(group, {}), after.get(group, {})
        if names := sorted(name for name in {*old, *new} if old.get(name) != new.get(name)):
            found[group] = names
    return found


def _registry_hashes(registry: Registry) -> dict[str, str]:
    """Of the rows in force, not of the bytes: a comment decides nothing. A row that cannot be used is told in a release."""
    found = {
        name: _digest(json.dumps([sorted(row.items()) for row in registry.extension[name]]).encode())
        for name in EXTENSION_COLUMNS
        if registry.extension.get(name)
    }
    return found | ({"unusable rows": _digest(repr(sorted(map(str, registry.faults))).encode())} if registry.faults else {})


def _hashes(patterns: Iterable[str]) -> dict[str, str]:
    paths = {path for pattern in patterns for path in REPOSITORY.glob(pattern) if path.is_file()}
    return {path.relative_to(REPOSITORY).as_posix(): _digest(path.read_bytes()) for path in sorted(paths)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _version() -> str:
    try:
        return version("totalplace")
    except PackageNotFoundError:
        return "unknown"
