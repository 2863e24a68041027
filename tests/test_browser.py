"""The real app in a real Chromium: every page opens, and the Live page reads a fake camera's film of a face."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from core import paths
from dashboard import ice
from dashboard.navigation import PAGES
from tests.browser import (
    NO_CHROMIUM,
    NO_TURN,
    LivePage,
    Server,
    chromium,
    find_chromium,
    open_page,
    running_server,
    turn_server,
    wait_until_drawn,
    write_camera,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def browser_is_there() -> None:
    """Without a browser these tests are skipped with a sentence, except in CI, where they fail."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The app on what the repository ships: no pictures, whatever is imported on this machine."""
    home = copy_shipped_data(folder / "shipped")
    with running_server(folder / "server.log", {"FERSCOPE_DATA": str(home)}) as running:
        yield running


@pytest.fixture(scope="module")
def server_with_faces(folder: Path) -> Iterator[Server]:
    """The app on an import of full size, every face of it black."""
    home = copy_shipped_data(folder / "imported")
    imported = home / "fer2013" / "0123456789abcdef"
    imported.mkdir(parents=True)
    shutil.copy(home / "manifest.parquet", imported)
    # a new file's bytes are zero without being written: 83 MB that take no room
    np.lib.format.open_memmap(imported / "faces.npy", "w+", np.uint8, (35_887, 48, 48))
    (imported.parent / "current").write_text(f"{imported.name}\n")
    with running_server(folder / "server_with_faces.log", {"FERSCOPE_DATA": str(home)}) as running:
        yield running


