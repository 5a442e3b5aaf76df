"""Names to suppliers, through every step."""

from __future__ import annotations

import pytest

from benchmarks.supplier_pairs import DOCUMENT, in_words, judge_pairs, with_section
from ingest.suppliers import SupplierName, resolve
from ingest.suppliers.decisions import Decision, decision_from_row
from ingest.suppliers.deletions import one_edit_apart


def groups(rows: list[SupplierName], decisions: list[Decision] | None = None) -> list[set[str]]:
    found: dict[str, set[str]] = {}
    for row, resolved in zip(rows, resolve(rows, decisions or []).names, strict=True):
        found.setdefault(resolved.supplier_id, set()).add(row.name)
    return sorted(found.values(), key=sorted)


def named(*names: str) -> list[SupplierName]:
    return [SupplierName(name) for name in names]


def test_a_name_is_told_method_score_and_reason():
    rows = [SupplierName("Acorn Catering Ltd", "", "2020-01-01"), SupplierName("Acorn Caterinng Ltd", "", "2021-01-01")]
    first, second = resolve(rows).names
    assert first.supplier_id == second.supplier_id
    assert (first.method, first.score) == ("exact", 1.0)
    assert (second.method, second.score, second.reason) == ("slip", 0.9, "one letter: CATERING written CATERINNG")


def test_what_is_kept_apart_is_kept_with_the_reason():
    resolution = resolve(named("Thompson Energy Ltd", "Thomson Energy Ltd"))
    assert len({r.supplier_id for r in resolution.names}) == 2
    assert [link.reason for link in resolution.refused] == ["two words in use: THOMPSON, THOMSON"]


def test_an_identifier_joins_names_that_nothing_else_joins():
    rows = [SupplierName("Acorn Care", "company:01234567"), SupplierName("Beacon Homes", "company:01234567")]
    assert len(groups(rows)) == 1
    assert len(groups([SupplierName("Acorn Care", "company:01234567"), SupplierName("Beacon Homes", "charity:01234567")])) == 2


def test_likeness_never_joins_two_identifiers_of_one_scheme():
    rows = [SupplierName("Acorn Catering", "company:00000001"), SupplierName("Acorn Caterinng", "company:00000002")]
    assert len(groups(rows)) == 2
    assert resolve(rows).refused[0].reason == "identifiers differ: company:00000001, company:00000002"
    assert len(groups([rows[0], SupplierName("Acorn Caterinng")])) == 1


def test_one_key_with_two_identifiers_is_two_suppliers_and_the_commonest_has_the_rest():
    rows = [
        SupplierName("Acorn Care", "company:00000001"),
        SupplierName("Acorn Care Ltd", "company:00000001"),
        SupplierName("ACORN CARE", "company:00000002"),
        SupplierName("Acorn  Care."),
    ]
    assert groups(rows) == [{"ACORN CARE"}, {"Acorn  Care.", "Acorn Care", "Acorn Care Ltd"}]


def test_ods_codes_in_brackets_part_practices_of_one_name():
    assert len(groups(named("Inspire Healthcare (L84010)", "Inspire Healthcare (L84616)"))) == 2
    assert len(groups(named("Inspire Healthcare (L84010)", "Inspire Healthcare"))) == 1


def test_former_and_trading_names():
    assert len(groups(named("Zip Water (formerly Instanta Systems Ltd)", "Instanta Systems Limited"))) == 1
    franchise = [
        SupplierName("Alder Ltd T/A Bluebird Homecare", "", "2020-01-01"),
        SupplierName("Birch Ltd T/A Bluebird Homecare", "", "2021-01-01"),
        SupplierName("Bluebird Homecare", "", "2019-01-01"),
    ]
    assert groups(franchise) == [
        {"Alder Ltd T/A Bluebird Homecare", "Bluebird Homecare"},
        {"Birch Ltd T/A Bluebird Homecare"},
    ]


