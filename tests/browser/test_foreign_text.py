"""Names that are Markdown, links, LaTeX or emojis are shown as they are by the real pages, and fetch nothing."""

import io

import PIL.Image
import pytest
import skimage.data
from playwright.sync_api import Browser, expect

from dashboard.plain_text import WORD_JOINER
from tests.browser.chromium import TIMEOUT_MS, Server, leave_page, open_page

pytestmark = pytest.mark.browser

NAMES = (
    "![x](http://127.0.0.1:9/evil.png).jpg",
    "[click](http://evil.example).jpg",
    "$\\LaTeX^{2}$.jpg",
    "https://evil.example a@evil.example www.evil.example :streamlit: :material/home: -> <b>x</b>.jpg",
)


MARKUP = "a, img, b, .katex, [data-testid=stIconMaterial]"
"""Elements that Markdown, HTML or LaTeX in a name would become."""


@pytest.fixture(scope="module")
def server(server_without_data: Server) -> Server:
    return server_without_data


@pytest.mark.case("p6")
def test_names_of_photos_are_shown_as_they_are(browser: Browser, server: Server) -> None:
    buffer = io.BytesIO()
    PIL.Image.fromarray(skimage.data.astronaut()).resize((128, 128)).save(buffer, "JPEG")
    page = open_page(browser, f"{server.url}/photo")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()} for name in (*NAMES, "last.jpg")]
    page.locator("input[type=file]").set_input_files(files)
    gallery = page.get_by_role("radiogroup", name="Photo", exact=True).get_by_role("radio")
    gallery.filter(has_text="last.jpg").wait_for(timeout=TIMEOUT_MS)
    heading = page.get_by_role("heading", level=2).filter(has_text=".jpg")
    shown = []
    for photo, name in zip(gallery.all(), NAMES, strict=False):
        photo.click()
        expect(heading).to_contain_text(name[:5])
        shown.append(heading.inner_text().replace(WORD_JOINER, ""))
        assert heading.locator(MARKUP).count() == 0
    assert shown[:3] == list(NAMES[:3])
    assert shown[3].startswith("https://evil.example a@evil.example www")
    assert gallery.locator(MARKUP).count() == page.locator(".ferscope-table").locator(MARKUP).count() == 0
    assert not [url for url in fetched if "evil" in url and not url.startswith(server.url)]
    leave_page(page)
