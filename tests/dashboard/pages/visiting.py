"""Open pages in AppTest by their address, and read their text."""

import json
import re
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import paths
from dashboard import keys
from dashboard.plain_text import WORD_JOINER


def open_page(url_path: str, **query: str | list[str]) -> AppTest:
    """Open a page in a new session, with the given query parameters. Fail if it raises an exception."""
    return _open(url_path, query, agreed=False)


def open_with_consent(url_path: str, **query: str | list[str]) -> AppTest:
    """Open a page as a visitor who has agreed to the use of the camera.

    Only then does the Live page have its widgets.
    """
    return _open(url_path, query, agreed=True)


def _open(url_path: str, query: Mapping[str, str | list[str]], agreed: bool) -> AppTest:
    app = AppTest.from_file(str(paths.ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    # AppTest.switch_page works only after a first run, but here the first run must open this page, as for a visitor.
    app._page_hash = calc_hash(url_path)
    app.session_state[keys.AGREED] = agreed
    app.run()
    assert not app.exception, app.exception
    return app


def page_text(app: AppTest) -> str:
    """Return the headings, Markdown, captions, HTML, and info, warning and error messages of a page."""
    elements = [
        *app.title,
        *app.header,
        *app.subheader,
        *app.markdown,
        *app.caption,
        *app.info,
        *app.warning,
        *app.error,
    ]
    html = [block.proto.body for block in app.get("html")]
    return "\n".join([*(element.value for element in elements), *html])


def pressable_html(app: AppTest) -> str:
    """Return the HTML with buttons that `components.clickable` shows on a page."""
    return "\n".join(json.loads(element.proto.json).get("html", "") for element in app.get("bidi_component"))


def unescaped(markdown: str) -> str:
    """Return text as visitors see it, without what `escape_markdown` has added."""
    return re.sub(r"\\([^\w\s])", r"\1", markdown).replace(WORD_JOINER, "")