def test_academies_of_two_towns_are_two():
    assert len(groups(named("Hill Academy Leeds", "Hill Academy Leicester", "Hill Academy (Leeds)"))) == 2


def test_decisions():
    rows = named("Acorn Catering", "Acorn Caterinng", "ACORN CATERING", "Beacon Homes")
    assert len(groups(rows)) == 2
    assert len(groups(rows, [Decision("Acorn Catering", "Beacon Homes", "merge")])) == 1
    assert groups(rows, [Decision("Acorn Catering", "Acorn Caterinng", "never")]) == [
        {"ACORN CATERING", "Acorn Catering"}, {"Acorn Caterinng"}, {"Beacon Homes"},
    ]  # fmt: skip
    assert groups(rows, [Decision("Acorn Catering", "", "split")]) == [
        {"ACORN CATERING", "Acorn Caterinng"}, {"Acorn Catering"}, {"Beacon Homes"},
    ]  # fmt: skip
    assert len(groups(rows, [Decision("Acorn Catering", "Nobody At All", "merge")])) == 2
    both = [Decision("Acorn Catering", "Beacon Homes", "merge"), Decision("Acorn Catering", "Beacon Homes", "never")]
    assert len(groups(rows, both)) == 2


def test_two_names_of_one_key_can_be_parted():
    rows = named("Serco Ltd", "Serco PLC")
    assert len(groups(rows)) == 1
    assert len(groups(rows, [Decision("Serco Ltd", "Serco PLC", "never")])) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name_a": "A", "name_b": "B", "decision": "maybe"}, "is none of"),
        ({"name_a": "", "name_b": "B", "decision": "merge"}, "name_a is blank"),
        ({"name_a": "A", "name_b": "", "decision": "never"}, "name_b is blank"),
        ({"name_a": "A", "name_b": "B", "decision": "split"}, "leave name_b blank"),
        ({"name_a": "A", "name_b": "A", "decision": "merge"}, "the same name"),
    ],
)
def test_a_row_that_decides_nothing_is_refused_in_words(row: dict[str, str], words: str):
    with pytest.raises(ValueError, match=words):
        decision_from_row(row)


def test_a_row_that_decides():
    row = {"name_a": " A ", "name_b": "B", "decision": "never", "reason": "two firms"}
    assert decision_from_row(row) == Decision("A", "B", "never", "two firms")


def test_the_older_id_stays_when_two_suppliers_become_one():
    older, younger = SupplierName("Beacon Homes", "", "2019-01-01"), SupplierName("Acorn Catering", "", "2020-01-01")
    before = {row.name: found.supplier_id for row, found in zip([older, younger], resolve([older, younger]).names, strict=True)}
    merged = resolve([older, younger], [Decision("Acorn Catering", "Beacon Homes", "merge")]).names
    assert {found.supplier_id for found in merged} == {before["Beacon Homes"]}


def test_no_names():
    assert resolve([]).names == []
    assert resolve(named("***")).names[0].key == "***"


def test_one_edit_apart():
    keys = ["CARE", "CARES", "CAER", "CORE", "DARE", "ABCD", "", "A", "CARE HOME"]
    left, right = one_edit_apart(keys)
    found = {frozenset((keys[i], keys[j])) for i, j in zip(left, right, strict=True)}
    assert found == {
        frozenset(pair) for pair in [("CARE", "CARES"), ("CARE", "CAER"), ("CARE", "CORE"), ("CARE", "DARE"), ("", "A")]
    }
    assert [len(side) for side in one_edit_apart([])] == [0, 0]
    assert [len(side) for side in one_edit_apart([""])] == [0, 0]


def test_pairs_of_published_ledgers():
    judged = judge_pairs()
    assert judged.pair_count >= 400
    assert judged.precision >= 0.98
    assert judged.recall >= 0.85


def test_the_document_lists_the_wrong_pairs():
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_section(document, in_words(judge_pairs())) == document, "run python -m benchmarks.supplier_pairs --write"
