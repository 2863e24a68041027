"""Pages in AppTest, opened by their address and read as a visitor reads them."""

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import paths


def open_page(url_path: str, **query: str | list[str]) -> AppTest:
    """The page as a visitor with this address gets it, in a new session."""
    app = AppTest.from_file(str(paths.ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    # AppTest.switch_page knows pages by their addresses only after a first run, and a visitor's first run is this one.
    app._page_hash = calc_hash(url_path)
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    """All that the page says in words."""
    elements = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    html = [block.proto.body for block in app.get("html")]
    return "\n".join([*(element.value for element in elements), *html])
