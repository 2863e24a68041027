"""One face's own view in a real Chromium: opened, asked why, marked by keys, and closed, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.review.marks import KINDS, WRONG_LABEL
from tests.browser.chromium import Server, leave_page, open_page, wait_until_complete
from tests.browser.conftest import start_with_data
from tests.browser.frame import keyboard
from tests.browser.frame.forms import severe_in_both_schemes

pytestmark = pytest.mark.browser

DESK, PHONE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 700}

VIEW = ".st-key-face-view"


@pytest.fixture(scope="module")
def server(server_with_data: Server) -> Server:
    return server_with_data


def open_errors(browser: Browser, server: Server, size: dict[str, int] = DESK, **context: str) -> Page:
    return open_page(browser, f"{server.url}/errors", viewport=size, reduced_motion="reduce", **context)


def press_tile(page: Page, number: int, tiles: str = ".st-key-errors-tiles") -> str:
    """Press a face, counted from 0, wait until its view is complete, and return its image id."""
    tile = page.locator(f"{tiles} button[data-choice]").nth(number)
    image_id = tile.get_attribute("data-choice")
    assert image_id is not None
    tile.click()
    wait_for_face(page, image_id)
    return image_id


def wait_for_face(page: Page, image_id: str) -> None:
    """Wait until the view shows this face and why both models say what they say."""
    page.locator(VIEW).get_by_text(image_id, exact=True).wait_for()
    page.locator(f"{VIEW} .ferscope-why img").first.wait_for()
    wait_until_complete(page)


def mark_button(page: Page, kind: str, style: str) -> None:
    """Wait until the button of a mark has this style: primary if the mark is set, secondary otherwise."""
    page.locator(f".st-key-face-mark-{kind} [data-testid=stBaseButton-{style}]:visible").wait_for()


def test_a_face_opens_with_its_reasons_goes_on_by_a_key_and_closes_by_escape(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    tiles = page.locator(".st-key-errors-tiles button[data-choice]")
    ids = [tiles.nth(number).get_attribute("data-choice") for number in range(3)]
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for_face(page, str(ids[1]))
    assert page.locator(f"{VIEW} .face img").evaluate("image => image.width") == 5 * 48
    expect(page.locator(f"{VIEW} h2")).to_contain_text("2 of ")
    page.keyboard.press("j")
    wait_for_face(page, str(ids[2]))
    page.keyboard.press("k")
    wait_for_face(page, str(ids[1]))
    page.wait_for_function("id => new URL(location).searchParams.get('image') === id", arg=ids[1])
    page.keyboard.press("Escape")
    page.locator(VIEW).wait_for(state="detached")
    page.wait_for_function("!new URL(location).searchParams.has('image')")
    keyboard.wait_for_focus(page, ids[1])
    leave_page(page)


def test_a_mark_is_set_and_undone_by_keys_which_are_letters_in_the_note(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    image_id = press_tile(page, 4)
    page.keyboard.press(KINDS[WRONG_LABEL].shortcut)
    mark_button(page, WRONG_LABEL, "primary")
    page.get_by_text("Which label is right?").wait_for()
    note = page.locator(f"{VIEW} input[type=text]").first
    note.click()
    letters = "".join(entry.shortcut for entry in KINDS.values()) + "jku"
    page.keyboard.type(letters)
    page.keyboard.press("Enter")
    page.locator(f"{VIEW} .ferscope-marks q").get_by_text(letters).wait_for()
    wait_for_face(page, image_id)  # the same face
    assert page.locator(f"{VIEW} .ferscope-marks li").count() == 1
    page.locator(f"{VIEW} h2").click()  # out of the note
    page.keyboard.press("u")  # the note
    page.locator(f"{VIEW} .ferscope-marks q").wait_for(state="detached")
    page.locator(f"{VIEW} .ferscope-marks").get_by_role("button", name="Remove the mark: Wrong label").click()
    mark_button(page, WRONG_LABEL, "secondary")
    leave_page(page)


def test_escape_in_the_note_keeps_it_and_a_button_that_goes_leaves_the_focus_beside_it(
    browser: Browser, server: Server
) -> None:
    page = open_errors(browser, server)
    press_tile(page, 6)
    page.keyboard.press(KINDS[WRONG_LABEL].shortcut)
    mark_button(page, WRONG_LABEL, "primary")
    page.locator(f"{VIEW} input[type=text]").first.click()
    page.keyboard.type("calm")
    page.keyboard.press("Escape")
    page.locator(f"{VIEW} .ferscope-marks q").get_by_text("calm").wait_for()
    page.locator(f"{VIEW} .ferscope-marks").get_by_role("button", name="Remove the mark: Wrong label").focus()
    page.keyboard.press("Enter")
    mark_button(page, WRONG_LABEL, "secondary")
    page.wait_for_function(f"document.activeElement.matches('{VIEW} button')")
    leave_page(page)


def test_on_a_phone_the_view_covers_the_screen_and_holds_the_focus(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server, PHONE)
    image_id = press_tile(page, 1)
    box = page.locator(VIEW).bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    assert page.evaluate(f"document.querySelector('{VIEW}').contains(document.activeElement)")
    page.locator(VIEW).evaluate("view => view.scrollTo(0, view.scrollHeight)")
    close = page.locator(".st-key-face-close button:visible")
    expect(close).to_be_in_viewport()
    page.locator(f"{VIEW} h2").focus()
    for _ in range(3):  # backwards, out of the view
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(f"document.querySelector('{VIEW}').contains(document.activeElement)")
    close.click()
    page.locator(VIEW).wait_for(state="detached")
    keyboard.wait_for_focus(page, image_id)
    leave_page(page)


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "narrow"])
def test_the_view_has_no_barriers_and_fits_the_screen(browser: Browser, server: Server, size: dict[str, int]) -> None:
    page = open_errors(browser, server, size)
    press_tile(page, 0)
    for folded in page.locator(f"{VIEW} summary").all():
        folded.click()
    page.locator(f"{VIEW} .st-key-face-mark-{WRONG_LABEL} button:visible").click()
    mark_button(page, WRONG_LABEL, "primary")
    page.get_by_text("Which label is right?").wait_for()
    assert severe_in_both_schemes(page) == {}
    assert page.evaluate(f"(view => view.scrollWidth - view.clientWidth)(document.querySelector('{VIEW}'))") == 0
    page.locator(f"{VIEW} .st-key-face-mark-{WRONG_LABEL} button:visible").click()
    mark_button(page, WRONG_LABEL, "secondary")
    leave_page(page)


def test_the_faces_of_a_cell_open_on_the_compare_page(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare", viewport=DESK, reduced_motion="reduce")
    page.locator(".ferscope-pairs button").first.click()
    image_id = press_tile(page, 2, ".st-key-cell-tiles")
    page.keyboard.press("Escape")
    page.locator(VIEW).wait_for(state="detached")
    keyboard.wait_for_focus(page, image_id)
    leave_page(page)


def test_one_face_is_open_at_a_time_on_the_dataset_page(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/dataset", viewport=DESK, reduced_motion="reduce")
    press_tile(page, 1, ".st-key-gallery-tiles")
    press_tile(page, 2, ".st-key-gallery-tiles")
    expect(page.locator(VIEW)).to_have_count(1)
    expect(page.locator(".st-key-face-split").locator(VIEW)).to_have_count(1)
    leave_page(page)


def test_a_link_opens_a_face_below_the_first_screen_in_view(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/dataset?image=test/happy/PrivateTest_10077120", viewport=DESK)
    expect(page.locator(f"{VIEW} h2")).to_be_in_viewport()
    leave_page(page)


def test_next_goes_on_at_once_from_a_note_that_is_being_written(browser: Browser, server: Server) -> None:
    page = open_errors(browser, server)
    press_tile(page, 0)
    second = page.locator(".st-key-errors-tiles button[data-choice]").nth(1).get_attribute("data-choice")
    page.locator(f"{VIEW} .st-key-face-mark-interesting button:visible").click()
    mark_button(page, "interesting", "primary")
    note = page.locator(f"{VIEW} input").last
    note.click()
    note.press_sequentially("a note")
    page.locator(f"{VIEW} .st-key-face-next button:visible").click()
    wait_for_face(page, str(second))
    assert note.input_value() == ""
    page.keyboard.press("k")
    page.locator(f"{VIEW} .ferscope-marks").get_by_text("a note").wait_for()
    page.get_by_role("button", name="Remove the mark: Interesting").click()
    mark_button(page, "interesting", "secondary")
    leave_page(page)


@pytest.fixture
def comparing_server(tmp_path: Path) -> Iterator[Server]:
    """A server for one test, because it goes on comparing until it is ended."""
    with start_with_data(tmp_path) as running:
        yield running


def test_no_mark_of_the_face_before_stays_while_the_images_are_compared(
    browser: Browser, comparing_server: Server
) -> None:
    page = open_errors(browser, comparing_server)
    press_tile(page, 0)
    page.get_by_role("button", name="Find faces like this one").click()
    page.get_by_text("Comparing the images").wait_for()
    shown = page.locator(".st-key-errors-tiles button[data-choice]")
    for at in range(3):
        page.keyboard.press("a")
        mark_button(page, "ambiguous", "primary")
        page.locator(f"{VIEW} .ferscope-marks").wait_for()
        page.keyboard.press("j")
        wait_for_face(page, str(shown.nth(at + 1).get_attribute("data-choice")))
        expect(page.locator(f"{VIEW} .ferscope-marks")).to_have_count(0)
    expect(page.get_by_text("Comparing the images")).to_be_visible()
    leave_page(page)
