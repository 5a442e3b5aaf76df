"""The report as one HTML page: no network, no script; for a screen, a phone and A4 paper.

Belongs here: the page's parts in their order. Everything that came out of a file is escaped and made visible on the way in.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from ingest.durable import written_aside
from ingest.findings import Finding
from ingest.submitter_report.groups import Group
from ingest.submitter_report.plain_text import counted, pounds, shortened, visible
from ingest.submitter_report.style import STYLE
from ingest.submitter_report.submission import Submission, balance, verdict
from ingest.submitter_report.words import how_many, kind_in_words, left_out_in_words, money, seriousness, where, who_acts

LONGEST_VALUE = 120
RETURNS_SHOWN = 60
_SECTIONS = (
    ("blocking", "What must be put right"),
    ("warning", "What should be checked"),
)


def write_html(submission: Submission, groups: Sequence[Group], target: Path, csv_name: str = "") -> None:
    """Write the page to `target`. `csv_name`: where the complete list lies, seen from there ("": it was not written)."""
    with written_aside(target, flush="file") as aside:
        aside.write_text(page(submission, groups, csv_name), encoding="utf-8")


def page(submission: Submission, groups: Sequence[Group], csv_name: str = "") -> str:
    """The whole page."""
    said = verdict(submission, groups, "each with a page of its own")
    name = _text(submission.file_name)
    parts = [
        "<!doctype html>\n<html lang='en-GB'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'><meta name='robots' content='noindex'>",
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Report on {name}</title>\n<style>{STYLE}</style></head>\n<body>\n<header>",
        f"<p class='eyebrow'>{'Trial check: nothing was stored' if submission.is_dry_run else 'Report on a return'}</p>",
        f"<h1><bdi>{name}</bdi></h1></header>\n<main>",
        f"<div class='verdict {said.tone}' role='status'><strong>{_text(said.words)}</strong>",
        f"<p>{_text(said.then)}</p></div>" if said.then else "</div>",
        _facts(submission),
        _count(submission),
        _returns(submission),
    ]
    for severity, title in _SECTIONS:
        mine = [group for group in groups if group.severity == severity]
        if mine:
            parts.append(f"<h2>{title}</h2>")
            parts += [_group(group, submission.return_names) for group in mine]
    if not any(group.severity != "info" for group in groups):
        parts.append("<h2>What must be put right</h2><p>Nothing was found that needs putting right or checking.</p>")
    parts.append(_how_read([group for group in groups if group.severity == "info"]))
    parts.append(f"</main>\n<footer>{_foot(groups, csv_name)}</footer>\n</body></html>\n")
    return "\n".join(part for part in parts if part)


def _text(value: object, length: int = 2000) -> str:
    return html.escape(shortened(visible(value), length))


def _facts(submission: Submission) -> str:
    agencies = list(dict.fromkeys(outcome.agency_name for outcome in submission.returns)) or [submission.publisher_name]
    shown = ", ".join(agencies[:3]) + (f" and {len(agencies) - 3} more" if len(agencies) > 3 else "")
    periods = ", ".join(submission.periods[:6]) + (" and more" if len(submission.periods) > 6 else "")
    rows = [
        ("Agency", shown),
        ("Period", periods or "not known"),
        ("Kind of return", kind_in_words(submission.kind)),
        ("Checked" if submission.is_dry_run else "Received", f"{submission.at.day} {submission.at:%B %Y at %H:%M} (UTC)"),
        ("File's fingerprint", f"{submission.sha256[:12]} (SHA-256, first 12 of 64)"),
    ]
    return f"<dl class='facts'>{''.join(f'<dt>{name}</dt><dd>{_text(value)}</dd>' for name, value in rows)}</dl>"


def _count(submission: Submission) -> str:
    """In, held, left out, and whether they add up to the file."""
    is_right, words = balance(submission)
    if not submission.is_read:
        rows = f" It has {counted(submission.row_count, 'row')}." if submission.row_count else ""
        return f"<h2>Rows and pounds</h2><p>{_text(words)}{rows}</p>"
    reasons = left_out_in_words(submission.left_out_reasons)
    lines = [
        ("Accepted and counted", submission.accepted_count, submission.accepted_gbp),
        ("Held, not counted", submission.held_count, submission.held_gbp),
        (f"Left out{f': {reasons}' if reasons else ''}", submission.left_out_count, submission.left_out_gbp),
    ]
    body = "".join(
        f"<tr><th scope='row'>{_text(name)}</th><td class='number' data-label='Rows'>{rows:,}</td>"
        f"<td class='number' data-label='Pounds'>{pounds(gbp)}</td></tr>"
        for name, rows, gbp in lines
    )
    total = pounds(submission.file_gbp) if submission.file_gbp is not None else "not counted"
    body += (
        f"<tr class='sum'><th scope='row'>The file, counted separately</th><td class='number' data-label='Rows'>"
        f"{submission.row_count:,}</td><td class='number' data-label='Pounds'>{total}</td></tr>"
    )
    mark = {True: "\u2714 ", False: "\u2718 ", None: ""}[is_right]
    return (
        "<h2>Rows and pounds</h2><table><thead><tr><th scope='col'>What became of them</th><th scope='col' class='number'>Rows</th>"
        f"<th scope='col' class='number'>Pounds</th></tr></thead><tbody>{body}</tbody></table><p>{mark}{_text(words)}</p>"
    )


def _returns(submission: Submission) -> str:
    """One row per return, where the file holds several: the held ones first."""
    if len(submission.returns) < 2:
        return ""
    ordered = sorted(submission.returns, key=lambda r: (not r.is_held, -abs(r.held_gbp), r.agency_name, r.period))
    body = "".join(
        f"<tr><th scope='row'>{_text(r.agency_name)}</th>"
        f"<td data-label='Period'>{_text(r.period or 'not known')}</td>"
        f"<td data-label='Outcome'>{'held whole' if r.is_held else 'part held' if r.held_count else 'accepted'}</td>"
        f"<td class='number' data-label='Accepted'>{pounds(r.accepted_gbp)}</td>"
        f"<td class='number' data-label='Held'>{pounds(r.held_gbp)}</td></tr>"
        for r in ordered[:RETURNS_SHOWN]
    )
    rest = len(ordered) - RETURNS_SHOWN
    more = f"<p class='note'>and {rest:,} more returns, of which the complete list speaks.</p>" if rest > 0 else ""
    return (
        "<h2>The returns in this file</h2><table><thead><tr><th scope='col'>Agency</th><th scope='col'>Period</th>"
        "<th scope='col'>Outcome</th><th scope='col' class='number'>Accepted</th>"
        "<th scope='col' class='number'>Held</th></tr></thead>"
        f"<tbody>{body}</tbody></table>{more}"
    )


def _group(group: Group, returns: Mapping[str, str]) -> str:
    facts = [
        ("Where", where(group, returns=returns)),
        ("How many", how_many(group)),
        ("Money at stake", money(group)),
        ("Expected", group.expected),
        ("Who acts", who_acts(group)),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in facts if value)
    return (
        f"<section class='group {group.severity}' id='group-{group.number}'>"
        f"<span class='badge'>{group.number}. {seriousness(group)}"
        f"</span><h3>{_text(group.words)}</h3><dl class='facts'>{rows}</dl>{_samples(group)}</section>"
    )


def _samples(group: Group) -> str:
    """A few rows of a group: where, what stands there, the money."""
    if not group.is_about_rows:
        return ""
    columns = [("Row", "row_number"), ("Cell", "cell_ref"), ("Value", "value")]
    if len({finding.sheet_name for finding in group.samples}) > 1:
        columns.insert(0, ("Sheet", "sheet_name"))
    columns = [(label, name) for label, name in columns if any(getattr(finding, name) for finding in group.samples)]
    has_money = any(finding.amount_gbp is not None for finding in group.samples)
    heads = "".join(f"<th scope='col'>{label}</th>" for label, _ in columns)
    heads += "<th scope='col' class='number'>Money of the row</th>" if has_money else ""
    body = "".join(_sample(finding, columns, has_money) for finding in group.samples)
    title = f"{len(group.samples)} of {group.count:,}" if group.count > len(group.samples) else "As they stand in the file"
    return f"<table><caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _sample(finding: Finding, columns: Sequence[tuple[str, str]], has_money: bool) -> str:
    cells = ""
    for label, name in columns:
        value = getattr(finding, name)
        shown = _text(value, LONGEST_VALUE) if value else "(blank)" if name == "value" else ""
        cells += f"<td data-label='{label}'><bdi{' class=value' if name == 'value' else ''}>{shown}</bdi></td>"
    if has_money:
        cells += f"<td class='number' data-label='Money'>{pounds(finding.amount_gbp)}</td>"
    return f"<tr>{cells}</tr>"


def _how_read(groups: Sequence[Group]) -> str:
    """What was decided while the file was read: closed on a screen, open on paper."""
    if not groups:
        return ""
    items = "".join(
        f"<li>{_text(group.words)}{f' <span class=note>({_text(place)})</span>' if (place := where(group, limit=4)) else ''}</li>"
        for group in groups
    )
    intro = "What was decided while reading it. Nothing needs doing unless something here is wrong: then tell the data team."
    return f"<details><summary>How the file was read</summary><p class='note'>{intro}</p><ul>{items}</ul></details>"


def _foot(groups: Sequence[Group], csv_name: str) -> str:
    lines = sum(group.count for group in groups)
    complete = f"The complete list, {counted(lines, 'line')}, one per finding, is in "
    complete += f"<a href='{quote(csv_name)}'>{_text(Path(csv_name).name)}</a>; " if csv_name else "the CSV of this report; "
    return (
        f"<p class='note'>{complete}its column \u2018group\u2019 holds the numbers of this page. Both quote the file as it"
        " was sent: pass them on only to those who may see it. Characters that cannot be seen are shown as \u2039U+202E\u203a.</p>"
    )
