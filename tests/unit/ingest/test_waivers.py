"""Waivers on disk: never changed, in force on an instant, about a revision's very lines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.records import all_records, records_under, write_record
from ingest.waivers import (
    NO_WAIVERS,
    Waiver,
    all_waivers,
    revoke_waiver,
    variant_name,
    waiver_of_line,
    waiver_of_return,
    waivers_in_force,
    write_waiver,
)
from ingest.withdrawals import restore, withdraw, withdrawals
from tests.unit.ingest.test_records import file_record


def day(number: int) -> datetime:
    return datetime(2026, 1, number, 12)


def waiver(
    name: str = "w1", rule_id: str = "no_stray_money", row: int | None = None, sheet: str | None = None, at: int = 2
) -> Waiver:
    return Waiver(name, "kent@k", "kent", "k", "kent/june.csv", rule_id, sheet, row, "checked by phone", "A. Officer", day(at))


def test_a_waiver_comes_back_as_it_was_written_and_is_in_force_from_its_instant(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert all_waivers(home) == []
    write_waiver(home, waiver())
    assert all_waivers(home) == [waiver()]
    assert waivers_in_force(home, day(1)).of("k") == ()
    assert waivers_in_force(home, day(2)).of("k") == (waiver(),)
    assert waivers_in_force(home).ids_of("k") == ["w1"]
    assert waivers_in_force(home).ids_of("another file") == []


def test_a_revocation_is_another_record(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_waiver(home, waiver())
    before = sorted(p.read_text() for p in (tmp_path / "quarantine" / "waivers").iterdir())
    revoke_waiver(home, waiver(), "the wrong file", "B. Officer", day(4))
    after = sorted(p.read_text() for p in (tmp_path / "quarantine" / "waivers").iterdir())
    assert set(before) < set(after)
    (found,) = all_waivers(home)
    assert (found.revoked_at, found.revoke_reason, found.revoked_by) == (day(4), "the wrong file", "B. Officer")
    assert waivers_in_force(home).of("k") == ()
    assert waivers_in_force(home, day(3)).ids_of("k") == ["w1"]
    assert waivers_in_force(home, day(4)).of("k") == ()


def test_a_line_is_meant_by_its_rule_sheet_and_row() -> None:
    one = waiver("row", "payment_date_in_period", 7, "Sheet1")
    whole = waiver("all", "payment_date_in_period")
    assert waiver_of_line([whole, one], "kent@k", "payment_date_in_period", "Sheet1", 7) == one
    assert waiver_of_line([whole, one], "kent@k", "payment_date_in_period", "Sheet1", 8) == whole
    assert waiver_of_line([one], "kent@k", "payment_date_in_period", "Sheet2", 7) is None
    assert waiver_of_line([one], "kent@k", "amount_parses", "Sheet1", 7) is None
    assert waiver_of_line([whole], "kent@other", "payment_date_in_period", "Sheet1", 7) is None
    assert waiver_of_return([one], "kent@k", "payment_date_in_period") is None  # of one line: not of the return
    assert waiver_of_return([whole], "kent@k", "payment_date_in_period") == whole


def test_what_a_file_became_is_kept_per_set_of_waivers(tmp_path: Path) -> None:
    home = Home(tmp_path)
    plain, waived = file_record(), file_record()
    waived.waivers = ["w1"]
    write_record(home, plain)
    assert records_under(all_records(home), NO_WAIVERS) == [plain]
    write_waiver(home, waiver())
    assert records_under(all_records(home), waivers_in_force(home)) == [plain]  # not yet checked under it
    write_record(home, waived)
    assert len(all_records(home)) == 2
    assert records_under(all_records(home), waivers_in_force(home)) == [waived]
    assert records_under(all_records(home), waivers_in_force(home, day(1))) == [plain]
    assert records_under(all_records(home)[::-1], waivers_in_force(home, day(1))) == [plain]


def test_the_name_of_a_variant_does_not_depend_on_order() -> None:
    assert variant_name([]) == ""
    assert variant_name(["b", "a"]) == variant_name(["a", "b"]) != variant_name(["a"])


def test_withdrawals_hold_from_their_instant_until_restored(tmp_path: Path) -> None:
    home = Home(tmp_path)
    withdraw(home, "kent", "wrong council", day(2))
    restore(home, "kent", "it was right", "A. Officer", day(4))
    assert [withdrawals(home, day(n)) for n in (1, 2, 3)] == [{}, {"kent": "wrong council"}, {"kent": "wrong council"}]
    assert withdrawals(home, day(4)) == withdrawals(home) == {}
    withdraw(home, "kent", "wrong after all", day(6))
    assert withdrawals(home) == {"kent": "wrong after all"}


@pytest.mark.parametrize("on", [None, day(1)])
def test_a_withdrawal_of_before_instants_were_kept_is_still_read(tmp_path: Path, on: datetime | None) -> None:
    (tmp_path / "withdrawn.json").write_text('{"kent": "wrong council"}')
    assert withdrawals(Home(tmp_path), on) == {"kent": "wrong council"}
    withdraw(Home(tmp_path), "adur", "wrong place", day(2))
    assert withdrawals(Home(tmp_path)) == {"kent": "wrong council", "adur": "wrong place"}
