"""Several photos on the Photo & video page in a real Chromium: thumbnails, the keyboard, and clearing."""

import io
from collections.abc import Iterator

import PIL.Image
import pytest
import skimage.data
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import TIMEOUT_MS, Server, leave_page, open_page
from tests.browser.frame.screens import WINDOWS

pytestmark = pytest.mark.browser

NAMES = ("wide.jpg", "high.jpg", "third.jpg")


@pytest.fixture(scope="module")
def server(server_without_data: Server) -> Server:
    return server_without_data


@pytest.fixture(params=WINDOWS, ids=["desk", "phone"])
def page(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page with three photos, on a desk and on a phone."""
    width, height = request.param
    page = open_page(browser, f"{server.url}/photo", viewport={"width": width, "height": height})
    portrait = skimage.data.astronaut()
    cuts = (portrait[:300], portrait[:, :300], portrait)
    files = []
    for name, cut in zip(NAMES, cuts, strict=True):
        buffer = io.BytesIO()
        PIL.Image.fromarray(cut).save(buffer, "JPEG")
        files.append({"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("heading", name="All faces").wait_for(timeout=TIMEOUT_MS)
    yield page
    leave_page(page)


def test_photos_are_chosen_by_thumbnails_with_the_keyboard_and_cleared_together(page: Page) -> None:
    photos = page.get_by_role("radiogroup", name="Photo", exact=True).get_by_role("radio")
    assert [text.split(" · ")[1] for text in photos.all_inner_texts()] == list(NAMES)
    sizes = photos.locator("p").evaluate_all(
        "all => all.map(p => getComputedStyle(p, '::before')).map(style => "
        "[style.backgroundImage.slice(0, 20), parseFloat(style.width) > parseFloat(style.height)])"
    )
    assert sizes == [['url("data:image/jpeg', is_wide] for is_wide in (True, False, False)]
    box = photos.first.bounding_box()
    assert box is not None and box["y"] < 500
    photos.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.get_by_role("heading", name=NAMES[1]).wait_for(timeout=TIMEOUT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    page.get_by_role("button", name="Clear all photos").click()
    page.get_by_role("heading", name="astronaut.png").wait_for(timeout=TIMEOUT_MS)
    expect(page.get_by_test_id("stFileChip")).to_have_count(0)


def test_a_disabled_button_is_as_readable_as_its_neighbour(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/photo?kind=Film", color_scheme="light")
    read = page.get_by_role("button", name="Read this film")
    expect(read).to_be_disabled()
    expect(read).not_to_have_css("color", "rgb(255, 255, 255)")  # white, on the page's nearly white background
    leave_page(page)
