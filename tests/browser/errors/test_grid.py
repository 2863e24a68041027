"""The Errors page in a real Chromium: the first face, the keyboard, the open face in the address, and Back."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import Server, leave_page, open_page, wait_until_complete
from tests.browser.frame import keyboard, measures
from tests.browser.frame.forms import violations_in_both_schemes

pytestmark = pytest.mark.browser

DESK, PHONE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}

LOWEST_FIRST_FACE = 350
"""Largest distance of the first face from the top of the page, in pixels."""

TILES = ".ferscope-grid button"

COLUMNS = """tiles => tiles.filter(tile => tile.offsetTop === tiles[0].offsetTop).length"""


@pytest.fixture(scope="module")
def server(server_with_data: Server) -> Server:
    return server_with_data


def open_errors(browser: Browser, server: Server, query: str = "", size: dict[str, int] = DESK) -> Page:
    page = open_page(browser, f"{server.url}/errors{query}", viewport=size, reduced_motion="reduce")
    page.locator(TILES).first.wait_for()
    return page


def ids(page: Page) -> list[str]:
    found: list[str] = page.locator(TILES).evaluate_all("tiles => tiles.map(tile => tile.dataset.choice)")
    return found


def focused(page: Page) -> str | None:
    """Return the image id of the tile that has the focus, or None."""
    image_id: str | None = page.evaluate("document.activeElement?.dataset.choice ?? null")
    return image_id


def view(page: Page) -> Locator:
    return page.locator(".st-key-face-view")


def wait_for_view(page: Page) -> None:
    """Wait until a face is open, with all that its view shows."""
    view(page).wait_for()
    wait_until_complete(page)


def wait_until_closed(page: Page) -> None:
    view(page).wait_for(state="detached")
    wait_until_complete(page)


def wait_for_other_tiles(page: Page, before: list[str]) -> None:
    """Wait until a changed filter shows. The browser changes the address before the server knows of the change."""
    page.wait_for_function(f"id => document.querySelector('{TILES}')?.dataset.choice !== id", arg=before[0])
    wait_until_complete(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_first_face_is_near_the_top_and_rows_are_full(browser: Browser, server: Server, size) -> None:
    page = open_errors(browser, server, "?who=only A&slice=leak_free", size)
    measures.wait_until_drawn(page)
    top = measures.top_of(page, f"{TILES} img")
    assert top is not None and top <= LOWEST_FIRST_FACE
    columns = page.locator(TILES).evaluate_all(COLUMNS)
    assert columns == 3 if size == PHONE else 8 <= columns <= 10
    leave_page(page)


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
@pytest.mark.parametrize(
    "query", ["", "?who=both, same label&slice=leak_free,private,dark&order=least confident error first"]
)
def test_nothing_is_wider_than_the_window(browser: Browser, server: Server, query: str, size) -> None:
    page = open_errors(browser, server, query, size)
    measures.wait_until_drawn(page)
    assert measures.height_and_overflow(page)[1] == 0
    if size != DESK:
        page.get_by_label("Change the filters").check()
        assert measures.height_and_overflow(page)[1] == 0
    leave_page(page)


def test_a_phone_says_the_sentence_and_unfolds_the_filters_which_stay(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server, "?who=only A&slice=leak_free", PHONE)
    sentence = page.get_by_text("only A wrong · without exact copies · most confident error first")
    expect(sentence).to_be_visible()
    who = page.locator(".st-key-who input")
    expect(who).to_be_hidden()
    sentence.click()
    expect(who).to_be_visible()
    who.click()
    page.get_by_role("option", name="only B").click()
    page.wait_for_url(re.compile(r"who=only\+B"))
    wait_until_complete(page)
    expect(who).to_be_visible()
    page.get_by_label("Change the filters").uncheck()
    expect(page.get_by_text("only B wrong · without exact copies")).to_be_visible()
    leave_page(page)


def test_arrow_keys_move_in_two_dimensions_over_the_columns_that_are_there(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    shown = ids(page)
    columns = page.locator(TILES).evaluate_all(COLUMNS)
    page.locator(TILES).first.focus()
    at = 0
    for key, step in [
        ("ArrowRight", 1),
        ("ArrowDown", columns),
        ("ArrowLeft", -1),
        ("ArrowLeft", 0),  # the row begins here
        ("ArrowUp", -columns),
        ("ArrowUp", 0),
        ("End", len(shown) - 1),
        ("ArrowRight", 0),
        ("Home", 1 - len(shown)),
    ]:
        page.keyboard.press(key)
        at += step
        assert focused(page) == shown[at], key
    assert page.locator(f"{TILES}[tabindex='0']").count() == 1
    leave_page(page)


def test_enter_opens_a_face_and_escape_gives_the_focus_back(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    shown = ids(page)
    page.locator(TILES).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for_view(page)
    expect(page.locator(f"{TILES}[aria-current=true]")).to_have_attribute("data-choice", shown[1])
    page.keyboard.press("Escape")
    view(page).wait_for(state="detached")
    keyboard.wait_for_focus(page, shown[1])
    assert ids(page) == shown
    leave_page(page)


def test_the_open_face_stands_in_the_address_and_back_closes_it(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare", viewport=DESK)
    page.get_by_role("link", name="Errors", exact=True).first.click()
    page.locator(TILES).nth(3).click()
    view(page).wait_for()
    image_id = ids(page)[3]
    page.wait_for_function("id => new URL(location).searchParams.get('image') === id", arg=image_id)
    wait_until_complete(page)
    page.go_back()
    view(page).wait_for(state="detached")
    expect(page).to_have_url(re.compile("/errors$"))
    wait_until_complete(page)
    page.go_forward()
    wait_for_view(page)
    page.go_back()
    wait_until_closed(page)
    page.go_back()
    page.wait_for_url("**/compare")
    leave_page(page)


def test_closing_a_face_leaves_no_step_in_the_history(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare", viewport=DESK)
    page.get_by_role("link", name="Errors", exact=True).first.click()
    for at in (2, 5):
        page.locator(TILES).nth(at).click()
        wait_for_view(page)
        page.keyboard.press("Escape")
        view(page).wait_for(state="detached")
        page.wait_for_function("!new URL(location).searchParams.has('image')")
        wait_until_complete(page)
    page.go_back()
    page.wait_for_url("**/compare")
    leave_page(page)


def test_another_page_opens_while_a_face_is_open_and_back_returns_to_the_face(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server, "?who=only A")
    page.locator(TILES).nth(2).click()
    wait_for_view(page)
    image_id = ids(page)[2]
    page.get_by_role("link", name="Models", exact=True).first.click()
    page.wait_for_url("**/models")
    page.locator("h1").filter(has_text="Models").wait_for()
    wait_until_complete(page)
    page.go_back()
    page.wait_for_url("**/errors?*")
    wait_for_view(page)
    assert view(page).get_by_text(image_id, exact=True).count() == 1
    leave_page(page)


def test_next_goes_over_the_end_of_a_page_and_the_grid_follows(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server, "?n=12")
    first_page = ids(page)
    page.locator(TILES).last.click()
    wait_for_view(page)
    page.keyboard.press("j")
    page.wait_for_function("id => !document.querySelector(`[data-choice='${id}']`)", arg=first_page[0])
    expect(page.locator(TILES).first).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Page 2", exact=True)).to_have_attribute("aria-current", "page")
    second_page = ids(page)
    assert not set(second_page) & set(first_page)
    page.wait_for_function("document.activeElement?.matches('.ferscope-face-title')")  # the tile with the focus is gone
    page.keyboard.press("Escape")  # the list stays at this page, without another run of the whole page
    keyboard.wait_for_focus(page, second_page[0])
    page.wait_for_function("!new URL(location).searchParams.has('image')")
    wait_until_complete(page)
    assert ids(page) == second_page
    expect(page).to_have_url(re.compile(r"\?n=12&page=2$"))
    assert "Session State API" not in server.log.read_text()
    leave_page(page)


def test_a_filter_that_was_changed_beside_an_open_face_stays_when_the_face_is_closed(
    browser: Browser, server: Server
) -> None:
    page = open_errors(browser, server, "?who=only A")
    page.locator(TILES).nth(2).click()
    wait_for_view(page)
    page.locator(".st-key-who input").click()
    page.keyboard.press("Escape")  # closes the list of choices alone
    wait_until_complete(page)
    expect(view(page)).to_be_visible()
    before = ids(page)
    page.locator(".st-key-who input").click()
    page.get_by_role("option", name="only B").click()
    page.wait_for_url(re.compile(r"who=only\+B"))
    wait_until_complete(page)
    shown = ids(page)
    assert shown != before
    page.locator(".st-key-face-close button:visible").click()
    wait_until_closed(page)
    page.wait_for_function("!new URL(location).searchParams.has('image')")
    wait_until_complete(page)
    expect(page).to_have_url(re.compile(r"who=only\+B"))
    expect(page.locator(".st-key-who input")).to_have_value("only B")
    assert ids(page) == shown
    leave_page(page)


def test_the_opened_tile_stays_in_view_when_the_grid_becomes_narrower(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    tile = page.locator(TILES).nth(8)
    tile.click()
    wait_for_view(page)
    expect(tile).to_be_in_viewport(ratio=0.9)
    leave_page(page)


def test_opening_a_face_does_not_run_the_page(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    page.locator("h1").evaluate("title => { title.dataset.seen = 'yes'; }")
    page.evaluate("""() => {
        window.wasPageRun = false;
        const script = document.querySelector('.st-key-page-frame');
        new MutationObserver(() => { window.wasPageRun = true; }).observe(script, { childList: true, subtree: true });
    }""")
    page.locator(TILES).nth(1).click()
    wait_for_view(page)
    assert page.evaluate("window.wasPageRun") is False
    leave_page(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_grid_breaks_no_rule_of_accessibility(browser: Browser, server: Server, size) -> None:
    page = open_page(browser, f"{server.url}/errors?slice=leak_free", viewport=size)
    page.locator(TILES).first.wait_for()
    if size == PHONE:
        page.get_by_label("Change the filters").check()
    measures.wait_until_drawn(page)
    measures.show_whole(page)
    assert violations_in_both_schemes(page) == {}
    assert keyboard.not_in_tab_order(page) == []
    leave_page(page)


def test_tab_shows_where_it_is(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server, "?slice=leak_free")
    measures.wait_until_drawn(page)
    stops = keyboard.tab_stops(page, 40)
    assert keyboard.without_visible_focus(stops) == []
    assert any("Labelled" in stop.name for stop in stops), "Tab reaches the grid"
    leave_page(page)
