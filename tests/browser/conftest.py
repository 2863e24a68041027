"""Fixtures: Playwright, Chromium, the video of its fake camera, and a folder for files of the server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from core import paths
from tests.browser.chromium import (
    NO_CHROMIUM,
    TIMEOUT_MS,
    Server,
    chromium,
    find_chromium,
    running_server,
    write_camera,
)


# Not for the whole session: Playwright's running event loop would disturb the tests of other modules.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Start Playwright. If there is no browser, skip the tests, or fail them in CI."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    expect.set_options(timeout=TIMEOUT_MS)  # the default of 5 s is too short for a busy machine
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


@pytest.fixture(scope="module")
def server_with_data(folder: Path) -> Iterator[Server]:
    """The app with imported data, so that all sections are there. Every face is black."""
    imported = folder / "data" / "fer2013" / "0123456789abcdef"
    imported.mkdir(parents=True)
    for name in ("manifest.parquet", "means.npy"):
        shutil.copy(paths.ROOT / "data" / name, folder / "data")
    shutil.copy(folder / "data" / "manifest.parquet", imported)
    # a sparse file: 83 MB of zeros that use no disk space
    np.lib.format.open_memmap(imported / "faces.npy", "w+", np.uint8, (35_887, 48, 48))
    (imported.parent / "current").write_text(f"{imported.name}\n")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(folder / "data")}) as running:
        yield running
