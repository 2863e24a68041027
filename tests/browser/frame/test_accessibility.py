"""Everybody can use the pages: contrast, headings, keyboard, focus, zoom and motion, in the real app and a Chromium.

Each page is opened once and looked at in several windows. The tests below judge what was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dashboard.navigation import PAGES
from tests.browser.chromium import LivePage, Server, leave_page, open_page, running_server
from tests.browser.frame import keyboard, measures
from tests.browser.frame.axe import Violation
from tests.browser.frame.forms import DESK, PHONE, resize, severe_in_all_forms
from tests.browser.frame.screens import address

pytestmark = pytest.mark.browser

FILM, CAMERA = "photo?kind=Film", "live, with consent"
"""Views of pages that look different from the first one."""

VIEWS = (*[page.url_path for page in PAGES], FILM, CAMERA)

ZOOMED = (DESK[0] // 2, DESK[1] // 2)
"""The window of a desk at a zoom of 200 %, in pixels of the page."""

NARROWEST = (320, 640)
"""Pages fit into 320 pixels, which is a window of 1280 pixels at a zoom of 400 % (WCAG 2.1, 1.4.10)."""

STOPS = 30
"""How often Tab is pressed: past the menu, and at least 15 times on the page."""

MOVING = """document.getAnimations().filter(animation => animation.playState === "running").map(
    animation => `${animation.animationName ?? animation.transitionProperty} of ${animation.effect.target.outerHTML}`
)"""
"""Script that returns the animations and transitions that are running."""


@pytest.fixture(scope="module")
def server(server_with_data: Server) -> Server:
    return server_with_data


@dataclass(frozen=True)
class Findings:
    """What was found on one view of a page."""

    violations: Mapping[str, list[Violation]]
    """Severe violations per window and colour scheme."""
    overflow: Mapping[str, int]
    """By how many pixels the page is wider than the window, per window."""
    headings: list[measures.Heading]
    stops: list[keyboard.Stop]
    not_in_tab_order: list[str]
    moving: list[str]


@pytest.fixture(scope="module", params=VIEWS)
def findings(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Findings:
    page = open_view(browser, server, request.param)
    overflow = {}
    for width, height in (ZOOMED, NARROWEST, PHONE, DESK):
        resize(page, width, height)
        overflow[f"{width} x {height}"] = measures.height_and_overflow(page)[1]
    # Draw the parts that come into view later: otherwise one could take the place of its button while that is measured.
    measures.show_whole(page)
    resize(page, *DESK)
    stops, wrong_order = keyboard.tab_stops(page, STOPS), keyboard.not_in_tab_order(page)
    found = Findings(
        severe_in_all_forms(page), overflow, measures.headings(page), stops, wrong_order, page.evaluate(MOVING)
    )
    leave_page(page)
    return found


def open_view(browser: Browser, server: Server, view: str) -> Page:
    """Open a view of a page in the window of a desk, for a visitor who prefers reduced motion."""
    url_path = "live" if view == CAMERA else address(view)
    size = {"width": DESK[0], "height": DESK[1]}
    page = open_page(browser, f"{server.url}/{url_path}", viewport=size, reduced_motion="reduce")
    if view == CAMERA:
        LivePage(page).give_consent()
    measures.wait_until_drawn(page)
    return page


def test_axe_finds_no_serious_violation_in_any_width_and_scheme(findings: Findings) -> None:
    assert findings.violations == {}


def test_widgets_that_are_not_on_the_first_screen_are_easy_to_read_too(browser: Browser, folder: Path) -> None:
    script = Path(__file__).with_name("widgets_app.py")
    with running_server(folder / "widgets.log", script=str(script)) as widgets:
        page = open_page(browser, widgets.url, viewport={"width": DESK[0], "height": DESK[1]})
        assert severe_in_all_forms(page) == {}
        leave_page(page)


def test_a_page_has_one_title_and_skips_no_level_of_headings(findings: Findings) -> None:
    assert measures.heading_faults(findings.headings) == []


def test_no_page_scrolls_sideways_on_a_phone_or_zoomed_to_200_percent(findings: Findings) -> None:
    assert {window: pixels for window, pixels in findings.overflow.items() if pixels} == {}


def test_the_focus_is_visible_at_each_stop_of_the_tab_key(findings: Findings) -> None:
    assert len(findings.stops) > len(PAGES)  # the menu, and something on the page
    assert keyboard.without_visible_focus(findings.stops) == []


def test_the_tab_key_reaches_every_control_in_the_order_of_the_page(findings: Findings) -> None:
    assert findings.not_in_tab_order == []


def test_nothing_moves_for_visitors_who_prefer_reduced_motion(findings: Findings) -> None:
    assert findings.moving == []
