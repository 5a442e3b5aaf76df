"""Laws of possible duplicate payments, on the models themselves: disjoint groups, each payment in its highest tier, and what
credits, copies and the order of rows may do."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from duplicate_models import build, make_neighbours, rendered
from hypothesis import example, given, settings
from hypothesis import strategies as st

PROVENANCE = (
    "return_id revision_id publisher_slug kind period financial_year file_name file_sha256 sheet_name cell_ref"
    " published_as_at landed_at"
).split()


NORMALISED = rendered("{{ normalised_reference('reference') }}")

DAY = date(2024, 4, 1)
SUPPLIERS = ("acorn", "beacon", None)
# what is published -> the document it names
REFERENCES = {"INV-01": "INV1", "inv1 R": "INV1", "INV2": "INV2", "INV2copy": "INV2", "BACS": None, "000": None, None: None}
Line = tuple[str | None, str | None, str | None, int | None, int]  # supplier, its number, reference, day, pounds
Found = dict[frozenset[tuple[object, ...]], tuple[str, Decimal]]

lines = st.tuples(
    st.sampled_from(SUPPLIERS), st.sampled_from(("1", "2")), st.sampled_from(list(REFERENCES)),
    st.one_of(st.none(), st.integers(0, 60)), st.sampled_from((100, 100, 700, 700, 700, -700, 900)),
)  # fmt: skip
ledgers = st.lists(lines, max_size=14)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("set threads = 1")
    text = ", ".join(
        f"{name} varchar" for name in (*PROVENANCE, "flow_id", "agency_slug", "payee_name", "payee_identifier", "reference")
    )
    for table in ("stg_spend__lines", "stg_procurement_card__lines"):
        database.execute(f"create table {table} ({text}, row_number integer, payment_date date, amount_gbp decimal(18, 2))")
    names = "select unnest(['acorn', 'beacon']) as payee_name"
    database.execute(
        f"create table stg_intake__supplier_names as select *, payee_name as supplier_id, payee_name as supplier_key from ({names})"
    )
    make_neighbours(database)
    return database


def _found(database: duckdb.DuckDBPyConnection, payers: dict[str, list[Line]]) -> dict[str, Found]:
    """Groups of each payer: the payments in it -> tier and what was paid again."""
    database.execute("delete from stg_spend__lines")
    rows = [
        (f"{payer}-{number}", payer, *line[:3], None if line[3] is None else DAY + timedelta(line[3]), line[4], number)
        for payer, ledger in payers.items()
        for number, line in enumerate(ledger)
    ]
    columns = "flow_id, agency_slug, payee_name, payee_identifier, reference, payment_date, amount_gbp, row_number"
    if rows:
        insert = (
            f"insert into stg_spend__lines ({columns}, financial_year, file_name) values (?, ?, ?, ?, ?, ?, ?, ?, '2024-25', 'f')"
        )
        database.executemany(insert, rows)
    build(database)
    # a payment or a credit stands in one group, a line too
    for table, key in (("int_payment__payments", "transaction_key"), ("int_payment__members", "flow_id")):
        twice = database.execute(f"select {key} from {table} group by {key} having count(*) > 1").fetchall()
        assert twice == []
    found: dict[str, Found] = {payer: {} for payer in payers}
    ids = database.execute("select count(*), count(distinct group_id) from mart_possible_duplicate_payments").fetchone()
    assert ids is not None
    assert ids[0] == ids[1]
    members = """
        select agency_slug, group_id, tier, excess_gbp + review_gbp, excess_gbp, list(distinct transaction_key)
        from mart_possible_duplicate_payments as marts
        inner join int_payment__groups as groups using (group_id, agency_slug, tier)
        inner join int_payment__payments as payments using (group_key, tier)
        group by all
    """
    content = {
        row[0]: row[1:]
        for row in database.execute(
            "select transaction_key, min(set_up_as), min(payment_number), min(payment_date), min(resolved_supplier_id),"
            " sum(amount_gbp)"
            " from int_payment__members group by transaction_key"
        ).fetchall()
    }
    for payer, _, tier, again, excess, keys in database.execute(members).fetchall():
        assert again >= 0
        assert excess == (again if tier in ("D1", "D3") else 0)
        found[payer][frozenset(content[key] for key in keys)] = (tier, again)
    return found


def _expected(ledger: list[Line]) -> dict[frozenset[tuple[object, ...]], str]:
    """The tiers in plain Python, without credits: payments in a group -> tier."""
    paid: dict[tuple[object, ...], int] = defaultdict(int)
    for number, (supplier, set_up, reference, day, pounds) in enumerate(ledger):
        if supplier is not None:
            alone = number if reference is None and day is None else -1
            paid[(set_up, reference, None if day is None else DAY + timedelta(day), supplier, alone)] += pounds
    payments = [(key, pounds) for key, pounds in paid.items() if pounds > 0]
    by_document, by_amount = defaultdict(list), defaultdict(list)
    for key, pounds in payments:
        by_amount[(key[3], pounds)].append(key)
        if REFERENCES[key[1]] is not None:  # type: ignore[index]
            by_document[(key[3], REFERENCES[key[1]], pounds)].append(key)  # type: ignore[index]
    groups: dict[frozenset[tuple[object, ...]], str] = {}
    taken: set[tuple[object, ...]] = set()

    def group(keys: list[tuple[object, ...]], pounds: int, tier: str) -> None:
        taken.update(keys)
        groups[frozenset((*key[:4], Decimal(pounds)) for key in keys)] = tier

    for (_, _, pounds), keys in by_document.items():
        if len(keys) > 1:
            group(keys, pounds, "D1" if len({key[0] for key in keys}) < len(keys) else "D3")
    for (_, pounds), keys in by_amount.items():
        days = [key[2] for key in keys if key[2] is not None]
        if len(keys) == len(days) == 2 and pounds >= 500 and not taken & set(keys) and abs((days[0] - days[1]).days) <= 30:  # type: ignore[operator]
            group(keys, pounds, "D2")
    others = defaultdict(list)
    for key, pounds in payments:
        if key not in taken and REFERENCES[key[1]] is not None:  # type: ignore[index]
            others[(REFERENCES[key[1]], pounds)].append(key)  # type: ignore[index]
    for (_, pounds), keys in others.items():
        if len(keys) > 1:
            group(keys, pounds, "D4")
    return groups


def _excess(found: Found) -> Decimal:
    return sum((again for tier, again in found.values() if tier in ("D1", "D3")), Decimal(0))


@given(ledgers, st.randoms(use_true_random=False), lines)
@example([("acorn", "1", "INV2", 1, 700), ("acorn", "1", "INV2", 9, 700)], random.Random(1), ("acorn", "1", "INV2", 20, -700))
@settings(max_examples=40, deadline=None)
def test_the_tiers_are_what_they_say(connection, ledger: list[Line], chance: random.Random, more: Line) -> None:
    shuffled = chance.sample(ledger, len(ledger))
    credit = (more[0], more[1], "CN" if more[2] is None else more[2] + "9", more[3], -abs(more[4]))
    payments = [line for line in ledger if line[4] > 0 and line[3] is not None and line[0] is not None]
    # the same document once more, on a day on which nothing else was paid
    copies = [(*payments[0][:3], 400, payments[0][4])] if payments and REFERENCES[payments[0][2]] else []
    payers = {"base": ledger, "shuffled": shuffled, "credited": [*ledger, credit], "copied": [*ledger, *copies]}
    found = _found(connection, payers)
    assert {members: tier for members, (tier, _) in found["base"].items()} == _expected(ledger)
    assert found["shuffled"] == found["base"]
    assert _excess(found["credited"]) <= _excess(found["base"]) <= _excess(found["copied"])


def test_a_credit_of_two_groups_goes_to_the_one_of_its_document(connection) -> None:
    pair = [
        ("acorn", "1", "INV2", 1, 700),
        ("acorn", "1", "INV2", 9, 700),
        ("acorn", "1", "INV-01", 2, 700),
        ("acorn", "1", "INV-01", 30, 700),
    ]
    found = _found(connection, {"payer": [*pair, ("acorn", "1", "INV2copy", 50, -700)]})["payer"]
    assert sorted((sorted(str(m[1]) for m in members)[0], again) for members, (_, again) in found.items()) == [
        ("INV-01", 700),
        ("INV2", 0),
    ]


plain = st.from_regex(r"[A-Z]{0,3}[1-9][0-9]{0,4}([A-Z]{1,2}[1-9]{1,3})?", fullmatch=True)


@given(plain, st.data())
@settings(max_examples=60, deadline=None)
def test_ways_of_writing_a_reference_are_one(connection, reference: str, data: st.DataObject) -> None:
    zeros = "0" * data.draw(st.integers(0, 3))
    runs = re.sub(r"(?<![0-9])([0-9])", lambda found: zeros + found.group(1), reference)
    written = "".join(letter + data.draw(st.sampled_from(("", "", "-", " ", "/", "."))) for letter in runs)
    # a separator inside a run of digits is none of it: zeros after it are digits of the number
    written += data.draw(st.sampled_from(("", "R", " dup", "-COPY", "DUPR")))
    if data.draw(st.booleans()):
        written = written.lower()
    query = f"select {NORMALISED} from (select unnest(?::varchar[]) as reference)"
    (first,), (second,) = connection.execute(query, [[reference, written]]).fetchall()
    assert first == second == reference
    assert connection.execute(query, [[first]]).fetchall() == [(first,)]


@pytest.mark.parametrize(
    ("reference", "document"),
    [
        ("INV-0042", "INV42"), ("0100", "100"), ("a00b07R", "A0B7"), ("COPY", None), ("000", None), ("", None), ("BACS", None),
        ("1R", "1"), (None, None), ("2024/0001", "20240001"), ("INV1DUPCOPY", "INV1"),
    ],
)  # fmt: skip
def test_references_in_their_one_form(connection, reference: str | None, document: str | None) -> None:
    assert connection.execute(f"select {NORMALISED} from (select ?::varchar as reference)", [reference]).fetchone() == (document,)


KEYS = rendered("{{ payment_keys('lines') }}")


@pytest.mark.parametrize(
    ("reference", "document", "number"),
    [
        ("INV42", "INV42", None), ("INV-0042", "INV42", None), ("inv42", "INV42", None), ("0042", "42", None), ("42R", "42", None),
        ("BACS", None, None), (None, None, None), ("46290475 - 1", "462904751", "46290475"), ("INV2024-1", "INV20241", None),
    ],
)  # fmt: skip
def test_a_narrow_lines_keys_are_those_of_its_texts(
    connection, reference: str | None, document: str | None, number: str | None
) -> None:
    told = f"""
        select
            nullif(coalesce(own_document_key, reference_key), 0)
            is not distinct from if(?::varchar is null, null, hash(?::varchar)),
            number_key is not distinct from if(?::varchar is null, null, hash(?::varchar)), set_up_key is null
        from (select {KEYS} from (select ?::varchar as reference, null::varchar as payee_identifier) as lines)"""
    assert connection.execute(told, [document, document, number, number, reference]).fetchone() == (True, True, True)
