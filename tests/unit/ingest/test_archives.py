"""Archives: which members become files, which are refused, and that nothing of an archive is trusted or lost."""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from ingest.archives import Contents, members, survey
from ingest.home import Home
from ingest.landing import Landing
from ingest.limits import DEFAULTS, Limits
from ingest.reading import read_file
from orchestration.checking import check_reading
from orchestration.intake import partitions_of
from orchestration.storing import store
from tests.fuzz.documents import csv_text, ods, xlsx, xlsx_rows, zipped
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, make_receipt
from tests.unit.ingest.test_landing import Clock

TABLE = csv_text()


def names(content: bytes, limits: Limits = DEFAULTS) -> tuple[list[str], Contents]:
    contents = Contents()
    return [member.name for member in members(content, limits, contents=contents)], contents


def test_tables_are_taken_and_the_rest_is_told() -> None:
    archive = zipped(
        {"a.csv": TABLE, "b/c.xlsx": xlsx(xlsx_rows([["x"]])), "d.ods": ods(""), "table.dat": TABLE, "photo.jpg": b"\xff\xd8\x00\x01",
         "empty/": b"", "__MACOSX/._a.csv": b"x", "~$b.xlsx": b"x", "README.txt": "x", "page.csv": "<html>403", "readme_june.csv": TABLE}
    )  # fmt: skip
    found, contents = names(archive)
    assert found == ["a.csv", "b/c.xlsx", "d.ods", "table.dat", "page.csv", "readme_june.csv"]
    assert [(rule, name) for rule, name, _ in contents.notes] == [
        ("archive_member_is_no_table", name) for name in ("photo.jpg", "__MACOSX/._a.csv", "~$b.xlsx", "README.txt")
    ]
    assert contents.cause == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *((name, "leads out of the archive") for name in ("../a.csv", "a/../../b.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv")),
        *((name, "no plain path") for name in ("a//b.csv", "./a.csv", "a!/b.csv", "x" * 500 + ".csv")),
        ("a\nb.csv", "control characters"),
        ("a\x00.csv", "control characters"),
    ],
)
def test_names_that_are_not_to_be_trusted_are_refused(name: str, words: str) -> None:
    content = zipped({"A" * len(name): TABLE, "good.csv": TABLE}).replace(b"A" * len(name), name.encode())
    found, contents = names(content)
    assert found == ["good.csv"]
    ((rule, _, told),) = contents.notes
    assert (rule, words in told) == ("archive_member_is_refused", True)


def test_links_passwords_doubles_and_damage_are_refused() -> None:
    out = io.BytesIO()
    link = zipfile.ZipInfo("link.csv")
    link.external_attr, link.create_system = 0o120777 << 16, 3
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("twice.csv", TABLE)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("twice.csv", TABLE + b"x")
        archive.writestr("TWICE.csv", TABLE)
        archive.writestr("torn.csv", b"torn torn torn")
        archive.writestr("locked.csv", TABLE)
        archive.infolist()[-1].flag_bits |= 1
    found, contents = names(out.getvalue().replace(b"torn torn", b"torn TORN"))
    assert found == ["twice.csv", "TWICE.csv"]
    assert [words.split(": ", 1)[1][:24] for _, _, words in contents.notes] == [
        "it is a link to another ", "another file of this nam", "it is damaged or packed ", "it is protected with a p",
    ]  # fmt: skip


def test_bombs_are_refused_by_ratio_size_count_and_depth() -> None:
    _, contents = names(zipped({"bomb.csv": b"0" * 20_000_000}))
    assert "limit compression_ratio" in contents.notes[0][2]
    small = Limits(unpacked_bytes=1000, member_count=3, archive_depth=2)
    found, contents = names(zipped({f"{n}.csv": TABLE * 5 for n in range(3)}), small)
    assert (found, "limit unpacked_bytes" in contents.cause, contents.rule_id) == (["0.csv"], True, "file_is_within_limits")
    assert "limit member_count" in survey(zipped({f"{n}.csv": TABLE for n in range(4)}), small).cause
    assert "limit archive_depth" in survey(zipped({"a.csv": TABLE}), small, depth=2).cause


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", zipped({"a.csv": TABLE})[:-30], b"PK\x05\x06" + b"\x00" * 18])
def test_archive_that_gives_nothing_is_held_with_words(content: bytes) -> None:
    reading = read_file(content, make_receipt(content, "a.zip"), REGISTRY)
    assert (reading.is_held, reading.is_archive) == (True, True)
    assert reading.notes[-1].rule_id in ("file_is_readable", "file_is_a_table")


class Desk:
    """A returns folder with one archive, and the landing of its home."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home = root / "returns", Home(root / "home")
        self.landing = Landing(self.home, Clock())

    def land(self, content: bytes) -> list[str]:
        path = self.folder / COUNCIL / "june.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return [receipt.file_name.removeprefix(f"{COUNCIL}/") for receipt in self.landing.land_folder(self.folder).new]


def test_members_land_as_files_with_their_own_receipts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    inner = zipped({"count/2024-25.csv": b"x,y\n"})
    content = zipped({"a.csv": TABLE, "more.zip": inner})
    assert desk.land(content) == ["june.zip!/a.csv", "june.zip!/more.zip!/count/2024-25.csv", "june.zip!/more.zip", "june.zip"]
    receipts = {r.file_name.removeprefix(f"{COUNCIL}/"): r for r in desk.landing.receipts()}
    assert desk.landing.read(receipts["june.zip"]) == content
    assert desk.landing.read(receipts["june.zip!/a.csv"]) == TABLE
    assert receipts["june.zip!/more.zip!/count/2024-25.csv"].kind_hint == "count"
    member = receipts["june.zip!/a.csv"]
    assert member.publisher_slug == COUNCIL
    assert member.source == f"{desk.folder}/{COUNCIL}/june.zip!/a.csv (archive {hashlib.sha256(content).hexdigest()})"
    assert not [path for path in tmp_path.rglob("*") if path.name == "a.csv"]


def test_landing_the_same_archive_again_does_nothing_and_other_content_is_a_revision(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = zipped({"a.csv": TABLE, "b.csv": b"b"})
    desk.land(first)
    assert desk.land(first) == []
    assert desk.land(zipped({"a.csv": TABLE + b"more", "b.csv": b"b"})) == ["june.zip!/a.csv", "june.zip"]
    assert [r.file_name.rsplit("/", 1)[-1] for r in desk.landing.receipts()] == ["june.zip", "june.zip", "a.csv", "a.csv", "b.csv"]


def test_archive_without_a_receipt_is_landed_again_whole(tmp_path: Path) -> None:
    """A crash between the members and the archive: the receipt of the archive is written last."""
    desk = Desk(tmp_path)
    content = zipped({"a.csv": TABLE})
    desk.land(content)
    (path,) = [p for p in desk.home.receipts.rglob("*.json") if '"june.zip"' in p.read_text() or 'june.zip"' in p.read_text()]
    path.unlink()
    assert desk.land(content) == ["june.zip"]


def test_record_of_a_good_archive_has_no_return_and_keeps_its_findings(tmp_path: Path) -> None:
    content = zipped({"a.csv": TABLE, "../b.csv": TABLE})
    checked = check_reading(read_file(content, make_receipt(content, "june.zip"), REGISTRY), REGISTRY)
    record = store(Home(tmp_path), checked, REGISTRY)
    assert (record.parts, record.partitions, partitions_of(checked.reading)) == ([], (), set())
    assert [f.rule_id for f in checked.findings] == ["archive_member_is_refused"]
    assert (tmp_path / record.findings_path).exists()
