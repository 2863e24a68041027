"""The Live page on a phone in a real Chromium: START and a whole guided round fit one screen."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from core.emotions import EMOTIONS
from core.video.example import portrait_video
from core.video.guided_round import INSTRUCTIONS
from tests.browser.chromium import TIMEOUT_MS, LivePage, Server, chromium, open_page, running_server, write_camera

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 390, 844

BRIGHTNESS = """video => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const rows = (from, to) => {
    const top = Math.round(from * canvas.height);
    const {data} = context.getImageData(0, top, canvas.width, Math.round(to * canvas.height) - top);
    return data.reduce((sum, value, i) => i % 4 === 3 ? sum : sum + value, 0) / (0.75 * data.length);
  };
  return [rows(0, 0.5), rows(0.85, 0.95)];
}"""
"""Script that returns the mean level, 0..255, of the video's upper half and of the band in which prompts are drawn."""

WATCH = f"""() => {{
  const levels = {BRIGHTNESS};
  let lookedAt = 0;
  window.ferscopeLevels = [];
  window.ferscopeScrolls = 0;
  window.ferscopeLines = [];
  window.ferscopeBottoms = {{}};
  addEventListener("scroll", () => {{ window.ferscopeScrolls += 1; }}, true);
  const note = () => {{
    const line = document.querySelector(".ferscope-round [role=status]");
    const text = line?.textContent;
    if (text && text !== window.ferscopeLines.at(-1)) window.ferscopeLines.push(text);
    if (!text?.includes(" of 7: ")) return;
    if (performance.now() - lookedAt > 250) {{
      lookedAt = performance.now();
      const frames = [...document.querySelectorAll("iframe")];
      const video = frames.map((frame) => frame.contentDocument?.querySelector("video")).find(Boolean);
      if (video?.videoWidth) window.ferscopeLevels.push(levels(video));
    }}
    for (const element of [line, ...document.querySelectorAll("button")]) {{
      const name = element === line ? "line" : element.textContent.match(/Skip$|Redo [a-z]+$/)?.[0];
      const {{bottom}} = element.getBoundingClientRect();
      if (name) window.ferscopeBottoms[name] = Math.max(window.ferscopeBottoms[name] ?? 0, bottom);
    }}
  }};
  new MutationObserver(note).observe(document.body, {{childList: true, characterData: true, subtree: true}});
}}"""
"""Script that counts the times that anything scrolls, keeps each new text of the round's line, and during the round the
levels of the video and the lowest edge of the line and of each button.

On a busy machine the page may show a step for too short a time to look at it, or leave one out.
"""


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The app, with guided rounds that count down for a second."""
    with running_server(folder / "server.log", {"FERSCOPE_TEST_COUNTDOWN_S": "1"}) as running:
        yield running


def bottom(element: Locator) -> float:
    """Return the lower edge of an element in the window, in pixels."""
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def brightness(live: LivePage) -> tuple[float, float]:
    return cast(tuple[float, float], tuple(live.camera.locator("video").evaluate(BRIGHTNESS)))


def open_on_a_phone(browser: Browser, server: Server) -> Page:
    return open_page(browser, f"{server.url}/live", viewport={"width": WIDTH, "height": HEIGHT})


def test_the_consent_box_and_then_start_are_above_the_fold(browser: Browser, server: Server) -> None:
    page = open_on_a_phone(browser, server)
    live = LivePage(page)
    assert bottom(page.get_by_text("so does everybody in view")) < 500
    live.give_consent()
    expect(page.get_by_text("Before the camera starts")).to_have_count(0, timeout=TIMEOUT_MS)
    assert bottom(live.camera.get_by_role("button", name="START")) < 700
    page.context.close()


def test_a_guided_round_runs_from_start_to_end_without_scrolling(browser: Browser, server: Server) -> None:
    page = open_on_a_phone(browser, server)
    live = LivePage(page)
    live.give_consent()
    page.evaluate(WATCH)
    live.start()
    live.wait_for_label()
    upper, band = brightness(live)
    stream = live.camera.locator("video").evaluate("video => video.srcObject.id")
    page.get_by_role("button", name="Start the round").click()
    line = page.locator(".ferscope-round [role=status]")
    expect(line).to_contain_text("Round done. Recognized: cnn", timeout=3 * TIMEOUT_MS)
    expect(page.locator(".st-key-live-round-results tbody tr")).to_have_count(len(EMOTIONS) + 1)  # and their mean
    prompted_upper, prompted_band = min(page.evaluate("ferscopeLevels"), key=lambda levels: levels[1])
    assert prompted_band < 0.6 * band, "the prompt is drawn on a darkened band"
    assert prompted_upper == pytest.approx(upper, rel=0.2), "the face is not covered"
    assert bottom(live.camera.locator("video")) < HEIGHT
    bottoms = page.evaluate("ferscopeBottoms")
    redo = {f"Redo {asked}" for asked in EMOTIONS[:-1]}
    assert {"line", "Skip"} < set(bottoms) <= {"line", "Skip", *redo}
    assert max(bottoms.values()) < HEIGHT
    assert page.evaluate("ferscopeScrolls") == 0
    expected = [f"{n} of 7: {asked} ({INSTRUCTIONS[asked]})" for n, asked in enumerate(EMOTIONS, 1)]
    steps = [text for text in page.evaluate("ferscopeLines") if " of 7: " in text]
    assert steps == [text for text in expected if text in steps] and len(steps) > 1
    assert live.camera.locator("video").evaluate("video => video.srcObject.id") == stream, "the stream goes on"
    assert brightness(live)[1] == pytest.approx(band, rel=0.3), "the prompt is gone"
    page.context.close()


def test_nothing_moves_when_faces_come_and_go(playwright: Playwright, server: Server, tmp_path: Path) -> None:
    faces = list(portrait_video(90))
    film = [*faces, *[np.full_like(faces[0], 110)] * 90]  # three seconds with a face, three seconds without
    with chromium(playwright, write_camera(tmp_path / "camera.mjpeg", film)) as browser:
        page = open_on_a_phone(browser, server)
        live = LivePage(page)
        live.start()
        live.wait_for_label()
        tops = []
        for panel in (live.panel("warning").get_by_text("No face found"), live.panel("reading")) * 2:
            panel.wait_for()
            # one script, because the panel is replaced while the test runs
            tops.append(page.evaluate("document.querySelector('.st-key-live-figures').offsetTop"))
        page.context.close()
    assert len(set(tops)) == 1
