"""The shipped endpoints: well-formed, of known publishers, and what the script makes of the published returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.fetch.addresses import read_address
from ingest.fetch.endpoints import SHIPPED, shipped_endpoints
from ingest.registry import load_registry, read_rows
from ingest.registry.rebuild.shipped_endpoints import COLUMNS, address_of, write_endpoints
from ingest.registry.validation import usable_rows


def test_every_row_can_be_used_and_has_its_source() -> None:
    rows = read_rows(SHIPPED, COLUMNS.split())
    assert usable_rows("endpoints", rows) == (rows, [])
    assert len(rows) > 100 and all(row["source"] and row["file_name"] for row in rows)
    assert len({(row["agency_slug"], row["kind"], row["file_name"]) for row in rows}) == len(rows)
    assert {row["frequency"] for row in rows} == {"once"}


def test_every_publisher_is_known_and_every_address_is_asked_as_written() -> None:
    registry = load_registry(None)
    for endpoint in shipped_endpoints():
        assert endpoint.agency_slug in registry.agencies or endpoint.agency_slug in registry.publishers
        address = read_address(endpoint.url)
        assert (address.scheme, address.host, address.url) == ("https", "github.com", endpoint.url)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("a-b/c.d@0a1b2c3:data/April 2024.csv", "https://github.com/a-b/c.d/raw/0a1b2c3/data/April%202024.csv"),
        ("a/b@0a1b2c3:x/?id=1&name=May.csv", "https://github.com/a/b/raw/0a1b2c3/x/%3Fid%3D1%26name%3DMay.csv"),
        ("a/b@main:x.csv", None),
        ("MHCLG revenue outturn", None),
        ("", None),
    ],
)
def test_address_of_a_source(source: str, address: str | None) -> None:
    assert address_of(source) == address


def test_the_shipped_rows_are_what_the_script_makes(shared_returns: Path, tmp_path: Path) -> None:
    write_endpoints(shared_returns, tmp_path / "endpoints.csv")
    assert (tmp_path / "endpoints.csv").read_bytes() == SHIPPED.read_bytes()
