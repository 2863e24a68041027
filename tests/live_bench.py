"""`python -m tests.live_bench`: how the Live page does in a real Chromium with a fake camera on this machine.

Prints the time from START to the first labelled frame, the frames read per second, how many of the starts stayed
silent, and the app's memory after every page was visited with all models loaded. The app and the browser share the
machine's cores, so the figures are pessimistic.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, TimeoutError, sync_playwright

from dashboard.navigation import PAGES
from tests.browser import LivePage, Server, chromium, open_page, running_server, wait_until_drawn, write_camera

START_LIMIT_S = 10
"""A start without a labelled frame after this time counts as silent."""


def start_seconds(live: LivePage) -> float | None:
    """Seconds from START to the first label on the page (renewed twice a second); None for a silent start."""
    began = time.monotonic()
    live.start()
    try:
        live.wait_for_label(START_LIMIT_S * 1000)
    except TimeoutError:
        return None
    return time.monotonic() - began


def frames_per_s(live: LivePage, seconds: float) -> float:
    """Frames that the server has read per second, from the count on the page."""
    began, first = time.monotonic(), live.processed_frames()
    time.sleep(seconds)
    return (live.processed_frames() - first) / (time.monotonic() - began)


def starts(live: LivePage, count: int) -> list[float | None]:
    """So many times START, wait for a label, STOP; a silent start is given a fresh page."""
    seconds = []
    for _ in range(count):
        seconds.append(start_seconds(live))
        if seconds[-1] is None:
            live.page.reload()
            wait_until_drawn(live.page)
        else:
            live.stop()
    return seconds


def visit_every_page(browser: Browser, server: Server) -> None:
    """Every page once, the Live page with all models."""
    from core.artifacts import model_names

    all_models = "&".join(f"models={name}" for name in model_names())
    for page in PAGES:
        open_page(browser, f"{server.url}/{page.url_path}?{all_models}").context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=20, help="times to press START (20)")
    parser.add_argument("--seconds", type=float, default=20, help="time over which frames are counted (20)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "server.log") as server,
        sync_playwright() as playwright,
        chromium(playwright, write_camera(Path(folder) / "camera.mjpeg")) as browser,
    ):
        live = LivePage(open_page(browser, f"{server.url}/live"))
        print(f"START to the first labelled frame: {start_seconds(live):.1f} s")
        print(f"frames read per second, over {options.seconds:.0f} s: {frames_per_s(live, options.seconds):.1f}")
        print(f"the page says: {live.page.locator('.st-key-live-figures').inner_text()}")
        live.stop()
        seconds = starts(live, options.starts)
        heard = [value for value in seconds if value is not None]
        print(f"{len(seconds)} starts: {len(seconds) - len(heard)} silent", end="")
        print(f", median {statistics.median(heard):.1f} s, worst {max(heard):.1f} s" if heard else "")
        live.page.context.close()
        visit_every_page(browser, server)
        print(f"resident memory after every page with all models: {server.resident_mb():.0f} MB")


if __name__ == "__main__":
    main()
