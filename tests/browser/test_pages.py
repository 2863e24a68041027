"""Every page opens in a real Chromium, with the shipped data only and with imported data."""

from typing import Literal

import pytest
from playwright.sync_api import Browser

from core import __version__
from dashboard.navigation import PAGES
from dashboard.navigation import Page as PageEntry
from tests.browser.chromium import Server, leave_page, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
class TestEveryPage:
    def test_opens_with_shipped_data_on_a_wide_screen(
        self, browser: Browser, server_without_data: Server, entry: PageEntry
    ) -> None:
        check_page(browser, f"{server_without_data.url}/{entry.url_path}", 1440, "light")

    def test_opens_with_imported_data_on_a_phone_in_dark_mode(
        self, browser: Browser, server_with_data: Server, entry: PageEntry
    ) -> None:
        check_page(browser, f"{server_with_data.url}/{entry.url_path}", 390, "dark")


def check_page(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]) -> None:
    """Open a page and check that it shows no error and is not wider than the window."""
    page = open_page(browser, url, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert page.locator("h1").first.inner_text() != ""
    for window_width in (width, 390, 1440):
        page.set_viewport_size({"width": window_width, "height": 900})
        page.wait_for_function("width => window.innerWidth === width", arg=window_width)
        assert page.evaluate("document.documentElement.scrollWidth") <= window_width  # wide tables have scrollbars
    leave_page(page)


def test_the_menu_shows_the_version(browser: Browser, server_without_data: Server) -> None:
    page = open_page(browser, server_without_data.url)
    page.get_by_test_id("stMainMenu").click()
    page.get_by_role("menuitem", name="About").click()
    page.get_by_role("dialog").get_by_text(f"FERscope {__version__}").wait_for()
    leave_page(page)
