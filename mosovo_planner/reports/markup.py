"""A paper's body as rich text, in which every word from data is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from mosovo_planner.reports.paper import LEAST_TEXT, Cell, Column, Paper, Passage, Table, Trend

_DATE = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})\b")
TREND_WIDTH, TREND_HEIGHT = 150, 26
"""The size of a drawn cell in pixels of 1/96 inch."""

_STYLE = """
h1 {{ font-size: 20px; margin: 0 0 2px 0; }}
p.sub {{ font-size: 13px; margin: 0 0 8px 0; color: #333333; }}
p.notice {{ font-size: 15px; font-weight: bold; }}
h2 {{ font-size: 15px; margin: 14px 0 3px 0; }}
p.note {{ font-size: 12px; margin: 0 0 6px 0; }}
p.text {{ font-size: {text}px; margin: 0 0 5px 0; }}
ul {{ margin: 2px 0 4px 0; }}
li {{ font-size: {text}px; margin: 0 0 4px 0; }}
th {{ background-color: #e4e8ee; font-size: {head}px; text-align: left; border-bottom: 1px solid #6b7580; padding: 3px 5px; }}
td {{ font-size: {text}px; border-bottom: 1px solid #b8bfc7; vertical-align: top; padding: 2px 5px; }}
table {{ margin-top: 4px; }}
td.roomy {{ padding: 9px 5px; }}
td.notice {{ border: 2px solid #000000; padding: 6px 10px; font-size: 14px; font-weight: bold; }}
td.total {{ border-top: 1px solid #000000; font-weight: bold; }}
"""

_GAP = '<p style="font-size: 5px; margin: 0">&nbsp;</p>'
"""Parts two tables of which the lower has no heading; without it Qt joins them."""


def paper_style(size: float) -> str:
    """The style sheet for a size of text in pixels."""
    return _STYLE.format(text=size, head=max(LEAST_TEXT, size - 1))


def trend_names(paper: Paper) -> dict[Trend, str]:
    """The drawn cells of the paper, each with the name under which the page asks for its picture."""
    found = dict.fromkeys(cell for table in paper.tables for row in table.rows for cell in row if isinstance(cell, Trend))
    return {trend: f"trend:{number}" for number, trend in enumerate(found)}


def paper_html(paper: Paper) -> str:
    """Title, notice, facts, then the parts in order."""
    parts = [f"<h1>{html.escape(paper.title)}</h1>", f'<p class="sub">{html.escape(paper.subtitle)}</p>']
    if paper.notice:
        parts.append(f'<table width="100%" cellspacing="0"><tr><td class="notice">{_words(paper.notice)}</td></tr></table>')
    if paper.facts:
        facts = " &nbsp;·&nbsp; ".join(f"{html.escape(label)}: <b>{html.escape(value)}</b>" for label, value in paper.facts)
        parts.append(f'<p class="note">{facts}</p>')
    names = trend_names(paper)
    for part in paper.parts:
        parts.append(_passage_html(part) if isinstance(part, Passage) else _table_html(part, names))
    return "".join(parts)


def _words(text: str) -> str:
    """Escaped; a date stays on one line."""
    return _DATE.sub(r"\1&nbsp;\2&nbsp;\3", html.escape(text)).replace("\n", "<br/>")


def _heading(part: Table | Passage) -> str:
    page_break = ' style="page-break-before: always"' if part.new_page else ""
    return f"<h2{page_break}>{html.escape(part.heading)}</h2>" if part.heading or part.new_page else _GAP


def _passage_html(passage: Passage) -> str:
    if passage.points:
        items = "".join(f"<li>{_words(text)}</li>" for text in passage.paragraphs)
        return f"{_heading(passage)}<ul>{items}</ul>"
    return _heading(passage) + "".join(f'<p class="text">{_words(text)}</p>' for text in passage.paragraphs)


def _table_html(table: Table, names: Mapping[Trend, str]) -> str:
    parts = [_heading(table)]
    if table.note:
        parts.append(f'<p class="note">{_words(table.note)}</p>')
    if not table.rows:
        parts.append(f'<p class="note">{html.escape(table.empty)}</p>')
        return "".join(parts)
    whole = sum(column.width for column in table.columns)
    widths = [f' width="{100 * column.width / whole:.2f}%"' for column in table.columns]
    titles = zip(table.columns, widths, strict=True)
    heads = "".join(f"<th{width}{_align(column)}>{html.escape(column.title)}</th>" for column, width in titles)
    headed = any(column.title for column in table.columns)
    last = len(table.rows) - 1
    rows = []
    for place, row in enumerate(table.rows):
        style = "roomy" if table.roomy else "total" if table.summed and place == last else ""
        rows.append(f"<tr>{_cells(table, row, names, style, [] if headed or place else widths)}</tr>")
    head = f"<thead><tr>{heads}</tr></thead>" if headed else ""
    parts.append(f'<table width="100%" border="0" cellspacing="0">{head}{"".join(rows)}</table>')
    return "".join(parts)


def _cells(table: Table, row: tuple[Cell, ...], names: Mapping[Trend, str], style: str, widths: list[str]) -> str:
    cells = []
    named = f' class="{style}"' if style else ""
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        width = widths[place] if widths else ""
        cells.append(f"<td{named}{width}{_align(column)}>{_cell(column, cell, names)}</td>")
    return "".join(cells)


def _cell(column: Column, cell: Cell, names: Mapping[Trend, str]) -> str:
    if isinstance(cell, Trend):
        return f'<img src="{names[cell]}" width="{TREND_WIDTH}" height="{TREND_HEIGHT}"/>'
    words = _words(cell) or "&nbsp;"  # after a table whose last cell is empty Qt leaves out the margin of the heading
    if column.whole:
        words = words.replace(" ", "&nbsp;")
    return f"<b>{words}</b>" if column.strong else words


def _align(column: Column) -> str:
    return ' align="right"' if column.right else ""
