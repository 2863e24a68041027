"""Fixtures: Playwright, Chromium, the video of its fake camera, and a folder for files of the server."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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

LONGEST_FIRST = ("frame/test_accessibility.py", "test_film.py", "live/test_live.py")
"""The files that take longest, in the order in which they are run, so that no process is left with one in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of `LONGEST_FIRST` before all others."""

    def rank(item: pytest.Item) -> int:
        paths_of_files = [Path(__file__).parent / name for name in LONGEST_FIRST]
        return paths_of_files.index(item.path) if item.path in paths_of_files else len(paths_of_files)

    items.sort(key=rank)  # which keeps the order of the others


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


@pytest.fixture(scope="session")
def server_with_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with imported data, so that all sections are there. Every face is black.

    The tests of several modules use it. A test that changes its data, or gives it work that goes on, needs its own
    (`start_with_data`).
    """
    with start_with_data(tmp_path_factory.mktemp("with-data")) as running:
        yield running


@contextmanager
def start_with_data(folder: Path) -> Iterator[Server]:
    """Run the app with imported data in this folder."""
    data = copy_shipped_data(folder)
    imported = data / "fer2013" / "0123456789abcdef"
    imported.mkdir(parents=True)
    shutil.copy(data / "manifest.parquet", imported)
    # a sparse file: 83 MB of zeros that use no disk space
    np.lib.format.open_memmap(imported / "faces.npy", "w+", np.uint8, (35_887, 48, 48))
    (imported.parent / "current").write_text(f"{imported.name}\n")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(data)}) as running:
        yield running


@pytest.fixture(scope="session")
def server_without_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the shipped data only, without images, even if data is imported on this machine.

    The tests of several modules use it, so they must not change its data.
    """
    folder = tmp_path_factory.mktemp("without-data")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(copy_shipped_data(folder))}) as running:
        yield running


def copy_shipped_data(folder: Path) -> Path:
    """Copy the files that ship in data/, without what people have imported or noted there."""
    data = folder / "data"
    data.mkdir()
    for file in (paths.ROOT / "data").iterdir():
        if file.suffix in (".parquet", ".npy"):
            shutil.copy(file, data)
    return data
