"""Settings from the environment: every field has its variable, a wrong value is one line, and docs/fetch.md tells them all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from ingest.fetch.settings import PREFIX, FetchSettings, settings_from

DOCS = Path(__file__).resolve().parents[4] / "docs" / "fetch.md"


def test_nothing_set_is_the_defaults() -> None:
    assert settings_from({"PATH": "/bin", PREFIX + "TRIES": ""}) == FetchSettings()


def test_every_kind_of_value(tmp_path: Path) -> None:
    given = {
        "TRIES": "2",
        "READ_SECONDS": "0.5",
        "ALLOW_PRIVATE": "Yes",
        "ALLOWED_FOLDERS": f"{tmp_path};/srv/drop/",
        "PROXY": "http://p:3128",
    }
    found = settings_from({PREFIX + name: value for name, value in given.items()})
    assert (found.tries, found.read_seconds, found.allow_private, found.proxy) == (2, 0.5, True, "http://p:3128")
    assert found.allowed_folders == (tmp_path.resolve(), Path("/srv/drop"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRIES", "many", "TOTALPLACE_FETCH_TRIES=many: give a number"),
        ("TRIES", "0", "at least 1"),
        ("TRIES", "1.5", "give a number"),
        ("READ_SECONDS", "-1", "at least 0"),
        ("READ_SECONDS", "nan", "at least 0"),
        ("TOTAL_SECONDS", "inf", "at least 0"),
        ("ALLOW_PRIVATE", "maybe", "give true or false"),
        ("RETRIES", "3", "there is no such setting; there are TOTALPLACE_FETCH_ALLOWED_FOLDERS"),
    ],
)
def test_a_wrong_value_says_so(name: str, value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        settings_from({PREFIX + name: value})


def test_the_documentation_tells_every_setting_with_its_default() -> None:
    rows = {line.split("`")[1]: line for line in DOCS.read_text().splitlines() if line.startswith(f"| `{PREFIX}")}
    assert set(rows) == {PREFIX + field.name.upper() for field in fields(FetchSettings)}
    for field in fields(FetchSettings):
        default = field.default
        words = (
            str(default).lower() if isinstance(default, bool) else f"{default:,}" if isinstance(default, (int, float)) else "none"
        )
        assert rows[PREFIX + field.name.upper()].split("|")[2].strip() == words
