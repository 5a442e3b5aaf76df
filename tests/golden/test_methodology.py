"""The methodology page shows what the code yields, and every rule in it has a source."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from methodology import Section, Worked, page, sections

pytestmark = [pytest.mark.golden, pytest.mark.slow]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "methodology.md"


def test_the_page_is_what_the_code_yields(release: duckdb.DuckDBPyConnection) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(release), "docs/methodology.md is not up to date: `make methodology` writes it"


def test_every_rule_has_words_and_a_source() -> None:
    every = [worked for section in sections() for worked in section.worked]
    assert len(every) > 8
    assert [w.title for w in every if len(w.rule) < 40 or not w.source or "source" in w.source.lower()] == []
    assert len({w.title for w in every}) == len(every)


def test_an_example_without_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import methodology

    empty = Section(1, "None", (Worked("Nothing", "rule", "nobody", "select 1 as n where false"),))
    monkeypatch.setattr(methodology, "sections", lambda: [empty])
    with duckdb.connect() as connection, pytest.raises(ValueError, match="'Nothing' has no rows"):
        page(connection)
