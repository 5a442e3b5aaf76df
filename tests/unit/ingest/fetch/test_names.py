"""Names out of the network: one file in one folder, whatever was sent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.names import LONGEST, name_from, numbered_apart, safe_name


@pytest.mark.parametrize(
    ("header", "url", "name"),
    [
        ("", "https://x.org/a/Spend%20April%202024.csv?x=1", "Spend April 2024.csv"),
        ("", "https://x.org/", "download"),
        ("", "https://x.org/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("attachment", "https://x.org/y.csv", "y.csv"),
        ('attachment; filename="Q1 spend.xlsx"', "https://x.org/download.aspx", "Q1 spend.xlsx"),
        ("attachment; filename=plain.csv", "https://x.org/y", "plain.csv"),
        ("attachment; filename*=UTF-8''Spend%20%C2%A3500.csv; filename=old.csv", "https://x.org/y", "Spend £500.csv"),
        ('attachment; filename="Spend \u00c2\u00a3500.csv"', "https://x.org/y", "Spend £500.csv"),  # bare UTF-8, read as Latin-1
        ('attachment; filename="..\\..\\boot.ini"', "https://x.org/y", "boot.ini"),
        ('attachment; filename="/etc/cron.d/x"', "https://x.org/y", "x"),
        ('attachment; filename="...."', "https://x.org/y.csv", "y.csv"),
        ('attachment; filename=".htaccess"', "https://x.org/y", "htaccess"),
        ('attachment; filename="~$April.xlsx"', "https://x.org/y", "April.xlsx"),
        ('attachment; filename="a\u202efdp.csv"', "https://x.org/y", "afdp.csv"),  # turns the reading direction round
        ('attachment; filename="a<b>:c|d?.csv"', "https://x.org/y", "a_b__c_d_.csv"),
        ("attachment; filename*=no-such-charset''x.csv", "https://x.org/y.csv", "x.csv"),
        ("attachment; filename*=idna''x%C2%A3.csv", "https://x.org/y.csv", "x£.csv"),
    ],
)
def test_names(header: str, url: str, name: str) -> None:
    assert name_from(header, url) == name


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_sent_is_one_harmless_name(header: str, path: str) -> None:
    for name in (
        name_from(header, f"https://x.org/{path}"),
        safe_name(path) or "x",
        numbered_apart(safe_name(path) or "x", header),
    ):
        assert 0 < len(name.encode()) <= LONGEST
        assert not set('/\\<>:"|?*') & set(name)
        assert not any(unicodedata.category(c)[0] == "C" for c in name)
        assert not name.startswith((".", "~$")) and name == name.strip()


def test_a_long_name_keeps_its_ending_and_its_mark() -> None:
    name = safe_name("£" * 500 + ".xlsx")
    assert name.endswith("£.xlsx") and len(name.encode()) <= LONGEST
    marked = numbered_apart(name, "https://x.org/1")
    assert marked.endswith(".xlsx") and marked != numbered_apart(name, "https://x.org/2")
    assert marked[-14] == "-" and len(marked.encode()) <= LONGEST
