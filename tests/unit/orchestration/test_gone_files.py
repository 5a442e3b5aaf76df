"""Files in service that are no longer in the folder."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.landing import Landing, Receipt
from ingest.registry import load_registry
from ingest.returns_folder import FolderFile
from ingest.withdrawals import withdraw
from orchestration import intake, storing
from orchestration.checking import check_readings
from orchestration.gone_files import GoneFile, gone_files, gone_words, is_of_folder

COUNCIL = "hyndburn-borough-council"


def table(month: int) -> str:
    return f"Date,Supplier,Amount\n01/{month:02}/2024,A Ltd,1.00\n02/{month:02}/2024,B Ltd,2.50\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """April to June lie in the folder, July in an archive there, August came from an endpoint."""
    home, folder = Home(tmp_path / "home"), tmp_path / "returns" / COUNCIL
    folder.mkdir(parents=True)
    for month, name in ((4, "April"), (5, "May"), (6, "June")):
        (folder / f"{name} 2024.csv").write_text(table(month))
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        archive.writestr("July 2024.csv", table(7))
    landing, registry = Landing(home), load_registry(None)
    known = landing.land_folder(folder.parent).receipts
    fetched = tmp_path / "fetched"
    fetched.write_text(table(8))
    address = f"https://example.org/{COUNCIL}/August 2024.csv"
    landing.land_file(FolderFile(fetched, f"{COUNCIL}/August 2024.csv", COUNCIL, None), address, known)
    readings = [intake.read_landed(landing, registry, receipt) for receipt in landing.receipts()]
    for file in check_readings(readings, registry):
        storing.store(home, file, registry)
    return home


def test_what_vanished_and_is_in_service_is_named(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "returns"
    assert gone_files(home, folder) == []
    (folder / COUNCIL / "April 2024.csv").unlink()
    (folder / COUNCIL / "pack.zip").unlink()
    april = f"{COUNCIL}.spend.2024-04"
    assert gone_files(home, folder) == [
        GoneFile(f"{COUNCIL}/April 2024.csv", (april,)), GoneFile(f"{COUNCIL}/pack.zip", (f"{COUNCIL}.spend.2024-07",)),
    ]  # fmt: skip
    withdraw(home, april, "it was deleted", Landing(home).clock())
    assert [file.file_name for file in gone_files(home, folder)] == [f"{COUNCIL}/pack.zip"]


def test_the_line_names_up_to_three_and_how_one_is_taken_out() -> None:
    gone = [GoneFile(f"a/{n}.csv", (f"a.{n}", f"a.{n}b")[: 1 + (n == 2)]) for n in range(1, 6)]
    assert gone_words([]) == ""
    assert gone_words(gone[:1]) == (
        "1 file in service is no longer in the folder; it still counts: a/1.csv (a.1);"
        " `totalplace returns withdraw ID --reason ...` takes one out"
    )
    assert gone_words(gone).startswith(
        "5 files in service are no longer in the folder; they still count: a/1.csv (a.1), a/2.csv (a.2 and 1 more),"
        " a/3.csv (a.3) and 2 more; `totalplace"
    )


@pytest.mark.parametrize(
    ("name", "source", "is_of"),
    [
        ("a/x.csv", "/r/a/x.csv", True),
        ("a/spend/x.csv", "/r/a/spend/x.csv", True),
        ("a/x.zip!/d/y.csv", "/r/a/x.zip!/d/y.csv (archive 12ab)", True),
        ("a/x.csv", "https://h.org/a/x.csv", False),
        ("a/x.zip!/y.csv", "https://h.org/a/x.zip!/y.csv (archive 12ab)", False),
        ("a/x.csv", "file:///r/a/x.csv", False),
        ("a/spend/x.csv", "elsewhere/x.csv", False),
    ],
)
def test_files_of_endpoints_never_were_in_the_folder(name: str, source: str, is_of: bool) -> None:
    receipt = Receipt(name, "a", None, "aa", 1, "text", source, "2026-01-05", "2026-01-05")
    assert is_of_folder(receipt) is is_of
    assert is_of_folder(replace(receipt, kind_hint="spend")) is is_of
