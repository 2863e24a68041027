"""Measure the memory that more visitors of Dataset add: `python -m tests.browser.dataset.second_visitor`.

The images must be imported. Each visitor has a window of its own, which stays open, and goes through the gallery, three
kinds of images and all tabs with their charts, and opens one face. Then the server's memory is read.
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from core.data.store import required_import
from tests.browser.chromium import Server, chromium, open_page, running_server, wait_until_complete
from tests.browser.frame import measures
from tests.browser.frame.screens import WINDOWS

VISITORS = 4

STILL_S = 5

TILES = ".ferscope-grid button"


def visit(browser: Browser, server: Server) -> None:
    """Open the parts of the page one after the other, in a new window."""
    desk, _ = WINDOWS
    page = open_page(browser, f"{server.url}/dataset", viewport={"width": desk[0], "height": desk[1]})
    page.locator(TILES).first.wait_for()
    page.get_by_role("button", name="Next page").click()
    for choice in ("across", "near", "doubtful"):
        wait_until_complete(page)
        page.locator(f".ferscope-counts [data-choice={choice}]").click()
    for title in ("Classes", "Quality", "Clean list", "Gallery"):
        wait_until_complete(page)
        page.locator(".st-key-tab").get_by_text(title, exact=True).click()
        wait_until_complete(page)
        measures.show_whole(page)  # draws the charts further down
        page.set_viewport_size({"width": desk[0], "height": desk[1]})
    page.locator(TILES).nth(2).click()
    page.locator(".st-key-face-view").wait_for()
    wait_until_complete(page)


def main() -> None:
    required_import()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "server.log") as server,
        sync_playwright() as driver,
        chromium(driver) as browser,
    ):
        before = server.resident_mb()
        print(f"before the first visitor: {before:.0f} MB")
        for visitor in range(1, VISITORS + 1):
            visit(browser, server)
            time.sleep(STILL_S)
            now = server.resident_mb()
            print(f"visitor {visitor}: {now:.0f} MB, {now - before:+.0f} MB")
            before = now


if __name__ == "__main__":
    main()
