"""Measure the first screen of every page: `python -m tests.browser.frame.screens [--root CHECKOUT] [--json]`.

The app is that of this checkout, or of another one with its own virtual environment in .venv. Every page is opened in
a new window on a desk and on a phone, light and dark. The columns:

- words: words and numbers in the window, without the menu, before any scrolling
- control, result: y of the first thing to press and of the first result, in pixels from the top of the page
- height: of the whole page, in pixels; over: by how many pixels it is wider than the window
- axe: the elements of the whole page that break a rule of WCAG 2.1 AA, counted per rule and impact (see axe.py)
"""

import argparse
import dataclasses
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from dashboard.navigation import PAGES
from tests.browser.chromium import ROOT, chromium, free_port, open_page, wait_until_listening
from tests.browser.frame import axe, measures

WINDOWS = ((1440, 900), (390, 844))
"""Width and height of the windows: a desk and a phone."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

RESULTS = {
    "overview": ".ferscope-tiles, [data-testid=stMetric], [data-testid=stPlotlyChart], table",
    "dataset": "[data-testid=stPlotlyChart], .ferscope-grid button, [data-testid=stMetric], .ferscope-face-tiles",
    "models": "table",
    "compare": "h2, h3",  # the sentence about the difference is right below its heading
    "errors": ".ferscope-face, .ferscope-grid button",
    "photo": "[data-testid=stMain] [data-testid=stImage] img, .ferscope-photo img, figure img",
    "live": "input[type=checkbox], iframe button, .MuiButton-root, button.MuiButtonBase-root",
}
"""Selector of the first result of each page. On the Live page it is the START button or the box of the consent."""


@dataclasses.dataclass(frozen=True)
class Screen:
    """What was measured on one page in one window."""

    page: str
    width: int
    scheme: str
    words: int
    control_y: int | None
    result_y: int | None
    height: int
    overflow: int
    axe: dict[str, int]
    """Number of elements per broken rule, for example "color-contrast (serious)"."""


def address(url_path: str) -> str:
    """Return the address of a page relative to the server's. The first page has none of its own."""
    return "" if url_path == PAGES[0].url_path else url_path


def count_violations(found: Sequence[axe.Violation]) -> dict[str, int]:
    """Return the number of elements per rule and impact, with the most frequent first."""
    return dict(Counter(f"{violation.rule} ({violation.impact})" for violation in found).most_common())


@contextmanager
def running_app(root: Path, log: Path) -> Iterator[str]:
    """Run the app of a checkout with its own packages. Yield its address."""
    port = free_port()
    command = [str(root / ".venv" / "bin" / "python"), "-m", "tests.browser.serve", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=root, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_listening(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait(timeout=10)


def measure(
    browser: Browser, url: str, url_path: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> Screen:
    """Open a page in a new window of this size and measure it."""
    width, height = size
    page = open_page(
        browser, f"{url}/{address(url_path)}", viewport={"width": width, "height": height}, color_scheme=scheme
    )
    measures.wait_until_drawn(page)
    screen = Screen(
        url_path,
        width,
        scheme,
        len(measures.visible_words(page)),
        measures.top_of(page, measures.CONTROLS),
        measures.top_of(page, RESULTS[url_path]),
        *measures.height_and_overflow(page),
        {},
    )
    measures.show_whole(page)
    screen = dataclasses.replace(screen, axe=count_violations(axe.violations(page)))
    page.context.close()
    return screen


def rows(screens: Sequence[Screen]) -> Iterator[str]:
    """Yield the lines of the printed table."""
    columns = ("words", "control", "result", "height", "over")
    yield f"{'page':10} {'window':>6} {'scheme':6} " + " ".join(f"{name:>7}" for name in columns) + "  axe"
    for screen in screens:
        numbers = (screen.words, screen.control_y, screen.result_y, screen.height, screen.overflow)
        figures = " ".join(f"{'-' if number is None else number:>7}" for number in numbers)
        faults = ", ".join(f"{count} {rule}" for rule, count in screen.axe.items()) or "0"
        yield f"{screen.page:10} {screen.width:>6} {screen.scheme:6} {figures}  {faults}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT, help="checkout of the app to measure (default: this one)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--pages", nargs="+", default=list(RESULTS), choices=RESULTS, help="default: all pages")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(options.root.resolve(), Path(folder) / "server.log") as url,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        screens = [
            measure(browser, url, url_path, size, scheme)
            for url_path in options.pages
            for size in WINDOWS
            for scheme in SCHEMES
        ]
    if options.json:
        print(json.dumps([dataclasses.asdict(screen) for screen in screens], indent=2))
    else:
        print("\n".join(rows(screens)))


if __name__ == "__main__":
    main()
