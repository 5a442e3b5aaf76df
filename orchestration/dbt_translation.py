"""dbt's manifest in Dagster's terms: which node is which asset, which test which check, in which words.

Belongs here: what the integration of the two is told. Must not: be imported where a code location loads (`dbt_catalogue` reads what
was translated).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject
from dagster_dbt.asset_utils import build_dbt_specs

from orchestration.dbt_catalogue import REGISTRY, Catalogue
from orchestration.dbt_words import column_words, test_sentence

# What the integration's own dbt runs would need: they are not used, and cannot be kept.
_OF_ITS_RUNS = ("dagster_dbt/manifest", "dagster_dbt/dagster_dbt_translator", "dagster_dbt/project_id")


class Translator(DagsterDbtTranslator):
    """dbt nodes as assets: sources are the tables of the working database, groups are the folders of the models."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            schema = dbt_resource_props["source_name"]
            if schema in ("registry", "run"):
                return REGISTRY
            return dg.AssetKey([schema, dbt_resource_props["name"]])
        return dg.AssetKey(dbt_resource_props["name"])

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """A dbt test with a sentence for a description."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        return dg.AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=f"{test_sentence(manifest['nodes'][unique_id])}.",
            additional_deps=spec.additional_deps,
            metadata=spec.metadata,
            blocking=spec.blocking,
        )

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own words; its SQL is in the repository."""
        return str(dbt_resource_props.get("description") or "")

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return {"staging": "staging", "intermediate": "intermediate", "marts": "marts", "quality": "quality"}.get(
            dbt_resource_props["fqn"][1], "models"
        )

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        is_quality = dbt_resource_props["resource_type"] == "model" and dbt_resource_props["fqn"][1] == "quality"
        return ["team:data-quality" if is_quality else "team:data-engineering"]


def translated(manifest: Mapping[str, Any]) -> Catalogue:
    """Every model and seed as an asset, every test as a check."""
    specs, checks = build_dbt_specs(
        translator=Translator(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
        manifest=manifest, select="fqn:*", exclude="", selector="", io_manager_key=None, project=None,
    )  # fmt: skip
    sources = {f"{node['source_name']}.{node['name']}" for node in manifest["sources"].values()}
    return Catalogue(
        specs=tuple(
            spec.replace_attributes(metadata={k: v for k, v in spec.metadata.items() if k not in _OF_ITS_RUNS}) for spec in specs
        ),
        check_specs=tuple(checks),
        sentences={name: test_sentence(node) for name, node in manifest["nodes"].items() if node["resource_type"] == "test"},
        column_words={source: column_words(manifest, source) for source in sorted(sources | {""})},
    )
