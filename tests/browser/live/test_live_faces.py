"""Faces on the Live page in a real Chromium: they are found, and each person keeps one number."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, Playwright, expect

from core.vision.detectors import DETECTORS
from core.vision.detectors.defaults import default_detector
from core.vision.images import Image
from tests.browser import films
from tests.browser.chromium import TIMEOUT_MS, LivePage, Server, chromium, open_page, write_camera
from tests.browser.films import Head
from tests.browser.frame_numbers import webrtc_iframe

pytestmark = pytest.mark.browser

searches_every_frame = pytest.mark.skipif(
    DETECTORS[default_detector(video=True)].make_for_frames is None,
    reason="only Haar cascades can be used here, which find faces later and less reliably",
)

MIN_FRAMES = 30
"""Frames that the server must have processed, however long it takes."""

KEEP_CAMERA = """(() => {
  if (!navigator.mediaDevices) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async constraints => {
    window.ferscopeCamera = await open(constraints);
    return window.ferscopeCamera;
  };
})()"""
"""Script that keeps the camera's stream in `ferscopeCamera`."""


@pytest.fixture(scope="module")
def server(server_without_data: Server) -> Server:
    return server_without_data


@contextmanager
def filmed(
    playwright: Playwright, server: Server, folder: Path, film: Sequence[Image], frames_per_s: int = films.FRAMES_PER_S
) -> Iterator[LivePage]:
    """Open the Live page with a camera that plays this film, start it, and wait for a prediction."""
    camera = write_camera(folder / "camera.mjpeg", film, frames_per_s)
    with chromium(playwright, camera) as browser:
        live = LivePage(open_page(browser, f"{server.url}/live", KEEP_CAMERA))
        live.start()
        live.wait_for_label()
        yield live
        # A browser that is just closed would keep its place in the camera queue for half a minute. With each place that
        # is taken, the page asks for fewer frames per second.
        live.page.goto("about:blank")


def watch(live: LivePage, film_s: float) -> None:
    """Wait until the camera has played the film for `film_s` seconds, and until `MIN_FRAMES` frames were processed."""
    live.page.wait_for_timeout(1000 * film_s)
    live.wait_for_frames(MIN_FRAMES)


def stop_camera(page: Page) -> int:
    """End the camera's stream without STOP, so that no more frames arrive. Return the number of processed frames."""
    webrtc_iframe(page).evaluate("ferscopeCamera.getTracks().forEach(track => track.stop())")
    live = LivePage(page)
    live.panel("warning").get_by_text("No new frame").wait_for()
    return live.processed_frames()


def faces_table(page: Page) -> pd.DataFrame:
    """Download the CSV of the session. Return its rows of one model, so one per frame and face."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Session as CSV").click()
    table = pd.read_csv(Path(download.value.path()))
    return table[table["model"] == table["model"].iloc[0]]


def titles_of_faces(page: Page) -> list[str]:
    """Return the titles of the cards of the faces, such as Face 1."""
    return page.locator(".ferscope-face strong").all_inner_texts()


@searches_every_frame
@pytest.mark.parametrize(
    ("size_wh", "head"),
    [
        pytest.param((640, 480), Head(160, 180, 0.08 * 640), id="small"),
        pytest.param((480, 640), Head(260, 280, 0.3 * 480), id="portrait"),
    ],
)
def test_a_still_face_is_found_in_each_frame(playwright, server, tmp_path, size_wh, head) -> None:
    with filmed(playwright, server, tmp_path, films.still_face(head, size_wh)) as live:
        # A camera that is upright keeps its size: no browser crops its frames.
        figures = live.page.locator(".st-key-live-figures")
        expect(figures).to_contain_text(f"{size_wh[0]}×{size_wh[1]}", timeout=TIMEOUT_MS)
        assert video_size(live) == size_wh
        expect(live.page.locator(".ferscope-face")).to_have_count(1, timeout=TIMEOUT_MS)
        assert titles_of_faces(live.page) == ["Face 1"]
        watch(live, film_s=0)
        processed = stop_camera(live.page)
        table = faces_table(live.page)
    assert set(table["face"]) == {1}
    assert len(table) >= processed - 1, "the face is found in each frame after the first"
    assert len(table) == table["time_s"].nunique(), "there is one face in each frame"


def video_size(live: LivePage) -> tuple[int, int]:
    """Return the width and height in pixels of the video that the server returns."""
    width, height = live.camera.locator("video").evaluate("video => [video.videoWidth, video.videoHeight]")
    return width, height


@searches_every_frame
def test_a_face_that_jumps_keeps_its_number(playwright, server, tmp_path) -> None:
    with filmed(playwright, server, tmp_path, films.jumping_face()) as live:
        watch(live, film_s=3)
        table = faces_table(live.page)
        assert titles_of_faces(live.page) == ["Face 1"]
    moves = ((table["left"] + table["right"]) / 2).diff().abs()
    assert (moves > table["right"] - table["left"]).any(), "the face has jumped"
    assert set(table["face"]) == {1}


@searches_every_frame
def test_two_people_who_cross_have_two_numbers(playwright, server, tmp_path) -> None:
    with filmed(playwright, server, tmp_path, films.crossing_people()) as live:
        live.panel("reading").get_by_text("2 faces were found").wait_for()
        watch(live, film_s=films.FILM_S / 2)
        table = faces_table(live.page)
        assert set(titles_of_faces(live.page)) <= {"Face 1", "Face 2"}
    assert set(table.groupby("time_s").size()) == {1, 2}, "one of them was hidden for a while"
    assert set(table["face"]) == {1, 2}


@searches_every_frame
def test_a_face_that_moves_keeps_its_number_at_5_frames_per_second(playwright, server, tmp_path) -> None:
    with filmed(playwright, server, tmp_path, films.circling_face(5), frames_per_s=5) as live:
        watch(live, film_s=0)
        table = faces_table(live.page)
    assert table["time_s"].diff().median() > 0.15, "the camera sends about 5 frames per second"
    moves = ((table["left"] + table["right"]) / 2).diff().abs()
    assert (moves > table["right"] - table["left"]).any(), "some moves are longer than the face is wide"
    assert set(table["face"]) == {1}


def test_another_camera_can_be_chosen(playwright: Playwright, server: Server) -> None:
    # Chromium's second fake camera is a depth camera, whose frames cannot be sent. So the third one is chosen.
    with chromium(playwright, camera_count=3) as browser:
        page = open_page(browser, f"{server.url}/live", KEEP_CAMERA)
        live = LivePage(page)
        live.give_consent()
        live.camera.get_by_role("button", name="SELECT DEVICE").click()
        cameras = live.camera.get_by_label("Video Input")
        names = ["fake_device_0", "fake_device_1", "fake_device_2"]
        expect(cameras.get_by_role("option")).to_have_text(names, timeout=TIMEOUT_MS)
        cameras.select_option(label="fake_device_2")
        live.camera.get_by_role("button", name="DONE").click()
        live.start()
        live.panel("warning").get_by_text("No face found").wait_for()  # the test pattern
        live.wait_for_frames(5)
        assert live.shown_frames()[1] > 10
        label = webrtc_iframe(page).evaluate("ferscopeCamera.getVideoTracks()[0].label")
        assert label == "fake_device_2"
