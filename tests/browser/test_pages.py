"""The real app in a real Chromium: every page opens, with what the repository ships and with an import."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser

from core import paths
from dashboard.navigation import PAGES
from dashboard.navigation import Page as PageEntry
from tests.browser.chromium import Server, open_page, running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The app on what the repository ships: no pictures, whatever is imported on this machine."""
    home = copy_shipped_data(folder / "shipped")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(home)}) as running:
        yield running


@pytest.fixture(scope="module")
def server_with_faces(folder: Path) -> Iterator[Server]:
    """The app on an import of full size, every face of it black."""
    home = copy_shipped_data(folder / "imported")
    imported = home / "fer2013" / "0123456789abcdef"
    imported.mkdir(parents=True)
    shutil.copy(home / "manifest.parquet", imported)
    # a new file's bytes are zero without being written: 83 MB that take no room
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
    def test_as_shipped_on_a_wide_window(self, browser: Browser, server: Server, entry: PageEntry) -> None:
        opens(browser, f"{server.url}/{entry.url_path}", 1440, "light")

    def test_with_an_import_on_a_phone_in_the_dark(
        self, browser: Browser, server_with_faces: Server, entry: PageEntry
    ) -> None:
        opens(browser, f"{server_with_faces.url}/{entry.url_path}", 390, "dark")


def opens(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]) -> None:
    """Opens a page and fails where it shows an error or reaches beyond the window's edge."""
    page = open_page(browser, url, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert page.locator("h1").first.inner_text() != ""
    for either in (width, 390, 1440):
        page.set_viewport_size({"width": either, "height": 900})
        page.wait_for_function("either => window.innerWidth === either", arg=either)
        assert page.evaluate("document.documentElement.scrollWidth") <= either  # wide tables scroll in their own box
    page.context.close()
