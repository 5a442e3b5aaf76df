"""Garbage is looked for again where it was, whatever happened meanwhile."""

from __future__ import annotations

import gc

import pytest

from ingest.garbage import uncollected


def test_collection_rests_within_and_goes_on_after() -> None:
    @uncollected()
    def failing() -> None:
        assert not gc.isenabled()
        raise ValueError

    assert gc.isenabled()
    for _ in range(2):
        with pytest.raises(ValueError):
            failing()
        assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled(), "who had it off keeps it off"
    finally:
        gc.enable()
