"""Foreign text, such as names of models and notes, as HTML that shows the text itself."""

import html
import re

UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that change the direction of the text after them, and lone surrogates."""


def one_line(text: object, longest: int | None = None) -> str:
    """Return the text on one line, without unshowable characters, with at most `longest` characters if that is given.

    A longer text is shortened in the middle, because the end of a file name says what it is.
    """
    line = UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(text).split()))
    if longest is None or len(line) <= longest:
        return line
    tail = (longest - 1) // 3
    return f"{line[: longest - 1 - tail]}…{line[-tail:]}"


def escape_html(text: object, longest: int | None = None) -> str:
    """Return HTML that shows the text itself, on one line; `longest` is that of `one_line`.

    It also suits the names and labels of plotly's charts, which interpret some HTML.
    """
    return html.escape(one_line(text, longest))
