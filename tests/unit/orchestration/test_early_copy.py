"""A copy begun early is taken of the very build that it was begun of, and no other."""

import json
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from orchestration import early_copy
from orchestration.early_copy import FOLDER, begin_copy, copied_tables, drop_copy, wait_for_build


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    write(made, 1)
    return made


def write(home: Home, version: int) -> None:
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"create table mart_spend as select {version} as version, i from range(40) as t(i)")


def versions(folder: Path) -> set[int]:
    with duckdb.connect(str(folder / "totalplace.duckdb"), read_only=True) as connection:
        return {version for (version,) in connection.execute("select version from mart_spend").fetchall()}


def left(home: Home) -> bool:
    return (home.warehouse.parent / FOLDER).exists()


def test_the_copy_is_what_copying_then_gives(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = copied_tables(home, tmp_path / "late")
    begin_copy(home)
    _, begun = early_copy._BEGUN[home.root].tables.result()
    monkeypatch.setattr(early_copy, "copy_tables", None)  # nothing is copied again
    assert json.dumps(copied_tables(home, tmp_path / "early")) == json.dumps(late) == json.dumps(begun)
    assert versions(tmp_path / "early") == {1} and (tmp_path / "early/marts/mart_spend.parquet").exists()
    assert not left(home)


def test_a_copy_of_another_build_is_made_again(home: Home, tmp_path: Path) -> None:
    begin_copy(home)
    early_copy._BEGUN[home.root].tables.result()
    write(home, 2)
    copied_tables(home, tmp_path / "release")
    assert versions(tmp_path / "release") == {2} and not left(home)


def test_a_copy_that_failed_is_made_again(home: Home, tmp_path: Path) -> None:
    good = home.warehouse.read_bytes()
    home.warehouse.write_bytes(b"damaged" * 1000)
    begin_copy(home)
    assert isinstance(early_copy._BEGUN[home.root].tables.exception(), duckdb.Error)
    with pytest.raises(duckdb.Error):
        copied_tables(home, tmp_path / "bad")
    home.warehouse.write_bytes(good)
    copied_tables(home, tmp_path / "release")
    assert versions(tmp_path / "release") == {1} and not left(home)


def test_a_copy_that_nobody_asks_for_is_thrown_away(home: Home) -> None:
    begin_copy(home)
    drop_copy(home)
    assert not left(home) and not early_copy._BEGUN


def test_what_a_stop_left_is_no_copy(home: Home, tmp_path: Path) -> None:
    stale = home.warehouse.parent / FOLDER
    (stale / "marts").mkdir(parents=True)
    (stale / "totalplace.duckdb").write_bytes(b"half")
    copied_tables(home, tmp_path / "release")
    assert versions(tmp_path / "release") == {1} and not left(home)


def test_what_ends_the_build_comes_before_the_copy(home: Home, tmp_path: Path) -> None:
    begin_copy(home, lambda: write(home, 2))
    wait_for_build(home)
    copied_tables(home, tmp_path / "release")
    assert versions(tmp_path / "release") == {2} and not left(home)


def test_a_build_that_cannot_be_ended_is_said_and_not_copied(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(early_copy, "copy_tables", None)
    begin_copy(home, no_room)
    with pytest.raises(OSError, match="No space left"):
        wait_for_build(home)
    drop_copy(home)
    assert not left(home)


def test_python_takes_its_usual_turns_again(home: Home) -> None:
    before = sys.getswitchinterval()
    begin_copy(home)
    assert sys.getswitchinterval() < before
    drop_copy(home)
    assert sys.getswitchinterval() == before
