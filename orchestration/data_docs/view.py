"""Sections of Great Expectations' rendered content as HTML: one page, no network, no script.

Belongs here: the blocks that the library's page renderer gives (header, table, text, collapse) and their escaping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ingest.submitter_report.plain_text import visible
from ingest.submitter_report.style import STYLE

_MARK = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_STATUS = {"\u2705": ("kept", "kept"), "\u274c": ("broken", "broken"), "\u2757": ("could not run", "broken")}
_EXTRA = (
    ".kept{color:#1c6b34;font-weight:600;white-space:nowrap}.broken{color:#a40e26;font-weight:600;white-space:nowrap}"
    "h4{font-size:1rem;margin:1rem 0 .2rem}body{max-width:72rem}td:first-child{width:8.5rem}td:last-child{width:20rem}"
    "table.plain td{width:auto;overflow-wrap:normal}table.plain th{overflow-wrap:normal}.money{white-space:nowrap}"
)


def text(value: object) -> str:
    """Anything out of a file, a registry or the library, as text of a page."""
    return escape(visible("" if value is None else value))


def page(title: str, body: str) -> str:
    """A whole page. The policy is for browsers that meet it on a server: nothing is loaded and nothing runs."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{text(title)}</title>'
        f"<style>{STYLE}{_EXTRA}</style></head><body>{body}</body></html>\n"
    )


def sections_html(content: Mapping[str, Any]) -> str:
    """The sections of a rendered page."""
    return "".join(_block(block) for section in content["sections"] for block in section["content_blocks"])


def table_html(headers: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """A table whose cells are HTML already."""
    head = f"<caption>{caption}</caption>" if caption else ""
    head += f"<thead><tr>{''.join(f'<th>{text(name)}</th>' for name in headers)}</tr></thead>"
    body = "".join(
        "<tr>" + "".join(f'<td data-label="{text(name)}">{cell}</td>' for name, cell in zip(headers, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<table class="plain">{head}<tbody>{body}</tbody></table>'


def _block(block: object) -> str:
    if isinstance(block, Sequence) and not isinstance(block, str):
        return "<br>".join(html for each in block if _words(html := _block(each)))
    if not isinstance(block, Mapping):
        return text(block)
    kind = block.get("content_block_type")
    if kind == "header":
        lines = [line for line in _string(block.get("subheader")).split("\n") if line.strip() and not line.rstrip().endswith(":")]
        return f"<h4>{_string(block['header'])}</h4>" + "".join(f"<p>{line}</p>" for line in lines)
    if kind == "table":
        return _table(block)
    if kind == "collapse":
        inner = "".join(_block(each) for each in block["collapse"])
        return f"<details><summary>{_string(block['collapse_toggle_link'])}</summary>{inner}</details>" if _words(inner) else ""
    return _string(block)


def _table(block: Mapping[str, Any]) -> str:
    caption = f"<caption>{_string(block['header'])}</caption>" if "header" in block else ""
    names = [_string(name) for name in block.get("header_row") or []]
    head = f"<thead><tr>{''.join(f'<th>{name}</th>' for name in names)}</tr></thead>" if names else ""
    rows = "".join(f"<tr>{''.join(f'<td>{_block(cell)}</td>' for cell in row)}</tr>" for row in block["table"])
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def _string(value: object) -> str:
    """A string, or a template with its parameters put in; icons become words."""
    if not isinstance(value, Mapping):
        return text(value)
    template: Mapping[str, Any] = value.get("string_template", value)
    parameters: Mapping[str, Any] = template.get("params") or {}
    if icon := parameters.get("markdown_status_icon"):
        words, tone = _STATUS.get(str(icon), ("", "broken"))
        return f'<span class="{tone}">{words}</span>'

    def put_in(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in parameters:
            return text(match[0])
        return "" if name.startswith("html_") else text(parameters[name])  # the library's icons are of a font that is not there

    text_of_template = str(template.get("template", ""))
    pieces: list[str] = []
    end = 0
    for match in _MARK.finditer(text_of_template):
        pieces += [_lines(text_of_template[end : match.start()]), put_in(match)]
        end = match.end()
    return "".join([*pieces, _lines(text_of_template[end:])])


def _lines(piece: str) -> str:
    return "\n".join(text(line) for line in piece.split("\n"))


def _words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html).strip()
