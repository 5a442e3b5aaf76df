"""The dbt project as assets: what is kept is what is translated, and what is kept of another manifest is not read."""

import json
import os
from pathlib import Path

import pytest

from orchestration import dbt_catalogue, transform
from orchestration.dbt_catalogue import KEPT, Catalogue, catalogue
from orchestration.transform import MANIFEST, ensure_manifest


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ensure_manifest()
    copied = tmp_path / "manifest.json"
    copied.write_bytes(MANIFEST.read_bytes())
    for module in (dbt_catalogue, transform):
        monkeypatch.setattr(module, "MANIFEST", copied)
    return copied


def _read() -> Catalogue:
    return catalogue.__wrapped__()  # what a new process does: nothing is remembered


def test_what_is_kept_is_what_was_translated(manifest: Path) -> None:
    first = _read()
    assert manifest.with_name(KEPT).exists()
    kept = _read()
    assert kept.specs == first.specs
    assert kept.check_specs == first.check_specs
    assert kept.sentences == first.sentences
    assert kept.column_words == first.column_words
    assert len(kept.specs) > 200
    assert kept.column_words["intake.returns"]
    assert set(kept.check_keys) <= set(kept.sentences)


def test_a_kept_catalogue_is_read_rather_than_translated(manifest: Path) -> None:
    _read()
    path = manifest.with_name(KEPT)
    content = json.loads(path.read_text())
    content["assets"][0]["description"] = "as kept"
    path.write_text(json.dumps(content))
    assert _read().specs[0].description == "as kept"


def test_another_manifest_is_translated_anew(manifest: Path) -> None:
    first = _read()
    content = json.loads(manifest.read_text())
    node = next(node for node in content["nodes"].values() if node["resource_type"] == "model" and node["name"] == "dim_place")
    node["description"] = "Places, said otherwise."
    manifest.write_text(json.dumps(content))
    again = _read()
    assert {s.key: s.description for s in again.specs} != {s.key: s.description for s in first.specs}
    assert "Places, said otherwise." in {s.description for s in again.specs}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"made_of": 1}'])
def test_a_damaged_one_is_made_again(manifest: Path, content: str) -> None:
    manifest.with_name(KEPT).write_text(content)
    assert len(_read().specs) > 200
    assert json.loads(manifest.with_name(KEPT).read_text())["assets"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_translated_each_time(manifest: Path) -> None:
    manifest.parent.chmod(0o500)
    try:
        assert len(_read().specs) > 200
    finally:
        manifest.parent.chmod(0o700)
    assert not manifest.with_name(KEPT).exists()
