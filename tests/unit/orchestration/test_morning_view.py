"""What the asset catalogue shows: partitions in rows, pounds and months; checks and columns in sentences; pages that open."""

from __future__ import annotations

import asyncio
import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import MutableMapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import dagster as dg
import pytest
from starlette.applications import Starlette

from orchestration.assets.warehouse import check_of_test
from orchestration.chart import as_markdown_image, bars_svg, short_pounds, text_bars
from orchestration.dbt_words import test_sentence as sentence
from orchestration.definitions import defs
from orchestration.metadata import partition_metadata
from orchestration.partition_facts import facts_of_partitions
from orchestration.transform import NodeResult
from orchestration.warehouse import current_records
from orchestration.webserver import report_routes
from tests.unit.ingest.intake_helpers import COUNCIL
from tests.unit.orchestration.test_intake import FIVE, Desk

KEY = f"{COUNCIL}|2024-25"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", "£0"), ("5.4", "£5"), ("1234", "£1.2k"), ("340000", "£340k"), ("-2500000", "-£2.5m"), ("7100000000", "£7.1bn")],
)
def test_pounds_are_short(amount: str, words: str) -> None:
    assert short_pounds(Decimal(amount)) == words


def test_bars_are_as_long_as_the_money() -> None:
    bars = [("Apr 24", Decimal(100)), ("May 24", None), ("Jun 24", Decimal(-50)), ("Jul 24", Decimal(0))]
    assert text_bars([amount for _, amount in bars], width=8) == ["████████", "", "░░░░", ""]
    svg = ET.fromstring(bars_svg(bars, "money & months"))
    name = "{http://www.w3.org/2000/svg}"
    heights = [float(bar.attrib["height"]) for bar in svg.iter(f"{name}rect")]
    assert heights == [80.0, 0.0, 40.0, 0.0]
    assert [text.text for text in svg.iter(f"{name}text")][:4] == ["£100", "Apr 24", "none", "May 24"]
    assert len({bar.attrib["y"] for bar in svg.iter(f"{name}rect")}) > 1
    image = as_markdown_image(bars_svg(bars, "m"), "words [of] it")
    found = re.fullmatch(r"!\[words \(of\) it\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", image)
    assert found
    assert b64decode(found[1]).startswith(b"<svg")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def shown(desk: Desk) -> dict[str, object]:
    (facts,) = facts_of_partitions(desk.home.root, current_records(desk.home), [KEY])
    return partition_metadata(desk.home, facts)


def rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


def test_a_partition_shows_rows_pounds_months_and_links(desk: Desk) -> None:
    desk.take_in(FIVE)
    desk.take_in(FIVE.replace("/06/", "/08/") + "06/08/2024,Somebody,R9,ten pounds\n", name="august.csv")
    told = shown(desk)
    assert (told["returns"], told["returns_held"], told["highest_revision"]) == (2, 0, 1)
    assert (told["rows_accepted"], told["rows_quarantined"], told["rows_excluded"]) == (10, 1, 2)
    assert (told["accepted_gbp"], told["quarantined_gbp"]) == ("£100.00", "£0.00")
    assert (told["findings_blocking"], told["findings_warning"]) == (1, 0)
    (coverage,) = rows(told["coverage"])
    assert coverage["in_service"] == "2 of 12 months have lines"
    assert "2024-07" in str(coverage["months_without_lines"])
    assert "2024-08" not in str(coverage["months_without_lines"])
    months = {row["month"]: row for row in rows(told["spend_by_month"])}
    assert list(months) == [f"2024-{m:02d}" for m in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]
    assert (months["2024-06"]["lines"], months["2024-06"]["gbp"]) == (5, "£50.00")
    assert (months["2024-07"]["lines"], months["2024-07"]["gbp"], months["2024-07"]["bar"]) == (0, "no lines", "")
    links = [value.url for value in told.values() if isinstance(value, dg.UrlMetadataValue)]
    assert links
    pages = told["pages_of_all_files"]
    assert isinstance(pages, dg.MarkdownMetadataValue)
    links += re.findall(r"\((/reports/[^)]+)\)", str(pages.value))
    app = Starlette(routes=report_routes(desk.home.reports))
    for link in links:
        if "data_docs" not in str(link):
            status, headers = asked(app, str(link))
            assert status == 200, link
            assert "default-src 'none'" in headers["content-security-policy"]
    (desk.home.root / "secret").write_text("hush")
    assert asked(app, "/reports/../secret")[0] == 404


