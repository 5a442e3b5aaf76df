"""Landing: bytes unchanged, one object per content, one receipt per file and content."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingest import durable
from ingest.durable import written_aside
from ingest.home import Home
from ingest.landing import Landing, LandingReport, OriginalDamaged


class Clock:
    """Ten o'clock, and an hour later at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


class Desk:
    """A returns folder and the landing of its home."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home = root / "returns", Home(root / "home")
        self.folder.mkdir()
        self.landing = Landing(self.home, Clock())

    def land(self, **files: bytes) -> LandingReport:
        for name, content in files.items():
            path = self.folder / "kent" / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return self.landing.land_folder(self.folder)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def hours(report: LandingReport) -> list[tuple[str, int, int]]:
    return [(r.file_name, int(r.first_landed_at[11:13]), int(r.landed_at[11:13])) for r in report.receipts]


def test_bytes_and_receipt(desk: Desk) -> None:
    content = b"\xa3 \r\x00 bytes"
    (receipt,) = desk.land(june=content).new
    assert desk.landing.read(receipt) == content
    assert (receipt.file_name, receipt.publisher_slug, receipt.kind_hint) == ("kent/june.csv", "kent", None)
    assert (receipt.size_bytes, receipt.detected_type) == (len(content), "binary")
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert (receipt.landed_at, receipt.landed_instant) == ("2026-01-05T10:00:00.000000", datetime(2026, 1, 5, 10))
    assert receipt.source == str(desk.folder / "kent" / "june.csv")


def test_same_bytes_under_two_names_are_one_object_and_two_receipts(desk: Desk) -> None:
    report = desk.land(june=b"x", july=b"x")
    assert hours(report) == [("kent/july.csv", 10, 10), ("kent/june.csv", 11, 11)]
    assert len({r.key for r in report.receipts}) == 2
    assert len([p for p in desk.home.objects.rglob("*") if p.is_file()]) == 1


def test_landing_again_changes_nothing(desk: Desk) -> None:
    first = desk.land(june=b"x")
    again = desk.land()
    assert (again.new, again.receipts) == ((), first.receipts)


def test_new_content_is_a_second_receipt_and_old_content_that_comes_back_keeps_its_first_time(desk: Desk) -> None:
    desk.land(june=b"x")
    desk.land(june=b"y")
    report = desk.land(june=b"x")
    assert [r.sha256 for r in report.new] == [hashlib.sha256(b"x").hexdigest()]
    assert hours(report) == [("kent/june.csv", 11, 11), ("kent/june.csv", 10, 12)]


def test_file_that_vanished_stays_landed(desk: Desk) -> None:
    desk.land(june=b"x", july=b"y")
    (desk.folder / "kent" / "june.csv").unlink()
    assert [name for name, _, _ in hours(desk.land())] == ["kent/july.csv", "kent/june.csv"]


@pytest.mark.parametrize("damage", ["same size", "truncated", "gone"])
def test_a_damaged_original_is_refused_and_restored_from_the_folder(desk: Desk, damage: str) -> None:
    (receipt,) = desk.land(june=b"good").new
    stored = desk.landing.object_path(receipt.sha256)
    if damage == "gone":
        stored.unlink()
    else:
        stored.write_bytes(b"evil" if damage == "same size" else b"go")
    with pytest.raises(
        OriginalDamaged, match=r"kent/june.csv \(sha256 770e607624d6\) is damaged: put the very file into the returns"
    ):
        desk.landing.read(receipt)
    report = desk.land()
    assert (report.restored, report.new, report.receipts) == (("kent/june.csv",), (), (receipt,))
    assert desk.landing.read(receipt) == b"good"


def test_a_damaged_original_whose_file_left_the_folder_stays_known(desk: Desk) -> None:
    (receipt,) = desk.land(june=b"good").new
    desk.landing.object_path(receipt.sha256).write_bytes(b"evil")
    (desk.folder / "kent" / "june.csv").unlink()
    assert desk.landing.damaged(desk.land().receipts) == [receipt]
    assert (desk.land(june=b"good").restored, desk.landing.read(receipt)) == (("kent/june.csv",), b"good")


def test_members_of_an_archive_are_restored_from_it(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("may.csv", "payee,amount\nA,1\n")
        archive.writestr("june.csv", "payee,amount\nB,2\n")
    (desk.folder / "kent").mkdir()
    (desk.folder / "kent" / "both.zip").write_bytes(packed.getvalue())
    before = desk.landing.land_folder(desk.folder).receipts
    for receipt in before:
        desk.landing.object_path(receipt.sha256).write_bytes(b"x")
    report = desk.landing.land_folder(desk.folder)
    assert (len(before), len(report.restored), report.new, desk.landing.damaged(before)) == (3, 3, (), [])


def test_a_large_original_is_restored_too(desk: Desk) -> None:
    desk.landing.limits = replace(desk.landing.limits, bulk_bytes=1)
    (receipt,) = desk.land(june=b"payee,amount\nA,1\n").new
    desk.landing.object_path(receipt.sha256).write_bytes(b"x")
    report = desk.land()
    assert (report.restored, report.new, desk.landing.damaged(report.receipts)) == (("kent/june.csv",), (), [])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"file_name": 1}', b"\xff\xfe"])
def test_a_damaged_receipt_is_none_and_its_file_lands_again(desk: Desk, content: bytes) -> None:
    (receipt,) = desk.land(june=b"good").new
    (path,) = desk.home.receipts.rglob("*.json")
    path.write_bytes(content)
    assert desk.landing.receipts() == ()
    assert [r.key for r in desk.land().new] == [receipt.key]


def test_a_clock_that_goes_back_does_not_turn_the_order_of_revisions(desk: Desk) -> None:
    (old,) = desk.land(june=b"old").new
    desk.landing.clock = lambda: datetime(2025, 12, 31)
    report = desk.land(june=b"new", july=b"x")
    assert report.clock_behind == old.landed_instant - datetime(2025, 12, 31)
    june = [r for r in report.receipts if r.file_name == "kent/june.csv"]
    assert [r.sha256 for r in june] == [hashlib.sha256(b).hexdigest() for b in (b"old", b"new")]
    assert june[1].landed_instant == old.landed_instant + timedelta(microseconds=1)
    assert min(r.landed_instant for r in report.new) >= old.landed_instant
    assert desk.land().new == ()


def test_what_a_killed_landing_left_half_done_is_swept_and_what_another_writes_is_not(desk: Desk) -> None:
    desk.land(june=b"good")
    left = desk.home.receipts / "kent" / ".abc.json.xyz.part"
    left.write_text("{")
    with written_aside(desk.home.receipts / "kent" / "def.json") as writing:
        writing.write_text("{}")
        desk.land()
        assert (left.exists(), writing.exists()) == (False, True)


def test_registry_is_kept_as_it_now_is(desk: Desk) -> None:
    given, kept = desk.folder / "registry", desk.home.root / "registry"
    given.mkdir()
    (given / "files.csv").write_text("file\n")
    (given / "notes.txt").write_text("x")
    report = desk.land(june=b"x")
    assert ([p.name for p in kept.iterdir()], len(report.receipts)) == (["files.csv"], 1)
    (given / "files.csv").unlink()
    desk.land()
    assert list(kept.iterdir()) == []


def test_a_registry_that_vanished_stays_in_force(desk: Desk) -> None:
    given, kept = desk.folder / "registry", desk.home.root / "registry"
    given.mkdir()
    (given / "files.csv").write_text("file\n")
    desk.land()
    (given / "files.csv").unlink()
    given.rmdir()
    desk.land()
    assert [p.name for p in kept.iterdir()] == ["files.csv"]


def test_files_at_the_root_are_told(desk: Desk) -> None:
    (desk.folder / "stray.csv").write_text("x")
    assert desk.land().ignored == ("stray.csv",)


def test_written_aside_leaves_the_old_file_when_the_writer_fails(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"
    with written_aside(target) as aside:
        aside.write_text("old")
    with pytest.raises(RuntimeError), written_aside(target) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert ([p.name for p in target.parent.iterdir()], target.read_text()) == (["b.txt"], "old")


def test_a_large_original_changed_after_it_landed_is_seen_by_the_process_that_landed_it(desk: Desk) -> None:
    desk.landing.limits = replace(desk.landing.limits, bulk_bytes=1)
    (receipt,) = desk.land(june=b"payee,amount\nA,1\n").new
    path = desk.landing.checked_path(receipt)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == receipt.sha256
    times = path.stat()
    path.write_bytes(b"payee,amount\nA,10\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # its seal is as it was
    with pytest.raises(OriginalDamaged):
        desk.landing.checked_path(receipt)


def test_a_large_file_that_changed_but_kept_its_size_lands_anew(desk: Desk) -> None:
    desk.landing.limits = replace(desk.landing.limits, bulk_bytes=1)
    old, again, new = (desk.land(june=content).new for content in (b"payee,1", b"payee,1", b"payee,2"))
    assert (len(old), again, len(new)) == (1, (), 1)
    assert desk.landing.read(new[0]) == b"payee,2"


def test_a_file_that_grows_shorter_while_it_is_copied_is_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room is made for the file as it was: nothing of it stays where less was read."""
    source = tmp_path / "large.csv"
    source.write_bytes(b"line\n" * 1000)
    right = durable._make_room  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(durable, "_make_room", lambda handle, size: right(handle, size + 4096))
    sha256 = durable.copy_by_hash(source, tmp_path / "objects", lambda name: tmp_path / "objects" / name)
    stored = tmp_path / "objects" / sha256
    durable.let_go(stored)
    assert stored.read_bytes() == source.read_bytes() and hashlib.sha256(stored.read_bytes()).hexdigest() == sha256
