"""Fixtures: Playwright, Chromium, the video of its fake camera, and a folder for files of the server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import NO_CHROMIUM, chromium, find_chromium, write_camera


# Not for the whole session: Playwright's running event loop would disturb the tests of other modules.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Start Playwright. If there is no browser, skip the tests, or fail them in CI."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The video that the fake camera plays: a face."""
    return write_camera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")


@pytest.fixture(scope="module")
def browser(playwright: Playwright, camera: Path) -> Iterator[Browser]:
    """A Chromium whose camera shows a face."""
    with chromium(playwright, camera) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder for the logs and data of the servers."""
    return tmp_path_factory.mktemp("browser")