def asked(app: Starlette, path: str) -> tuple[int, dict[str, str]]:
    """Status and headers of a GET, without a server."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)  # the client asks once and waits
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": unquote(path), "root_path": "", "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_only_what_is_current_is_summed_and_every_revision_is_listed(desk: Desk) -> None:
    desk.take_in(FIVE)
    desk.take_in(FIVE.replace("10.00", "11.00"))
    told = shown(desk)
    assert (told["returns"], told["rows_accepted"], told["accepted_gbp"], told["highest_revision"]) == (1, 5, "£55.00", 2)
    assert [(row["revision"], row["status"]) for row in rows(told["ledger"])] == [(2, "in service"), (1, "superseded")]


def test_a_return_that_is_held_comes_first(desk: Desk) -> None:
    desk.take_in(FIVE)
    desk.take_in(FIVE.replace("/06/", "/07/").replace("10.00", "ten"), name="july.csv")
    told = shown(desk)
    assert told["returns_held"] == 1
    assert "report_of_what_is_held" in told
    pages = told["pages_of_all_files"]
    assert isinstance(pages, dg.MarkdownMetadataValue)
    assert str(pages.value).splitlines()[0].startswith(f"* `{COUNCIL}/july.csv`")


def test_every_asset_tells_its_story() -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert "Raw SQL" not in node.description, key
        assert node.owners, key
        assert node.group_name not in (None, "default"), key
        assert any(tag.startswith("dagster/kind/") for tag in node.tags), key
        schema = node.metadata.get("dagster/column_schema")
        columns = getattr(getattr(schema, "schema", schema), "columns", [])
        assert [column.name for column in columns if not column.description] == [], key
    names = [key for key in graph.asset_check_keys if not re.fullmatch(r"[A-Za-z0-9_]+", key.name)]
    assert names == []


def test_every_check_is_a_sentence() -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.asset_check_keys:
        description = graph.get_check_spec(key).description or ""
        assert re.match(r"[A-Za-z].+\.", description), key
        assert " " in description, key


def test_a_dbt_test_reads_as_a_sentence() -> None:
    def of(name: str, **given: object) -> str:
        return sentence({"name": "x", "test_metadata": {"name": name, "kwargs": given}})

    assert of("unique_grain", columns=["a", "b", "c"]) == "No two rows have the same a, b and c"
    assert of("accepted_values", column_name="a", values=["x", "y"]) == "Every a, where there is one, is one of x or y"
    assert of("relationships", column_name="a", field="b", to="ref('dim')") == "Every a, where there is one, is a b of dim"
    assert sentence({"name": "some_own__test"}) == "Some own test"


@pytest.mark.parametrize(
    ("status", "passed", "severity", "words"),
    [
        ("pass", True, "ERROR", "holds"),
        ("fail", False, "ERROR", "3 rows break it"),
        ("warn", False, "WARN", "3 rows break it"),
        ("error", False, "ERROR", "could not run: no such column"),
        ("skipped", False, "ERROR", "could not run: what it tests was not built"),
    ],
)
def test_a_dbt_test_that_crashed_or_was_skipped_could_not_run(status: str, passed: bool, severity: str, words: str) -> None:
    result = NodeResult("test.x", "test", "grain", status, "no such column" if status == "error" else "", 3, 0.1)
    check = check_of_test(result, dg.AssetCheckKey(dg.AssetKey("dim_place"), "grain"))
    assert (check.passed, check.severity.name) == (passed, severity)
    assert words in str(check.description)
