"""When the dbt project is parsed anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import transform


def test_the_manifest_follows_the_files_and_not_its_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that read the project before a change may write its manifest after it."""
    target = tmp_path / "target"
    target.mkdir()
    model = tmp_path / "model.sql"
    model.write_text("select 1")
    parsed: list[str] = []

    def parse() -> None:
        parsed.append(model.read_text())
        (target / "manifest.json").write_text("{}")

    monkeypatch.setattr(transform, "PROJECT", tmp_path)
    monkeypatch.setattr(transform, "MANIFEST", target / "manifest.json")
    monkeypatch.setattr(transform, "PARSED", target / "parsed.txt")
    monkeypatch.setattr(transform, "_parse", parse)
    transform.refresh_manifest()
    transform.refresh_manifest()
    assert parsed == ["select 1"]
    model.write_text("select 1, 2")
    (target / "manifest.json").write_text('{"written": "by a build that began earlier"}')
    transform.refresh_manifest()
    transform.refresh_manifest()
    assert parsed == ["select 1", "select 1, 2"]
    (target / "manifest.json").unlink()
    transform.refresh_manifest()
    assert len(parsed) == 3
    model.write_text("select 1, 2, 3")
    monkeypatch.setattr(transform.os, "access", lambda *_: False)  # tests may run as root, who may write everywhere
    transform.refresh_manifest()
    assert len(parsed) == 3, "an image's manifest is the one it was built with"
