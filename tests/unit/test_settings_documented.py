"""The tables of settings are those of the code: each variable once, with its default."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ingest.fetch.settings import PREFIX, FetchSettings
from ingest.limits import Limits
from orchestration.resources import LIMIT_PREFIX, limits_from_environment

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {"TOTALPLACE_HOME", "TOTALPLACE_DEBUG", "TOTALPLACE_HASH_KEY", "TOTALPLACE_WAREHOUSE"}


def documented(name: str) -> dict[str, str]:
    """Variable -> default, as the rows of a page's tables say."""
    rows = re.findall(r"^\| `(TOTALPLACE_\w+)` \| ([^|]*) \|", (ROOT / "docs" / name).read_text(), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a variable stands twice"
    return {variable: default.strip() for variable, default in rows}


def as_written(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, (int, float)):
        return f"{default:,}"
    return str(default) if default else "none"


def test_every_limit_and_plain_variable_is_in_the_settings_page() -> None:
    limits = {LIMIT_PREFIX + field.name.upper(): as_written(field.default) for field in fields(Limits)}
    told = documented("settings.md")
    assert {name: told[name] for name in told if name.startswith(LIMIT_PREFIX)} == limits
    assert told.keys() - limits.keys() == PLAIN


def test_every_fetch_setting_is_in_its_page() -> None:
    expected = {PREFIX + field.name.upper(): as_written(field.default) for field in fields(FetchSettings)}
    assert documented("fetch.md") == expected


def test_the_code_reads_no_other_variable() -> None:
    known = documented("settings.md").keys() | documented("fetch.md").keys() | {PREFIX, LIMIT_PREFIX}
    sources = [*(p for folder in ("ingest", "expectations", "orchestration") for p in (ROOT / folder).rglob("*.py"))]
    sources += [ROOT / "Makefile", ROOT / "dbt_project" / "profiles.yml"]
    named = {name for path in sources for name in re.findall(r"\bTOTALPLACE_[A-Z_]+", path.read_text())}
    assert {name for name in named if name not in known} == set()


def test_a_misspelt_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_LIMIT_ROWS", "5")
    with pytest.raises(ValueError, match="TOTALPLACE_LIMIT_ROWS: there is no such setting; there are TOTALPLACE_LIMIT_ARCHIVE"):
        limits_from_environment()
