"""The Live page in a real Chromium with a fake camera: streams, camera help, downloads, guided round and relay."""

import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Playwright, expect

from core.emotions import EMOTIONS
from dashboard.streaming import ice
from tests.browser.chromium import (
    NO_TURN,
    TIMEOUT_MS,
    LivePage,
    Server,
    chromium,
    open_page,
    running_server,
    turn_server,
    wait_until_complete,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    """A folder that is both home and temporary folder of the server. The server must not write frames there."""
    home = folder / "home"
    home.mkdir()
    return home


@pytest.fixture(scope="module")
def server(folder: Path, home: Path) -> Iterator[Server]:
    """The app, with guided rounds that count down for half a second."""
    settings = {"TMPDIR": str(home), "HOME": str(home), "FERSCOPE_TEST_COUNTDOWN_S": "0.5"}
    with running_server(folder / "server.log", settings) as running:
        yield running


def test_predictions_appear_after_each_start(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    for _ in range(3):
        live.start()
        live.wait_for_label()
        before, width = live.shown_frames()
        live.wait_for_frames(live.processed_frames() + 5)
        assert width > 10
        live.wait_for_shown_frames(before + 1)
        live.stop()
    page.context.close()


def test_a_model_can_be_removed_while_the_stream_runs(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    names = page.locator(".ferscope-face .model")
    expect(names).to_have_text(["cnn", "catboost"])
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Remove catboost").click()
    expect(names).to_have_text(["cnn"])
    live.wait_for_frames(live.processed_frames() + 5)
    page.context.close()


def test_the_camera_starts_again_on_a_second_visit_to_the_page(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    LivePage(page).start()
    LivePage(page).wait_for_label()
    # Use the menu, because opening an address would start a new session.
    for title in ("Models", "Live"):
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_role("heading", name=title, exact=True).wait_for()
    wait_until_complete(page)
    LivePage(page).start()
    LivePage(page).wait_for_label()
    page.context.close()


def test_the_page_shows_a_warning_if_no_face_is_found(playwright: Playwright, server: Server) -> None:
    with chromium(playwright) as browser:
        live = LivePage(open_page(browser, f"{server.url}/live"))
        live.start()
        live.panel("warning").get_by_text("No face found").wait_for()
        assert live.shown_frames()[1] > 10


def test_the_camera_help_is_shown_if_the_camera_is_denied(playwright: Playwright, server: Server) -> None:
    with chromium(playwright, camera_allowed=False) as browser:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.camera.get_by_text("denied", exact=False).first.wait_for()
        page.get_by_text("The camera does not start?").click()
        page.get_by_text("click the icon in the").wait_for()
        assert page.get_by_text("take a single snapshot").count() == 1


def test_the_camera_help_is_shown_if_there_is_no_camera(playwright: Playwright, server: Server) -> None:
    with chromium(playwright, camera_count=0) as browser:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.camera.get_by_text("Requested device not found").wait_for()
        page.get_by_text("The camera does not start?").click()
        page.get_by_text("Requested device not found: plug a camera in").wait_for()
        assert page.get_by_text("take a single snapshot").count() == 1


def test_no_frame_is_written_to_disk_and_downloads_stay_available(browser: Browser, server: Server, home: Path) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    written = server.written_bytes()
    with page.expect_download() as download:
        page.get_by_role("button", name="Session as CSV").click()
    live.wait_for_frames(live.processed_frames() + 60)  # the page updates itself several times
    with urllib.request.urlopen(download.value.url) as response:
        assert response.read() == Path(download.value.path()).read_bytes()
    assert server.written_bytes() - written < 50_000  # less than one frame
    page.context.close()
    image_suffixes = (".png", ".jpg", ".jpeg", ".webp", ".mp4", ".npy", ".raw")
    assert [path for path in home.rglob("*") if path.suffix in image_suffixes or path.stat().st_size > 100_000] == []


MATRIX_CELLS = """results => [...results.querySelectorAll(".js-plotly-plot")].map(plot => {
    const cells = plot.data.find(trace => trace.type === "scatter");
    return cells.text.map((text, i) => [cells.y[i], cells.x[i], parseInt(text.replaceAll(",", ""))]);
})"""
"""Script that returns [asked emotion, predicted label, count] of each cell, for each confusion matrix on the page."""


SKIP_THREE = """() => {
  const pressed = new Set();
  new MutationObserver(() => {
    const step = document.querySelector(".ferscope-round [role=status]")?.textContent.match(/[123] of 7/)?.[0];
    const skip = [...document.querySelectorAll("button")].find(button => /Skip$/.test(button.textContent));
    if (!step || !skip || pressed.has(step)) return;
    pressed.add(step);
    skip.click();
  }).observe(document.body, {childList: true, characterData: true, subtree: true});
}"""
"""Script that presses Skip at once in the first three steps. Later presses, and those that arrive late, do nothing."""


def test_the_recalls_and_matrices_of_a_guided_round_match_its_csv(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    page.evaluate(SKIP_THREE)
    page.get_by_role("button", name="Start the round").click()
    results = page.locator(".st-key-live-round-results")
    results.wait_for(timeout=2 * TIMEOUT_MS)
    live.stop()  # the results remain visible
    wait_until_complete(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Round as CSV").click()
    table = pd.read_csv(download.value.path())
    without_frames = set(EMOTIONS) - set(table["asked"])
    assert without_frames & {"angry", "disgust", "fear"}  # these were skipped
    assert len(without_frames) < len(EMOTIONS) - 1  # on a busy machine, more steps have no frames
    shown = results.locator("table").first.inner_text().splitlines()
    for emotion in without_frames:
        line = next(text for text in shown if text.startswith(emotion))
        assert line.split("\t")[1:] == ["skipped, or no face was found"]
    for emotion in set(table["asked"]):
        cells = []
        for _, group in table[table["asked"] == emotion].groupby("model", sort=False):
            label = group["predicted_label"].mode().iloc[0]
            recall = (group["predicted_label"] == emotion).mean()
            cells += [f"{label} ✓" if label == emotion else label, f"{recall:.0%}".replace("%", " %")]
        line = next(text for text in shown if text.startswith(emotion))
        assert line.split("\t")[1:] == cells
    page.get_by_text("Confusion matrices of your round").click()
    matrices = page.locator(".st-key-live-round-matrices")
    models = list(dict.fromkeys(table["model"]))
    expect(matrices.locator(".js-plotly-plot")).to_have_count(len(models), timeout=TIMEOUT_MS)
    shown_counts = matrices.evaluate(MATRIX_CELLS)
    assert len(shown_counts) == len(models) == 2
    for model, cells in zip(models, shown_counts, strict=True):
        rows = table[table["model"] == model]
        recounted = rows.groupby(["asked", "predicted_label"]).size()
        assert {(emotion, label): n for emotion, label, n in cells if n} == recounted.to_dict()
    with page.expect_download() as download:
        page.get_by_role("button", name="Round as PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.context.close()


SECRET = "north"
"""Shared secret of the TURN server."""


@pytest.fixture(scope="module")
def turn(folder: Path) -> Iterator[str]:
    """The address of a running TURN server."""
    if shutil.which("turnserver") is None:
        pytest.skip(NO_TURN)
    with turn_server(SECRET, folder / "turn.log") as address:
        yield address


def relay_settings(address: str, secret: str) -> dict[str, str]:
    return {ice.TURN_URLS: address, ice.TURN_SECRET: secret, ice.RELAY_ONLY: "1"}


def test_video_works_if_the_server_may_only_use_a_relay(browser: Browser, folder: Path, turn: str) -> None:
    with running_server(folder / "relay.log", relay_settings(turn, SECRET)) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.wait_for_label()
        assert live.shown_frames()[1] > 10
        page.context.close()


def test_a_wrong_relay_secret_shows_a_warning(browser: Browser, folder: Path, turn: str) -> None:
    with running_server(folder / "wrong.log", relay_settings(turn, "another secret")) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.panel("warning").get_by_text("needs a TURN server").wait_for()
        page.context.close()
