"""Every page opens in a real Chromium, with the shipped data only and with imported data."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser

from core import __version__, paths
from dashboard.navigation import PAGES
from dashboard.navigation import Page as PageEntry
from tests.browser.chromium import Server, open_page, running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The app with the shipped data only, without images, even if data is imported on this machine."""
    home = copy_shipped_data(folder / "shipped")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(home)}) as running:
        yield running


@pytest.fixture(scope="module")
def server_with_faces(folder: Path) -> Iterator[Server]:
    """The app with imported data of full size, in which every face is black."""
    home = copy_shipped_data(folder / "imported")
    imported = home / "fer2013" / "0123456789abcdef"
    imported.mkdir(parents=True)
    shutil.copy(home / "manifest.parquet", imported)
    # a sparse file: 83 MB of zeros that use no disk space
    np.lib.format.open_memmap(imported / "faces.npy", "w+", np.uint8, (35_887, 48, 48))
    (imported.parent / "current").write_text(f"{imported.name}\n")
    with running_server(folder / "server_with_faces.log", {"FERSCOPE_DATA": str(home)}) as running:
        yield running


def copy_shipped_data(home: Path) -> Path:
    home.mkdir()
    for name in ("manifest.parquet", "means.npy"):
        shutil.copy(paths.ROOT / "data" / name, home)
    return home


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
class TestEveryPage:
    def test_opens_with_shipped_data_on_a_wide_screen(self, browser: Browser, server: Server, entry: PageEntry) -> None:
        check_page(browser, f"{server.url}/{entry.url_path}", 1440, "light")

    def test_opens_with_imported_data_on_a_phone_in_dark_mode(
        self, browser: Browser, server_with_faces: Server, entry: PageEntry
    ) -> None:
        check_page(browser, f"{server_with_faces.url}/{entry.url_path}", 390, "dark")


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
    page.context.close()


def test_the_menu_shows_the_version(browser: Browser, server: Server) -> None:
    page = open_page(browser, server.url)
    page.get_by_test_id("stMainMenu").click()
    page.get_by_role("menuitem", name="About").click()
    page.get_by_role("dialog").get_by_text(f"FERscope {__version__}").wait_for()
    page.context.close()