def copy_shipped_data(home: Path) -> Path:
    home.mkdir()
    for name in ("manifest.parquet", "means.npy"):
        shutil.copy(paths.ROOT / "data" / name, home)
    return home


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, folder: Path) -> Iterator[Browser]:
    """Its camera films a face."""
    with chromium(playwright, write_camera(folder / "camera.mjpeg")) as opened:
        yield opened


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_every_page_opens_without_an_error(browser: Browser, server: Server, entry, width: int, scheme: str) -> None:
    page = open_page(
        browser, f"{server.url}/{entry.url_path}", viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert page.locator("h1").first.inner_text() != ""
    # Nothing reaches beyond the window's edge: wide tables scroll in their own box.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_live_page_reads_the_camera_start_after_start(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    for _ in range(3):
        live.start()
        live.wait_for_label()
        before, width = live.shown_frames()
        live.wait_for_frames(live.processed_frames() + 5)
        assert width > 10
        assert live.shown_frames()[0] > before
        live.stop()
    page.context.close()


def test_models_change_while_the_stream_goes_on(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    names = page.locator(".ferscope-face .model")
    expect(names).to_have_text(["cnn", "catboost"])
    page.get_by_label("Remove catboost").click()
    expect(names).to_have_text(["cnn"])
    live.wait_for_frames(live.processed_frames() + 5)
    page.context.close()


def test_another_visit_of_the_live_page_starts_as_well(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    LivePage(page).start()
    LivePage(page).wait_for_label()
    # By the menu, since another address would be another session.
    for title in ("Models", "Live"):
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_role("heading", name=title, exact=True).wait_for()
    wait_until_drawn(page)
    LivePage(page).start()
    LivePage(page).wait_for_label()
    page.context.close()


def test_a_camera_without_a_face_says_so(playwright: Playwright, server: Server) -> None:
    with chromium(playwright) as browser:
        live = LivePage(open_page(browser, f"{server.url}/live"))
        live.start()
        live.state("warning").get_by_text("No face found").wait_for()
        assert live.shown_frames()[1] > 10


def test_a_refused_camera_leaves_the_help_on_the_page(playwright: Playwright, server: Server) -> None:
    with chromium(playwright, allowed=False) as browser:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.camera.get_by_text("denied", exact=False).first.wait_for()
        page.get_by_text("allow the camera by the icon").wait_for()
        assert page.get_by_text("take a single snapshot").count() == 1


def test_a_missing_camera_leaves_the_help_on_the_page(playwright: Playwright, server: Server) -> None:
    with chromium(playwright, present=False) as browser:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.camera.get_by_text("Requested device not found").wait_for()
        assert page.get_by_text("Requested device not found: plug a camera in").count() == 1
        assert page.get_by_text("take a single snapshot").count() == 1


def test_frames_are_written_nowhere(browser: Browser, folder: Path) -> None:
    home = folder / "watched"
    home.mkdir()
    watched = {"TMPDIR": str(home), "HOME": str(home)}
    with running_server(folder / "watched.log", watched) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.wait_for_label()
        frames, written = live.processed_frames(), server.written_bytes()
        page.wait_for_timeout(5000)
        assert live.processed_frames() > frames
        assert server.written_bytes() - written < 50_000  # less than one frame
        page.context.close()
    pictures = (".png", ".jpg", ".jpeg", ".webp", ".mp4", ".npy", ".raw")
    assert [path for path in home.rglob("*") if path.suffix in pictures or path.stat().st_size > 100_000] == []


MATRIX_CELLS = """results => [...results.querySelectorAll(".js-plotly-plot")].map(plot => {
    const cells = plot.data.find(trace => trace.type === "scatter");
    return cells.text.map((text, i) => [cells.y[i], cells.x[i], parseInt(text.replaceAll(",", ""))]);
})"""
"""Of each confusion matrix on the page: asked for, label, and the number that the cell shows."""


def test_a_guided_round_equals_a_recount_of_its_table(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    page.get_by_role("button", name="Start the round").click()
    page.get_by_role("button", name="Skip this one").click()
    results = page.locator(".st-key-live-round-results")
    results.wait_for(timeout=60_000)
    live.stop()  # the results stay
    wait_until_drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Round as CSV").click()
    table = pd.read_csv(download.value.path())
    assert "angry" not in set(table["asked"])  # it was skipped
    assert set(table["asked"]) >= {"happy", "surprise"}
    shown = results.locator("table").first.inner_text().splitlines()
    for emotion in set(table["asked"]):
        rows = table[table["asked"] == emotion]
        recalls = [(group["label"] == emotion).mean() for _, group in rows.groupby("model", sort=False)]
        line = next(text for text in shown if text.startswith(emotion))
        assert line.split("\t")[1:] == [f"{len(rows) // 2}", *[f"{share:.0%}".replace("%", " %") for share in recalls]]
    shown_counts = results.evaluate(MATRIX_CELLS)
    models = list(dict.fromkeys(table["model"]))
    assert len(shown_counts) == len(models) == 2
    for model, cells in zip(models, shown_counts, strict=True):
        rows = table[table["model"] == model]
        recounted = rows.groupby(["asked", "label"]).size()
        assert {(asked, label): n for asked, label, n in cells if n} == recounted.to_dict()
    with page.expect_download() as download:
        page.get_by_role("button", name="Round as a picture").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.context.close()


@pytest.fixture(scope="module")
def turn(folder: Path) -> Iterator[str]:
    if shutil.which("turnserver") is None:
        pytest.skip(NO_TURN)
    with turn_server("north", folder / "turn.log") as address:
        yield address


def through_the_relay(address: str, secret: str) -> dict[str, str]:
    return {ice.TURN_URLS: address, ice.TURN_SECRET: secret, ice.RELAY_ONLY: "1"}


def test_video_goes_through_a_relay_only(browser: Browser, folder: Path, turn: str) -> None:
    with running_server(folder / "relay.log", through_the_relay(turn, "north")) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.wait_for_label()
        assert live.shown_frames()[1] > 10
        page.context.close()


def test_a_wrong_secret_for_the_relay_is_said_within_ten_seconds(browser: Browser, folder: Path, turn: str) -> None:
    with running_server(folder / "wrong.log", through_the_relay(turn, "south")) as server:
        page = open_page(browser, f"{server.url}/live")
        live = LivePage(page)
        live.start()
        live.state("warning").get_by_text("needs a TURN server").wait_for(timeout=10_000)
        page.context.close()


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_every_page_opens_with_an_import(browser: Browser, server_with_faces: Server, entry) -> None:
    page = open_page(browser, f"{server_with_faces.url}/{entry.url_path}")
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    page.context.close()
