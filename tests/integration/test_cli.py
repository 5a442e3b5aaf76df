"""The command line: exit statuses, one-line errors, JSON alone on standard output. No release is built here."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.home import Home
from ingest.landing import Landing
from ingest.registry import load_registry
from ingest.revisions import decide_revisions
from orchestration import intake, storing
from orchestration.checking import check_reading
from orchestration.cli import console
from orchestration.cli.main import cli
from orchestration.pipeline import RunFailed, refuse_when_nothing_counts
from orchestration.resources import remember_folder
from orchestration.warehouse import current_records, inputs_of

pytestmark = pytest.mark.integration
REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = "Date,Supplier,Amount\n01/04/2024,A Ltd,1.00\n02/04/2024,B Ltd,2.50\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command of a test may touch the home that a person last ran."""
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "last-home")
    monkeypatch.delenv("TOTALPLACE_HOME", raising=False)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def returns(folder: Path, publisher: str = "hyndburn-borough-council", name: str = "April 2024.csv", text: str = GOOD) -> Path:
    path = folder / "returns" / publisher / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return folder / "returns"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "{tmp}/none.csv"], "there is no such file"),
        (["check", "{tmp}"], "is a folder: give one file"),
        (["run", "--returns", "{tmp}/none"], "there is no such folder"),
        (["run", "--home", "{tmp}/h"], "no returns folder: give --returns"),
        (["run", "--returns", "{tmp}", "--as-known-on", "soon"], "give an instant like 2024-05-31"),
        (["run", "--home", "{tmp}/.h", "--returns", "{tmp}", "--place", "NOSUCH"], "neither a place nor an area"),
        (["returns", "show", "none", "--home", "{tmp}"], "no return none"),
        (["returns", "withdraw", "none", "--reason", "x", "--home", "{tmp}"], "no return none"),
        (["ui", "--home", "{tmp}/h"], "there is no home"),
        (["run", "--home", "{tmp}", "--returns", "{tmp}"], "is the home"),
        (["run", "--home", "{tmp}/place/home", "--returns", "{tmp}"], "lies in the returns folder"),
        (["files", "--home", "{tmp}", "--csv", "{tmp}/none/files.csv"], "none/files.csv: cannot be written"),
        (["templates", "/proc/templates"], "/proc/templates: cannot be written"),
        (["quarantine", "list", "--home", "{tmp}", "--agency", "hyndbrun-borough-council"], "near it: hyndburn-borough-council"),
        (["duplicates", "list", "--home", "{tmp}", "--agency", "hyndbrun-borough-council"], "near it: hyndburn-borough-council"),
        (["returns", "due", "--home", "{tmp}", "--agency", "qqqq"], "--agency qqqq: no such agency or publisher (`totalplace"),
        (["check", __file__, "--agency", "hyndbrun-borough-council"], "near it: hyndburn-borough-council"),
    ],
)
def test_usage_errors_are_one_line_and_exit_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    result = call(*(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command",
    [
        "files", "returns list", "returns show x", "returns due", "releases list", "releases diff", "quarantine list",
        "quarantine waivers", "alerts list", "duplicates list", "duplicates show x", "explain supplier x", "place Barnsley",
    ],
)  # fmt: skip
def test_a_mistyped_home_is_no_empty_warehouse(command: str, tmp_path: Path) -> None:
    for as_json in ((), ("--json",)):
        result = call(*command.split(), "--home", tmp_path / "hoem", *as_json)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"there is no home {tmp_path / 'hoem'}: `totalplace run --returns FOLDER` makes one" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "hoem").exists()


@pytest.mark.parametrize("command", ["agencies list", "templates {tmp}/t", "check {file}", "map {file}"])
def test_what_needs_no_home_asks_for_none(command: str, tmp_path: Path) -> None:
    file = returns(tmp_path) / "hyndburn-borough-council" / "April 2024.csv"
    arguments = [word.replace("{tmp}", str(tmp_path)).replace("{file}", str(file)) for word in command.split()]
    assert call(*arguments, "--home", tmp_path / "none").exit_code == 0


