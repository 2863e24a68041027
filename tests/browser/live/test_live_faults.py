"""Camera and model failures in the real app and a real Chromium: the page shows them, and the stream recovers."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import (
    TIMEOUT_MS,
    LivePage,
    Server,
    open_page,
    running_server,
)
from tests.browser.frame_numbers import HIDDEN_CAMERA, webrtc_iframe

pytestmark = pytest.mark.browser

CANVAS_CAMERA = (
    f"(() => {{{HIDDEN_CAMERA}"
    + """
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIZE];
  navigator.mediaDevices.getUserMedia = async constraints => {
    await openHidden(constraints);
    setInterval(() => canvas.getContext("2d").drawImage(camera, 0, 0, canvas.width, canvas.height), 33);
    window.ferscopeCamera = canvas.captureStream(30);
    return window.ferscopeCamera;
  };
  window.ferscopeResize = (width, height) => { [canvas.width, canvas.height] = [width, height]; };
})()"""
)
"""Script that draws the camera on a canvas, whose video the app receives. Replace SIZE by "width, height".

Tests can change the size later with `ferscopeResize`.
"""


@pytest.fixture(scope="module")
def fault_file(folder: Path) -> Path:
    """A file in which a test names the component that must fail."""
    return folder / "fault"


@pytest.fixture(scope="module")
def server(folder: Path, fault_file: Path) -> Iterator[Server]:
    with running_server(folder / "server.log", {"FERSCOPE_TEST_FAULT": str(fault_file)}) as running:
        yield running


@pytest.mark.parametrize("component", ["detector", "model"])
def test_an_exception_is_shown_in_words_and_the_stream_continues(
    browser: Browser, server: Server, folder: Path, fault_file: Path, component: str
) -> None:
    live = LivePage(open_page(browser, f"{server.url}/live"))
    live.start()
    live.wait_for_label()
    fault_file.write_text(component)
    try:
        live.panel("error").get_by_text("The newest frame could not be processed").wait_for()
        assert "broke" not in live.text()
        assert f"RuntimeError: the {component} broke" in (folder / "server.log").read_text()
        live.wait_for_frames(live.processed_frames() + 20)  # frames continue, with an error banner
    finally:
        fault_file.unlink()
    live.wait_for_label()
    expect(live.page.locator(".st-key-live-figures")).to_contain_text("of them failed")
    live.page.context.close()


def canvas_page(browser: Browser, server: Server, width: int, height: int) -> Page:
    """Open the Live page with a camera of the given size in pixels."""
    return open_page(browser, f"{server.url}/live", CANVAS_CAMERA.replace("SIZE", f"{width}, {height}"))


def frame_aspect_ratio(statistics: str) -> float:
    """Return width / height of the frames, from the size in the statistics that the page shows."""
    width, height = next(part for part in statistics.split(" · ") if "×" in part).split("×")
    return int(width) / int(height)


def run_in_camera_iframe(page: Page, script: str) -> None:
    webrtc_iframe(page).evaluate(script)


def test_predictions_continue_with_odd_frame_sizes_and_after_a_size_change(browser: Browser, server: Server) -> None:
    page = canvas_page(browser, server, 641, 479)
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    statistics = page.locator(".st-key-live-figures")
    for width, height in ((401, 401), (641, 479)):  # a busy browser may scale frames down, but keeps the ratio
        run_in_camera_iframe(page, f"window.ferscopeResize({width}, {height})")
        deadline = time.monotonic() + TIMEOUT_MS / 1000
        while abs(frame_aspect_ratio(statistics.inner_text()) - width / height) > 0.02:
            assert time.monotonic() < deadline, statistics.inner_text()
            page.wait_for_timeout(200)
        live.wait_for_frames(live.processed_frames() + 20)
        live.wait_for_label()
    assert "failed" not in statistics.inner_text()
    page.context.close()


def test_start_works_again_after_the_camera_is_lost(browser: Browser, server: Server) -> None:
    page = canvas_page(browser, server, 640, 480)
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    run_in_camera_iframe(page, "window.ferscopeCamera.getTracks().forEach(track => track.stop())")
    live.panel("warning").get_by_text("No new frame").wait_for()
    live.stop()
    live.start()
    live.wait_for_label()
    page.context.close()
