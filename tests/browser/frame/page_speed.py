"""Compare the speed of pages with another checkout: `python -m tests.browser.frame.page_speed OLD [--page NAME]`.

OLD is the folder of the other checkout, with its own virtual environment in .venv. Both apps run side by side, and one
browser opens them in turns. Run it while nothing else runs. Times are in seconds, medians over the rounds:

- first load: of the first page after the server has started to answer, in a new window, with a new server per round;
  on Linux, as root, also as on a machine that has just started, which has not read any of the files yet
- full load: of each page, in a window that has loaded the app before
- interactions: from a click to the settled page

A page has settled at the last change of its document before `QUIET_MS` without a change, with no script running.
"""

import argparse
import os
import re
import statistics
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from core.models.folders import model_names
from dashboard.navigation import PAGES
from tests.browser.chromium import ROOT, TIMEOUT_MS, chromium
from tests.browser.frame.screens import address, running_app

QUIET_MS = 400

WATCH = """
window.lastChange = 0;
const isOwn = (change) => change.target.closest?.("[data-testid=stStatusWidget]");
new MutationObserver((changes) => { if (!changes.every(isOwn)) window.lastChange = performance.now(); })
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
addEventListener("pointerdown", () => { window.lastClick = performance.now(); }, true);
"""
"""Script that notes the times of the last change and of the last click, in milliseconds since the start of the load."""

HAS_SETTLED = f"""() => document.querySelector("h1")
  && document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  && performance.now() - Math.max(window.lastChange, window.lastClick ?? 0) > {QUIET_MS}"""

DROP_CACHES = Path("/proc/sys/vm/drop_caches")
"""Linux: writing 3 here makes the next start as slow as the first one after the machine's own start."""

Times = dict[str, dict[str, list[float]]]
"""What was done -> "old" or "new" -> its times in seconds."""


def click_switch(name: str) -> Callable[[Page], None]:
    """Return an action that clicks the label of the switch whose name matches this pattern."""
    return lambda page: (
        page.locator("label[data-testid=stWidgetLabel], label").filter(has_text=re.compile(name)).first.click()
    )


def remove_second_model(page: Page) -> None:
    page.get_by_role("button", name="Remove").nth(1).click()


def turn_photo(page: Page) -> None:
    page.get_by_role("button", name="Turn", exact=False).first.click()


def add_first_model(page: Page) -> None:
    """Add the first model that is not chosen. The click that counts is the one on the option."""
    page.locator(".st-key-models input").click()
    page.get_by_role("option").first.click()


def add_a_slice(page: Page) -> None:
    """Choose the leak-free images, from a list or, in older versions, with a button."""
    if page.locator(".st-key-slice input").count():
        page.locator(".st-key-slice input").click()
        page.get_by_role("option", name="Leak-free").click()
    else:
        page.locator(".st-key-slice").get_by_text("Leak-free").click()


def change_model_b(page: Page) -> None:
    page.locator(".st-key-b input").click()
    page.get_by_role("option").last.click()


def choose_label(field: str, label: str) -> Callable[[Page], None]:
    """Return an action that chooses a label in one field of the form below the matrices, once the form has settled."""

    def act(page: Page) -> None:
        box = page.locator("[data-testid=stSelectbox]").filter(has_text=field)
        box.scroll_into_view_if_needed()
        page.wait_for_timeout(QUIET_MS)
        page.wait_for_function(HAS_SETTLED)
        box.scroll_into_view_if_needed()
        box.locator("input").click()
        page.get_by_role("option", name=label, exact=True).click()

    return act


def choose_who_is_wrong(page: Page) -> None:
    """Choose the images that only A gets wrong, from a list or, in older versions, with a button."""
    if page.locator(".st-key-who input[role=combobox]").count():
        page.locator(".st-key-who input").click()
        page.get_by_role("option", name="only A").click()
    else:
        page.locator(".st-key-who").get_by_text("only A").click()


def choose_true_label(page: Page) -> None:
    page.locator(".st-key-true input").click()
    page.get_by_role("option", name="fear", exact=True).click()


def turn_page(page: Page) -> None:
    page.get_by_role("button", name="Next page").click()


def open_a_face(page: Page) -> None:
    page.locator(".ferscope-grid button").nth(2).click()


def go_to_next_face(page: Page) -> None:
    page.locator(".st-key-face-next button").first.click()


def choose_emotion(page: Page) -> None:
    """Choose the images of one emotion, from a list or, in older versions, with a button."""
    page.locator(".st-key-emotion :is(input, button)").first.wait_for(state="attached")
    if page.locator(".st-key-emotion input[role=combobox]").count():
        page.locator(".st-key-emotion input").click()
        page.get_by_role("option", name="sad", exact=True).click()
    else:
        page.locator(".st-key-emotion").get_by_text("sad", exact=True).click()


def open_classes(page: Page) -> None:
    page.locator(".st-key-tab").get_by_text("Classes", exact=True).click()


def choose_kind(page: Page) -> None:
    """Choose the images with an exact copy, from a list or, in older versions, with a button."""
    page.locator(".st-key-fault :is(input, button)").first.wait_for(state="attached")
    if page.locator(".st-key-fault input[role=combobox]").count():
        page.locator(".st-key-fault input").click()
        page.get_by_role("option", name="exact copies", exact=True).click()
    else:
        page.locator(".st-key-fault").get_by_text("Duplicates", exact=True).click()


