"""What the crash tests change of the programme in their own process, they give back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration import release_tables


@pytest.fixture(scope="module", autouse=True)
def words_of_a_release() -> Iterator[None]:
    """The stages publish tables that dbt does not describe, and say so by a manifest that is not there."""
    manifest = release_tables.MANIFEST
    yield
    release_tables.MANIFEST = manifest
