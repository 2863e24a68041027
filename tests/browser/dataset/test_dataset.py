"""The Dataset page in a real Chromium: first screen, counts and tabs, filters in the address, Back, faces, keyboard."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Server, leave_page, open_page, wait_until_complete
from tests.browser.frame import keyboard, measures
from tests.browser.frame.forms import resize, severe_in_all_forms
from tests.browser.frame.screens import WINDOWS

pytestmark = pytest.mark.browser

DESK, PHONE = ({"width": width, "height": height} for width, height in WINDOWS)

LOWEST_FIRST_FACE = 520
"""Largest distance of the first face from the top of the page, in pixels."""

MOST_WORDS = 250

TILES = ".ferscope-grid button"

COLUMNS = "tiles => tiles.filter(tile => tile.offsetTop === tiles[0].offsetTop).length"

SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"

QUERY = "Object.fromEntries(new URL(location).searchParams)"


@pytest.fixture(scope="module")
def server(server_with_data: Server) -> Server:
    return server_with_data


def open_dataset(browser: Browser, server: Server, query: str = "", size: dict[str, int] = DESK) -> Page:
    page = open_page(browser, f"{server.url}/dataset{query}", viewport=size, reduced_motion="reduce")
    page.locator(".ferscope-counts button").first.wait_for()
    return page


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f".st-key-{key} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_until_complete(page)


def open_tab(page: Page, title: str) -> None:
    page.locator(".st-key-tab").get_by_text(title, exact=True).click()
    wait_until_complete(page)


def query(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(QUERY)
    return found


def ids(page: Page) -> list[str]:
    page.locator(TILES).first.wait_for()
    found: list[str] = page.locator(TILES).evaluate_all("tiles => tiles.map(tile => tile.dataset.choice)")
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_first_screen_has_counts_and_faces_and_few_words(browser: Browser, server: Server, size) -> None:
    page = open_dataset(browser, server, size=size)
    measures.wait_until_drawn(page)
    assert page.locator(".ferscope-counts button").count() == 6
    top = measures.top_of(page, f"{TILES} img")
    assert top is not None and top <= LOWEST_FIRST_FACE
    columns = page.locator(TILES).evaluate_all(COLUMNS)
    assert columns == 3 if size == PHONE else 8 <= columns <= 10
    for tab in ("", "Classes", "Quality"):
        if tab:
            open_tab(page, tab)
        assert len(measures.visible_words(page)) <= MOST_WORDS, tab
        assert measures.height_and_overflow(page)[1] == 0, tab
        assert measures.heading_faults(measures.headings(page)) == [], tab
    leave_page(page)


def test_counts_filters_and_tabs_stand_in_the_address_and_back_returns_to_them(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser, f"{server.url}/models", viewport=DESK)
    page.get_by_role("link", name="Dataset", exact=True).first.click()
    page.locator(TILES).first.wait_for()
    wait_until_complete(page)
    page.locator(".ferscope-counts [data-choice=across]").click()
    page.locator(".ferscope-groups").wait_for()
    wait_until_complete(page)
    assert query(page) == {"fault": "across"}
    expect(page.locator(".ferscope-found")).to_contain_text("568 test images")
    choose(page, "emotion", "fear")
    choose(page, "sorted", "darkest first")
    assert query(page) == {"fault": "across", "emotion": "fear", "sorted": "dark"}
    shown = ids(page)
    open_tab(page, "Quality")
    assert query(page)["tab"] == "quality"
    page.get_by_role("link", name="Models", exact=True).first.click()
    page.locator("h1").filter(has_text="Models").wait_for()
    wait_until_complete(page)
    page.go_back()
    page.locator("h2").filter(has_text="Copies and blank images").wait_for()
    open_tab(page, "Gallery")
    assert ids(page) == shown
    assert query(page) == {"fault": "across", "emotion": "fear", "sorted": "dark"}
    leave_page(page)


def test_the_count_of_the_smallest_class_shows_its_faces_without_earlier_filters(
    browser: Browser, server: Server
) -> None:
    page = open_dataset(browser, server, "?fault=blank&split=test")
    page.locator(".ferscope-counts [data-choice=smallest]").click()
    expect(page.locator(".ferscope-found")).to_contain_text("547 images")
    wait_until_complete(page)
    assert query(page) == {"emotion": "disgust"}
    leave_page(page)


def test_a_row_of_the_quality_opens_its_images(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server, "?tab=quality")
    page.get_by_role("button", name="Show: Exact copies with different labels").click()
    expect(page.locator(".ferscope-found")).to_contain_text("57 groups")
    wait_until_complete(page)
    assert query(page) == {"fault": "conflicts"}
    leave_page(page)


def test_the_most_doubtful_labels_are_shown_from_the_top_of_the_gallery(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server, "?tab=quality")
    button = page.get_by_role("button", name="Show the most doubtful")
    button.scroll_into_view_if_needed()
    assert page.evaluate(SCROLLED) > 0
    button.click()
    expect(page.locator(TILES).first).to_be_in_viewport()
    wait_until_complete(page)
    assert page.evaluate(SCROLLED) == 0 and query(page)["fault"] == "doubtful"
    leave_page(page)


def test_a_face_opens_beside_its_group_and_next_goes_through_the_list(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server, "?fault=exact&sorted=dark")
    shown = ids(page)
    page.locator(TILES).nth(2).click()
    view = page.locator(".st-key-face-view")
    view.wait_for()
    wait_until_complete(page)
    assert query(page)["image"] == shown[2]
    page.keyboard.press("j")
    expect(page.locator(f"{TILES}[aria-current=true]")).to_have_attribute("data-choice", shown[3])
    wait_until_complete(page)
    page.keyboard.press("Escape")
    view.wait_for(state="detached")
    wait_until_complete(page)
    assert query(page) == {"fault": "exact", "sorted": "dark"}
    leave_page(page)


def test_the_draw_stands_in_the_address_and_gives_the_same_faces_again(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server)
    first = ids(page)
    page.locator(".st-key-draw-again button").click()
    wait_until_complete(page)
    second = ids(page)
    assert second != first and query(page) == {"draw": "1"}
    page.reload()
    wait_until_complete(page)
    assert ids(page) == second
    leave_page(page)


def test_arrow_keys_go_through_framed_groups(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server, "?fault=exact&sorted=dark")
    shown = ids(page)
    page.locator(TILES).first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.choice") == shown[1]
    assert page.locator(f"{TILES}[tabindex='0']").count() == 1
    leave_page(page)


def test_all_tabs_are_accessible(browser: Browser, server: Server) -> None:
    page = open_dataset(browser, server, "?fault=exact")
    for tab in ("Gallery", "Classes", "Quality", "Clean list"):
        if tab != "Gallery":
            open_tab(page, tab)
        assert severe_in_all_forms(page) == {}, tab
        for size in (PHONE, DESK):
            resize(page, size["width"], size["height"])
            assert measures.height_and_overflow(page)[1] == 0, tab
            assert keyboard.not_in_tab_order(page) == [], tab
    leave_page(page)
