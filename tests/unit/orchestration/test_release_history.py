"""Going back and forth between releases: what `undo` means, what is remembered, what is refused."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.home import Home
from orchestration.cli.main import cli
from orchestration.release_history import (
    CannotUndo,
    NoSuchRelease,
    current_release,
    find_release,
    list_releases,
    previous_release,
    restore,
    undo,
    undone_releases,
    undone_twin,
)
from tests.unit.orchestration.release_helpers import Draft, publish_draft

NOW = datetime(2026, 5, 1, 12, 0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for release_id in ("20260101T000000-aa", "20260102T000000-bb", "20260103T000000-cc"):
        publish_draft(home, release_id, Draft())
    publish_draft(home, "20260104T000000-dd-as-known", Draft(), as_known_on="2026-01-02T00:00:00")
    return home


def current(home: Home) -> str:
    release = current_release(home)
    assert release is not None
    return release.release_id[-2:]


def call(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["releases", *arguments, "--home", str(home.root)])


def test_releases_are_found_by_word_id_and_beginning(home: Home) -> None:
    found = [find_release(home, name).release_id[-2:] for name in ("current", "previous", "20260101T000000-aa", "20260102")]
    assert found == ["cc", "bb", "aa", "bb"]
    for name, words in (
        ("2027", "there is no release '2027'; there are 20260101T"),
        ("2026", "begins 4 releases"),
        ("", "no release"),
    ):
        with pytest.raises(NoSuchRelease, match=words):
            find_release(home, name)
    with pytest.raises(NoSuchRelease, match="there is no current release: nothing is published yet"):
        find_release(Home(home.root / "none"), "current")


def test_undo_goes_back_step_by_step_and_restore_forward(home: Home) -> None:
    assert (undo(home, NOW).now.release_id[-2:], current(home)) == ("bb", "bb")
    assert (undo(home, NOW.replace(hour=13)).now.release_id[-2:], current(home)) == ("aa", "aa")
    with pytest.raises(CannotUndo, match="there is no release before 20260101T000000-aa"):
        undo(home, NOW)
    assert current(home) == "aa" and len(list_releases(home)) == 4  # nothing is deleted
    assert (restore(home).now.release_id[-2:], restore(home).now.release_id[-2:]) == ("bb", "cc")
    assert undone_releases(home) == {}
    with pytest.raises(CannotUndo, match="no release was undone"):
        restore(home)


def test_a_release_after_an_undone_one_goes_back_past_it(home: Home) -> None:
    undo(home, NOW)
    assert undone_twin(home, "f-20260103T000000-cc") == "20260103T000000-cc"
    assert undone_twin(home, "f-20260102T000000-bb") is None
    publish_draft(home, "20260105T000000-ee", Draft())
    before = previous_release(home)
    assert before is not None and before.release_id[-2:] == "bb"
    with pytest.raises(CannotUndo, match="was not undone; undone are 20260103T000000-cc"):
        restore(home, "20260101")


def test_a_reader_of_the_undone_release_keeps_it(home: Home) -> None:
    with (home.current_release / "manifest.json").open() as reader:
        undo(home, NOW)
        assert json.load(reader)["release_id"][-2:] == "cc"
    assert not list(home.releases.glob(".*"))


def test_the_commands_say_what_they_did(home: Home) -> None:
    result = call(home, "undo")
    assert result.exit_code == 0
    assert "Release 20260102T000000-bb of 2026-01-01T00:00:00 is current again." in result.stdout
    assert "Release 20260103T000000-cc was undone; `totalplace releases restore` brings it back." in result.stdout
    rows = {row["release_id"][-2:]: row for row in json.loads(call(home, "list", "--json").stdout)}
    assert (rows["bb"]["is_current"], rows["cc"]["is_current"]) == (True, False)
    assert rows["cc"]["undone_at"] and rows["bb"]["undone_at"] is None and rows["bb"]["size_bytes"] > 0
    assert "undone" in call(home, "list").stdout
    assert json.loads(call(home, "restore", "20260103", "--json").stdout) == {
        "current": "20260103T000000-cc", "left": "20260102T000000-bb"
    }  # fmt: skip
    for arguments, status, words in (
        (("restore",), 1, "no release was undone"),
        (("restore", "2027"), 1, "no release was undone"),
        (("undo", "--home", str(home.root / "none")), 2, "there is no home"),
    ):
        result = CliRunner().invoke(cli, ["releases", *arguments, *(() if "--home" in arguments else ("--home", str(home.root)))])
        assert result.exit_code == status and words in result.stderr and len(result.stderr.strip().splitlines()) == 1
    call(home, "undo")
    assert call(home, "restore", "2027").exit_code == 2