def test_the_home_is_remembered_where_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    console.remember_home(Home(tmp_path / "h"))
    assert console.chosen_home(None).root == tmp_path / "h"
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "file" / "last-home")
    console.remember_home(Home(tmp_path / "h"))  # no error: the run is what was asked for


@pytest.mark.parametrize(("period", "words"), [("2024-04", "£3.50 = £3.50 + £0.00 + £0.00"), ("", "not known = £0.00 + ")])
def test_returns_show_tells_rows_and_pounds_of_a_return(period: str, words: str, tmp_path: Path) -> None:
    home, registry = Home(tmp_path / "h"), load_registry(None)
    landing = Landing(home)
    (receipt,) = landing.land_folder(returns(tmp_path, text=GOOD if period else DRIFTED)).new
    record = storing.store(home, check_reading(intake.read_landed(landing, registry, receipt), registry), registry)
    result = call("returns", "show", record.parts[0].return_id, "--home", home.root)
    assert result.exit_code == 0, result.output
    assert words in result.stdout


@pytest.mark.returns
def test_returns_show_of_a_published_return(shared_returns: Path, tmp_path: Path) -> None:
    name = "lancashire-fire-and-rescue/fire-2022-23.xlsx"
    (tmp_path / "returns" / name).parent.mkdir(parents=True)
    shutil.copyfile(shared_returns / name, tmp_path / "returns" / name)
    home, registry = Home(tmp_path / "h"), load_registry(None)
    landing = Landing(home)
    (receipt,) = landing.land_folder(tmp_path / "returns").new
    record = storing.store(home, check_reading(intake.read_landed(landing, registry, receipt), registry), registry)
    (part,) = record.parts
    (entry,) = part.ledger
    result = call("returns", "show", part.return_id, "--home", home.root)
    assert result.exit_code == 0, result.output
    assert f"{entry['row_count']:,} rows = {entry['accepted_count']:,} accepted" in result.stdout
    assert f"; £{Decimal(entry['file_gbp']):,.2f} = £" in result.stdout


def test_a_run_as_known_before_the_first_landing_says_when_that_was(tmp_path: Path) -> None:
    home, registry = Home(tmp_path / "h"), load_registry(None)
    landing = Landing(home, lambda: datetime(2025, 3, 4, 5, 6, 7))
    folder = returns(tmp_path)
    (receipt,) = landing.land_folder(folder).new
    storing.store(home, check_reading(intake.read_landed(landing, registry, receipt), registry), registry)

    def inputs(instant: datetime) -> list[dict[str, object]]:
        return inputs_of(decide_revisions(current_records(home, instant), instant))

    with pytest.raises(RunFailed, match=r"nothing had landed by 2024-05-31 00:00:00: the first return .* 2025-03-04 05:06:07"):
        refuse_when_nothing_counts(inputs(datetime(2024, 5, 31)), home, folder, datetime(2024, 5, 31))
    refuse_when_nothing_counts(inputs(datetime(2025, 4, 1)), home, folder, datetime(2025, 4, 1))
    with pytest.raises(RunFailed, match="there is no return in"):
        refuse_when_nothing_counts([], Home(tmp_path / "other"), folder, datetime(2024, 5, 31))


def test_check_an_archive_tells_of_each_file_and_holds_nothing_for_being_an_archive(tmp_path: Path) -> None:
    file = returns(tmp_path) / "hyndburn-borough-council" / "2024.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("April 2024.csv", GOOD)
        archive.writestr("May 2024.csv", GOOD.replace("/04/", "/05/"))
    result = call("check", file, "--report", tmp_path / "report.html")
    assert result.exit_code == 0
    assert result.stdout.startswith("2024.zip\n  An archive of 2 files, each told below.\n")
    assert "held whole" not in result.stdout and result.stdout.count("This return would be accepted.") == 2
    page = (tmp_path / "report.html").read_text()
    assert "An archive of 2 files, each with a page of its own." in page and "held whole" not in page
    told = json.loads(call("check", file, "--json").stdout)
    assert (told["row_count"], told["accepted_count"], told["file_gbp"]) == (6, 4, 7.0)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../June 2024.csv", GOOD)
    result = call("check", file)
    assert result.exit_code == 1
    assert "An archive of 2 files, each told below. Not everything in it could be unpacked: " in result.stdout
    assert "held whole" not in result.stdout


