"""What goes wrong with a camera, in the real app and a real Chromium: the page says so, and goes on or starts again."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tests.browser import (
    LivePage,
    Server,
    chromium,
    find_chromium,
    free_port,
    open_page,
    running_server,
    wait_until_drawn,
    write_camera,
)
from tests.frame_numbers import HIDDEN_CAMERA, component_frame

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="tests/test_browser.py says how to get a Chromium"),
]

# The camera's picture on a canvas, whose size the test changes; `ferscopeCamera` is the stream that the app was given.
CANVAS_CAMERA = (
    f"(() => {{{HIDDEN_CAMERA}"
    + """
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIZE];
  navigator.mediaDevices.getUserMedia = async wanted => {
    await openHidden(wanted);
    setInterval(() => canvas.getContext("2d").drawImage(camera, 0, 0, canvas.width, canvas.height), 33);
    window.ferscopeCamera = canvas.captureStream(30);
    return window.ferscopeCamera;
  };
  window.ferscopeResize = (width, height) => { [canvas.width, canvas.height] = [width, height]; };
})()"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def camera(folder: Path) -> Path:
    return write_camera(folder / "camera.mjpeg")


@pytest.fixture(scope="module")
def browser(playwright: Playwright, camera: Path) -> Iterator[Browser]:
    with chromium(playwright, camera) as opened:
        yield opened


@pytest.fixture(scope="module")
def fault(folder: Path) -> Path:
    """A file in which a test names what shall fail."""
    return folder / "fault"


@pytest.fixture(scope="module")
def server(folder: Path, fault: Path) -> Iterator[Server]:
    with running_server(folder / "server.log", {"FERSCOPE_TEST_FAULT": str(fault)}) as running:
        yield running


@pytest.mark.parametrize("what", ["detector", "model"])
def test_an_exception_is_said_and_the_stream_goes_on(browser: Browser, server: Server, fault: Path, what: str) -> None:
    live = LivePage(open_page(browser, f"{server.url}/live"))
    live.start()
    live.wait_for_label()
    fault.write_text(what)
    try:
        live.state("error").get_by_text(f"RuntimeError: the {what} broke").wait_for()
        live.wait_for_frames(live.processed_frames() + 20)  # they go on, and carry a band that says so
    finally:
        fault.unlink()
    live.wait_for_label()
    expect(live.page.locator(".st-key-live-figures")).to_contain_text("of them failed")
    live.page.context.close()


def canvas_page(browser: Browser, server: Server, width: int, height: int) -> Page:
    """The Live page, its camera of another size."""
    return open_page(browser, f"{server.url}/live", CANVAS_CAMERA.replace("SIZE", f"{width}, {height}"))


def shown_shape(figures: str) -> float:
    """Width by height of the frames that the server says it reads."""
    width, height = next(part for part in figures.split(" · ") if "×" in part).split("×")
    return int(width) / int(height)


def in_camera(page: Page, script: str) -> None:
    component_frame(page).evaluate(script)


def test_frames_of_odd_size_and_another_size_in_mid_stream_are_read(browser: Browser, server: Server) -> None:
    page = canvas_page(browser, server, 641, 479)
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    figures = page.locator(".st-key-live-figures")
    for width, height in ((401, 401), (641, 479)):  # a busy browser makes them smaller, and keeps their shape
        in_camera(page, f"window.ferscopeResize({width}, {height})")
        deadline = time.monotonic() + 20
        while abs(shown_shape(figures.inner_text()) - width / height) > 0.02:
            assert time.monotonic() < deadline, figures.inner_text()
            page.wait_for_timeout(200)
        live.wait_for_frames(live.processed_frames() + 20)
        live.wait_for_label()
    assert "failed" not in figures.inner_text()
    page.context.close()


def test_a_camera_that_is_gone_is_said_and_start_works_again(browser: Browser, server: Server) -> None:
    page = canvas_page(browser, server, 640, 480)
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    in_camera(page, "window.ferscopeCamera.getTracks().forEach(track => track.stop())")
    live.state("warning").get_by_text("No new frame").wait_for()
    live.stop()
    live.start()
    live.wait_for_label()
    page.context.close()


def test_closed_tabs_and_killed_browsers_leave_nothing_behind(
    playwright: Playwright, browser: Browser, server: Server, camera: Path
) -> None:
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
    # streamlit-webrtc notices after 31 s; some threads of pools stay, to be used again, and each stream's event loop
    # holds a pair of sockets until Python's collector comes by. Two streams that run have 20 sockets.
    deadline = time.monotonic() + 60
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
