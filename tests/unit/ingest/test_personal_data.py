"""Fields that a policy withholds are gone before anything is stored; the secret of a home is its own."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.kinds import COUNT, SERVICE_EXPENDITURE, SPEND
from ingest.landing import Landing
from ingest.personal_data import STAND_IN, keyed_hash, withholdable
from ingest.registry import Registry, load_registry
from orchestration.home_secret import home_secret, passing_secret
from orchestration.reporting import all_findings
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, TRUST, check, make_registry, read, registry_row

NAME = "Mr John Smith"
FILE = (
    "Date,Supplier,Reference,Narrative,Amount\n"
    f"03/06/2024,{NAME},R1,care for {NAME},10.00\n04/06/2024,mr  john SMITH,R2,more,20.00\n05/06/2024,,R3,,5.00\n"
    f"06/06/2024,{NAME},R4,care,tba\n06/06/2024,{NAME},R4,care,tba\n"
)


def policy(field: str, action: str, agency_slug: str = "", secret: bytes = b"s" * 32) -> Registry:
    row = registry_row("personal_data", agency_slug=agency_slug, kind="spend", field=field, action=action, reason="named carers")
    registry = make_registry(personal_data=[row])
    registry.secret = secret
    return registry


def payees(registry: Registry, publisher: str = COUNCIL) -> list[object]:
    (part,) = read(FILE, "june 2024.csv", publisher, registry=registry).parts
    return list(part.lines["payee_name"])


def test_without_a_policy_names_stay() -> None:
    assert payees(REGISTRY)[0] == NAME
    assert REGISTRY.personal_data == []


def test_a_dropped_payee_is_a_redacted_one_and_a_blank_stays_blank() -> None:
    registry = policy("payee_name", "drop")
    assert payees(registry) == [STAND_IN, STAND_IN, None, STAND_IN, STAND_IN]
    rules = [finding.rule_id for finding in all_findings(check(FILE, "june 2024.csv", registry=registry))]
    assert rules.count("payee_is_not_blank") == 1  # the one that was blank in the file


def test_another_dropped_field_is_blank() -> None:
    (part,) = read(FILE, "june 2024.csv", registry=policy("description", "drop")).parts
    assert list(part.lines["description"]) == [None] * 5
    assert part.lines["payee_name"].iloc[0] == NAME


def test_hashed_names_stay_equal_and_cannot_be_looked_up() -> None:
    first, second, blank, *_ = payees(policy("payee_name", "hash"))
    assert first == second == keyed_hash("mr john smith", b"s" * 32)
    assert blank is None
    assert isinstance(first, str) and first.startswith("hashed ") and "smith" not in first.lower()
    assert payees(policy("payee_name", "hash", secret=b"t" * 32))[0] != first
    assert keyed_hash("Mr Jon Smith", b"s" * 32) != first


def test_without_a_secret_a_hash_is_a_drop() -> None:
    assert payees(policy("payee_name", "hash", secret=b""))[0] == STAND_IN


@pytest.mark.parametrize(("agency", "publisher", "kept"), [(COUNCIL, COUNCIL, False), (COUNCIL, TRUST, True), ("", TRUST, False)])
def test_a_policy_of_one_agency_is_for_that_agency(agency: str, publisher: str, kept: bool) -> None:
    assert (payees(policy("payee_name", "drop", agency), publisher)[0] == NAME) is kept


def test_drop_wins_over_hash() -> None:
    registry = policy("payee_name", "hash")
    row = registry_row("personal_data", agency_slug=COUNCIL, kind="spend", field="payee_name", action="drop", reason="x")
    registry.extension["personal_data"].append(row)
    assert payees(registry)[0] == STAND_IN


def test_the_decision_is_told_with_its_count_and_without_a_name() -> None:
    findings = all_findings(check(FILE, "june 2024.csv", registry=policy("payee_name", "hash")))
    (told,) = [finding for finding in findings if finding.rule_id == "personal_data_withheld"]
    assert told.message == "payee name: 4 values replaced by a keyed hash by policy (named carers)"
    assert told.severity == "info"


@pytest.mark.parametrize("action", ["drop", "hash"])
def test_nothing_that_is_kept_of_a_reading_holds_the_value(action: str) -> None:
    """The reading is cached as it is, and findings and reports come from it."""
    registry = policy("payee_name", action)
    registry.extension["personal_data"].append(
        registry_row("personal_data", kind="spend", field="description", action="drop", reason="names in it")
    )
    reading = read(FILE, "june 2024.csv", registry=registry)
    assert b"smith" not in pickle.dumps(reading).lower()
    assert {line.row_mark for line in reading.extract.lines} == {0}
    assert list(reading.parts[0].lines["is_repeated_line"]) == [False, False, False, False, True]
    told = repr(all_findings(check(FILE, "june 2024.csv", registry=registry)))
    assert "smith" not in told.lower()
    assert b"smith" in pickle.dumps(read(FILE, "june 2024.csv")).lower()  # else this test could not fail


def test_money_and_what_the_count_stands_on_cannot_be_withheld() -> None:
    assert "payee_name" in withholdable(SPEND) and "description" in withholdable(SPEND)
    assert not {"amount_gbp", "payment_date", "agency_name"} & set(withholdable(SPEND))
    assert withholdable(COUNT) == ("funding_stream", "counterparty_name", "note")
    assert withholdable(SERVICE_EXPENDITURE) == ()


def test_a_policy_or_another_secret_means_reading_again() -> None:
    prints = {REGISTRY.fingerprint, policy("payee_name", "drop").fingerprint, policy("payee_name", "hash").fingerprint,
              policy("payee_name", "hash", secret=b"t" * 32).fingerprint}  # fmt: skip
    assert len(prints) == 4


def test_secret_of_a_home_is_made_once_for_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOTALPLACE_HASH_KEY", raising=False)
    home = Home(tmp_path / "home")
    secret = home_secret(home)
    assert len(secret) == 64 and home_secret(home) == secret != home_secret(Home(tmp_path / "other"))
    assert stat.S_IMODE(home.secret_file.stat().st_mode) == 0o600
    assert passing_secret() != passing_secret()
    monkeypatch.setenv("TOTALPLACE_HASH_KEY", "given")
    assert home_secret(home) == passing_secret() == b"given"


def test_a_secret_is_made_only_where_a_policy_hashes(tmp_path: Path) -> None:
    def never() -> bytes:
        raise AssertionError("no policy hashes")

    header = "agency_slug,kind,field,action,reason\n"
    (tmp_path / "personal_data.csv").write_text(f"{header},spend,payee_name,drop,x\n")
    assert load_registry(tmp_path, never).secret == b""
    (tmp_path / "personal_data.csv").write_text(f"{header},spend,payee_name,hash,x\n")
    assert load_registry(tmp_path, lambda: b"made").secret == b"made"


def test_originals_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "returns" / "kent"
    folder.mkdir(parents=True)
    (folder / "june.csv").write_text(FILE)
    landing = Landing(Home(tmp_path / "home"))
    (receipt,) = landing.land_folder(folder.parent).new
    assert stat.S_IMODE(landing.home.landing.stat().st_mode) == 0o700
    assert stat.S_IMODE(landing.object_path(receipt.sha256).stat().st_mode) == 0o600
    assert landing.read(receipt) == FILE.encode()  # the original itself is unchanged
