"""A film on the Photo & video page in a real Chromium, read by the real command.

Upload, bar, cancel, player, timeline, downloads, two visitors, and what is left on the disk.
"""

import io
import json
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from core.video.files.example_film import write_example
from tests.browser.chromium import TIMEOUT_MS, Server, open_page, running_server, wait_until_complete

pytestmark = pytest.mark.browser

SECONDS = 3.0


@pytest.fixture(scope="module")
def short_film(folder: Path) -> Path:
    """A film of a face, 3 seconds long."""
    write_example(folder / "short.mp4", SECONDS)
    return folder / "short.mp4"


@pytest.fixture(scope="module")
def long_film(folder: Path) -> Path:
    """A small film without a face that takes the server long to read."""
    with av.open(str(folder / "long.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        gray = av.VideoFrame.from_ndarray(np.full((240, 320, 3), 127, np.uint8), format="rgb24")
        first, same = [bytes(packet) for frame in (gray, gray, None) for packet in stream.encode(frame)]
        for number in range(20_000):  # not encoded each, which takes long
            packet = av.Packet(same if number else first)
            packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 30), number == 0
            packet.pts = packet.dts = number
            container.mux(packet)
    return folder / "long.mp4"


@pytest.fixture(scope="module")
def disk(folder: Path) -> Path:
    """The folder for the server's temporary files."""
    disk = folder / "temporary"
    disk.mkdir()
    return disk


@pytest.fixture(scope="module")
def server(folder: Path, disk: Path) -> Iterator[Server]:
    """The app."""
    with running_server(folder / "server.log", {"TMPDIR": str(disk)}) as running:
        yield running


def open_film_page(browser: Browser, server: Server) -> Page:
    return open_page(browser, f"{server.url}/photo?kind=Film", viewport={"width": 1440, "height": 2400})


def read(page: Page, film: Path) -> None:
    """Upload a film and start its reading."""
    page.locator("input[type=file]").set_input_files(film)
    button = page.get_by_role("button", name="Read this film")
    expect(button).to_be_enabled()
    button.click()


def wait_until(condition: Callable[[], bool], timeout_s: float = TIMEOUT_MS / 1000) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def film_folders(disk: Path) -> list[Path]:
    return list(disk.glob("ferscope-films-*"))


def readers(disk: Path) -> list[str]:
    """Return the commands of the processes that read a film in this folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_text(errors="replace") if process.name.isdigit() else ""
        except OSError:  # ended in the meantime
            continue
        if str(disk) in command:
            found.append(command)
    return found


def nothing_is_left(disk: Path) -> bool:
    return not film_folders(disk) and not readers(disk)


def current_time(page: Page) -> float:
    return float(page.locator("video").evaluate("video => video.currentTime"))


def download(page: Page, label: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return Path(download.value.path()).read_bytes()


def test_a_film_is_uploaded_read_played_and_downloaded(
    browser: Browser, server: Server, short_film: Path, disk: Path
) -> None:
    page = open_film_page(browser, server)
    read(page, short_film)
    page.get_by_text("loading the models").wait_for()
    assert len(film_folders(disk)) == 1
    page.locator("video").wait_for()
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    duration_s = page.locator("video").evaluate("video => video.duration")
    assert duration_s == pytest.approx(SECONDS, abs=0.1)
    page.get_by_text("1 face was found").wait_for()
    wait_until(lambda: nothing_is_left(disk))
    check_that_clicks_on_the_timeline_move_the_player(page)
    table = pd.read_csv(io.BytesIO(download(page, "Table (CSV)")))
    assert set(table["model"]) == {"cnn", "catboost"} and table["frame"].nunique() > 80
    assert len(pd.read_parquet(io.BytesIO(download(page, "Table (parquet)")))) == len(table)
    assert json.loads(download(page, "Summary (JSON)"))["video"] == "short.mp4"
    assert download(page, "Annotated film (MP4)")[4:8] == b"ftyp"
    for label in ("Timelines (PNG)", "Strongest moments (PNG)"):
        assert download(page, label).startswith(b"\x89PNG")
    page.set_viewport_size({"width": 390, "height": 2400})
    page.wait_for_function("window.innerWidth === 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()


def check_that_clicks_on_the_timeline_move_the_player(page: Page) -> None:
    """Click at two places, and at the second place again after the player has moved on."""
    plot = page.locator(".st-key-film-timeline-face .nsewdrag").first
    plot.wait_for()
    wait_until_complete(page)
    box = plot.bounding_box()
    assert box is not None
    for share in (0.25, 0.75, 0.75):
        page.locator("video").evaluate("video => { video.currentTime = 0 }")
        wait_until(lambda: current_time(page) == 0)
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        wait_until(lambda: current_time(page) > 0)
        assert current_time(page) == pytest.approx(share * SECONDS, abs=0.1)
    expect(page.locator(".ferscope-playhead")).to_be_visible()


def test_a_cancelled_film_ends_at_once(browser: Browser, server: Server, long_film: Path, disk: Path) -> None:
    page = open_film_page(browser, server)
    read(page, long_film)
    page.get_by_text("frames/s").wait_for()
    assert len(readers(disk)) == 1
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("The reading was cancelled").wait_for()
    wait_until(lambda: nothing_is_left(disk))
    page.context.close()


def test_a_second_visitor_waits_until_the_first_leaves_the_page(
    browser: Browser, server: Server, long_film: Path, short_film: Path, disk: Path
) -> None:
    first, second = open_film_page(browser, server), open_film_page(browser, server)
    read(first, long_film)
    first.get_by_text("frames/s").wait_for()
    read(second, short_film)
    second.get_by_text("1 film is before yours").wait_for()
    first.get_by_role("link", name="Models", exact=True).click()
    first.get_by_role("heading", name="Models", exact=True).wait_for()
    second.locator("video").wait_for()
    wait_until(lambda: nothing_is_left(disk))
    for page in (first, second):
        page.context.close()


def test_a_film_ends_some_seconds_after_its_tab_was_closed(
    browser: Browser, server: Server, long_film: Path, disk: Path
) -> None:
    page = open_film_page(browser, server)
    read(page, long_film)
    page.get_by_text("frames/s").wait_for()
    page.context.close()
    assert len(film_folders(disk)) == 1
    wait_until(lambda: nothing_is_left(disk))


def test_a_server_leaves_nothing_when_it_ends_and_the_next_one_deletes_what_a_killed_one_has_left(
    browser: Browser, folder: Path, long_film: Path
) -> None:
    disk = folder / "other temporary"
    disk.mkdir()
    settings = {"TMPDIR": str(disk)}
    for signal_name in ("terminate", "kill"):
        with running_server(folder / f"{signal_name}.log", settings) as server:
            page = open_film_page(browser, server)
            read(page, long_film)
            page.get_by_text("frames/s").wait_for()
            getattr(server.process, signal_name)()
            server.process.wait(timeout=TIMEOUT_MS / 1000)
            wait_until(lambda: not readers(disk))  # the reader of a killed server ends by itself
            assert len(film_folders(disk)) == (1 if signal_name == "kill" else 0)
            page.context.close()
    with running_server(folder / "next.log", settings) as server:
        open_page(browser, server.url).context.close()
        assert film_folders(disk) == []