def test_check_a_clean_file(tmp_path: Path) -> None:
    result = call("check", returns(tmp_path) / "hyndburn-borough-council" / "April 2024.csv", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["row_count"], report["accepted_count"], report["blocking_count"]) == (3, 2, 0)
    assert report["accepted_gbp"] == 3.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!doctype html><html><body>403 Forbidden</body></html>", "he file is a web page, not a table"),
        ("", "he file is empty"),
        (GOOD.replace("1.00", "one pound"), "could not be read as money"),
    ],
)
def test_check_a_bad_file_says_what_to_do_and_exits_1(text: str, words: str, tmp_path: Path) -> None:
    folder = returns(tmp_path, text=text)
    report, findings = tmp_path / "report.html", tmp_path / "findings.csv"
    result = call("check", folder / "hyndburn-borough-council" / "April 2024.csv", "--report", report, "--findings", findings)
    assert result.exit_code == 1
    assert words in result.stdout
    assert words in report.read_text() and words in findings.read_text()
    assert not (tmp_path / ".totalplace").exists()  # a dry run stores nothing


def test_check_an_unknown_publisher_prints_the_rows_to_add(tmp_path: Path) -> None:
    result = call("check", returns(tmp_path, "new-town-council") / "new-town-council" / "April 2024.csv")
    assert result.exit_code == 1
    assert "registry/agencies.csv: new-town-council,New Town Council,la_unitary," in result.stdout


def test_run_on_an_empty_folder_says_where_to_put_files(tmp_path: Path) -> None:
    (tmp_path / "returns").mkdir()
    result = call("run", "--home", tmp_path / "home", "--returns", tmp_path / "returns")
    assert result.exit_code == 1
    assert "there is no return in" in result.stderr and "<publisher-slug>" in result.stderr


def test_run_when_all_is_held_names_the_first_and_why(tmp_path: Path) -> None:
    folder = returns(tmp_path, text="<html><body>login</body></html>")
    result = call("run", "--home", tmp_path / "home", "--returns", folder)
    assert result.exit_code == 1
    assert "the only return is held" in result.stderr
    assert "hyndburn-borough-council/April 2024.csv: the file is a web page" in result.stderr


def test_synthetic_and_real_never_share_a_home(tmp_path: Path, example_returns: Path) -> None:
    folder = returns(tmp_path, text="<html></html>")
    assert call("run", "--home", tmp_path / "home", "--returns", folder).exit_code == 1
    result = call("run", "--home", tmp_path / "home", "--returns", example_returns)
    assert result.exit_code == 2
    assert "mix synthetic and real returns" in result.stderr


def test_a_resubmission_with_nothing_to_accept_leaves_the_last_good_one_in_service(tmp_path: Path) -> None:
    from ingest.home import Home
    from ingest.landing import Landing
    from ingest.registry import load_registry
    from orchestration import intake, storing
    from orchestration.checking import check_reading
    from orchestration.warehouse import current_records

    home = Home(tmp_path / "home")
    registry = load_registry(None)
    for text in (GOOD, GOOD.replace("1.00", "n/a").replace("2.50", "n/a")):
        report = Landing(home).land_folder(returns(tmp_path, text=text))
        (receipt,) = report.new
        storing.store(home, check_reading(intake.read_landed(Landing(home), registry, receipt), registry), registry)
    assert [(r.revision_number, r.status) for r in decide_revisions(current_records(home))] == [(1, "in_service"), (2, "held")]


def test_agencies_add_writes_rows_that_load(tmp_path: Path) -> None:
    from ingest.home import Home
    from ingest.registry import load_registry
    from orchestration.resources import remember_folder

    folder = returns(tmp_path, "new-town-council")
    remember_folder(Home(tmp_path / "home"), folder)
    added = ("agencies", "add", "new-town-council", "New Town Council", "la_unitary", "--place", "E07000120")
    assert call(*added, "--home", tmp_path / "home").exit_code == 0
    registry = load_registry(folder / "registry")
    assert registry.agencies["new-town-council"]["agency_name"] == "New Town Council"
    assert registry.extension["agency_places"][0]["place_code"] == "E07000120"
    again = call(*added, "--home", tmp_path / "home")
    assert again.exit_code == 2 and "is registered already" in again.stderr


