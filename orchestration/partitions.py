"""Partitions: one per publisher and financial year, so that the UI shows what is in and what is missing.

A composite key ("publisher|year") rather than two dimensions: a range of it backfills in one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dagster import DagsterInstance, DynamicPartitionsDefinition

from ingest.periods import financial_year_name, is_financial_year
from ingest.records import partition_key

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
PUBLISHER_YEARS = DynamicPartitionsDefinition(name="publisher_year")


def expected_keys(present: Iterable[str]) -> list[str]:
    """Present keys and the holes between a publisher's first and last year, in order: a hole is a year that is missing."""
    by_publisher: dict[str, set[str]] = {}
    for key in present:
        publisher, _, year = key.partition("|")
        by_publisher.setdefault(publisher, set()).add(year)
    keys: list[str] = []
    for publisher, years in sorted(by_publisher.items()):
        starts = [int(year[:4]) for year in years if is_financial_year(year)]
        span = {financial_year_name(y) for y in range(min(starts), max(starts) + 1)} if starts else set[str]()
        keys += [partition_key(publisher, year) for year in sorted(span | years)]
    return keys


def contiguous_ranges(wanted: Iterable[str], ordered: Sequence[str]) -> list[tuple[str, str]]:
    """The fewest ranges of `ordered` that hold exactly the wanted keys."""
    marked = set(wanted)
    ranges: list[tuple[str, str]] = []
    start: str | None = None
    previous = ""
    for key in ordered:
        if key in marked:
            start = start or key
        elif start is not None:
            ranges.append((start, previous))
            start = None
        previous = key
    if start is not None:
        ranges.append((start, previous))
    return ranges


def register_keys(instance: DagsterInstance, present: Iterable[str]) -> list[str]:
    """Make the instance's partitions the expected keys, in order; those it knew and that are gone stay at their place."""
    name = PUBLISHER_YEARS.name
    assert name is not None
    known = list(instance.get_dynamic_partitions(name))
    keys = expected_keys({*present, *known})
    if known != keys:
        for key in known:
            instance.delete_dynamic_partition(name, key)
        instance.add_dynamic_partitions(name, keys)
    return keys
