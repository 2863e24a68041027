"""Measure the speed of the Live page in a real Chromium with a fake camera: `python -m tests.browser.live_bench`.

It measures several tabs at once (--tabs), one long stream (--minutes), and repeated START and STOP (--starts). A value
of 0 skips that part. At the end it visits every page and prints the memory of the app. The app and the browser share
the cores of the machine, so the results are pessimistic. Run nothing else at the same time.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Playwright, TimeoutError, sync_playwright

from core.video.example import portrait_video
from core.vision.images import Image
from dashboard.navigation import PAGES
from dashboard.pages.live.camera_view import FRAME_RATE_REFRESH_S
from dashboard.streaming.camera_queue import GRACE_S
from tests.browser.chromium import (
    LivePage,
    Server,
    chromium,
    open_page,
    running_server,
    wait_until_complete,
    write_camera,
)
from tests.browser.frame_numbers import (
    FRAMES_PER_S,
    PROBE,
    VIDEO_FRAMES,
    DelaySamples,
    take_samples,
    with_frame_numbers,
)

START_LIMIT_S = 10
"""A start counts as failed if the page shows no label after this number of seconds."""

WARM_UP_S = 10
"""Seconds after START that are not measured, because the video quality is still adapting."""


@dataclass(frozen=True)
class TabResult:
    """Results of one tab over the measured time."""

    processed_per_s: float
    shown_per_s: float
    delays: DelaySamples


def measure_tabs(live_pages: Sequence[LivePage], seconds: float) -> list[TabResult]:
    """Measure all tabs during the same `seconds`."""
    for live in live_pages:
        take_samples(live.page)
    before = [(time.monotonic(), live.processed_frames(), live.shown_frames()[0]) for live in live_pages]
    time.sleep(seconds)
    tabs = []
    for live, (start, processed, shown) in zip(live_pages, before, strict=True):
        elapsed_s = time.monotonic() - start
        tabs.append(
            TabResult(
                (live.processed_frames() - processed) / elapsed_s,
                (live.shown_frames()[0] - shown) / elapsed_s,
                take_samples(live.page),
            )
        )
    return tabs


@contextmanager
def running_tabs(browser: Browser, server: Server, count: int) -> Iterator[list[LivePage]]:
    """Open `count` tabs, each in its own browser context, and start their cameras."""
    live_pages = [LivePage(open_page(browser, f"{server.url}/live", PROBE, 60_000)) for _ in range(count)]
    for live in live_pages:
        live.give_consent()
    time.sleep(FRAME_RATE_REFRESH_S + 1)  # each page adapts its frame rate to the number of tabs
    for live in live_pages:
        live.start()
    for number, live in enumerate(live_pages, 1):
        try:
            live.wait_for_label(60_000)
        except TimeoutError as error:
            raise RuntimeError(f"tab {number} of {count} shows no label:\n{live.text()}") from error
    time.sleep(WARM_UP_S)
    yield live_pages
    for live in live_pages:
        # Without STOP, a closed tab would keep its place in the camera queue for a while and slow down the next part.
        live.stop()
        live.page.context.close()
    time.sleep(GRACE_S + 1)  # after STOP, a tab still has a place in the camera queue for this time


def delay_text(delays_s: np.ndarray) -> str:
    """Return the median and the 95th percentile of the delays in milliseconds, as text."""
    if not len(delays_s):
        return "no readable sample"
    median, p95 = 1000 * np.percentile(delays_s, (50, 95))
    return f"{median:4.0f} / {p95:4.0f}"


TABS_HEADER = (
    "tabs  processed/s: mean  slowest  share  shown/s  delay ms, median / p95: all  first half  last half  "
    "longest freeze  app: memory MB  cores"
)


def tabs_row(browser: Browser, server: Server, count: int, seconds: float) -> str:
    """Return the row for `count` tabs at once, with the columns of `TABS_HEADER`.

    `share` is the rate of the slowest tab as a percentage of the mean rate.
    """
    with running_tabs(browser, server, count) as live_pages:
        cpu_s, start = server.cpu_seconds(), time.monotonic()
        tabs = measure_tabs(live_pages, seconds)
        cores = (server.cpu_seconds() - cpu_s) / (time.monotonic() - start)
        memory_mb = server.resident_mb()
    processed = [tab.processed_per_s for tab in tabs]
    all_time, first, last = (
        np.concatenate([tab.delays.between(*span) for tab in tabs])
        for span in ((0, np.inf), (0, seconds / 2), (seconds / 2, np.inf))
    )
    return (
        f"{count:4}  {statistics.mean(processed):17.1f}  {min(processed):7.1f}"
        f"  {min(processed) / statistics.mean(processed):5.0%}"
        f"  {statistics.mean(tab.shown_per_s for tab in tabs):7.1f}  {delay_text(all_time):>27}"
        f"  {delay_text(first):>10}  {delay_text(last):>9}  {max(tab.delays.longest_freeze_s for tab in tabs):12.1f} s"
        f"  {memory_mb:14.0f}  {cores:5.2f}"
    )


def print_starts(playwright: Playwright, server: Server, camera: Path, count: int) -> None:
    """Print a table of repeated starts: START, wait for a label, STOP. The page is reloaded after a failed start."""
    print(f"starts  failed  median s  worst s  {RESOURCES_HEADER}")
    with chromium(playwright, camera) as browser:
        live = LivePage(open_page(browser, f"{server.url}/live"))
        seconds: list[float | None] = []
        for number in range(1, count + 1):
            seconds.append(start_seconds(live))
            if seconds[-1] is None:
                live.page.reload()
                wait_until_complete(live.page)
            else:
                live.stop()
            if number == count or number in (1, 10) or number % 20 == 0:
                times = [value for value in seconds if value is not None]
                row = f"{statistics.median(times):8.2f}  {max(times):7.2f}" if times else f"{'-':>8}  {'-':>7}"
                time.sleep(2)  # let the last stream end
                print(f"{number:6}  {len(seconds) - len(times):6}  {row}  {resources_text(server)}")
        live.page.context.close()


def start_seconds(live: LivePage) -> float | None:
    """Return the seconds from START to the first label (accurate to 0.5 s), or None if the start failed."""
    live.give_consent()
    start = time.monotonic()
    live.start()
    try:
        live.wait_for_label(START_LIMIT_S * 1000)
    except TimeoutError:
        return None
    return time.monotonic() - start


def print_minutes(browser: Browser, server: Server, minutes: int) -> None:
    """Print a table of one long stream, with one row per minute."""
    print(f"minute  processed/s  delay ms, median / p95  longest freeze  {RESOURCES_HEADER}")
    with running_tabs(browser, server, 1) as live_pages:
        for minute in range(1, minutes + 1):
            (tab,) = measure_tabs(live_pages, 60)
            print(
                f"{minute:6}  {tab.processed_per_s:11.1f}  {delay_text(tab.delays.between(0, np.inf)):>22}"
                f"  {tab.delays.longest_freeze_s:12.1f} s  {resources_text(server)}"
            )


RESOURCES_HEADER = "memory MB  threads  sockets"


def resources_text(server: Server) -> str:
    return f"{server.resident_mb():9.0f}  {server.thread_count():7}  {server.socket_count():7}"


def visit_every_page(browser: Browser, server: Server) -> None:
    """Open every page once, with all models chosen."""
    from core.models.folders import model_names

    all_models = "&".join(f"models={name}" for name in model_names())
    for page in PAGES:
        open_page(browser, f"{server.url}/{page.url_path}?{all_models}").context.close()


def camera_frames(frames_per_s: float) -> Iterator[Image]:
    """Yield the frames of the camera's video. At a lower frame rate than 30, some are left out.

    The video then plays at the same speed, so the differences of the frame numbers still are delays.
    """
    frames = list(with_frame_numbers(portrait_video(VIDEO_FRAMES)))
    count = round(VIDEO_FRAMES * frames_per_s / FRAMES_PER_S)
    return (frames[index * VIDEO_FRAMES // count] for index in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--tabs", type=int, nargs="+", default=[1, 2, 4, 8], help="numbers of tabs at once (default: 1 2 4 8)"
    )
    parser.add_argument("--seconds", type=float, default=60, help="seconds for each number of tabs (default: 60)")
    parser.add_argument("--starts", type=int, default=20, help="number of starts (default: 20)")
    parser.add_argument("--minutes", type=int, default=0, help="minutes of the long stream (default: 0)")
    parser.add_argument(
        "--frames-per-s",
        type=float,
        default=FRAMES_PER_S,
        help=f"frames per second of the fake camera, at most {FRAMES_PER_S} (default: {FRAMES_PER_S})",
    )
    options = parser.parse_args()
    if not 1 <= options.frames_per_s <= FRAMES_PER_S:
        parser.error(f"--frames-per-s must be between 1 and {FRAMES_PER_S}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = write_camera(Path(folder) / "camera.mjpeg", camera_frames(options.frames_per_s), options.frames_per_s)
        with running_server(Path(folder) / "server.log") as server:
            # Each part has its own browser, because a browser that has had many tabs is slower.
            if counts := [count for count in options.tabs if count]:
                print(TABS_HEADER)
            for count in counts:
                with chromium(playwright, camera) as browser:
                    print(tabs_row(browser, server, count, options.seconds))
            if options.minutes:
                with chromium(playwright, camera) as browser:
                    print_minutes(browser, server, options.minutes)
            if options.starts:
                print_starts(playwright, server, camera, options.starts)
            with chromium(playwright, camera) as browser:
                visit_every_page(browser, server)
                print(f"resident memory after visiting every page with all models: {server.resident_mb():.0f} MB")


if __name__ == "__main__":
    main()
