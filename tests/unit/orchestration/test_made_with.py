"""What a release was made with is told file by file, so that a difference has a name."""

from __future__ import annotations

from pathlib import Path

from ingest.limits import DEFAULTS, Limits
from ingest.registry import load_registry
from orchestration.made_with import GROUPS, REPOSITORY, changed_files, code_version, made_with, settings_of


def made(folder: Path | None = None, limits: Limits = DEFAULTS) -> dict[str, object]:
    return made_with(load_registry(folder), settings_of(limits, "2024-25"))


def test_every_group_names_what_there_is() -> None:
    told = made()
    assert set(told) == {"version", *GROUPS}
    for name in ("dbt_project/seeds/seed_agencies.csv", "expectations/catalogue.csv", "ingest/registry/header_synonyms.csv"):
        assert any(name in told[group] for group in ("seeds", "rules", "mappings"))  # type: ignore[operator]
    assert all((REPOSITORY / name).exists() for group in ("models", "code") for name in told[group])  # type: ignore[attr-defined]
    assert "dbt_project/models/marts/core/fct_flow.sql" in told["models"]  # type: ignore[operator]
    assert {"ingest/landing.py", "orchestration/overlaps.py", "orchestration/storing.py"} <= set(told["code"])  # type: ignore[call-overload]


def test_a_changed_row_and_a_changed_setting_are_named(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("rate_name,value,source\nsaving,0.1,study\n")
    before = made(tmp_path)
    rates.write_text("rate_name,value,source\nsaving,0.2,study\n")
    assert changed_files(before, made(tmp_path)) == {"registry": ["registry/rates.csv"]}
    after = made(tmp_path, Limits(row_count=7))
    assert changed_files(before, after) == {"registry": ["registry/rates.csv"], "settings": ["limit_row_count"]}
    assert changed_files(after, after) == {}


def test_the_code_version_follows_the_registry(tmp_path: Path) -> None:
    one = load_registry(None)
    (tmp_path / "rates.csv").write_text("rate_name,value,source\nsaving,0.1,study\n")
    other = load_registry(tmp_path)
    versions = {code_version(made_with(r, settings_of(DEFAULTS, "2024-25")), r) for r in (one, other, one)}
    assert len(versions) == 2
