"""Open pages in AppTest by their address, and read their text."""

import re

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import paths
from dashboard.plain_text import WORD_JOINER


def open_page(url_path: str, **query: str | list[str]) -> AppTest:
    """Open a page in a new session, with the given query parameters. Fail if it raises an exception."""
    app = AppTest.from_file(str(paths.ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    # AppTest.switch_page works only after a first run, but here the first run must open this page, as for a visitor.
    app._page_hash = calc_hash(url_path)
    app.run()
    assert not app.exception, app.exception
    return app


def page_text(app: AppTest) -> str:
    """Return the title, subheaders, Markdown, captions, HTML, and info, warning and error messages of a page."""
    elements = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    html = [block.proto.body for block in app.get("html")]
    return "\n".join([*(element.value for element in elements), *html])


def unescaped(markdown: str) -> str:
    """Return text as visitors see it, without what `escape_markdown` has added."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown).replace(WORD_JOINER, "")
