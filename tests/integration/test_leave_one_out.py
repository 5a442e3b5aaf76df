"""A sample of the leave-one-out benchmark: publishers unseen, headers misspelt. Nothing wrong may be accepted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.leave_one_out import SEED, perturbed, run, try_file, without
from ingest.kinds import SPEND
from ingest.kinds.table import read_table
from ingest.readers.cells import Sheet
from ingest.registry import Registry


@pytest.mark.integration
@pytest.mark.returns
def test_unseen_publishers_load_or_come_back_with_the_right_proposal(shared_returns: Path) -> None:
    outcomes = [o for o in run(shared_returns, most=1, with_archives=False) if o.publisher != "gloucestershire-and-somerset-icb"]
    assert len({o.publisher for o in outcomes}) >= 9
    assert {o.kind for o in outcomes} == {"spend", "procurement_card", "grants"}
    assert [o for o in outcomes if o.outcome == "wrongly_accepted"] == []
    assert [o for o in outcomes if o.variant == "agency" and o.outcome not in ("loaded", "proposed")] == []
    assert any(o.outcome == "loaded" and o.variant == "perturbed" and (o.confidence or 1) < 1 for o in outcomes)


def test_names_learned_from_one_publisher_alone_are_taken_away() -> None:
    full = Registry().synonyms("spend", "")
    left = without("hyndburn-borough-council").synonyms("spend", "")
    assert {"amount paid", "hbc ref no", "net amount"} <= set(full) - set(left)
    assert {"amount", "payment date", "description"} <= set(left)
    standards = without("nobody", standards_only=True).synonyms("spend", "")
    assert {"amount", "supplier", "date incurred"} <= set(standards)
    assert "trans no" not in standards


def test_a_wrong_mapping_is_called_wrong() -> None:
    """The judge of the benchmark can fail: a registry that lies is caught."""
    rows: list[list[object]] = [["Date", "Supplier", "Net", "VAT"], ["03/06/2024", "A Ltd", "5.00", "1.00"]]
    truth = read_table([Sheet(None, rows)], SPEND, {"date": "payment_date", "supplier": "payee_name", "net": "amount_gbp"})
    lies = {"date": "payment_date", "supplier": "payee_name", "vat": "amount_gbp"}
    assert try_file([Sheet(None, rows)], truth, lies) == ("wrongly_accepted", 1.0)
    other = read_table([Sheet(None, rows)], SPEND, lies)
    assert try_file([Sheet(None, rows)], truth, {"colour": "department"})[0] == "proposed"
    assert try_file([Sheet(None, rows)], other, {"colour": "department"})[0] == "wrongly_proposed"


def test_perturbing_is_the_same_every_time() -> None:
    rows: list[list[object]] = [["Date", "Supplier", "Amount"], ["03/06/2024", "A Ltd", "5.00"]]
    truth = read_table([Sheet(None, rows)], SPEND, Registry().synonyms("spend", ""))
    first, second = (perturbed([Sheet(None, rows)], truth, random.Random(SEED)) for _ in range(2))
    assert [s.rows for s in first[0]] == [s.rows for s in second[0]]
    amount = first[1].headers[0][1].columns["amount_gbp"]
    assert first[0][0].rows[1][amount] == "5.00"
