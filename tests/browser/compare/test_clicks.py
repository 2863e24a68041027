"""The Compare page in a real Chromium: each click opens exactly the images that it names."""

import re

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.data.shipped import shipped_manifest
from core.evaluation import comparison, errors
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows
from dashboard.pages.compare.panel import SHOWN
from dashboard.pages.errors.grid import DEFAULT_SIZE
from tests.browser.chromium import Server, leave_page, open_page, wait_until_complete
from tests.browser.frame import measures
from tests.browser.frame.forms import resize, severe_in_all_forms

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

A, B = "cnn", "catboost"


@pytest.fixture(scope="module")
def server(server_with_data: Server) -> Server:
    return server_with_data


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    manifest = shipped_manifest()
    return comparison.pair(scored_predictions(A, manifest), scored_predictions(B, manifest))


def open_compare(browser: Browser, server: Server, query: str = "", size: dict[str, int] = DESK) -> Page:
    return open_page(browser, f"{server.url}/compare{query}", viewport=size, reduced_motion="reduce")


PANEL_TILES = ".st-key-cell-panel [data-arrows] button"

SHOWN_IDS = f"""[...document.querySelectorAll("{PANEL_TILES}")].map((tile) => tile.dataset.choice)"""
"""The image ids of the tiles of the panel, in order, in JavaScript."""

TILE_IDS = """[...document.querySelectorAll(".ferscope-grid button")].map((tile) => tile.dataset.choice)"""
"""The image ids of the tiles of the Errors page, in order, in JavaScript."""


def wait_for_ids(page: Page, ids: list[str]) -> None:
    """Wait until the tiles of the panel have these image ids, in this order."""
    page.wait_for_function(f"ids => JSON.stringify({SHOWN_IDS}) === JSON.stringify(ids)", arg=ids)


def check_panel(page: Page, expected: pd.DataFrame, title: str) -> None:
    """Check that the panel has this title, the number of images, and the first of the expected images."""
    expect(page.locator(".ferscope-cell-title h3")).to_have_text(title)
    expect(page.locator(".ferscope-cell-title strong")).to_have_text(f"n = {len(expected):,}")
    wait_for_ids(page, list(expected["image_id"].head(SHOWN)))


def check_errors_page(page: Page, expected: pd.DataFrame) -> None:
    """Check that the Errors page has opened, with the number of images and the first page of the expected images."""
    page.locator("h1").filter(has_text="Errors").wait_for()
    page.get_by_text(f"{len(expected):,} of ").wait_for()
    ids = list(expected["image_id"].head(int(DEFAULT_SIZE)))
    page.wait_for_function(f"ids => JSON.stringify({TILE_IDS}) === JSON.stringify(ids)", arg=ids)


CELLS = [("fear", "sad", "b"), ("angry", "fear", "a"), ("happy", "happy", "a")]
"""Cells of the matrix, and the model that has more images in them."""


@pytest.mark.parametrize(("true", "predicted", "side"), CELLS)
def test_a_cell_opens_its_faces_on_the_page_and_all_of_them_on_errors(
    browser: Browser, server: Server, pairs: pd.DataFrame, true: str, predicted: str, side: str
) -> None:
    expected = errors.cell_images(slice_rows(pairs, "test"), true, predicted, side)
    page = open_compare(browser, server)
    page.locator(f'.ferscope-matrix button[data-choice="{true} {predicted}"]').click()
    check_panel(page, expected, f"{true} predicted as {predicted}, by {side.upper()}: {A if side == 'a' else B}")
    page.get_by_role("button", name="in Errors").click()
    check_errors_page(page, expected)
    leave_page(page)


@pytest.mark.parametrize("rank", [0, 3, 9])
def test_a_confused_pair_opens_its_faces_within_the_chosen_slices(
    browser: Browser, server: Server, pairs: pd.DataFrame, rank: int
) -> None:
    rows = slice_rows(pairs, "leak_free,private")
    page = open_compare(browser, server, "?slice=leak_free,private")
    button = page.locator(".ferscope-pairs button").nth(rank)
    true, predicted = button.inner_text().split(" → ")
    counts = [len(errors.cell_images(rows, true, predicted, side)) for side in "ab"]
    cells = button.locator("xpath=ancestor::tr").locator("td").all_inner_texts()
    assert [int(text.split()[0].replace(",", "")) for text in cells[:2]] == counts
    side = "b" if counts[1] > counts[0] else "a"
    button.click()
    expected = errors.cell_images(rows, true, predicted, side)
    check_panel(page, expected, f"{true} predicted as {predicted}, by {side.upper()}: {A if side == 'a' else B}")
    other = "A" if side == "b" else "B"
    page.locator(".st-key-cell-side").get_by_text(other, exact=True).click()
    expected = errors.cell_images(rows, true, predicted, other.lower())
    check_panel(page, expected, f"{true} predicted as {predicted}, by {other}: {A if other == 'A' else B}")
    page.get_by_role("button", name="in Errors").click()
    check_errors_page(page, expected)
    leave_page(page)


