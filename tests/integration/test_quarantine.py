"""Quarantine, overlaps and past states through the real command line and pipeline, on a small home."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import console
from orchestration.cli.main import cli

pytestmark = [pytest.mark.integration, pytest.mark.slow]
COUNCIL = "hyndburn-borough-council"
HEAD = "Date,Supplier,Reference,Amount\n"
SLIPPED = "Date,Supplier,Description,Amount\n03/06/2024,Acme Ltd,paint,100.00\n10/06/2024,Bolt & Co,250.50,\n"
WAIVED_DATE = "payment_date_in_period"


def lines(month: int, count: int, name: str) -> str:
    first = date(2024, month, 1)
    return "".join(f"{first + timedelta(n):%d/%m/%Y},Supplier {n},{name}{n},{n + 1}.00\n" for n in range(count))


class Place:
    """A home and its returns folder, through the command line."""

    def __init__(self, root: Path) -> None:
        self.root, self.home = root, root / "home"

    def write(self, name: str, text: str, publisher: str = COUNCIL) -> None:
        path = self.root / "returns" / publisher / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def call(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--home", str(self.home)])

    def json(self, *arguments: str) -> Any:
        result = self.call(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def run(self) -> dict[str, Any]:
        """Run, and the manifest of what was published."""
        return self.manifest(self.json("run", "--returns", str(self.root / "returns"))["release_id"])

    def as_known_on(self, manifest: dict[str, Any]) -> dict[str, Any]:
        return self.manifest(self.json("run", "--as-known-on", manifest["created_at"])["release_id"])

    def manifest(self, release_id: str) -> dict[str, Any]:
        return json.loads((self.home / "releases" / release_id / "manifest.json").read_text())

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home / "releases" / "current" / "totalplace.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def money(self) -> tuple[Decimal, Decimal]:
        """Pounds counted, and in suspense, of the council."""
        (row,) = self.query(
            "select (select sum(amount_gbp) from fct_flow), (select max(suspense_gbp) from mart_coverage"
            f" where agency_slug = '{COUNCIL}' and financial_year = '2024-25')"
        )
        return row


def hashes(manifest: dict[str, Any]) -> dict[str, str]:
    return {name: facts["content_hash"] for name, facts in manifest["tables"].items()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("quarantine"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "last-home")
    monkeypatch.delenv("TOTALPLACE_HOME", raising=False)


def test_the_life_of_what_is_held(place: Place) -> None:
    place.write("April 2024.csv", HEAD + lines(4, 10, "A"))  # £55
    place.write("May 2024.csv", HEAD + lines(5, 10, "M") + "06/06/2031,Late Ltd,L,60.00\n07/06/2024,Sum Ltd,S,eight\n")
    place.write("June 2024.csv", SLIPPED)
    # April again in a wider file, which has four lines of its own
    place.write("April to June 2024-Q2.csv", HEAD + lines(4, 10, "A") + lines(5, 2, "Q") + lines(6, 2, "R"))
    place.write("files.csv", f"file,period,published_as_at\n{COUNCIL}/April to June 2024-Q2.csv,2024-Q2,\n", "registry")
    first = place.run()
    assert place.money() == (Decimal("116.00"), Decimal("160.00"))
    assert place.query("select accepted_count, repeated_count, repeated_gbp from qa_return_ledger where period = '2024-Q2'") == [
        (14, 10, Decimal("55.00"))
    ]
    ((message, value),) = place.query("select message, value from qa_findings where rule_id = 'row_stands_in_one_file_only'")
    assert "10 of the 14 rows of this file, worth £55.00, stand in" in message and value == f"{COUNCIL}/April 2024.csv"
    assert place.query("select count(*) from qa_rule_index where outcome = 'could_not_run'") == [(0,)]

    held = {
        item["id"].partition("@")[0] + item["id"][item["id"].rindex("@") + 13 :]: item for item in place.json("quarantine", "list")
    }
    assert {name: item["may_be_released"] for name, item in held.items()} == {
        f"{COUNCIL}.spend.2024-05:amount_parses": False,
        f"{COUNCIL}.spend.2024-05:{WAIVED_DATE}": True,
        f"{COUNCIL}.spend.2024-06": True,
        f"{COUNCIL}.spend.2024-06:amount_is_present": False,
    }
    refused = place.call(
        "quarantine", "release", held[f"{COUNCIL}.spend.2024-05:amount_parses"]["id"], "--reason", "x", "--by", "y"
    )
    assert refused.exit_code == 2 and len(refused.stderr.strip().splitlines()) == 1
    assert "amount_parses cannot be waived: there is no amount" in refused.stderr
    for name in (f"{COUNCIL}.spend.2024-05:{WAIVED_DATE}", f"{COUNCIL}.spend.2024-06"):
        released = place.call("quarantine", "release", held[name]["id"], "--reason", "seen the invoice", "--by", "Una Officer")
        assert released.exit_code == 0, released.output

    replayed = place.json("quarantine", "replay")
    second = place.manifest(replayed["release_id"])
    assert replayed["status"] == "published"
    assert {item["rule_ids"][0] for item in replayed["released"]} == {WAIVED_DATE, "no_stray_money"}
    assert {item["rule_ids"][0] for item in replayed["still_held"]} == {"amount_parses", "amount_is_present"}
    assert place.money() == (Decimal("276.00"), Decimal("0.00"))
    assert place.query("select rule_id, status, line_count, amount_gbp, reason from qa_waivers order by 1") == [
        ("no_stray_money", "in_service", 1, Decimal("100.00"), "seen the invoice"),
        (WAIVED_DATE, "in_service", 1, Decimal("60.00"), "seen the invoice"),
    ]
    for table in ("qa_waivers", "qa_findings", "qa_returns", "qa_rule_index"):
        assert place.query(f"select count(*) from {table} as t where t::varchar like '%Una Officer%'") == [(0,)]

    # taken back, corrected, withdrawn: and every past state can still be had
    waiver = next(w for w in place.json("quarantine", "waivers") if w["rule_id"] == WAIVED_DATE)
    assert waiver["by"] == "Una Officer"
    assert place.call("quarantine", "revoke", waiver["waiver_id"], "--reason", "a slip", "--by", "Una Officer").exit_code == 0
    assert place.call("quarantine", "revoke", waiver["waiver_id"], "--reason", "a slip", "--by", "x").exit_code == 2
    place.write("June 2024.csv", SLIPPED.replace("250.50,", ",250.50"))
    assert place.call("returns", "withdraw", f"{COUNCIL}.spend.2024-Q2", "--reason", "sent in error").exit_code == 0
    place.run()
    assert place.money() == (Decimal("460.50"), Decimal("60.00"))
    assert place.query("select count(*) from qa_findings where rule_id = 'row_stands_in_one_file_only'") == [(0,)]

    for then in (first, second):
        assert hashes(place.as_known_on(then)) == hashes(then)
    assert place.json("run", "--returns", str(place.root / "returns"))["status"] == "unchanged"


def test_usage_errors_are_one_line_and_exit_2(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.home.mkdir()
    for arguments, words in [
        (("quarantine", "release", "nothing", "--reason", "x", "--by", "y"), "nothing is held under nothing"),
        (("quarantine", "release", "nothing", "--reason", " ", "--by", "y"), "--reason is blank"),
        (("quarantine", "release", "nothing", "--reason", "x", "--by", ""), "--by is blank"),
        (("quarantine", "revoke", "none", "--reason", "x", "--by", "y"), "no waiver none"),
        (("quarantine", "replay"), "no returns folder is known yet"),
    ]:
        result = place.call(*arguments)
        assert result.exit_code == 2, arguments
        assert words in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert place.call("quarantine", "list").stdout == "Nothing is held.\n"
    assert place.json("quarantine", "waivers") == []
