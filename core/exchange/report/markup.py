"""Pieces of HTML for the report. All foreign text is escaped."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from core.exchange.figures.svg import svg
from core.exchange.plain_text import escape_html


@dataclass(frozen=True)
class Section:
    """One section of the report."""

    name: str
    """Its place in the address, such as "emotions"."""
    title: str
    body: str
    """HTML."""

    @property
    def html(self) -> str:
        """The section with its heading."""
        return f'<section id="{self.name}"><h2>{escape_html(self.title)}</h2>{self.body}</section>'


def paragraph(text: str, css_class: str = "") -> str:
    """Return a text that may have foreign names as a paragraph."""
    attribute = f' class="{css_class}"' if css_class else ""
    return f"<p{attribute}>{escape_html(text)}</p>"


def table(frame: pd.DataFrame, title: str, css_class: str = "numbers") -> str:
    """Return a table of texts. The first column holds the row headers; `title` is read aloud by screen readers.

    Cells of class "numbers" stay on one line, those of class "facts" may have several lines.
    """
    head = "".join(f'<th scope="col">{escape_html(column)}</th>' for column in frame.columns)
    rows = "".join(map(_row, frame.itertuples(index=False, name=None)))
    return box(f'<table class="{css_class}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>', title)


def _row(values: tuple[object, ...]) -> str:
    first, *others = map(escape_html, values)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{value}</td>" for value in others)}</tr>'


def box(table_html: str, title: str) -> str:
    """Return a table in a box that scrolls sideways if the window is narrow."""
    # tabindex: keyboard users can scroll the box only if it can be focused
    return f'<div class="box" tabindex="0" role="region" aria-label="{escape_html(title)}">{table_html}</div>'


def chart(figure: go.Figure, finding: str, name: str) -> str:
    """Return a figure with its finding as caption. `name` is unique in the report."""
    return f'<figure>{svg(figure, name)}<figcaption id="{name}">{escape_html(finding)}</figcaption></figure>'
