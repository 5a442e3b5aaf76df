"""Laws of supplier resolution over names made of like words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.suppliers import SupplierName, resolve
from ingest.suppliers.decisions import Decision
from ingest.suppliers.deletions import one_edit_apart

WORDS = (
    "Acorn",
    "Acron",
    "Beacon",
    "Catering",
    "Caterinng",
    "Services",
    "Service",
    "Leeds",
    "Leicester",
    "Academy",
    "54",
    "UK",
    "NHS",
)
ENDS = ("", " Ltd", " LLP", " (Leeds)", " T/A Beacon Catering", " (formerly Acorn Services)", " - 12345678", " (L84010)")
names = st.builds(
    lambda words, end: " ".join(words) + end, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.sampled_from(ENDS)
)
rows = st.lists(
    st.builds(
        SupplierName,
        names,
        st.sampled_from(("", "", "company:00000001", "company:00000002", "charity:1")),
        st.sampled_from(("2020-01-01", "2021-01-01", "2022-01-01")),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda row: row.name,
)


def ids(given_rows: list[SupplierName], decisions: list[Decision] | None = None) -> dict[str, str]:
    return {row.name: found.supplier_id for row, found in zip(given_rows, resolve(given_rows, decisions or []).names, strict=True)}


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_names_changes_nothing(some: list[SupplierName], random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert ids(some) == ids(shuffled)
    assert resolve(some).links == resolve(shuffled).links


@given(rows, st.data())
@settings(max_examples=80)
def test_a_never_parts_its_names_and_joins_none(some: list[SupplierName], data):
    choose = st.sampled_from([row.name for row in some])
    pairs = (
        data.draw(st.lists(st.tuples(choose, choose).filter(lambda pair: pair[0] != pair[1]), max_size=3)) if len(some) > 1 else []
    )
    decisions = [Decision(a, b, "never") for a, b in pairs]
    for count in range(len(decisions)):
        before, after = ids(some, decisions[:count]), ids(some, decisions[: count + 1])
        for a in before:
            for b in before:
                assert before[a] == before[b] or after[a] != after[b]
        assert after[decisions[count].name_a] != after[decisions[count].name_b]


@given(rows)
@settings(max_examples=60)
def test_names_of_one_supplier_are_one_supplier_by_themselves(some: list[SupplierName]):
    """Idempotent: resolving again, each name with its supplier as an identifier, changes nothing."""
    first = ids(some)
    again = ids([row._replace(identifier=f"supplier:{first[row.name]}") for row in some])
    assert {frozenset(n for n in first if first[n] == first[m]) for m in first} == {
        frozenset(n for n in again if again[n] == again[m]) for m in again
    }


@given(rows, names)
@settings(max_examples=80)
def test_a_later_spelling_leaves_the_oldest_names_id(some: list[SupplierName], later: str):
    """Every supplier afterwards that has an older name has the id that its oldest name had."""
    without = [row._replace(identifier="") for row in some if row.name != later and "(L8" not in row.name]
    if "(L8" in later or not without:
        return
    before = ids(without)
    found = [*without, SupplierName(later, "", "2025-01-01")]
    after = ids(found)
    kept = {name: supplier for name, supplier in after.items() if name in before}
    assert set(kept.values()) <= set(before.values())


@given(st.lists(st.text("ABC ", max_size=6), unique=True, max_size=30))
@settings(max_examples=80)
def test_one_edit_apart_misses_no_pair(keys: list[str]):
    from rapidfuzz.distance import OSA

    left, right = one_edit_apart(keys)
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    assert found == {(i, j) for i in range(len(keys)) for j in range(i + 1, len(keys)) if OSA.distance(keys[i], keys[j]) == 1}
