"""Faults of disk, files, clock and people, each for real where it can be made here: what is said, and that nothing is lost.

A peer that stalls and every other answer of the network stand in tests/integration/test_fetch.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from ingest.durable import FileDamaged, file_sha256, is_whole, seal
from ingest.home import Home
from ingest.landing import Landing
from ingest.records import LakeDamaged, all_records, record_path
from ingest.registry import load_registry
from ingest.waivers import all_waivers
from ingest.withdrawals import withdrawals
from orchestration.cli.main import main
from orchestration.faults import explained, fault_words
from orchestration.intake import is_done, read_landed
from orchestration.notices import original_findings
from orchestration.release import ReleaseError, publish
from orchestration.release_history import (
    CannotUndo,
    current_release,
    is_made_of,
    list_releases,
    previous_release,
    restore,
    undo,
    undone_releases,
)
from orchestration.warehouse import prepare_warehouse
from tests.crash.stages import BEFORE, COUNCIL, LIMITS, NOW, Build, Check, Decide, Land, Publish, origin, returns_now, tree
from tests.crash.suite import in_child

pytestmark = [pytest.mark.integration]
MOUNTS = os.geteuid() == 0 and sys.platform == "linux" and shutil.which("mount") is not None
Mount = Callable[[str], Path]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Mount]:
    """A small disk of its own, `mounted(options)`; skips where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        action = ["mount", "-o", f"remount,{options}", str(place)] if place.is_mount() else ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]  # fmt: skip  # noqa: E501
        if not MOUNTS or subprocess.run(action, capture_output=True, check=False).returncode:
            pytest.skip("no disk may be mounted here (it takes root)")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which every file of `returns_now` is stored; made once, by a child, so that its copies can be damaged."""
    root = tmp_path_factory.mktemp("checked") / "home"
    in_child(lambda: Check(root).prepare())
    in_child(lambda: Check(root).run())
    return root


@pytest.fixture
def stage(checked: Path, tmp_path: Path) -> Check:
    shutil.copytree(checked, tmp_path / "home")
    shutil.copy(checked.with_name("checked.pickle"), tmp_path)
    shutil.copytree(checked.with_name("returns-now"), tmp_path / "returns-now")
    return Check(tmp_path / "home")


def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """What a command that fails says, in its one line."""
    monkeypatch.setattr(sys, "argv", ["totalplace", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (1, 2)
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "Traceback" not in said
    return said


def bit_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES = [bit_flipped, truncated, Path.unlink]


# ---- the disk is full ----


def test_a_disk_that_fills_while_landing_loses_nothing(mounted: Mount, tmp_path: Path) -> None:
    root = mounted("size=200k") / "home"
    stage = Land(root)
    stage.prepare()
    returns = returns_now(root.parent.with_name("x"))
    (returns / COUNCIL / "large.csv").write_bytes(os.urandom(400_000))
    with pytest.raises(OSError) as full:
        Landing(stage.home, lambda: NOW, LIMITS).land_folder(returns)
    assert fault_words(full.value).startswith("the disk is full")
    stage.seen()
    mounted("size=8m")
    Landing(stage.home, lambda: NOW, LIMITS).land_folder(returns)
    unstopped = Land(tmp_path / "unstopped" / "home")
    unstopped.prepare()
    Landing(unstopped.home, lambda: NOW, LIMITS).land_folder(returns)
    for folder in ("objects", "registry"):
        assert tree(stage.home.landing / folder) == tree(unstopped.home.landing / folder)
    found, wanted = ([replace(r, source="") for r in Landing(home).receipts()] for home in (stage.home, unstopped.home))
    assert found == wanted


def test_a_disk_that_fills_while_storing_leaves_no_record_of_what_was_not_stored(mounted: Mount, stage: Check) -> None:
    wanted = stage.state()
    place = mounted("size=8m")
    shutil.copytree(stage.root, place / "home")
    shutil.copy(stage.checked, place)
    full = Check(place / "home")
    for path in [*full.home.lake.rglob("*"), *full.home.reports.rglob("*"), *full.home.quarantine.rglob("*")]:
        if path.is_file():
            path.unlink()
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as handle, pytest.raises(OSError, match="No space left"):
        while handle.write(bytes(1024)):
            pass
    with ballast.open("rb+") as handle:
        handle.truncate(ballast.stat().st_size - 60_000)
    with pytest.raises(OSError) as error:
        full.run()
    assert fault_words(error.value).startswith("the disk is full")
    full.seen()
    ballast.unlink()
    full.run()
    assert full.state() == wanted


def test_a_disk_that_fills_while_publishing_leaves_the_release_before(mounted: Mount) -> None:
    stage = Publish(mounted("size=24m") / "home")
    stage.prepare()
    before = current_release(stage.home)
    free = shutil.disk_usage(stage.root).free
    (stage.root / "ballast").write_bytes(bytes(max(0, free - 200_000)))
    with pytest.raises((ReleaseError, OSError)) as error:
        stage.run()
    assert "the disk is full" in (fault_words(error.value) or "")
    assert current_release(stage.home) == before
    stage.seen()
    (stage.root / "ballast").unlink()
    stage.run()
    assert (stage.state()["releases"], stage.state()["left"]) == (2, [])


def test_a_run_on_a_full_disk_says_so_in_one_line(mounted: Mount, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, example_returns: Path) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.chdir(tmp_path)
    home = mounted("size=120k") / "home"
    said = command(monkeypatch, capsys, "run", "--home", home, "--returns", example_returns)
    assert said.startswith("totalplace: the disk is full"), said
    assert "make room and run again; what was published stays, nothing is lost" in said


@pytest.mark.parametrize(
    "message",
    [
        "OSError: [Errno 28] No space left on device: '/home/x'",
        "(sqlite3.OperationalError) database or disk is full",
        'IO Error: Could not write all bytes to file "/home/x": wanted=1 wrote=0: No space left on device',
    ],
)
def test_a_full_disk_is_known_by_whoever_tells_of_it(message: str) -> None:
    assert explained(message) in (
        "the disk is full (/home/x): make room and run again; what was published stays, nothing is lost",
        "the disk is full: make room and run again; what was published stays, nothing is lost",
    )
    assert explained("KeyError: 'x'") is None
    cause = ValueError("outer")
    cause.__cause__ = OSError(28, "No space left on device")
    assert fault_words(cause) is not None and fault_words(ValueError("outer")) is None


# ---- read-only ----


def test_a_home_that_cannot_be_written_is_one_line(mounted: Mount, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, example_returns: Path) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.chdir(tmp_path)
    place = mounted("size=1m")
    (place / "home").mkdir()
    mounted("ro")
    said = command(monkeypatch, capsys, "run", "--home", place / "home", "--returns", example_returns)
    assert "the home cannot be written" in said and "give a --home that can be written" in said, said


def test_a_returns_folder_that_cannot_be_written_is_read(mounted: Mount, tmp_path: Path) -> None:
    place = mounted("size=1m")
    shutil.copytree(returns_now(tmp_path / "x"), place / "returns")
    mounted("ro")
    report = Landing(Home(tmp_path / "home")).land_folder(place / "returns")
    assert len(report.new) == 7


# ---- damaged files ----


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_lake_file_is_seen_not_counted_and_made_again(stage: Check, damage: Callable[[Path], None]) -> None:
    wanted = stage.state()
    record = next(r for r in all_records(stage.home) if r.file_name == f"{COUNCIL}/April 2024.csv")
    paths = [stage.root / path for path in record.paths]
    assert len(paths) == 3 and any("quarantine" in str(path) for path in paths)
    registry = load_registry(stage.home.root / "registry")
    receipt = next(r for r in Landing(stage.home).receipts() if r.key == record.key)
    for path in paths:
        damage(path)
        assert is_done(stage.home, registry, receipt) is None
        with pytest.raises(
            LakeDamaged, match=r"April|lake/|quarantine/.*is not what was checked: run `totalplace run`, which makes it"
        ):
            prepare_warehouse(stage.home, registry, date(2026, 1, 6))
        stage.run()
        assert stage.state() == wanted


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_none_and_its_file_is_checked_again(stage: Check, damage: Callable[[Path], None]) -> None:
    wanted = stage.state()
    record = all_records(stage.home)[0]
    damage(record_path(stage.home, record.publisher_slug, record.key))
    stage.run()
    assert stage.state() == wanted


def test_a_copy_of_a_home_is_whole_though_its_times_are_others(stage: Check, tmp_path: Path) -> None:
    shutil.copytree(stage.root, tmp_path / "copy", copy_function=shutil.copyfile)
    copy = Check(tmp_path / "copy")
    registry = load_registry(copy.home.root / "registry")
    done = [is_done(copy.home, registry, receipt) is not None for receipt in Landing(copy.home).receipts()]
    assert all(done)
    path = copy.root / all_records(copy.home)[0].findings_path
    assert is_whole(path, file_sha256(path)) and path.stat().st_mtime_ns % 100 == 0, "sealed"


def test_a_damaged_original_keeps_what_was_made_of_it_and_is_asked_for_again(
    stage: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(stage.home, lambda: NOW, LIMITS)
    receipt = next(r for r in landing.receipts() if r.file_name == f"{COUNCIL}/April 2024.csv")
    bit_flipped(landing.object_path(receipt.sha256))
    (finding,) = original_findings(stage.home)
    assert finding.message == (
        f"the stored original of {COUNCIL}/April 2024.csv (sha256 {receipt.sha256[:12]}) is damaged: put the very file into the"
        " returns folder again and run; it is known by its hash. Its lines, checked before, stay in service"
    )
    registry = load_registry(stage.home.root / "registry")
    monkeypatch.setenv("TOTALPLACE_LIMIT_SHEET_COUNT", "999")  # everything would be read again
    assert is_done(stage.home, registry, receipt) is not None
    others = [r for r in landing.receipts() if r.key != receipt.key]
    assert not any(is_done(stage.home, registry, r) for r in others)
    landing.land_folder(tmp_path / "returns-now")
    assert (original_findings(stage.home), is_done(stage.home, registry, receipt)) == ([], None)


def test_an_original_damaged_before_it_was_checked_is_held_until_it_is_back(tmp_path: Path) -> None:
    returns = returns_now(tmp_path / "x")
    home = Home(tmp_path / "home")
    landing = Landing(home, lambda: NOW, LIMITS)
    receipts = landing.land_folder(returns).receipts
    receipt = next(r for r in receipts if r.file_name == f"{COUNCIL}/April 2024.csv")
    truncated(landing.object_path(receipt.sha256))
    registry = load_registry(home.root / "registry")
    from orchestration.checking import check_reading
    from orchestration.storing import store

    record = store(home, check_reading(read_landed(landing, registry, receipt), registry), registry)
    (part,) = record.parts
    assert part.is_held and part.held_by == ["original_is_whole"]
    assert "is damaged: put the very file into the returns folder again" in part.hold_reason
    assert is_done(home, registry, receipt) is not None, "nothing to do until it is back"
    landing.land_folder(returns)
    assert is_done(home, registry, receipt) is None


def test_a_damaged_reading_is_read_again(tmp_path: Path) -> None:
    landing = Landing(Home(tmp_path / "home"), lambda: NOW, LIMITS)
    receipt = next(r for r in landing.land_folder(returns_now(tmp_path / "x")).receipts if "April" in r.file_name)
    registry = load_registry(tmp_path / "home" / "registry")
    read_landed(landing, registry, receipt)
    (cache,) = (tmp_path / "home" / "build" / "readings").glob("*.pickle")
    stored = cache.read_bytes()
    cache.write_bytes(stored.replace(b"250.50", b"950.50"))  # it would load, with another amount
    assert "250.50" in {str(amount) for amount in read_landed(landing, registry, receipt).parts[0].lines["amount_gbp"]}


@pytest.mark.parametrize("damage", [bit_flipped, truncated])
@pytest.mark.parametrize("name", ["totalplace.duckdb", "marts/fct_flow.parquet", "manifest.json"])
def test_a_damaged_release_is_seen_and_made_again(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    stage = Publish(tmp_path / "home")
    stage.prepare()
    stage.run()
    current = current_release(stage.home)
    assert current is not None and is_made_of(current, origin("second").fingerprint)
    if name == "manifest.json":
        damage(current.folder / name)
        assert (current_release(stage.home), len(list_releases(stage.home))) == (None, 1)
    else:
        damage(current.folder / name)
        assert current.damaged_files == [name]
        assert not is_made_of(current_release(stage.home), origin("second").fingerprint)
        assert (stage.home.current_release / "manifest.json").exists(), "current still tells what it is"
    again = publish(stage.home, origin("second"), NOW)
    assert again.release_id > current.release_id and current_release(stage.home) == again
    stage.seen()
    before = previous_release(stage.home)
    assert before is not None and before.manifest["input_fingerprint"] == origin("first").fingerprint, "undo skips the damaged"


def test_a_damaged_release_is_not_brought_back(tmp_path: Path) -> None:
    stage = Publish(tmp_path / "home")
    stage.prepare()
    stage.run()
    left = undo(stage.home, NOW).left
    truncated(left.database)
    with pytest.raises(CannotUndo, match=r"is damaged \(totalplace.duckdb is not what was published\): it cannot be brought back"):
        restore(stage.home)


def test_a_corrupted_working_database_is_no_release_and_is_made_anew(checked: Path, tmp_path: Path) -> None:
    shutil.copytree(checked, tmp_path / "home")
    stage = Build(tmp_path / "home")
    stage.home.warehouse.write_bytes(b"not a database" * 5000)
    with pytest.raises(ReleaseError, match="the release could not be copied out of the working database: "):
        publish(stage.home, origin("any"), NOW)
    assert list_releases(stage.home) == [] and not list(stage.home.releases.glob("*.part"))
    in_child(stage.run)
    with duckdb.connect(str(stage.home.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from lake.spend").fetchone() != (0,)


# ---- the clock ----


def test_releases_stay_in_order_when_the_clock_goes_back(tmp_path: Path) -> None:
    stage = Publish(tmp_path / "home")
    stage.prepare()
    ids = [
        publish(stage.home, origin(name), BEFORE - timedelta(days=days)).release_id
        for name, days in (("b", 1), ("c", 400), ("d", 0))
    ]
    assert ids == sorted(ids) and len(set(ids)) == 3
    assert [r.release_id for r in list_releases(stage.home)][1:] == ids
    before = previous_release(stage.home)
    assert before is not None and before.release_id == ids[1]


def test_two_releases_of_one_second_are_two(tmp_path: Path) -> None:
    stage = Publish(tmp_path / "home")
    stage.prepare()
    first, second = (publish(stage.home, origin(name), NOW) for name in ("b", "b"))
    assert first.release_id != second.release_id
    stage.seen()


# ---- others ----


def test_two_that_publish_at_once_do_not_meet(tmp_path: Path) -> None:
    stage = Publish(tmp_path / "home")
    stage.prepare()
    from orchestration.release import _alone

    with _alone(stage.home), pytest.raises(ReleaseError, match="another run is publishing a release of this home: run again when"):
        stage.run()
    stage.run()
    stage.seen()


REGISTRIES = {
    "not UTF-8": (b"agency_slug\nK\xe9nt\n", r"agencies.csv: cannot be read .*; save it as CSV in UTF-8"),
    "no column": (b"slug\nx\n", r"agencies.csv: column agency_slug, agency_name, agency_type is missing; it has slug"),
    "empty": (b"", r"agencies.csv: column .* is missing; it has no columns"),
    "a folder": (None, r"agencies.csv: cannot be read \(Is a directory\); let it be read by who runs this"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REGISTRIES)
def test_a_registry_that_cannot_be_read_is_one_line(fault: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.chdir(tmp_path)
    content, words = REGISTRIES[fault]
    path = tmp_path / "returns" / "registry" / "agencies.csv"
    (path if content is None else path.parent).mkdir(parents=True)
    if content is not None:
        path.write_bytes(content)
    said = command(monkeypatch, capsys, "run", "--home", tmp_path / "home", "--returns", tmp_path / "returns")
    assert re.search(f"totalplace: the registry cannot be used: {words}", said), said


def test_a_registry_without_permission_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "agencies.csv").write_text("agency_slug,agency_name,agency_type\n")
    (folder / "agencies.csv").chmod(0)

    def read() -> str:
        if os.geteuid() == 0:
            for path in (tmp_path, *list(tmp_path.parents)[:-2]):
                path.chmod(0o755)
            os.seteuid(65534)
        try:
            load_registry(folder)
        except ValueError as error:
            return str(error)
        return ""

    _, said = in_child(read)
    if os.geteuid() == 0 and not said.startswith("agencies.csv"):
        pytest.skip(f"this user cannot give up its rights here ({said})")
    assert said == "agencies.csv: cannot be read (Permission denied); let it be read by who runs this"


def test_a_seal_is_broken_by_writing_and_kept_by_reading(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"content")
    sha256 = file_sha256(path)
    second = path.stat().st_mtime_ns // 10**9
    seal(path, sha256)
    assert (path.stat().st_mtime_ns // 10**9, is_whole(path, sha256)) == (second, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.durable.file_sha256", lambda _: pytest.fail("a sealed file is not read"))
        assert is_whole(path, sha256)
    bit_flipped(path)
    assert not is_whole(path, sha256)
    assert not is_whole(tmp_path / "gone", sha256)


def test_findings_of_a_stopped_check_are_not_half(stage: Check) -> None:
    for record in all_records(stage.home):
        assert pq.read_table(stage.root / record.findings_path).num_columns > 0


@pytest.mark.parametrize("name", ["withdrawn.json", "quarantine/waivers/w1.json", "releases/undone.json"])
def test_what_people_decided_is_not_forgotten_by_a_fault(tmp_path: Path, name: str) -> None:
    stage = Decide(tmp_path / "home")
    stage.prepare()
    publishing = Publish(stage.root)
    publishing.prepare()
    publishing.run()
    undo(stage.home, NOW)
    bit_flipped(stage.root / name)
    with pytest.raises(FileDamaged, match=rf"{name} is damaged: put it back from a copy of the home") as error:
        withdrawals(stage.home), all_waivers(stage.home), undone_releases(stage.home)
    assert fault_words(error.value) == str(error.value)
