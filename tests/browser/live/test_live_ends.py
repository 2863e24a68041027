"""Unexpected ends of a stream, in the real app and a real Chromium: closed tab, killed browser, restarted server."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from tests.browser.chromium import (
    TIMEOUT_MS,
    LivePage,
    Server,
    chromium,
    free_port,
    open_page,
    running_server,
    wait_until_complete,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The app, which closes the connection of a silent browser after 6 seconds instead of 31."""
    with running_server(folder / "server.log", {"FERSCOPE_TEST_CONSENT_S": "1"}) as running:
        yield running


def test_threads_and_sockets_of_closed_tabs_and_killed_browsers_are_released(
    playwright: Playwright, browser: Browser, server: Server, camera: Path
) -> None:
    first = [LivePage(open_page(browser, f"{server.url}/live")) for _ in range(2)]
    for live in first:
        live.start()
        live.wait_for_label()
    for live in first:  # two at once, because pools get more threads if more is to do at once
        live.stop()
        live.page.context.close()
    time.sleep(5)
    threads, sockets = server.thread_count(), server.socket_count()
    closed = LivePage(open_page(browser, f"{server.url}/live"))
    with chromium(playwright, camera) as other:
        killed = LivePage(open_page(other, f"{server.url}/live"))
        for live in (closed, killed):
            live.start()
            live.wait_for_label()
        assert server.thread_count() > threads
        session = other.new_browser_cdp_session()
        with suppress(Error):  # the killed browser does not answer
            session.send("Browser.crash")
    closed.page.context.close()
    # Allow 4 more threads, because pools keep some for reuse. Allow 8 more sockets, because each stream's event loop
    # keeps a pair until garbage collection. The two streams had 20 sockets while they were running.
    deadline = time.monotonic() + 2 * TIMEOUT_MS / 1000
    while time.monotonic() < deadline and (server.thread_count() > threads + 4 or server.socket_count() > sockets + 8):
        time.sleep(1)
    assert server.thread_count() <= threads + 4
    assert server.socket_count() <= sockets + 8


def test_start_works_again_after_a_server_restart(browser: Browser, folder: Path) -> None:
    port = free_port()
    with running_server(folder / "first.log", port=port) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.wait_for_label()
    expect(page.get_by_test_id("stConnectionStatus").or_(page.get_by_text("Connection error"))).to_be_visible()
    with running_server(folder / "second.log", port=port):
        page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()
        wait_until_complete(page)
        live.start()
        live.wait_for_label()
        page.context.close()
