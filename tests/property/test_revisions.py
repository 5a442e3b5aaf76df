"""The revision in service does not depend on the order of arrival where `published_as_at` is given."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.records import FileRecord
from ingest.revisions import decide_revisions
from tests.unit.ingest.test_records import file_record, part_record

QUICK = settings(max_examples=200, derandomize=True, database=None, deadline=None)
START = datetime(2026, 1, 1)
FILES = st.lists(
    st.tuples(
        st.sampled_from(["kent.spend.2024-06", "kent.spend.2024-07"]),
        st.integers(0, 3),
        st.booleans(),
        st.integers(0, 99),
    ),
    max_size=8,
    unique_by=lambda file: file[3],
)


def landed(files: list[tuple[str, int, bool, int]], seed: int) -> list[FileRecord]:
    """The same publications, landed in an order of the seed's choosing."""
    order = list(range(len(files)))
    random.Random(seed).shuffle(order)
    records: list[FileRecord] = []
    for position in order:
        return_id, published, is_held, content = files[position]
        at = START + timedelta(days=100 + len(records))
        record = file_record(
            part_record(return_id, is_held=is_held),
            key=str(content),
            name=f"kent/{content}.csv",
            sha256=f"{content:02d}",
        )
        records.append(replace(record, landed_at=at, first_landed_at=at, published_as_at=START + timedelta(days=published)))
    return records


@QUICK
@given(files=FILES, seeds=st.tuples(st.integers(0, 999), st.integers(0, 999)))
def test_order_of_arrival_decides_nothing(files: list[tuple[str, int, bool, int]], seeds: tuple[int, int]) -> None:
    first, second = (
        [(r.part.return_id, r.file.key, r.revision_number, r.status) for r in decide_revisions(landed(files, seed))]
        for seed in seeds
    )
    assert first == second


@QUICK
@given(files=FILES, seed=st.integers(0, 999), on=st.integers(99, 110))
def test_one_revision_of_a_return_is_in_service_and_it_is_the_latest_good_one(
    files: list[tuple[str, int, bool, int]], seed: int, on: int
) -> None:
    instant = START + timedelta(days=on)
    records = landed(files, seed)
    found = decide_revisions(records, instant)
    assert len(found) == sum(record.first_landed_at <= instant for record in records)
    for return_id in {r.part.return_id for r in found}:
        revisions = [r for r in found if r.part.return_id == return_id]
        good = [r for r in revisions if not r.part.is_held]
        assert [r.revision_number for r in revisions] == list(range(1, len(revisions) + 1))
        assert [r for r in revisions if r.status == "in_service"] == good[-1:]
        assert [r.file.published_as_at for r in revisions] == sorted(r.file.published_as_at for r in revisions)  # type: ignore[type-var]
