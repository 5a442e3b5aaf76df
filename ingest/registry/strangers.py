"""A publisher that nobody knows: what to say, and what to paste into the registry so that it is known.

Belongs here: those words. Must not: add it.
"""

from __future__ import annotations

import re

from ingest.registry.cells import AGENCY_TYPES
from ingest.registry.tables import Registry


def stranger_words(registry: Registry, slug: str) -> str:
    """What to say of a publisher that nobody knows: which agency its folder's name is another name of, else what to paste."""
    if (known := registry.agency_called(slug)) is not None:
        return (
            f"nobody here knows the publisher '{slug}', but this looks like {known} ({registry.agencies[known]['agency_name']}):"
            f" name the folder {known}"
        )
    return f"nobody here knows the publisher '{slug}'; to add it: {proposed_rows(slug)}"


def proposed_rows(slug: str) -> str:
    """What to paste for a publisher that nobody knows: its row of agencies.csv (the type guessed from its words, to check) and one
    of agency_places.csv."""
    name = re.sub(r"[-_]+", " ", slug).title()
    return (
        f"registry/agencies.csv: {slug},{name},{_guessed_type(slug)},,,,,dmy,,  (types: {', '.join(sorted(AGENCY_TYPES))});"
        f" registry/agency_places.csv: {slug},PLACE_CODE,,1,boundary"
    )


_TYPE_WORDS = tuple(
    (
        "county-council la_upper district-council la_lower parish la_parish combined-authority combined_authority police police"
        " fire fire icb nhs_commissioner integrated-care nhs_commissioner ccg nhs_commissioner nhs nhs_provider"
        " hospital nhs_provider department central_department ministry central_department university education"
        " college education borough-council la_lower council la_unitary"
    ).split()
)


def _guessed_type(slug: str) -> str:
    return next(
        (kind for words, kind in zip(_TYPE_WORDS[::2], _TYPE_WORDS[1::2], strict=True) if words in slug), "arms_length_body"
    )
