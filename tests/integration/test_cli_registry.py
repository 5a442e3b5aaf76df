"""Commands about rows of the registry: what is refused before it is written, and what is said of rows that are not in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.home import Home
from ingest.registry import RegistryError, load_registry
from orchestration import gone_files, pipeline
from orchestration.cli import console, run
from orchestration.cli.main import cli
from orchestration.gone_files import GoneFile
from orchestration.pipeline import RunFailed, RunOutcome
from orchestration.resources import remember_folder

pytestmark = pytest.mark.integration
GOOD = "Date,Supplier,Amount\n01/04/2024,A Ltd,1.00\n02/04/2024,B Ltd,2.50\n"
BARNSLEY = "barnsley-metropolitan-borough-council"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The returns folder last run, of a home of this test's own."""
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "last-home")
    monkeypatch.setenv("TOTALPLACE_HOME", str(tmp_path / "home"))
    put(tmp_path / "returns", "hyndburn-borough-council/April 2024.csv", GOOD)
    remember_folder(Home(tmp_path / "home"), tmp_path / "returns")
    return tmp_path / "returns"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.mark.parametrize(
    ("slug", "name", "words"),
    [
        ("Bad Slug", "x", "agency_slug 'Bad Slug' is not a slug: small letters, digits and hyphens"),
        ("ok-slug", "", "agency_name is blank"),
        ("ok-slug", "  ", "agency_name is blank"),
        ("../x", "y", "agency_slug '../x' is not a slug"),
        ("registry", "Registry Council", "agency_slug 'registry' is not a slug"),
        ("barnsley-mbc", "Barnsley MBC", f"'Barnsley MBC' is a name of {BARNSLEY} (Barnsley Metropolitan Borough Council) already"),
        ("barnsley-two", "barnsley metropolitan borough council", f"name its folder {BARNSLEY}; if not, give another name"),
    ],
)
def test_agencies_add_refuses_a_row_that_would_not_be_in_force(slug: str, name: str, words: str, folder: Path) -> None:
    result = call("agencies", "add", slug, name, "la_lower")
    assert (result.exit_code, (folder / "registry").exists()) == (2, False), result.output
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_agencies_add_refuses_a_name_of_an_agency_of_the_folder() -> None:
    assert call("agencies", "add", "one-town", "Tallwick Town", "la_parish").exit_code == 0
    result = call("agencies", "add", "two-town", "TALLWICK TOWN", "la_parish")
    assert result.exit_code == 2
    assert "is a name of one-town (Tallwick Town) already" in result.stderr


def test_agencies_add_puts_right_a_policy_that_is_about_the_agency(folder: Path) -> None:
    """The policy first is the careful order: nothing is read until the agency is known."""
    policy = "agency_slug,kind,field,action,reason\nnew-town,spend,payee_name,drop,carers\n"
    put(folder, "registry/personal_data.csv", policy)
    with pytest.raises(RegistryError, match="'new-town' is no agency that is known"):
        load_registry(folder / "registry")
    result = call("agencies", "add", "new-town", "New Town Council", "la_parish")
    assert result.exit_code == 0, result.output
    assert load_registry(folder / "registry").extension["personal_data"][0]["agency_slug"] == "new-town"


AGENCIES = "agency_slug,agency_name,agency_type\nBad Slug,x,la_lower\nbarnsley-mbc,Barnsley MBC,la_unitary\n"
SAID = (
    "registry/agencies.csv row 2 is not in force: agency_slug 'Bad Slug' is not a slug",
    f"registry/agencies.csv row 3: the name 'Barnsley MBC' of barnsley-mbc is a name of {BARNSLEY} too",
)


def test_check_says_which_rows_are_not_in_force(folder: Path) -> None:
    put(folder, "registry/agencies.csv", AGENCIES)
    result = call("check", folder / "hyndburn-borough-council" / "April 2024.csv", "--json")
    assert result.exit_code == 0
    assert all(words in result.stderr and words not in result.stdout for words in SAID)


def test_check_says_which_agency_a_folder_looks_like(folder: Path) -> None:
    result = call("check", put(folder, "barnsley-mbc/April 2024.csv", GOOD))
    assert result.exit_code == 1
    assert f"looks like {BARNSLEY}" in " ".join(result.stdout.split())
    assert "agencies.csv" not in result.stdout


@pytest.mark.parametrize("is_failure", [False, True])
def test_run_says_which_rows_are_not_in_force(is_failure: bool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(*_: object) -> RunOutcome:
        if is_failure:
            raise RunFailed("nothing can be counted")
        return RunOutcome("unchanged", "r")

    monkeypatch.setattr(pipeline, "run_pipeline", ran)
    monkeypatch.setattr(run, "_show", lambda *_: None)
    put(folder, "registry/agencies.csv", AGENCIES)
    result = call("run", "--returns", folder)
    assert result.exit_code == int(is_failure), result.output
    assert all(words in result.stderr for words in SAID)


@pytest.mark.parametrize("command", ["run", "check", "agencies add"])
def test_a_policy_that_cannot_be_read_stops_before_anything_lands(command: str, folder: Path, tmp_path: Path) -> None:
    put(folder, "registry/personal_data.csv", "kind,field,action,reason\nspend,payee_nmae,hash,carers\n")
    given = {
        "run": ("--returns", folder), "check": (folder / "hyndburn-borough-council" / "April 2024.csv",),
        "agencies add": ("ok-town", "Ok Town", "la_parish"),
    }  # fmt: skip
    result = call(*command.split(), *given[command])
    assert result.exit_code == 2
    assert "registry/personal_data.csv row 2 is not in force: field 'payee_nmae' of spend cannot be withheld" in result.stderr
    assert not (tmp_path / "home" / "landing").exists()


def test_run_says_which_files_are_gone_also_when_there_is_nothing_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "run_pipeline", lambda *_: RunOutcome("unchanged", "r"))
    monkeypatch.setattr(run, "_show", lambda *_: None)
    gone = GoneFile("hyndburn-borough-council/May 2024.csv", ("hyndburn-borough-council.spend.2024-05",))
    monkeypatch.setattr(gone_files, "gone_files", lambda *_: [gone])
    result = call("run", "--returns", folder)
    assert result.exit_code == 0, result.output
    assert "1 file in service is no longer in the folder; it still counts: hyndburn-borough-council/May 2024.csv" in result.stderr


def test_a_home_that_kept_a_faulty_policy_runs_once_the_folder_is_put_right(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As homes of before may hold: the folder's policy replaces it when the run lands."""
    home = Home(tmp_path / "home")
    put(home.root, "registry/personal_data.csv", "kind,field,action,reason\nspend,payee_nmae,hash,carers\n")
    put(home.receipts, "hyndburn-borough-council/a.json", "{}")
    put(folder, "registry/personal_data.csv", "kind,field,action,reason\nspend,payee_name,hash,carers\n")
    monkeypatch.setattr(pipeline, "run_pipeline", lambda *_: RunOutcome("unchanged", "r"))
    monkeypatch.setattr(run, "_show", lambda *_: None)
    result = call("run", "--returns", folder)
    assert result.exit_code == 0, result.output