def test_templates_are_written_for_every_kind(tmp_path: Path) -> None:
    result = call("templates", tmp_path / "templates", "--json")
    assert result.exit_code == 0
    names = {Path(path).stem for path in json.loads(result.stdout)}
    assert {"count", "funding", "benefits", "outcomes", "asks", "invest_to_save"} <= names


def test_bad_registry_rows_are_findings_and_the_rest_is_used(tmp_path: Path, example_returns: Path) -> None:
    from ingest.registry import load_registry
    from orchestration.notices import registry_findings

    shutil.copytree(example_returns / "registry", tmp_path / "registry")
    with (tmp_path / "registry" / "agency_places.csv").open("a") as handle:
        handle.write("exampleshire-fire,X99000001,2030-31,abc,population\n")
    findings = registry_findings(load_registry(tmp_path / "registry"))
    assert [(f.rule_id, f.file_name) for f in findings] == [("registry_row_unreadable", "registry/agency_places.csv")]
    assert "row 10 is not in force: weight is not a share between 0 and 1" in findings[0].message
    assert findings[0].value == "abc"


@pytest.mark.parametrize(("second", "status"), [("lancashire-county-council", 0), ("nobody-council", 1)])
def test_a_team_may_report_for_registered_agencies_only(second: str, status: int, tmp_path: Path) -> None:
    rows = "".join(f"{slug},2024-25,E07000120,outlay,10.00\n" for slug in ("hyndburn-borough-council", second))
    text = f"agency_slug,financial_year,place_code,flow,amount_gbp\n{rows}"
    folder = returns(tmp_path, "place-team", "count/everybody.csv", text)
    result = call("check", folder / "place-team" / "count" / "everybody.csv")
    assert result.exit_code == status
    assert ("obody here knows the publisher" in result.stdout) == bool(status)


def test_a_second_count_that_failed_holds_the_return_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import reading
    from ingest.tally import TallyFailed

    def no_count(*_: object) -> None:
        raise TallyFailed("the sheet's own index is torn")

    monkeypatch.setattr(reading, "take_tally", no_count)
    result = call("check", returns(tmp_path) / "hyndburn-borough-council" / "April 2024.csv")
    assert result.exit_code == 1
    assert "could not run: the sheet's own index is torn" in result.stdout
    assert "0 accepted" in result.stdout


DRIFTED = "Pay Date,Suplier,Net Amt,Gross Amt\n03/06/2024,Acme Ltd,100.00,120.00\n04/06/2024,Bolt & Co,10.00,12.00\n"


def test_map_prints_the_proposal_and_what_to_paste(tmp_path: Path) -> None:
    folder = returns(tmp_path, text=DRIFTED)
    file = folder / "hyndburn-borough-council" / "April 2024.csv"
    result = call("map", file, "--home", tmp_path / "h")
    assert result.exit_code == 0, result.output
    assert "row 1: spend, confidence 0.60 (held: below 0.85)" in result.stdout
    assert "spend,hyndburn-borough-council,Net Amt,amount_gbp,,\n" in result.stdout
    told = json.loads(call("map", file, "--home", tmp_path / "h", "--json").stdout)
    (sheet,) = told["sheets"]
    assert (sheet["header_row"], sheet["is_accepted"], sheet["missing"]) == (1, False, [])
    (amount,) = [f for f in sheet["fields"] if f["field"] == "amount_gbp"]
    assert [c["header"] for c in amount["candidates"]] == ["Net Amt", "Gross Amt"]
    assert amount["samples"] == ["100.00", "10.00"]


