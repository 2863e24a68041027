"""Read a report as a reader does: its texts and tables, after a check that it is well-formed HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link"}
"""Elements without an end tag."""


@dataclass
class Page:
    """What a report shows."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    """Name of the box around a table -> its rows, with the head first."""
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Level and text of each heading."""
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    """Element, attribute and value."""
    text: str = ""

    def row(self, table: str, first: str) -> list[str]:
        """Return the row of a table that begins with this text."""
        [row] = [cells for cells in self.tables[table] if cells[0] == first]
        return row


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.stack = Page(), []
        self.rows: list[list[str]] = []
        self.name = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.page.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)
        names = dict(attrs)
        if names.get("role") == "region":
            self.name = names["aria-label"]
        if tag == "table":
            self.rows = self.page.tables[self.name] = []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("h1", "h2", "h3"):
            self.page.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag) -> None:
        assert self.stack.pop() == tag, f"</{tag}> does not close the element before it"

    def handle_data(self, data) -> None:
        if "style" in self.stack:
            return
        self.page.text += data
        if "td" in self.stack or "th" in self.stack:
            self.rows[-1][-1] += data
        if self.stack and self.stack[-1] in ("h1", "h2", "h3"):
            level, text = self.page.headings[-1]
            self.page.headings[-1] = (level, text + data)


def read(content: bytes) -> Page:
    """Return what a report shows. Fail if an element is not closed where it should be."""
    parser = _Parser()
    parser.feed(content.decode("utf-8"))
    parser.close()
    assert parser.stack == []
    return parser.page
