"""Walking a folder of returns: which files are returns, of whom, of what kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.home import Home
from ingest.landing import Landing
from ingest.returns_folder import MisplacedFolder, list_folder, misplaced


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


@pytest.mark.parametrize(
    ("home", "folder", "words"),
    [
        ("x", "x", "the returns folder x is the home x itself"),
        ("x/", "x/../x", "itself"),
        ("x/kent/home", "x", "the home x/kent/home lies in the returns folder x"),
        ("x/home", "x", "lies in the returns folder"),
        ("x/home", "link", "the home x/home lies in the returns folder link"),  # link -> x
        ("link/home", "x", "lies in the returns folder"),
        ("other/home", "linked", "the home other/home lies in the returns folder linked"),  # linked/kent -> other
        ("other", "linked", "lies in the returns folder"),
        ("x", "x/landing/objects", "holds what the home x keeps"),
        ("x", "x/lake", "holds what the home x keeps"),
        ("x", "x/returns", ""),
        ("x/.totalplace/example", "x", ""),
        ("x/kent/.home", "x", ""),
        (".totalplace/example", "examples/returns", ""),
        ("returns-home", "returns", ""),
        ("none/home", "none/returns", ""),
    ],
)
def test_a_home_and_a_folder_of_returns_do_not_lie_in_each_other(
    home: str, folder: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x/kent", "x/landing/objects", "other", "linked"):
        Path(name).mkdir(parents=True)
    Path("link").symlink_to("x")
    Path("linked/kent").symlink_to("../other")
    said = misplaced(Path(folder), Home(Path(home)))
    assert words in said and bool(said) == bool(words) and "\n" not in said


def test_nothing_is_landed_out_of_a_home(tmp_path: Path) -> None:
    (tmp_path / "kent").mkdir()
    (tmp_path / "kent" / "june.csv").write_text("x")
    with pytest.raises(MisplacedFolder, match="lies in the returns folder"):
        Landing(Home(tmp_path / "home")).land_folder(tmp_path)
    assert not (tmp_path / "home").exists()
