"""The data docs: readable without the internet, sentences and counts only, pruned by age, and links that lead somewhere."""

from __future__ import annotations

import os
import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from ingest.records import FileRecord
from orchestration.checks.statuses import current_parts
from orchestration.data_docs.pages import docs_folder, docs_page, write_run
from orchestration.data_docs.pruning import prune
from orchestration.data_docs.settings import DEFAULT_DAYS, days_from_environment
from orchestration.data_docs.view import page, sections_html
from orchestration.served import address
from orchestration.warehouse import current_records
from tests.unit.orchestration.test_intake import FIVE, Desk

PAYEE = "Mrs Josephine Blogs"
NOW = datetime(2026, 1, 6, 12)
BAD = FIVE + f"06/06/2024,{PAYEE},R6,ten pounds\n07/06/2034,{PAYEE} <b>,R7,5.00\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def written(desk: Desk, *records: FileRecord, run: str = "0123456789") -> str:
    write_run(desk.home, records, current_parts(current_records(desk.home)), run, NOW)
    return "\n".join(docs_page(desk.home, record).read_text() for record in records)


def test_a_page_loads_nothing_and_holds_no_value(desk: Desk) -> None:
    html = written(desk, desk.take_in(BAD, name="bad <i>.csv"))
    assert re.findall(r"""(?:https?:)?//[\w.]+|<script|<link|@import|\bsrc=|url\(""", html) == []
    assert PAYEE not in html
    assert "ten pounds" not in html
    assert "bad &lt;i&gt;.csv" in html
    assert "<i>" not in html


def test_a_page_says_every_rule_in_a_sentence_with_its_count(desk: Desk) -> None:
    record = desk.take_in(BAD)
    html = written(desk, record)
    assert '<span class="broken">broken</span></td><td>Every line has an amount that parses<br>' in html
    assert re.search(r"1 unexpected values found\.\s+\S+% of \d total rows", html)
    assert '<span class="kept">kept</span></td><td>Every payment names its payee</td><td>100% not null' in html
    assert "The file can be opened" in html, "what intake decided"
    assert "The lines add up to the total printed in the file" in html, "what does not apply"
    counts = re.search(r"<strong>(\d+) rules: (\d+) kept, (\d+) broken, (\d+) not applicable</strong>", html)
    assert counts
    (total, *by_outcome) = map(int, counts.groups())
    assert total == sum(by_outcome) == len(record.parts[0].rule_results)


def test_a_rule_that_could_not_run_is_said_without_its_cause(desk: Desk) -> None:
    record = desk.take_in(FIVE)
    for row in record.parts[0].rule_results:
        if row["rule_id"] in ("payee_is_not_blank", "file_is_readable"):
            row |= {"outcome": "could_not_run", "cause": f"ValueError: could not convert '{PAYEE}'"}
    html = written(desk, record)
    assert PAYEE not in html
    assert html.count('<span class="broken">could not run</span>') == 2
    assert "the cause is in the submitter&#x27;s report" in html


def test_a_file_that_could_not_be_read_has_a_page(desk: Desk) -> None:
    record = desk.take_in("<html><body>Sorry</body></html>", name="page.csv")
    html = written(desk, record)
    assert "Judged by Great Expectations" not in html
    assert '<span class="broken">broken</span></td><td data-label="Rule">The file is a table of data' in html


def test_every_link_leads_somewhere(desk: Desk) -> None:
    records = [desk.take_in(FIVE, name="a b.csv"), desk.take_in(BAD, name="50% #1.csv")]
    written(desk, *records)
    pages = list(docs_folder(desk.home).rglob("*.html"))
    assert len(pages) == 4, "two files, their run, the index"
    for each in pages:
        links = re.findall(r'href="([^"]+)"', each.read_text())
        assert links
        for link in links:
            assert (each.parent / unquote(link)).is_file(), f"{each.name}: {link}"
    assert address(desk.home, docs_folder(desk.home) / "index.html") == "/reports/data_docs/index.html"


def test_the_index_shows_the_worst_first(desk: Desk) -> None:
    written(desk, desk.take_in(FIVE, name="good.csv"), desk.take_in(BAD.replace("/06/", "/07/"), name="poor.csv"))
    html = (docs_folder(desk.home) / "index.html").read_text()
    assert html.index("poor.csv") < html.index("good.csv")


def test_pages_are_pruned_by_age_but_for_those_that_are_current(desk: Desk) -> None:
    old, new = desk.take_in(FIVE), desk.take_in(FIVE.replace("10.00", "11.00"))
    written(desk, old, new)
    current = current_parts(current_records(desk.home))
    assert {record.key for record, _ in current} == {new.key}, "the second took the first one's place"
    (run,) = (docs_folder(desk.home) / "runs").iterdir()
    written_at = datetime.fromtimestamp(time.time())  # noqa: DTZ006 (compared with file times below, whatever the zone)
    assert prune(desk.home, current, written_at + timedelta(days=1), DEFAULT_DAYS) == []
    for path in (docs_page(desk.home, old), docs_page(desk.home, new), run):
        os.utime(path, (0, 0))
    assert set(prune(desk.home, current, NOW, DEFAULT_DAYS)) == {docs_page(desk.home, old), run}
    assert docs_page(desk.home, new).exists()
    assert (docs_folder(desk.home) / "index.html").exists()
    assert (desk.home.root / old.report_path).exists(), "reports for submitters are not pruned"


@pytest.mark.parametrize(("given", "days"), [(None, DEFAULT_DAYS), ("", DEFAULT_DAYS), ("7", 7)])
def test_the_setting(monkeypatch: pytest.MonkeyPatch, given: str | None, days: int) -> None:
    monkeypatch.delenv("TOTALPLACE_DATA_DOCS_DAYS", raising=False)
    if given is not None:
        monkeypatch.setenv("TOTALPLACE_DATA_DOCS_DAYS", given)
    assert days_from_environment() == days


@pytest.mark.parametrize("given", ["0", "-1", "a week", "1.5"])
def test_a_setting_that_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TOTALPLACE_DATA_DOCS_DAYS", given)
    with pytest.raises(ValueError, match=r"TOTALPLACE_DATA_DOCS_DAYS is .* a whole number of days"):
        days_from_environment()


def test_pages_cost_little(desk: Desk) -> None:
    """Well under the tenth of a second that judging a file costs, once the library is loaded."""
    record = desk.take_in(FIVE)
    written(desk, record)
    begun = time.process_time()
    for _ in range(20):
        written(desk, record)
    assert (time.process_time() - begun) / 20 < 0.05


def test_blocks_of_the_library_are_escaped() -> None:
    template = {"template": "a <b> $value", "params": {"value": "<script>alert(1)</script>"}}
    blocks = [
        {"content_block_type": "header", "header": {"content_block_type": "string_template", "string_template": template}},
        {"content_block_type": "table", "header_row": ["<th>"], "table": [["<td>", 3, {"string_template": template}]]},
        {"content_block_type": "collapse", "collapse_toggle_link": "<more>", "collapse": ["<inner>"]},
    ]
    html = page("<title>", sections_html({"sections": [{"content_blocks": blocks}]}))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    for word in ("&lt;b&gt;", "&lt;th&gt;", "&lt;td&gt;", "&lt;more&gt;", "&lt;inner&gt;", "&lt;title&gt;"):
        assert word in html
