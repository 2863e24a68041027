"""`python -m tests.browser.live_bench`: how the Live page does in a real Chromium with a fake camera on this machine.

Parts, each left out with a 0: one, two, four and eight tabs at once; so many times START and STOP; one long stream.
The app and the browser share the machine's cores, so the figures are pessimistic. Nothing else should run.
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

from core.benchmarks.video_speed import film
from dashboard.navigation import PAGES
from dashboard.pages.live.camera_view import SHARE_S
from dashboard.streaming.camera_queue import GRACE_S
from tests.browser.chromium import LivePage, Server, chromium, open_page, running_server, wait_until_drawn, write_camera
from tests.browser.frame_numbers import LOOP, PROBE, Looks, numbered, take_looks

START_LIMIT_S = 10
"""A start without a labelled frame after this time counts as silent."""

SETTLE_S = 10
"""So long after START nothing is counted: the video's quality is still being found."""


@dataclass(frozen=True)
class Tab:
    """One tab's figures over the time that was counted."""

    read_per_s: float
    shown_per_s: float
    looks: Looks


def watch(lives: Sequence[LivePage], seconds: float) -> list[Tab]:
    """Counts in all tabs over the same time."""
    for live in lives:
        take_looks(live.page)
    began = [(time.monotonic(), live.processed_frames(), live.shown_frames()[0]) for live in lives]
    time.sleep(seconds)
    tabs = []
    for live, (start, read, shown) in zip(lives, began, strict=True):
        passed = time.monotonic() - start
        tabs.append(
            Tab(
                (live.processed_frames() - read) / passed,
                (live.shown_frames()[0] - shown) / passed,
                take_looks(live.page),
            )
        )
    return tabs


@contextmanager
def running_tabs(browser: Browser, server: Server, count: int) -> Iterator[list[LivePage]]:
    """So many tabs, each in a window of its own, with their cameras running."""
    lives = [LivePage(open_page(browser, f"{server.url}/live", PROBE, 60_000)) for _ in range(count)]
    for live in lives:
        live.consent()
    time.sleep(SHARE_S + 1)  # pages whose visitors are about to start learn of each other
    for live in lives:
        live.start()
    for number, live in enumerate(lives, 1):
        try:
            live.wait_for_label(60_000)
        except TimeoutError as error:
            raise RuntimeError(f"tab {number} of {count} names no label:\n{live.text()}") from error
    time.sleep(SETTLE_S)
    yield lives
    for live in lives:
        live.stop()  # a closed tab is noticed late, and its place would cost the next part frames
        live.page.context.close()
    time.sleep(GRACE_S + 1)  # so would the place that a page keeps for whoever may press START again


def describe(delays_s: np.ndarray) -> str:
    """Median and 95th percentile of delays, in milliseconds."""
    if not len(delays_s):
        return "no look could be read"
    median, late = 1000 * np.percentile(delays_s, (50, 95))
    return f"{median:4.0f} / {late:4.0f}"


TABS = (
    "tabs  read/s: mean  slowest  share  shown/s  delay ms, median / p95: all  first half  last half  longest still  "
    "app: memory MB  cores"
)


def tabs_row(browser: Browser, server: Server, count: int, seconds: float) -> str:
    """So many tabs at once."""
    with running_tabs(browser, server, count) as lives:
        cpu_s, began = server.cpu_seconds(), time.monotonic()
        tabs = watch(lives, seconds)
        cores = (server.cpu_seconds() - cpu_s) / (time.monotonic() - began)
        memory_mb = server.resident_mb()
    read = [tab.read_per_s for tab in tabs]
    all_time, first, last = (
        np.concatenate([tab.looks.between(*span) for tab in tabs])
        for span in ((0, np.inf), (0, seconds / 2), (seconds / 2, np.inf))
    )
    return (
        f"{count:4}  {statistics.mean(read):12.1f}  {min(read):7.1f}  {min(read) / statistics.mean(read):5.0%}"
        f"  {statistics.mean(tab.shown_per_s for tab in tabs):7.1f}  {describe(all_time):>27}"
        f"  {describe(first):>10}  {describe(last):>9}  {max(tab.looks.longest_still_s for tab in tabs):11.1f} s"
        f"  {memory_mb:14.0f}  {cores:5.2f}"
    )


