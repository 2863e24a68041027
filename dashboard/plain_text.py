"""Show foreign text, such as file names and texts of model cards, as it is: never as Markdown, HTML or LaTeX."""

import html
import re

UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that change the direction of the text after them, and lone surrogates."""

SPECIAL = re.compile(r"[\\`*_\[\]<>$~|]|&(?=[#\w])|^[#+=-]")
"""Characters with a meaning in Markdown, LaTeX and HTML; some have it only at the start of a line."""

LIST_NUMBER = re.compile(r"^(\d+)([.)])")

JOINTS = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?<=\S)(?=@)|(?<=[-<>~=])(?=[-=<>])", re.IGNORECASE)
"""Places within addresses, such as http://, www. and a@b, within emoji names, such as :smile:, and within arrows.

Streamlit replaces all of these by links, emojis and signs, even if a backslash stands before each character.
"""

WORD_JOINER = "\u2060"
"""An invisible character without width."""


def one_line(text: object, longest: int | None = None) -> str:
    """Return the text on one line, without unshowable characters, with at most `longest` characters if that is given.

    A longer text is shortened in the middle, because the end of a file name says what it is.
    """
    line = UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(text).split()))
    if longest is None or len(line) <= longest:
        return line
    tail = (longest - 1) // 3
    return f"{line[: longest - 1 - tail]}…{line[-tail:]}"


def escape_markdown(text: object, longest: int | None = None) -> str:
    """Return Markdown that Streamlit shows as the text itself, on one line; `longest` is that of `one_line`."""
    escaped = SPECIAL.sub(r"\\\g<0>", JOINTS.sub(WORD_JOINER, one_line(text, longest)))
    return LIST_NUMBER.sub(r"\1\\\2", escaped)


def escape_html(text: object, longest: int | None = None) -> str:
    """Return HTML that shows the text itself, on one line; `longest` is that of `one_line`.

    It also suits the names and labels of plotly's charts, which interpret some HTML.
    """
    return html.escape(one_line(text, longest))


def code(text: object) -> str:
    """Return Markdown that shows the text on one line as code, even if it has backticks."""
    line = one_line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"
