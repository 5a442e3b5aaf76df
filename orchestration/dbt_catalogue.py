"""The dbt project as Dagster assets and checks, kept beside the manifest that it was translated from.

Belongs here: reading what is kept, and keeping it. Must not: translate (`orchestration.dbt_translation`), or import dbt or its
integration: their import and the translation take longer than all else that a code location loads, and the manifest seldom changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.durable import written_aside
from orchestration.transform import MANIFEST, ensure_manifest

KEPT = "catalogue.json"
REGISTRY = dg.AssetKey("registry")  # the asset of all tables of the folder's own registry
_TRANSLATION = tuple(Path(__file__).with_name(name) for name in ("dbt_catalogue.py", "dbt_translation.py", "dbt_words.py"))
_COLUMNS, _UNIQUE_ID = "dagster/column_schema", "dagster_dbt/unique_id"


@dataclass(frozen=True)
class Catalogue:
    """Assets, checks, and words.

    `sentences`: what each test says, by unique id. `column_words`: source table (`lake.spend`) -> column -> what it holds; "" for a
    table that no model reads.
    """

    specs: tuple[dg.AssetSpec, ...]
    check_specs: tuple[dg.AssetCheckSpec, ...]
    sentences: Mapping[str, str]
    column_words: Mapping[str, Mapping[str, str]]

    @property
    def check_keys(self) -> dict[str, dg.AssetCheckKey]:
        """The check of each test, by unique id."""
        return {str(spec.metadata[_UNIQUE_ID]): spec.key for spec in self.check_specs}

    def models(self, prefixes: tuple[str, ...]) -> list[dg.AssetKey]:
        """Assets of the models whose names begin so."""
        return sorted(
            spec.key
            for spec in self.specs
            if str(spec.metadata[_UNIQUE_ID]).startswith("model.") and spec.key.path[-1].startswith(prefixes)
        )


@cache
def catalogue() -> Catalogue:
    """What is kept of the manifest that lies there; translated anew, and kept where that can be written, when there is none.

    Raises TransformError when there is no manifest and the project does not parse.
    """
    if not MANIFEST.exists():
        ensure_manifest()
    made_of, path = _made_of(), MANIFEST.with_name(KEPT)
    with suppress(OSError, ValueError, KeyError, TypeError):
        content: dict[str, Any] = json.loads(path.read_text())
        if content["made_of"] == made_of:
            return _from_json(content)
    from orchestration.dbt_translation import translated

    found = translated(ensure_manifest())
    with suppress(OSError), written_aside(path, flush="none") as aside:  # a folder that is not to be written: translated each time
        aside.write_text(json.dumps({"made_of": made_of} | _to_json(found)))
    return found


def _made_of() -> str:
    digest = hashlib.sha256(f"{version('dagster')} {version('dagster-dbt')}\n".encode())
    for path in (MANIFEST, *_TRANSLATION):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _to_json(found: Catalogue) -> dict[str, Any]:
    return {
        "assets": [
            {
                "key": spec.key.path,
                "deps": [[dep.asset_key.path, _facts_to_json(dep.metadata)] for dep in spec.deps],
                "description": spec.description,
                "group": spec.group_name,
                "owners": list(spec.owners),
                "tags": dict(spec.tags),
                "code_version": spec.code_version,
                "skippable": spec.skippable,
                "metadata": _facts_to_json(spec.metadata),
            }
            for spec in found.specs
        ],
        "checks": [
            {
                "name": spec.name,
                "asset": spec.asset_key.path,
                "description": spec.description,
                "deps": [dep.asset_key.path for dep in spec.additional_deps],
                "blocking": spec.blocking,
                "metadata": dict(spec.metadata),
            }
            for spec in found.check_specs
        ],
        "sentences": dict(found.sentences),
        "column_words": {source: dict(words) for source, words in found.column_words.items()},
    }


def _from_json(content: Mapping[str, Any]) -> Catalogue:
    specs = tuple(
        dg.AssetSpec(
            key=dg.AssetKey(asset["key"]),
            deps=[dg.AssetDep(dg.AssetKey(key), metadata=_facts_from_json(facts)) for key, facts in asset["deps"]],
            description=asset["description"],
            group_name=asset["group"],
            owners=asset["owners"],
            tags=asset["tags"],
            code_version=asset["code_version"],
            skippable=asset["skippable"],
            metadata=_facts_from_json(asset["metadata"]),
        )
        for asset in content["assets"]
    )
    checks = tuple(
        dg.AssetCheckSpec(
            name=check["name"],
            asset=dg.AssetKey(check["asset"]),
            description=check["description"],
            additional_deps=[dg.AssetKey(key) for key in check["deps"]],
            blocking=check["blocking"],
            metadata=check["metadata"],
        )
        for check in content["checks"]
    )
    return Catalogue(specs, checks, content["sentences"], content["column_words"])


def _facts_to_json(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of texts, with the columns of a table as lists of name, type and words."""
    return {
        name: [[column.name, column.type, column.description] for column in value.columns] if name == _COLUMNS else value
        for name, value in metadata.items()
    }


def _facts_from_json(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _schema(value) if name == _COLUMNS else value for name, value in content.items()}


def _schema(columns: list[tuple[str, str, str | None]]) -> dg.TableSchema:
    return dg.TableSchema(columns=[dg.TableColumn(name, kind, description=words) for name, kind, words in columns])