@pytest.mark.parametrize(
    ("title", "wrong_models"),
    [("Both right", "neither"), ("Only A right", "b_only"), ("Only B right", "a_only"), ("Both wrong", "both")],
)
def test_an_outcome_opens_exactly_its_images(
    browser: Browser, server: Server, pairs: pd.DataFrame, title: str, wrong_models: str
) -> None:
    rows = slice_rows(pairs, "public")
    expected = errors.rank_errors(errors.filter_errors(rows, wrong_models=wrong_models))
    page = open_compare(browser, server, "?slice=public")
    button = page.locator(".ferscope-outcomes button").filter(has_text=title)
    expect(button.locator("strong")).to_have_text(f"{len(expected):,}")
    button.click()
    check_errors_page(page, expected)
    leave_page(page)


def test_a_click_on_a_matrix_of_one_model_opens_the_cell_of_this_model(
    browser: Browser, server: Server, pairs: pd.DataFrame
) -> None:
    page = open_compare(browser, server, "?cells=Percent+of+the+row")
    chart = page.locator(".st-key-confusion-b .nsewdrag")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 5.5 / 7, "y": box["height"] * 2.5 / 7})  # fear predicted as sad
    check_panel(
        page, errors.cell_images(slice_rows(pairs, "test"), "fear", "sad", "b"), f"fear predicted as sad, by B: {B}"
    )
    leave_page(page)


def watched_requests(page: Page) -> list[BackMsg]:
    """Load the page again, and return the list to which its messages to the server are added."""
    requests: list[BackMsg] = []
    page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: requests.append(BackMsg.FromString(frame)))
    )
    page.reload()
    wait_until_complete(page)
    return requests


def full_runs(requests: list[BackMsg]) -> int:
    """Return how many of the messages make the server run the whole page."""
    return sum(message.HasField("rerun_script") and not message.rerun_script.fragment_id for message in requests)


def test_a_slice_or_a_model_runs_the_page_once(browser: Browser, server: Server) -> None:
    page = open_compare(browser, server)
    requests = watched_requests(page)
    for key, option, count in (("slice", "Leak-free", "n = 6,610"), ("a", "cnn-seed ·", "n = 6,610")):
        requests.clear()
        page.locator(f".st-key-{key} input").click()
        page.get_by_role("option", name=option).first.click()
        page.wait_for_url(re.compile(f"[?&]{key}="))
        expect(page.locator(".st-key-compare-bar").get_by_text(count)).to_be_visible()
        wait_until_complete(page)
        assert full_runs(requests) == 1
    leave_page(page)


def test_the_form_runs_neither_the_page_again_nor_adds_a_step_to_the_history(browser: Browser, server: Server) -> None:
    page = open_compare(browser, server)
    requests = watched_requests(page)
    page.locator(".st-key-cell-true input").scroll_into_view_if_needed()
    wait_until_complete(page)
    requests.clear()
    steps = page.evaluate("history.length")
    for key, label in (("true", "fear"), ("predicted", "sad"), ("predicted", "angry")):
        page.locator(f".st-key-cell-{key} input").click()
        page.get_by_role("option", name=label).first.click()
        wait_until_complete(page)
    page.locator(".st-key-cell-side").get_by_text("B", exact=True).click()
    expect(page.locator(".ferscope-cell-title h3")).to_have_text(f"fear predicted as angry, by B: {B}")
    page.locator('.ferscope-matrix button[data-choice="sad sad"]').click()
    expect(page.locator(".ferscope-cell-title h3")).to_contain_text("sad predicted as sad")
    assert sum(message.HasField("rerun_script") for message in requests) >= 5
    assert full_runs(requests) == 0
    assert page.evaluate("history.length") == steps
    leave_page(page)


