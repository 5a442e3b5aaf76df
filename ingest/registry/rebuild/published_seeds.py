"""The seeds that are a published table in other columns: deflators and services (COFOG).

Contract: one row for each row of the table; no fact is added.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingest.registry.rebuild.tables import Seed, read_csv


def published_seeds(reference: Path) -> list[Seed]:
    """Deflators and services."""
    deflators = [
        (row["quarter"], row["index_2022_100"], "2022=100", row["series"], row["release_date"])
        for row in read_csv(reference / "fiscal_reference" / "ons__gdp_deflator_ybgb_2025-06-30.csv")
    ]
    services: list[tuple[str, str, int, str]] = []
    for row in read_csv(reference / "cra_pesa" / "hmt-okfn__cofog.csv"):
        code = row["Code"]
        name = re.sub(r"\s*\((CS|IS|IS/CS|CS/IS|BPHN)\)\s*$", "", row["Description"]).strip()
        services.append((code, re.sub(r"\s+", " ", name), code.count(".") + 1, code.rpartition(".")[0]))
    return [
        Seed("deflators", "quarter index_value base series release_date", deflators),
        Seed("services", "service_code service_name service_level parent_service_code", sorted(services)),
    ]