@pytest.mark.parametrize(
    ("text", "status"), [("Colour,Shape\nred,round\n", 1), ("<html>403", 1), (None, 2), ("Date,Supplier,Amount\n1/2/2024,A,1\n", 0)]
)
def test_map_says_when_nothing_is_plausible(tmp_path: Path, text: str | None, status: int) -> None:
    file = tmp_path / "x.csv"
    if text is not None:
        file.write_text(text)
    result = call("map", file, "--home", tmp_path / "h")
    assert result.exit_code == status, result.output
    assert status == 0 or len(result.stderr.strip().splitlines()) == 1
    assert call("map", tmp_path, "--home", tmp_path / "h").exit_code == 2


UNKNOWN_NAMES = "When,Who,Area,How much\n" + "".join(
    f"{day:02}/04/2024,{payee},Parks,{day}00.25\n" for day, payee in enumerate(("Acme Ltd", "Bolt & Co", "Carr LLP", "Dee plc"), 1)
)


def test_what_map_proposes_is_accepted_of_a_file_in_an_archive_whose_names_nobody_knows(tmp_path: Path) -> None:
    folder, home = returns(tmp_path, text=DRIFTED), tmp_path / "h"
    remember_folder(Home(home), folder)
    file = folder / "hyndburn-borough-council" / "April 2024.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data/april.csv", UNKNOWN_NAMES)
    assert call("check", file, "--home", home).exit_code == 1
    told = json.loads(call("map", file, "--accept", "--home", home, "--json").stdout)
    assert (told["sheets"][0]["confidence"], told["sheets"][0]["is_accepted"]) == (0.5, False)  # nothing but content speaks for it
    registry = folder / "registry" / "header_synonyms.csv"
    assert told["added_to"] == str(registry)
    assert registry.read_text().splitlines()[1:] == [
        "spend,hyndburn-borough-council,How much,amount_gbp,,",
        "spend,hyndburn-borough-council,When,payment_date,,",
        "spend,hyndburn-borough-council,Who,payee_name,,",
    ]
    result = call("check", file, "--home", home)
    assert result.exit_code == 0, result.output
    assert "5 rows: 4 accepted (£1,001.00)" in result.stdout
    again = call("map", file, "--accept", "--home", home)
    lines = registry.read_text().splitlines()
    assert (again.exit_code, len(set(lines))) == (0, len(lines))  # nothing is added twice


def test_map_accepts_nothing_where_a_column_is_missing(tmp_path: Path) -> None:
    text = "Date,Supplier,Colour\n03/06/2024,Acme Ltd,red\n04/06/2024,Bolt & Co,blue\n"
    folder, home = returns(tmp_path, text=text), tmp_path / "h"
    remember_folder(Home(home), folder)
    result = call("map", folder / "hyndburn-borough-council" / "April 2024.csv", "--accept", "--home", home)
    assert (result.exit_code, (folder / "registry").exists()) == (2, False)


def test_agencies_add_refuses_a_type_that_is_none(tmp_path: Path) -> None:
    folder, home = returns(tmp_path, publisher="tallwick-town"), tmp_path / "h"
    remember_folder(Home(home), folder)
    result = call("agencies", "add", "tallwick-town", "Tallwick", "district", "--home", home)
    assert (result.exit_code, (folder / "registry").exists()) == (2, False)
    assert "district: not a type of agency; the types are arms_length_body, " in result.stderr


def test_a_limit_that_is_no_number_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_LIMIT_ROW_COUNT", "x")
    folder = returns(tmp_path)
    for arguments in (["check", folder / "hyndburn-borough-council" / "April 2024.csv"], ["run", "--returns", folder]):
        result = call(*arguments, "--home", tmp_path / "h")
        assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1)
        assert "TOTALPLACE_LIMIT_ROW_COUNT is 'x': give a whole number" in result.stderr


def test_files_of_an_opened_archive_are_counted_once(tmp_path: Path) -> None:
    folder, home = returns(tmp_path), Home(tmp_path / "h")
    with zipfile.ZipFile(folder / "hyndburn-borough-council" / "May 2024.zip", "w") as archive:
        archive.writestr("may.csv", DRIFTED.replace("Net Amt", "Amount"))
    landing, registry = Landing(home), load_registry(None)
    for receipt in landing.land_folder(folder).receipts:
        storing.store(home, check_reading(intake.read_landed(landing, registry, receipt), registry), registry)
    told = json.loads(call("files", "--home", home.root, "--json").stdout)
    assert sorted(row["status"] for row in told["files"]) == ["loaded", "loaded", "unpacked"]
    assert (told["summary"]["file_count"], told["summary"]["loaded_share"]) == (2, 1.0)
    assert call("files", "--home", home.root).exit_code == 0


