"""Foreign text on pages: it is never Markdown, HTML or LaTeX, and every page shows it through one helper."""

import ast
import re
from collections.abc import Iterator
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core import paths
from dashboard.plain_text import WORD_JOINER, code, escape_html, escape_markdown, one_line

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

REPLACED = re.compile(
    r"https?://|www\.|[-.\w+]@[-\w]+\.\w|:[\w+-]+:|:[A-Za-z]|(?:^|\s)(?:<-|->|--|>=|<=|~=)(?:\s|$)", re.IGNORECASE
)
"""What Streamlit replaces in texts, even if backslashes stand before each character: addresses, emojis and arrows."""

HOSTILE = (
    "![x](http://127.0.0.1:9/evil.png).jpg",
    "[click](http://evil.example).jpg",
    "$\\LaTeX^{2}$.jpg",
    "a **b** _c_ ~~d~~ `e`.jpg",
    ":red[hot] :smile: :material/home: :streamlit:",
    "<b>bold</b><img src=x onerror=alert(1)>",
    "https://evil.example www.evil.example a.b@evil.example",
    "# heading",
    "- list",
    "12. list",
    "> quote",
    "a | b\n--- | ---\n1 | 2",
    "    code",
    "&lt;b&gt; &#60;",
    "a -> b <- c -- d >= e",
    "back\\slash \\* \\",
)

PIECES = st.sampled_from(
    [*HOSTILE, "http:", "//x.y", "www", ".", "@", ":", "a", "`", "\\", "$", "**", "\n", " ", "<", ">"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=6).map("".join))


def shown_text(markdown: str) -> str:
    """Return the text that the Markdown shows. Fail if it is more than one paragraph of text."""
    blocks = MARKDOWN.parse(markdown)
    assert [block.type for block in blocks] in ([], ["paragraph_open", "inline", "paragraph_close"])
    parts = blocks[1].children or [] if blocks else []
    assert {part.type for part in parts} <= {"text", "text_special"}
    text = "".join(part.content for part in parts)
    assert not REPLACED.search(text), text
    return text.replace(WORD_JOINER, "")


@pytest.mark.case("p6")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_as_they_are(text):
    assert shown_text(escape_markdown(text)) == " ".join(text.split())
    assert shown_text(f"The model **{escape_markdown(text)}** is here.".replace("**", "")).endswith(" is here.")


@pytest.mark.property
@pytest.mark.case("p6")
@given(TEXTS)
def test_any_text_is_one_paragraph_without_meaning(text):
    assert shown_text(escape_markdown(text)) == one_line(text).replace(WORD_JOINER, "")


@pytest.mark.property
@given(TEXTS)
def test_any_text_is_html_without_tags(text):
    html = escape_html(text)
    assert not set("<>\"'") & set(html)
    assert unescape(html) == unescape(html.replace("&amp;", "&#38;"))


def test_plain_names_stay_readable_in_markdown():
    for name in ("photo (2).jpg", "cnn-student-2", "Müller & Söhne, Nr. 7!.png", "too dark: move closer"):
        assert escape_markdown(name) == name


@pytest.mark.case("p5")
def test_long_and_unshowable_names_are_shortened_and_cleaned():
    assert one_line("x" * 5000 + ".jpg", 20) == "x" * 13 + "…" + "xx.jpg"
    assert one_line("a\nb\tc\0d\u202egpj.exe\udcff", 60) == "a b c\ufffdd\ufffdgpj.exe\ufffd"
    assert one_line("smile 😀 שלום.jpg", 60) == "smile 😀 שלום.jpg"
    assert len(escape_markdown("x" * 5000, 60)) == 60


MARKDOWN_FUNCTIONS = {
    *("markdown", "caption", "warning", "error", "info", "success", "subheader", "header", "title", "metric"),
    *("expander", "tabs", "toast", "write", "button", "toggle", "checkbox", "popover", "page_link", "badge"),
}
TEXTS_OF_OURS = {"dashboard/pages/overview/page.py"}
"""Pages whose variable `name` holds a text of the page."""
FOREIGN = {"error", "fault", "name", "names", "model", "models", "file_name"}
SAFE_CALLS = {"escape_markdown", "code", "len", "percent"}


def foreign_names(node: ast.AST) -> Iterator[str]:
    """Yield the variables that hold foreign text and are not passed to one of `SAFE_CALLS`."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in SAFE_CALLS:
            return
    if isinstance(node, ast.Name) and node.id in FOREIGN:
        yield node.id
    if isinstance(node, ast.Attribute) and node.attr == "name":
        yield ast.unparse(node)
    for child in ast.iter_child_nodes(node):
        yield from foreign_names(child)


def is_format(node: ast.AST) -> bool:
    """Return whether a part of a call is an f-string or `str(...)`, which may hold foreign text as it is."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str")


@pytest.mark.case("p6")
def test_no_page_shows_names_or_messages_of_errors_without_escaping_them():
    found = []
    for path in sorted((paths.ROOT / "dashboard").rglob("*.py")):
        if path.relative_to(paths.ROOT).as_posix() in TEXTS_OF_OURS:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr in MARKDOWN_FUNCTIONS and ast.unparse(call.func).startswith(("st.", "column.", "bar.")):
                formats = [node for argument in call.args for node in ast.walk(argument) if is_format(node)]
                names = {name for node in formats for name in foreign_names(node)}
                found += [f"{path.relative_to(paths.ROOT)}:{call.lineno} {name}" for name in sorted(names)]
    assert found == []


def test_code_shows_backticks_as_they_are() -> None:
    assert code("python -m core") == "`python -m core`"
    assert code("a`b") == "``a`b``"
    assert code("``a") == "``` ``a ```"
    assert code("a\n\n# b") == "`a # b`"
