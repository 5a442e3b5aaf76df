"""The stages that are stopped: what stands before, what is done, what must be there at any instant, what must be there at the end.

Belongs here: one class per stage, over a home of a few small synthetic files. `prepare` makes the home as it stands before, `run`
does the stage's work (and is called again to heal), `seen` raises AssertionError where a reader would meet something half done,
`state` is all that counts, without times of the clock: two homes with the same state hold the same.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import json
import pickle
import shutil
import types
import zipfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from ingest.durable import file_sha256, read_checked, sweep
from ingest.home import Home
from ingest.landing import Landing
from ingest.limits import DEFAULTS
from ingest.records import all_records, damaged_files, write_record
from ingest.registry import load_registry
from ingest.waivers import Waiver, all_waivers, revoke_waiver, write_waiver
from ingest.withdrawals import restore as restore_return
from ingest.withdrawals import withdraw, withdrawals
from orchestration import release_tables
from orchestration.home_secret import home_secret
from orchestration.instance import prepare_instance
from orchestration.intake import drop_reading, is_done, read_landed, take_lines
from orchestration.origin import Origin
from orchestration.release import publish
from orchestration.release_history import current_release, list_releases, restore, undo, undone_releases
from orchestration.resources import remember_folder, remembered_folder
from orchestration.storing import store
from orchestration.warehouse import prepare_warehouse

BEFORE, NOW = datetime(2026, 1, 5, 9), datetime(2026, 1, 6, 9)
AGENCIES = "agency_slug,agency_name,agency_type,identifier_scheme\n{}"
COUNCIL, TRUST = "tallwick-borough-council", "northmere-nhs-trust"
ROWS = f"{COUNCIL},Tallwick Borough Council,la_lower,synthetic\n{TRUST},Northmere NHS Trust,nhs_provider,synthetic\n"
LIMITS = replace(DEFAULTS, bulk_bytes=3_000)


def _proxy(content: dict[Any, Any]) -> types.MappingProxyType[Any, Any]:
    return types.MappingProxyType(content)


copyreg.pickle(types.MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))  # rules hold them


def spend(*amounts: str, month: str = "04") -> bytes:
    lines = (f"{day:02}/{month}/2024,Example Supplies {day} Ltd,{amount},INV{day}" for day, amount in enumerate(amounts, start=1))
    return ("Payment date,Supplier name,Amount,Transaction number\n" + "\n".join(lines) + "\n").encode()


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), content)
    return packed.getvalue()


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_zip", ".zip").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def returns_before(root: Path) -> Path:
    """The folder as it was: two files and a registry."""
    folder = root.with_name("returns-before")
    if not folder.exists():
        write(folder, registry__agencies_csv=AGENCIES.format(ROWS.splitlines()[0] + "\n").encode())
        write(
            folder,
            **{f"{COUNCIL}__April 2024_csv": spend("100.00", "250.50"), f"{COUNCIL}__May 2024_csv": spend("7.00", month="05")},
        )
    return folder


def returns_now(root: Path) -> Path:
    """The folder now: April corrected, an archive, a large file, another registry file."""
    folder = root.with_name("returns-now")
    if not folder.exists():
        write(
            folder,
            registry__agencies_csv=AGENCIES.format(ROWS).encode(),
            registry__rates_csv=b"rate_name,value,source\nsaving,0.1,x\n",
        )
        many = spend(*(f"{n}.{n % 100:02}" for n in range(1, 29)), month="06") * 4
        write(folder, **{
            f"{COUNCIL}__April 2024_csv": spend("100.00", "250.50", "bad money", "-3.10"),
            f"{COUNCIL}__May 2024_csv": spend("7.00", month="05"),
            f"{TRUST}__quarter_zip": zipped(july=spend("1.00", month="07"), august=spend("2.00", month="08")),
            f"{TRUST}__June 2024_csv": many,
            f"{TRUST}__notes_csv": b"%PDF-1.4 not a table",
        })  # fmt: skip
    return folder


def tree(*folders: Path) -> dict[str, str]:
    """Every file under these folders with the hash of its content: of a Parquet file of its rows, of a record without the hashes
    of its files. (The bytes of a Parquet file may differ where the values do not: what lies under a null is not said.)"""
    return {str(path.relative_to(f.parent)): _content(path) for f in folders for path in sorted(f.rglob("*")) if path.is_file()}


def _content(path: Path) -> str:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return hashlib.sha256(f"{table.schema} {table.to_pydict()}".encode()).hexdigest()
    if "_records" in path.parts:
        return json.dumps(read_checked(path) | {"hashes": None}, sort_keys=True)
    return file_sha256(path)


@dataclass
class Stage:
    """A stage in a home. `home` is where this attempt works; fixtures lie beside it."""

    root: Path

    @property
    def home(self) -> Home:
        return Home(self.root)

    def prepare(self) -> None: ...
    def run(self) -> None: ...
    def seen(self) -> None: ...
    def state(self) -> dict[str, Any]:
        raise NotImplementedError


class Land(Stage):
    """Landing: originals, receipts, registry, cached readings."""

    def landing(self, now: datetime) -> Landing:
        return Landing(self.home, lambda: now, LIMITS)

    def prepare(self) -> None:
        self.landing(BEFORE).land_folder(returns_before(self.root))
        (self.home.receipts / COUNCIL / ".x.json.y.part").write_text("{")  # of an earlier stop

    def run(self) -> None:
        landing = self.landing(NOW)
        receipts = landing.land_folder(returns_now(self.root)).receipts
        registry = load_registry(self.home.root / "registry")
        for receipt in receipts:
            read_landed(landing, registry, receipt)

    def seen(self) -> None:
        landing = self.landing(NOW)
        for receipt in landing.receipts():
            assert file_sha256(landing.object_path(receipt.sha256)) == receipt.sha256, receipt
        assert {r.file_name for r in landing.receipts()} >= {f"{COUNCIL}/April 2024.csv", f"{COUNCIL}/May 2024.csv"}, "lost"

    def state(self) -> dict[str, Any]:
        landing = self.landing(NOW)
        registry = load_registry(self.home.root / "registry")
        readings = {r.key: [len(part.lines) for part in read_landed(landing, registry, r).parts] for r in landing.receipts()}
        found = tree(self.home.objects, self.home.receipts, self.home.landing / "registry", self.home.root / "registry")
        return {"files": found, "readings": readings}


class Check(Stage):
    """Storing what checking decided: lake, quarantine, findings, reports, records; over records of earlier code."""

    @property
    def checked(self) -> Path:
        return self.root.with_name("checked.pickle")

    def prepare(self) -> None:
        from orchestration.checking import check_readings

        landing = Landing(self.home, lambda: NOW, LIMITS)
        landing.land_folder(returns_now(self.root))
        registry = load_registry(self.home.root / "registry")
        readings = [take_lines(landing, registry, read_landed(landing, registry, r)) for r in landing.receipts()]
        checked = list(check_readings(readings, registry))
        self.checked.write_bytes(pickle.dumps((registry, checked)))
        for file in checked[:3]:  # as earlier code left them: less in it, and lines in files that there will be no more
            file.findings.clear()
            record = store(self.home, file, registry)
            for part in record.parts:
                part.lake_path = part.lake_path or f"lake/spend/{COUNCIL}/gone.parquet"
                (self.home.root / part.lake_path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.home.root / record.findings_path, self.home.root / part.lake_path)
            hashes = {path: file_sha256(self.home.root / path) for path in record.paths}
            write_record(self.home, replace(record, specification="of earlier code", hashes=hashes))

    def run(self) -> None:
        registry, checked = pickle.loads(self.checked.read_bytes())
        landing = Landing(self.home, lambda: NOW, LIMITS)
        for file in checked:
            receipt = file.reading.receipt
            if is_done(self.home, registry, receipt) is None:
                if any(part.part.plain is not None for part in file.parts):  # the lines of a large file are taken up anew
                    again = take_lines(landing, registry, read_landed(landing, registry, receipt))
                    for part, fresh in zip(file.parts, again.parts, strict=True):
                        part.part.plain = fresh.plain
                store(self.home, file, registry)
                drop_reading(landing, registry, receipt)

    def seen(self) -> None:
        for record in all_records(self.home):
            changed = {p for p, sha256 in record.hashes.items() if not _is(self.home.root / p, sha256)}
            assert changed == set(damaged_files(self.home, record)), "a file that is not what was checked is taken for it"

    def state(self) -> dict[str, Any]:
        folders = (self.home.lake, self.home.quarantine, self.home.reports)
        for folder in folders:
            for path in folder.rglob(".*.part"):
                path.unlink()
        return tree(*folders)


class Build(Stage):
    """The working database before dbt: swapped in whole, made anew from what was checked."""

    def prepare(self) -> None:
        Check(self.root).prepare()
        Check(self.root).run()

    def run(self) -> None:
        prepare_warehouse(self.home, load_registry(self.home.root / "registry"), date(2026, 1, 6))

    def seen(self) -> None:
        if self.home.warehouse.exists():
            assert self._rows(), "half a working database under its name"

    def state(self) -> dict[str, Any]:
        return self._rows() | {"left": [p.name for p in self.home.warehouse.parent.glob("warehouse*")]}

    def _rows(self) -> dict[str, Any]:
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            names = connection.execute("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()
            return {name: repr(connection.execute(f"select * from {name} order by all").fetchall()) for (name,) in names} | {
                "spend": repr(connection.execute("select flow_id, amount_gbp from lake.spend order by 1").fetchall())
            }


def origin(name: str) -> Origin:
    return Origin([{"revision_id": name, "status": "in_service"}], "code", {})


class Publish(Stage):
    """A second release over the first."""

    def prepare(self) -> None:
        release_tables.MANIFEST = self.root / "no-manifest.json"
        self._warehouse(1)
        publish(self.home, origin("first"), BEFORE)
        self._warehouse(2)

    def _warehouse(self, version: int) -> None:
        self.home.warehouse.parent.mkdir(parents=True, exist_ok=True)
        self.home.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(self.home.warehouse)) as connection:
            for name in ("mart_spend_by_place", "fct_flow", "qa_findings"):
                connection.execute(
                    f"create table {name} as select i::integer as row_number, ({version} * i)::decimal(18, 2) as amount_gbp"
                    " from range(400) as t(i)"
                )

    def run(self) -> None:
        release_tables.MANIFEST = self.root / "no-manifest.json"
        current = current_release(self.home)
        if current is None or current.manifest["input_fingerprint"] != origin("second").fingerprint:
            publish(self.home, origin("second"), NOW)

    def seen(self) -> None:
        current = current_release(self.home)
        assert current is not None, "readers see no release"
        _whole_release(current)

    def state(self) -> dict[str, Any]:
        current = current_release(self.home)
        assert current is not None
        for release in list_releases(self.home):
            _whole_release(release)
        hashes = {name: facts["content_hash"] for name, facts in current.manifest["tables"].items()}
        return {
            "tables": hashes, "origin": current.manifest["input_fingerprint"], "releases": len(list_releases(self.home)),
            "undone": undone_releases(self.home), "left": self.left(),
        }  # fmt: skip

    def left(self) -> list[str]:
        """What a stop left behind and no later publishing took away."""
        return [path.name for path in self.home.releases.glob(".*.part")]


def _whole_release(release: Any) -> None:
    files = {p.relative_to(release.folder).as_posix() for p in release.folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert files == set(release.manifest["files"]), "files that the manifest does not name, or lacks"
    for name, facts in release.manifest["files"].items():
        assert file_sha256(release.folder / name) == facts["sha256"], name
    with duckdb.connect(str(release.database), read_only=True) as connection:
        for name, facts in release.manifest["tables"].items():
            assert connection.execute(f"select count(*) from {name}").fetchone() == (facts["row_count"],), name


class Undo(Publish):
    """Back to the release before, and forward again. What a stop leaves behind is taken away by the next publishing."""

    def left(self) -> list[str]:
        return []

    def prepare(self) -> None:
        super().prepare()
        Publish.run(self)

    def run(self) -> None:
        current = current_release(self.home)
        assert current is not None
        if current.manifest["input_fingerprint"] == origin("second").fingerprint:
            undo(self.home, NOW)
        restore(self.home)


class Decide(Stage):
    """What people decide: waivers and their end, withdrawals and their end; and the small files of a home."""

    def waiver(self, number: int) -> Waiver:
        revision = f"{COUNCIL}.spend.2024-0{number}@abc"
        return Waiver(
            f"w{number}", revision, revision.split("@")[0], "abc", "x.csv", "rule", None, number, "reason", "a person", BEFORE
        )

    def prepare(self) -> None:
        write_waiver(self.home, self.waiver(1))
        withdraw(self.home, "return-1", "wrong", BEFORE)

    def run(self) -> None:
        known = {waiver.waiver_id: waiver for waiver in all_waivers(self.home)}
        for number in (2, 3):
            if f"w{number}" not in known:
                write_waiver(self.home, self.waiver(number))
        if known["w1"].is_in_force(None):
            revoke_waiver(self.home, self.waiver(1), "mended", "a person", NOW)
        if "return-2" not in withdrawals(self.home):
            withdraw(self.home, "return-2", "late", NOW)
        if "return-1" in withdrawals(self.home):
            restore_return(self.home, "return-1", "right after all", "a person", NOW)
        home_secret(self.home)
        prepare_instance(self.home)
        remember_folder(self.home, Path("/returns"))

    def seen(self) -> None:
        assert "w1" in {waiver.waiver_id for waiver in all_waivers(self.home)}, "a waiver is lost"
        text = read_checked(self.home.root / "withdrawn.json")
        assert text["return-1"][0]["reason"] == "wrong", "a withdrawal is lost"
        if self.home.secret_file.exists():
            assert len(self.home.secret_file.read_text()) == 64, "half a secret"
        remembered_folder(self.home)

    def state(self) -> dict[str, Any]:
        sweep(self.home.root)  # as the next landing does
        config = (self.home.dagster / "dagster.yaml").read_text()
        assert len(home_secret(self.home)) == 64
        said = {"withdrawn": (self.home.root / "withdrawn.json").read_text(), "config": config}
        return tree(self.home.quarantine) | said | {"folder": str(remembered_folder(self.home))}


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


STAGES: dict[str, type[Stage]] = {
    "landing": Land, "check": Check, "build": Build, "publish": Publish, "undo": Undo, "decisions": Decide,
}  # fmt: skip
TITLES = {
    "landing": "landing originals, receipts, registry",
    "check": "storing lines, quarantine, findings, reports, records",
    "build": "the working database",
    "publish": "publishing a release over another",
    "undo": "undoing a release and bringing it back",
    "decisions": "waivers, withdrawals, the home's secret and settings",
}
