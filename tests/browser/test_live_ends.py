"""Ends that nobody announces, in the real app and a real Chromium: a closed tab, a killed browser, another server."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from tests.browser.chromium import (
    PATIENCE_MS,
    LivePage,
    Server,
    chromium,
    free_port,
    open_page,
    running_server,
    wait_until_drawn,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def attentive_server(folder: Path) -> Iterator[Server]:
    """One that notices a browser's silence after 6 seconds instead of 31."""
    with running_server(folder / "attentive.log", {"FERSCOPE_TEST_CONSENT_S": "1"}) as running:
        yield running


def test_closed_tabs_and_killed_browsers_leave_nothing_behind(
    playwright: Playwright, browser: Browser, attentive_server: Server, camera: Path
) -> None:
    server = attentive_server
    live = LivePage(open_page(browser, f"{server.url}/live"))
    live.start()
    live.wait_for_label()
    live.stop()
    live.page.context.close()
    time.sleep(5)
    threads, sockets = server.threads(), server.sockets()
    closed = LivePage(open_page(browser, f"{server.url}/live"))
    with chromium(playwright, camera) as other:
        killed = LivePage(open_page(other, f"{server.url}/live"))
        for live in (closed, killed):
            live.start()
            live.wait_for_label()
        assert server.threads() > threads
        session = other.new_browser_cdp_session()
        with suppress(Error):  # nobody is left to answer
            session.send("Browser.crash")
    closed.page.context.close()
    # Some threads of pools stay, to be used again, and each stream's event loop
    # holds a pair of sockets until Python's collector comes by. Two streams that run have 20 sockets.
    deadline = time.monotonic() + 2 * PATIENCE_MS / 1000
    while time.monotonic() < deadline and (server.threads() > threads + 4 or server.sockets() > sockets + 8):
        time.sleep(1)
    assert server.threads() <= threads + 4
    assert server.sockets() <= sockets + 8


def test_a_restarted_server_is_said_and_start_works_again(browser: Browser, folder: Path) -> None:
    port = free_port()
    with running_server(folder / "first.log", port=port) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.wait_for_label()
    expect(page.get_by_test_id("stConnectionStatus").or_(page.get_by_text("Connection error"))).to_be_visible()
    with running_server(folder / "second.log", port=port):
        page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()
        wait_until_drawn(page)
        live.start()
        live.wait_for_label()
        page.context.close()
