"""What the documentation lists is what there is: settings with their defaults, commands, pages."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ingest.fetch.settings import PREFIX, FetchSettings
from ingest.limits import Limits
from orchestration.alerts.settings import ALERT_PREFIX, AlertSettings
from orchestration.cli.main import cli
from orchestration.limit_settings import LIMIT_PREFIX, limits_from_environment

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {
    "TOTALPLACE_HOME", "TOTALPLACE_RETURNS", "TOTALPLACE_POSTGRES_URL", "TOTALPLACE_CODE_HOST", "TOTALPLACE_DEBUG",
    "TOTALPLACE_HASH_KEY", "TOTALPLACE_WAREHOUSE", "TOTALPLACE_DATA_DOCS_DAYS", "TOTALPLACE_LOG_DAYS", "TOTALPLACE_DAILY_AT",
    "TOTALPLACE_TIMEZONE", "TOTALPLACE_SETTLE_SECONDS", "TOTALPLACE_WAIT_SECONDS",
}  # fmt: skip


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
    if isinstance(default, tuple):
        return ";".join(map(str, default)) or "none"
    return str(default) if default else "none"


def test_every_limit_and_plain_variable_is_in_the_settings_page() -> None:
    limits = {LIMIT_PREFIX + field.name.upper(): as_written(field.default) for field in fields(Limits)}
    told = documented("settings.md")
    assert {name: told[name] for name in told if name.startswith(LIMIT_PREFIX)} == limits
    assert {name for name in told if not name.startswith((LIMIT_PREFIX, ALERT_PREFIX))} == PLAIN


def test_every_alert_setting_is_in_the_settings_page() -> None:
    expected = {
        ALERT_PREFIX + field.name.upper(): as_written(getattr(AlertSettings(), field.name)) for field in fields(AlertSettings)
    }
    told = documented("settings.md")
    assert {name: told[name] for name in told if name.startswith(ALERT_PREFIX)} == expected


def test_every_fetch_setting_is_in_its_page() -> None:
    expected = {PREFIX + field.name.upper(): as_written(field.default) for field in fields(FetchSettings)}
    assert documented("fetch.md") == expected


def test_the_code_reads_no_other_variable() -> None:
    known = documented("settings.md").keys() | documented("fetch.md").keys() | {PREFIX, LIMIT_PREFIX, ALERT_PREFIX}
    sources = [*(p for folder in ("ingest", "expectations", "orchestration") for p in (ROOT / folder).rglob("*.py"))]
    sources += [ROOT / "Makefile", ROOT / "dbt_project" / "profiles.yml"]
    named = {name for path in sources for name in re.findall(r"\bTOTALPLACE_[A-Z_]+", path.read_text())}
    assert {name for name in named if name not in known} == set()


def test_a_misspelt_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_LIMIT_ROWS", "5")
    with pytest.raises(ValueError, match="TOTALPLACE_LIMIT_ROWS: there is no such setting; there are TOTALPLACE_LIMIT_ARCHIVE"):
        limits_from_environment()


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (`[^|]*) \| [^|]+ \| \[", readme, re.MULTILINE)
    listed: set[str] = set()
    for text in re.findall(r"`([^`]+)`", " ".join(rows)):
        name, _, rest = text.partition(" ")
        subcommands = [] if rest.isupper() else [part for part in rest.split(" / ") if part]
        listed |= {f"{name} {part}" for part in subcommands} or {name}
    there: set[str] = set()
    for name, command in cli.commands.items():
        subcommands = getattr(command, "commands", {})
        there |= {f"{name} {part}" for part in subcommands} or {name}
    assert listed - {"--accept"} == there


def test_every_page_is_reached_from_the_readme_and_every_link_leads_somewhere() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            target = (page.parent / link).resolve()
            assert target.exists(), f"{page.name} links to {link}"
            if target.suffix == ".md" and target not in reached:
                waiting.append(target)
    assert set((ROOT / "docs").glob("*.md")) <= reached
