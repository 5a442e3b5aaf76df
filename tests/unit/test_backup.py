"""Back-up and restore of a home: what comes back is what went in, and an archive that is not whole is refused."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.backup import CONTENTS, BackedUp, BackupError, back_up, restore
from ingest.home import Home
from orchestration.cli.main import cli


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for name, text in {
        "landing/receipts/r.json": "{}",
        "landing/objects/ab/abc": "date,amount\n",
        "releases/20240401/manifest.json": "{}",
        "registry/agencies.csv": "agency_slug\n",
        "secret": "key",
        "build/warehouse.duckdb": "made again",
        "dagster/dagster.yaml": "not ours to keep",
        "lake/spend/.x.parquet.abc.part": "a leaving",
    }.items():
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_text(text)
    (home.root / "secret").chmod(0o600)
    (home.releases / "current").symlink_to("20240401")
    (home.root / "quarantine").mkdir()
    return home


def _files(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("name", ["home.tar", "home.tar.gz"])
def test_what_comes_back_is_what_went_in(home: Home, tmp_path: Path, name: str) -> None:
    packed = back_up(home, tmp_path / name)
    again = Home(tmp_path / "again")
    assert restore(tmp_path / name, again) == packed == BackedUp(5, 12 + 2 + 2 + 12 + 3)
    kept = {name: text for name, text in _files(home.root).items() if not name.startswith(("build/", "dagster/", "lake/"))}
    assert _files(again.root) == kept
    assert (again.releases / "current").readlink() == Path("20240401")
    assert (again.root / "secret").stat().st_mode & 0o777 == 0o600, "the secret stays its owner's alone"
    assert (again.root / "quarantine").is_dir(), "an empty folder is kept"


def test_a_home_with_something_in_it_is_not_written_over(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "home.tar")
    before = _files(home.root)
    with pytest.raises(BackupError, match="is not empty: restore into a new folder"):
        restore(tmp_path / "home.tar", home)
    assert _files(home.root) == before


def test_a_torn_archive_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "home.tar"
    back_up(home, archive)
    whole = archive.read_bytes()
    for length in range(0, len(whole), 512):
        archive.write_bytes(whole[:length])
        again = tmp_path / "again"
        try:
            restore(archive, Home(again))
        except BackupError as error:
            assert "another" in str(error)
            assert not again.exists() and not list(tmp_path.glob(".again*"))
        else:
            # Only what follows the list of contents (padding) may be missing.
            assert _files(again).keys() >= {"landing/objects/ab/abc", "registry/agencies.csv"}
            break
    else:
        pytest.fail("not even the whole archive could be restored")
    assert length > 512 * 10


def test_a_changed_file_is_refused(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "home.tar"
    back_up(home, archive)
    changed = archive.read_bytes().replace(b"date,amount", b"date,Amount")
    archive.write_bytes(changed)
    with pytest.raises(BackupError, match="landing/objects/ab/abc is not what was packed"):
        restore(archive, Home(tmp_path / "again"))


def test_another_tar_is_refused(home: Home, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w") as other:
        other.add(home.root / "secret", "secret")
    with pytest.raises(BackupError, match=f"{CONTENTS}.*is missing"):
        restore(tmp_path / "other.tar", Home(tmp_path / "again"))


def test_an_archive_cannot_write_outside_the_home(home: Home, tmp_path: Path) -> None:
    for name in ("../outside", "/outside"):
        with tarfile.open(tmp_path / "evil.tar", "w") as evil:
            evil.add(home.root / "secret", "x")
            member = evil.gettarinfo(home.root / "secret", "x")
            member.name = name
            with (home.root / "secret").open("rb") as source:
                evil.addfile(member, source)
        with pytest.raises(BackupError, match="cannot be unpacked"):
            restore(tmp_path / "evil.tar", Home(tmp_path / "again"))
        assert not (tmp_path / "outside").exists()


def test_an_archive_inside_the_home_is_refused(home: Home) -> None:
    with pytest.raises(BackupError, match="lies inside the home"):
        back_up(home, home.root / "home.tar")


def test_no_home_no_archive(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing was ever landed there"):
        back_up(Home(tmp_path), tmp_path.parent / "home.tar")
    assert not (tmp_path.parent / "home.tar").exists()


@pytest.mark.parametrize("name", ["b.zip", "b", "b.gz", "b.tar.bz2"])
def test_a_name_that_does_not_say_how_it_is_packed_is_refused(home: Home, tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(cli, ["backup", str(tmp_path / name), "--home", str(home.root)])
    assert result.exit_code == 2
    assert "a back-up is a .tar, .tar.gz or .tgz file" in result.stderr and len(result.stderr.splitlines()) == 1
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["home.tar", "home.tar.gz", "home.tgz"])
def test_the_last_back_up_is_replaced_only_when_that_is_said(home: Home, tmp_path: Path, name: str) -> None:
    archive = tmp_path / name
    archive.write_text("the last good one")
    command = ["backup", str(archive), "--home", str(home.root)]
    refused = CliRunner().invoke(cli, command)
    assert (refused.exit_code, archive.read_text()) == (2, "the last good one")
    assert "is there already: give another name, or --replace" in refused.stderr
    assert CliRunner().invoke(cli, [*command, "--replace"]).exit_code == 0
    assert restore(archive, Home(tmp_path / "again")).file_count == 5
