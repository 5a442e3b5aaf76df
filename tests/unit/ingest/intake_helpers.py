"""What the tests of intake share: a registry with two made-up agencies, receipts, and reading in one call."""

from __future__ import annotations

import hashlib

from ingest.landing import Receipt
from ingest.reading import Reading, read_file
from ingest.registry import EXTENSION_COLUMNS, Registry
from ingest.sniff import detect_type
from orchestration.checked import CheckedFile
from orchestration.checking import check_reading

COUNCIL, TRUST = "tallwick-borough-council", "northmere-nhs-trust"
LANDED = "2026-01-05T09:00:00.000000"


def registry_row(table: str, **values: str) -> dict[str, str]:
    return dict.fromkeys(EXTENSION_COLUMNS[table], "") | values


def make_registry(**extension: list[dict[str, str]]) -> Registry:
    """Shipped data, two made-up agencies, and the rows given."""
    agencies = [
        registry_row("agencies", agency_slug=COUNCIL, agency_name="Tallwick Borough Council", agency_type="la_lower"),
        registry_row("agencies", agency_slug=TRUST, agency_name="Northmere NHS Trust", aliases="Northmere;NMT"),
    ]
    return Registry({"agencies": agencies} | extension)


def make_receipt(content: bytes, name: str = "lines.csv", publisher: str = COUNCIL, kind: str | None = None) -> Receipt:
    return Receipt(
        file_name=f"{publisher}/{name}",
        publisher_slug=publisher,
        kind_hint=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        detected_type=detect_type(content),
        source=f"/returns/{publisher}/{name}",
        first_landed_at=LANDED,
        landed_at=LANDED,
    )


REGISTRY = make_registry()


def read(content: bytes | str, name: str = "lines.csv", publisher: str = COUNCIL, kind: str | None = None,
         registry: Registry = REGISTRY) -> Reading:  # fmt: skip
    raw = content.encode() if isinstance(content, str) else content
    return read_file(raw, make_receipt(raw, name, publisher, kind), registry)


def check(content: bytes | str, name: str = "lines.csv", publisher: str = COUNCIL, kind: str | None = None,
          registry: Registry = REGISTRY) -> CheckedFile:  # fmt: skip
    return check_reading(read(content, name, publisher, kind, registry), registry)