def starts_table(playwright: Playwright, server: Server, camera: Path, count: int) -> None:
    """START, wait for a label, STOP; a silent start is given a fresh page."""
    print(f"starts  silent  median s  worst s  {RESOURCES}")
    with chromium(playwright, camera) as browser:
        live = LivePage(open_page(browser, f"{server.url}/live"))
        seconds: list[float | None] = []
        for number in range(1, count + 1):
            seconds.append(start_seconds(live))
            if seconds[-1] is None:
                live.page.reload()
                wait_until_drawn(live.page)
            else:
                live.stop()
            if number == count or number in (1, 10) or number % 20 == 0:
                heard = [value for value in seconds if value is not None]
                row = f"{statistics.median(heard):8.2f}  {max(heard):7.2f}" if heard else f"{'-':>8}  {'-':>7}"
                time.sleep(2)  # the last stream's end
                print(f"{number:6}  {len(seconds) - len(heard):6}  {row}  {resources(server)}")
        live.page.context.close()


def start_seconds(live: LivePage) -> float | None:
    """Seconds from START to the first label on the page (renewed twice a second); None for a silent start."""
    live.consent()
    began = time.monotonic()
    live.start()
    try:
        live.wait_for_label(START_LIMIT_S * 1000)
    except TimeoutError:
        return None
    return time.monotonic() - began


def minutes_table(browser: Browser, server: Server, minutes: int) -> None:
    """One stream, minute by minute."""
    print(f"minute  read/s  delay ms, median / p95  longest still  {RESOURCES}")
    with running_tabs(browser, server, 1) as lives:
        for minute in range(1, minutes + 1):
            (tab,) = watch(lives, 60)
            print(
                f"{minute:6}  {tab.read_per_s:6.1f}  {describe(tab.looks.between(0, np.inf)):>22}"
                f"  {tab.looks.longest_still_s:11.1f} s  {resources(server)}"
            )


RESOURCES = "memory MB  threads  sockets"


def resources(server: Server) -> str:
    return f"{server.resident_mb():9.0f}  {server.threads():7}  {server.sockets():7}"


def visit_every_page(browser: Browser, server: Server) -> None:
    """Every page once, the Live page with all models."""
    from core.models.folders import model_names

    all_models = "&".join(f"models={name}" for name in model_names())
    for page in PAGES:
        open_page(browser, f"{server.url}/{page.url_path}?{all_models}").context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tabs", type=int, nargs="+", default=[1, 2, 4, 8], help="tabs at once (1 2 4 8)")
    parser.add_argument("--seconds", type=float, default=60, help="time over which tabs are counted (60)")
    parser.add_argument("--starts", type=int, default=20, help="times to press START (20)")
    parser.add_argument("--minutes", type=int, default=0, help="length of the long stream (0)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = write_camera(Path(folder) / "camera.mjpeg", numbered(film(LOOP)))
        with running_server(Path(folder) / "server.log") as server:
            # Each part has a browser of its own: one that has had many tabs is slower.
            if counts := [count for count in options.tabs if count]:
                print(TABS)
            for count in counts:
                with chromium(playwright, camera) as browser:
                    print(tabs_row(browser, server, count, options.seconds))
            if options.minutes:
                with chromium(playwright, camera) as browser:
                    minutes_table(browser, server, options.minutes)
            if options.starts:
                starts_table(playwright, server, camera, options.starts)
            with chromium(playwright, camera) as browser:
                visit_every_page(browser, server)
                print(f"resident memory after every page with all models: {server.resident_mb():.0f} MB")


if __name__ == "__main__":
    main()