def test_the_faces_come_into_view_below_the_bar(browser: Browser, server: Server) -> None:
    for size in (DESK, PHONE):
        page = open_compare(browser, server, size=size)
        page.locator('.ferscope-matrix button[data-choice="fear sad"]').click()
        expect(page.locator(".ferscope-cell-title")).to_be_in_viewport(ratio=1)
        expect(page.locator(f"{PANEL_TILES} img").first).to_be_in_viewport(ratio=1)
        leave_page(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_bar_and_n_stay_in_view_below_the_menu(browser: Browser, server: Server, size: dict[str, int]) -> None:
    page = open_compare(browser, server, size=size)
    # Scroll again and again, because the page grows while its lower parts are drawn.
    page.wait_for_function(
        "() => { const main = document.querySelector('[data-testid=stMain]'); main.scrollTo(0, 1500); "
        "return main.scrollTop > 900; }"
    )
    bar = page.locator(".st-key-compare-bar")
    expect(bar).to_be_in_viewport(ratio=1)
    expect(bar.get_by_text("n = 7,178")).to_be_in_viewport(ratio=1)
    top, height = bar.evaluate("bar => [bar.getBoundingClientRect().top, bar.getBoundingClientRect().height]")
    assert 0 < top < 80
    assert height <= 110
    # Its widgets are not covered by anything.
    bar.get_by_role("button", name="Swap").click(trial=True)
    page.locator(".st-key-b input").click(trial=True)
    leave_page(page)


def test_swap_exchanges_the_models_in_the_verdict_and_keeps_the_slices(browser: Browser, server: Server) -> None:
    page = open_compare(browser, server, "?slice=leak_free,not_blank")
    expect(page.locator(".ferscope-outcomes button").nth(1)).to_contain_text("Only A right")
    only_a = page.locator(".ferscope-outcomes strong").nth(1).inner_text()
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(".ferscope-outcomes strong").nth(2)).to_have_text(only_a)
    page.wait_for_url(re.compile(r"/compare\?(?=.*a=catboost)(?=.*slice=leak_free)"))
    expect(page.locator(".ferscope-verdict h2")).to_contain_text("cnn beats")
    leave_page(page)


def test_the_arrow_keys_walk_through_the_matrix_and_enter_opens_a_cell(browser: Browser, server: Server) -> None:
    page = open_compare(browser, server)
    page.locator('.ferscope-matrix button[tabindex="0"]').focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    focused = "document.activeElement.dataset.choice"
    assert page.evaluate(focused) == "fear disgust"
    page.keyboard.press("Enter")
    expect(page.locator(".ferscope-cell-title h3")).to_contain_text("fear predicted as disgust")
    assert page.evaluate(focused) == "fear disgust", "the focus stays where it is"
    leave_page(page)


PRESS_TOO = """
const click = HTMLElement.prototype.click;
HTMLElement.prototype.click = function () {
  click.call(this);
  if (this.closest("[class*=st-key-when-seen-]")) queueMicrotask(() => {
    document.querySelector('.ferscope-matrix button[data-choice="fear sad"]').dispatchEvent(
      new MouseEvent("click", { bubbles: true }));
  });
};"""
"""Let the visitor press a cell right after the page has pressed the button of a part that came into view."""


def test_a_cell_pressed_while_a_part_comes_into_view_opens_all_the_same(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare", PRESS_TOO, viewport=DESK)
    page.locator(".ferscope-matrix").scroll_into_view_if_needed()
    expect(page.locator(".ferscope-cell-title h3")).to_contain_text("fear predicted as sad")
    expect(page.locator(".stTabs, [role=radiogroup]").filter(has_text="Risk and coverage").first).to_be_visible()
    leave_page(page)


def test_everybody_can_use_the_page_with_the_panel_open(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?view=ROC", viewport=DESK)
    page.locator('.ferscope-matrix button[data-choice="fear sad"]').click()
    page.locator(PANEL_TILES).first.wait_for()
    page.get_by_role("heading", name="Figures and curves").scroll_into_view_if_needed()
    measures.wait_until_drawn(page)
    assert measures.heading_faults(measures.headings(page)) == []
    assert severe_in_all_forms(page) == {}
    assert measures.heading_faults(measures.headings(page)) == []
    resize(page, 320, 640)
    assert measures.height_and_overflow(page)[1] == 0
    leave_page(page)
