"""Walking a folder of returns: which files are returns, of whom, of what kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.returns_folder import list_folder


def test_folder(tmp_path: Path) -> None:
    for name in (
        "readme.txt", ".hidden", "kent/b.csv", "kent/a.csv", "kent/count/2024-25.csv", "kent/old/june.csv",
        "kent/.git/x.csv", "kent/~$a.xlsx", "kent/.DS_Store", "registry/agencies.csv", ".cache/x.csv",
        "adur/spend/q/x.csv",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "empty").mkdir()
    listing = list_folder(tmp_path)
    assert [(file.name, file.publisher_slug, file.kind_hint) for file in listing.files] == [
        ("adur/spend/q/x.csv", "adur", "spend"),
        ("kent/a.csv", "kent", None),
        ("kent/b.csv", "kent", None),
        ("kent/count/2024-25.csv", "kent", "count"),
        ("kent/old/june.csv", "kent", None),
    ]
    assert listing.files[1].path == tmp_path / "kent/a.csv"
    assert listing.ignored == ("readme.txt",)


def test_no_folder_and_a_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        list_folder(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotADirectoryError, match="is a file: give the folder"):
        list_folder(tmp_path / "file")
