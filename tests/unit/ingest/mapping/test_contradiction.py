"""Content that contradicts an exact name; names that stand twice."""

from __future__ import annotations

from ingest.headers import Header
from ingest.kinds import SPEND
from ingest.mapping.contradiction import amounts_elsewhere, codes_for_names, without_namesakes

HEAD: list[object] = ["Date", "Supplier", "Amount", "Amount", "Who"]
HEADER = Header(0, {"payment_date": 0, "payee_name": 1, "amount_gbp": 2}, {3: "Amount", 4: "Who"})


def rows(payee: str, amount: str, other: str, who: str = "Acme Paving Ltd") -> list[list[object]]:
    return [HEAD, *[[f"0{n}/06/2024", payee.format(n), amount, other, f"{who} {'abc'[n % 3]}"] for n in range(1, 7)]]


def test_namesake_that_holds_the_money_is_read_and_told() -> None:
    header, words = without_namesakes(HEADER, rows("A Ltd", "GBP", "1.50"), SPEND)
    assert (header.columns["amount_gbp"], header.unmapped) == (3, {2: "Amount", 4: "Who"})
    assert words == ["columns C, D are all called 'Amount': D is read, by what it holds"]


def test_leftmost_of_like_namesakes_stays() -> None:
    header, words = without_namesakes(HEADER, rows("A Ltd", "1.00", "1.20"), SPEND)
    assert (header, words) == (HEADER, ["columns C, D are all called 'Amount': C is read, the leftmost"])
    assert without_namesakes(Header(0, {"payee_name": 1}, {}), rows("A Ltd", "1.00", "1.20"), SPEND)[1] == []


def test_codes_in_the_payee_column() -> None:
    words = codes_for_names(rows("S100{}", "1.00", "1.20"), HEADER)
    assert words is not None
    assert words.startswith("the column 'Supplier' holds codes (S1001, S1002, S1003), not names of payees")
    assert words.endswith("column E 'Who' looks like the names")
    assert codes_for_names(rows("A{} Ltd", "1.00", "1.20"), HEADER) is None
    assert codes_for_names(rows("S100{}", "1.00", "1.20"), Header(0, {"amount_gbp": 2}, {})) is None


def test_amounts_in_another_column() -> None:
    assert amounts_elsewhere(rows("A Ltd", "see right", "1.20"), HEADER, SPEND) == 3
    assert amounts_elsewhere(rows("A Ltd", "", "1.20"), HEADER, SPEND) == 3
    assert amounts_elsewhere(rows("A Ltd", "0.00", "1.20"), HEADER, SPEND) is None
    assert amounts_elsewhere(rows("A Ltd", "tba", "tba"), HEADER, SPEND) is None