INTERACTIONS: Mapping[str, tuple[tuple[str, Callable[[Page], None]], ...]] = {
    "overview": (("all models on or off", click_switch(r"^All \d+ models$")),),
    "models": (
        ("remove a model", remove_second_model),
        ("add a model", add_first_model),
    ),
    "compare": (
        ("add a slice", add_a_slice),
        ("another model", change_model_b),
        ("cells' form: true label", choose_label("Faces labelled", "angry")),
        ("cells' form: predicted label", choose_label("predicted as", "neutral")),
    ),
    "errors": (
        ("change who is wrong", choose_who_is_wrong),
        ("next page", turn_page),
        ("change the true label", choose_true_label),
        ("open a face", open_a_face),
        ("next face", go_to_next_face),
    ),
    "dataset": (
        ("change the emotion", choose_emotion),
        ("change the kind", choose_kind),
        ("next page", turn_page),
        ("another tab", open_classes),
    ),
    "photo": (
        ("turn the photo", turn_photo),
        ("the photo as one face", click_switch("Treat the whole photo")),
    ),
}
"""Page -> name and action. All of them exist in both checkouts, except those in `NEW`."""

NEW = ("open a face", "next face", "another tab")
"""Actions that older versions do not have. They are measured in the new checkout alone."""


def load_s(page: Page, url: str) -> float:
    page.goto(url)
    page.wait_for_function(HAS_SETTLED)
    return float(page.evaluate("window.lastChange")) / 1000


def interaction_s(page: Page, act: Callable[[Page], None]) -> float:
    act(page)
    page.mouse.move(1, 1)  # a tooltip, which opens half a second later, is not part of the result
    page.wait_for_function("window.lastChange > window.lastClick + 20")  # a click alone changes the looks of a button
    page.wait_for_function(HAS_SETTLED)
    return float(page.evaluate("window.lastChange - window.lastClick")) / 1000


def new_page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    return page


def measure_first_loads(browser: Browser, roots: Mapping[str, Path], folder: Path, rounds: int, cold: bool) -> Times:
    """Measure the first load of the first page. `cold` empties the system's cache of files before, which needs root."""
    action = f"first load, {'files not yet read' if cold else 'files read before'}"
    times: Times = {action: {name: [] for name in roots}}
    for _ in range(rounds):
        for name, root in roots.items():
            if cold:
                os.sync()
                DROP_CACHES.write_text("3")
            with running_app(root, folder / f"{name}.log") as url:
                page = new_page(browser)
                times[action][name].append(load_s(page, url))
                page.context.close()
    return times


def address_in_round(url_path: str, round_number: int) -> str:
    """Return the address of a page. Each round compares another pair of models, so that nothing is computed before."""
    if url_path != "compare":
        return address(url_path)
    names = model_names()
    a, b = (names[(round_number + step) % (len(names) - 1)] for step in (0, 1 + round_number // len(names)))
    return f"{address(url_path)}?a={a}&b={b}"


def measure_side_by_side(browser: Browser, urls: Mapping[str, str], rounds: int, url_paths: Collection[str]) -> Times:
    """Measure full loads and interactions. The first round warms the caches and is not counted."""
    pages = {name: new_page(browser) for name in urls}
    times: Times = {}
    for entry in (entry for entry in PAGES if entry.url_path in url_paths):
        for round_number in range(rounds + 1):
            for name, page in pages.items():
                loaded = load_s(page, f"{urls[name]}/{address_in_round(entry.url_path, round_number)}")
                for action, seconds in [("full load", loaded), *_act(page, entry.url_path, name)]:
                    if round_number:
                        by_name = times.setdefault(f"{entry.url_path}: {action}", {name: [] for name in urls})
                        by_name[name].append(seconds)
    return times


def _act(page: Page, url_path: str, checkout: str) -> Iterator[tuple[str, float]]:
    for action, act in INTERACTIONS.get(url_path, ()):
        if checkout == "new" or action not in NEW:
            yield action, interaction_s(page, act)


def rows(times: Times) -> Iterator[str]:
    """Yield the lines of the printed table."""
    yield f"{'':36} {'old':>6} {'new':>6} {'ratio':>6}"
    for action, by_name in times.items():
        new = statistics.median(by_name["new"])
        if by_name["old"]:
            old = statistics.median(by_name["old"])
            yield f"{action:36} {old:6.2f} {new:6.2f} {new / old:6.2f}"
        else:
            yield f"{action:36} {'-':>6} {new:6.2f} {'-':>6}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="folder of the other checkout")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--first-loads", type=int, default=5)
    parser.add_argument(
        "--page", action="append", metavar="NAME", help="only this page, such as compare; can be repeated"
    )
    arguments = parser.parse_args()
    pages = arguments.page or [entry.url_path for entry in PAGES]
    roots = {"old": arguments.old.resolve(), "new": ROOT}
    with sync_playwright() as playwright, chromium(playwright) as browser, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        first: Times = {}
        if arguments.first_loads:
            first |= measure_first_loads(browser, roots, folder, arguments.first_loads, cold=False)
        if arguments.first_loads and os.access(DROP_CACHES, os.W_OK):
            first |= measure_first_loads(browser, roots, folder, arguments.first_loads, cold=True)
        urls = {name: stack.enter_context(running_app(root, folder / f"{name}.log")) for name, root in roots.items()}
        print("\n".join(rows(first | measure_side_by_side(browser, urls, arguments.rounds, pages))))


if __name__ == "__main__":
    main()
