"""Tables of text as HTML, readable by screen readers and on narrow screens."""

import pandas as pd

from dashboard.plain_text import escape_html


def as_html(frame: pd.DataFrame, wraps: bool = False) -> str:
    """Return a table as HTML that scrolls sideways in its own box. The first column holds the row headers.

    If `wraps` is true, long texts are wrapped. Use it for tables with whole sentences.
    """
    head = "".join(f'<th scope="col">{escape_html(column)}</th>' for column in frame.columns)
    body = "".join(map(_html_row, frame.itertuples(index=False, name=None)))
    table_html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    classes = "ferscope-table ferscope-table-wraps" if wraps else "ferscope-table"
    # tabindex: keyboard users can scroll the box only if it can be focused
    return f'<div class="{classes}" tabindex="0">{table_html}</div>'


def folded_html(frame: pd.DataFrame) -> str:
    """Return the table of a chart as HTML that is folded away until the visitor opens it."""
    return folded("Numbers of this chart", as_html(frame))


def folded(title: str, body_html: str) -> str:
    """Return HTML that is folded away under its title, which is HTML too, until the visitor opens it."""
    return f'<details class="ferscope-folded"><summary>{title}</summary>{body_html}</details>'


def _html_row(values: tuple[object, ...]) -> str:
    first, *others = (escape_html(value) for value in values)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{value}</td>" for value in others)}</tr>'
