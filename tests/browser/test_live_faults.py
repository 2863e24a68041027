"""What goes wrong with a camera, in the real app and a real Chromium: the page says so, and goes on or starts again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import (
    PATIENCE_MS,
    LivePage,
    Server,
    open_page,
    running_server,
)
from tests.browser.frame_numbers import HIDDEN_CAMERA, component_frame

pytestmark = pytest.mark.browser

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
        deadline = time.monotonic() + PATIENCE_MS / 1000
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
