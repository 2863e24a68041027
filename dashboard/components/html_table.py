"""A table of texts as HTML: real text, for people, screen readers and narrow screens."""

from html import escape

import pandas as pd


def as_html(frame: pd.DataFrame, wraps: bool = False) -> str:
    """A table of texts as HTML that scrolls sideways in its own box; the first column names the rows.

    With `wraps` the other columns break their lines, for a last column of whole sentences.
    """
    head = "".join(f'<th scope="col">{escape(str(column))}</th>' for column in frame.columns)
    body = "".join(map(_html_row, frame.itertuples(index=False, name=None)))
    # a box that scrolls must be reachable by keyboard
    table_html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    classes = "ferscope-table ferscope-table-wraps" if wraps else "ferscope-table"
    return f'<div class="{classes}" tabindex="0">{table_html}</div>'


def _html_row(values: tuple[object, ...]) -> str:
    first, *others = (escape(str(value)) for value in values)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{value}</td>" for value in others)}</tr>'