def test_agencies_add_accepts_the_mapping_of_a_file(tmp_path: Path) -> None:
    folder, home = returns(tmp_path, publisher="tallwick-town", text=DRIFTED), tmp_path / "h"
    remember_folder(Home(home), folder)
    registry = folder / "registry" / "header_synonyms.csv"
    registry.parent.mkdir()
    registry.write_text("field,header,kind,agency_slug\npayee_name,Who,spend,")  # another order of columns, no line end
    file = folder / "tallwick-town" / "April 2024.csv"
    arguments = ("agencies", "add", "tallwick-town", "Tallwick Town Council", "la_parish", "--home", home, "--mapping")
    refused = call(*arguments, tmp_path / "none.csv")
    assert (refused.exit_code, (folder / "registry" / "agencies.csv").exists()) == (2, False)
    result = call(*arguments, file)
    assert result.exit_code == 0, result.output
    assert registry.read_text().splitlines() == [
        "field,header,kind,agency_slug",
        "payee_name,Who,spend,",
        "amount_gbp,Net Amt,spend,tallwick-town",
        "payment_date,Pay Date,spend,tallwick-town",
        "payee_name,Suplier,spend,tallwick-town",
    ]
    assert call("check", file, "--home", home).exit_code == 0


def test_files_tells_what_became_of_every_file(tmp_path: Path) -> None:
    folder, home = returns(tmp_path), Home(tmp_path / "h")
    returns(tmp_path, name="May 2024.csv", text=DRIFTED)
    returns(tmp_path, name="=June 2024.csv", text="Pay Date,Suplier,Net Amt\n03/06/2024,Acme Ltd,5.25\n")
    with zipfile.ZipFile(folder / "hyndburn-borough-council" / "July.zip", "w") as archive:
        archive.writestr("July 2024.csv", "Date,Supplier,Amount\n03/07/2024,Acme Ltd,4.00\n")
    landing = Landing(home)
    registry = load_registry(None)
    for receipt in landing.land_folder(folder).receipts:
        storing.store(home, check_reading(intake.read_landed(landing, registry, receipt), registry), registry)
    told = json.loads(call("files", "--home", home.root, "--json", "--csv", tmp_path / "files.csv").stdout)
    shown = {row["file_name"].rsplit("/")[-1]: row for row in told["files"]}
    good, drifted, held = shown["April 2024.csv"], shown["=June 2024.csv"], shown["May 2024.csv"]
    assert (good["status"], good["mapping_confidence"], good["encoding"], good["delimiter"]) == ("loaded", 1.0, "utf-8", "comma")
    assert [good[name] for name in ("row_count", "accepted_count", "excluded_count", "file_gbp")] == [3, 2, 1, 3.5]
    assert (drifted["status"], 0.85 <= drifted["mapping_confidence"] < 1) == ("loaded", True)
    assert (held["status"], held["mapping_confidence"], held["file_gbp"], held["quarantined_count"]) == ("held", 0.6, None, 3)
    assert "Net Amt" in held["cause"]
    archive, packed = shown["July.zip"], shown["July 2024.csv"]
    assert (archive["status"], archive["kind"], archive["row_count"]) == ("unpacked", None, 0)
    assert (packed["status"], packed["accepted_gbp"]) == ("loaded", 4.0)
    assert told["summary"] | {"file_count": 4, "loaded_count": 3, "row_count": 10, "accepted_gbp": 12.75} == told["summary"]
    lines = (tmp_path / "files.csv").read_text().splitlines()
    assert (len(lines), lines[0].split(",")[:2]) == (6, ["file_name", "publisher_slug"])
    printed = call("files", "--home", home.root).stdout
    assert "4 files, 3 loaded (75.0%); 10 rows = 4 accepted + 3 held + 3 left out; £12.75 accepted, £0.00 held" in printed
