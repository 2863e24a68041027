"""Show foreign text, such as file names and texts of model cards, as it is: never as Markdown, HTML or LaTeX."""

import re

from core.exchange.plain_text import escape_html, one_line

__all__ = ["code", "escape_html", "escape_markdown", "one_line"]

SPECIAL = re.compile(r"[\\`*_\[\]<>$~|]|&(?=[#\w])|^[#+=-]")
"""Characters with a meaning in Markdown, LaTeX and HTML; some have it only at the start of a line."""

LIST_NUMBER = re.compile(r"^(\d+)([.)])")

JOINTS = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?<=\S)(?=@)|(?<=[-<>~=])(?=[-=<>])", re.IGNORECASE)
"""Places within addresses, such as http://, www. and a@b, within emoji names, such as :smile:, and within arrows.

Streamlit replaces all of these by links, emojis and signs, even if a backslash stands before each character.
"""

WORD_JOINER = "\u2060"
"""An invisible character without width."""


def escape_markdown(text: object, longest: int | None = None) -> str:
    """Return Markdown that Streamlit shows as the text itself, on one line; `longest` is that of `one_line`."""
    escaped = SPECIAL.sub(r"\\\g<0>", JOINTS.sub(WORD_JOINER, one_line(text, longest)))
    return LIST_NUMBER.sub(r"\1\\\2", escaped)


def code(text: object) -> str:
    """Return Markdown that shows the text on one line as code, even if it has backticks."""
    line = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"
