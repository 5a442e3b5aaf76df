"""Every derived seed, from the folders of reference tables and returns.

Contract: all seeds are made and checked before the first is written, so a fault in the inputs leaves the old seeds as they are.
"""

from __future__ import annotations

from pathlib import Path

from ingest.registry import SEEDS
from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.agency_seeds import agency_seeds
from ingest.registry.rebuild.aliases import settle_aliases
from ingest.registry.rebuild.area_seed import area_seeds
from ingest.registry.rebuild.care_boards import care_boards
from ingest.registry.rebuild.councils import councils
from ingest.registry.rebuild.fire import fire
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.listed_bodies import listed_bodies
from ingest.registry.rebuild.place_seeds import place_seeds
from ingest.registry.rebuild.police import police
from ingest.registry.rebuild.population_seed import population_seed
from ingest.registry.rebuild.public_bodies import public_body_seed
from ingest.registry.rebuild.published_seeds import published_seeds
from ingest.registry.rebuild.revenue_outturn import revenue_outturn_codes
from ingest.registry.rebuild.tables import write_seed


def every_agency(geography: Geography, reference: Path) -> list[Agency]:
    """Every body that spends, its aliases settled."""
    agencies = [
        *councils(geography),
        *police(geography),
        *fire(geography),
        *listed_bodies(geography),
        *care_boards(geography, reference),
    ]
    settle_aliases(agencies)
    return agencies


def rebuild(reference: Path, returns: Path, seeds: Path = SEEDS) -> dict[str, int]:
    """Write every derived seed to a folder; returns rows by seed.

    Raises ValueError when an authority of the returns has no agency, or when a fact contradicts a published table.
    """
    geography = Geography(reference)
    agencies = every_agency(geography, reference)
    known = {value for agency in agencies for scheme, value in agency.identifiers if scheme == "ecode"}
    missing = {code: name for code, name in revenue_outturn_codes(returns).items() if code not in known}
    if missing:
        raise ValueError(f"authorities without an agency: {missing}")
    made = [
        *place_seeds(geography),
        *area_seeds(geography, agencies),
        *agency_seeds(agencies),
        population_seed(geography, reference),
        public_body_seed(geography, agencies, reference),
        *published_seeds(reference),
    ]
    return {seed.name: write_seed(seed, seeds) for seed in made}
