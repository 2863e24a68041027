"""What a visitor sees of a page: words, controls, headings and sizes, read from the page in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from playwright.sync_api import Page

from tests.browser.chromium import wait_until_complete

READY = """() => {
    const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")];
    const unfinished = document.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner]")
        || charts.some(chart => !chart.querySelector(".main-svg"));
    const all = document.querySelectorAll("*");
    const state = [all.length, document.querySelector("[data-testid=stMain]").scrollHeight, location.href].join();
    const previous = window.ferscopeState;
    window.ferscopeState = {text: state, times: previous?.text === state ? previous.times + 1 : 0};
    return !unfinished && window.ferscopeState.times >= 5;
}"""
"""Script that tells whether the page is drawn: nothing is loading, and six looks in a row found the same."""

WALK = """
    const HIDDEN_PARTS = "header, nav, [data-testid=stHeader], [data-testid=stSidebar], .st-key-menu";
    // Yields the elements of a document, of its shadow roots and of its iframes, with the position of the document in
    // the window and the part of the window in which the document is visible.
    function* elementsOf(root, x, y, clip) {
        for (const element of root.querySelectorAll("*")) {
            if (element.closest(HIDDEN_PARTS)) continue;
            yield {element, x, y, clip};
            if (element.shadowRoot) yield* elementsOf(element.shadowRoot, x, y, clip);
            if (element.tagName === "IFRAME" && isShown(element) && element.contentDocument?.body) {
                const box = element.getBoundingClientRect();
                const inner = intersection(moved(box, x, y), clip);
                yield* elementsOf(element.contentDocument.body, x + box.x, y + box.y, inner);
            }
        }
    }
    const isShown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const moved = (box, x, y) => ({left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y});
    const intersection = (a, b) => ({
        left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
        right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom),
    });
    // Returns the part of the window in which the element's content is not cut off by the element or its parents.
    const clipOf = ({element, x, y, clip}) => {
        for (let part = element; part; part = part.parentElement ?? part.getRootNode().host) {
            const {overflowX, overflowY, clipPath} = getComputedStyle(part);
            const cuts = [overflowX, overflowY].some(value => value !== "visible") || clipPath.startsWith("inset");
            const isWindow = part.matches("html, body, [data-testid=stMain], svg, svg *");
            if (cuts && !isWindow) clip = intersection(moved(part.getBoundingClientRect(), x, y), clip);
        }
        return clip;
    };
    const main = document.querySelector("[data-testid=stMain]");
    const windowBox = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
"""
"""Start of the scripts below: walks through the page without its header and menu."""

WORDS = f"""() => {{{WALK}
    const words = [];
    for (const place of elementsOf(main, 0, 0, windowBox)) {{
        const {{element, x, y}} = place;
        if (element.matches("style, script, noscript, option, canvas *, details:not([open])")) continue;
        const texts = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
        if (!texts.length || !isShown(element)) continue;
        if (getComputedStyle(element).fontFamily.includes("Material Symbols")) continue;  // names of icons
        const clip = clipOf(place);
        const range = element.ownerDocument.createRange();
        for (const text of texts) for (const match of text.data.matchAll(/\\S+/g)) {{
            if (!/[\\p{{L}}\\p{{N}}]/u.test(match[0])) continue;
            range.setStart(text, match.index);
            range.setEnd(text, match.index + match[0].length);
            const box = moved(range.getBoundingClientRect(), x, y);
            const [middleX, middleY] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            const isCutOff = middleX < clip.left || middleX > clip.right || middleY < clip.top || middleY > clip.bottom;
            if (!isCutOff && box.right > box.left) words.push(match[0]);
        }}
    }}
    return words;
}}"""
"""Script that returns the words and numbers that are visible in the window, without scrolling."""

TOP = f"""selector => {{{WALK}
    const scrolled = main.scrollTop;
    let first = null;
    for (const {{element, y}} of elementsOf(main, 0, 0, windowBox)) {{
        if (!element.matches(selector)) continue;
        // Streamlit hides the native box of a checkbox or a radio button, but not its label.
        const shown = element.matches("input[type=checkbox], input[type=radio]") ? element.closest("label") : element;
        const box = shown && isShown(shown) ? shown.getBoundingClientRect() : null;
        if (box && box.width > 2 && box.height > 2) first = Math.min(first ?? Infinity, box.top + y + scrolled);
    }}
    return first === null ? null : Math.round(first);
}}"""
"""Script that returns the distance of the first visible element of a selector from the top of the page, or null."""

CONTROLS = ", ".join(
    [
        "button:not([data-testid=stTooltipHoverTarget] *, [data-testid=stElementToolbar] *)",
        "input, select, textarea, summary, [role=combobox], [role=radio], [role=switch], [role=slider]",
        "[data-testid=stPageLink-NavLink], .ferscope-way",
    ]
)
"""Selector of what a visitor can press, without the buttons of explanations and the toolbars of tables."""

SIZES = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    const widest = Math.max(document.documentElement.scrollWidth, main.scrollWidth + innerWidth - main.clientWidth);
    return {height: main.scrollHeight, overflow: Math.max(0, widest - innerWidth)};
}"""

HEADINGS = f"""() => {{{WALK}
    const found = [];
    for (const {{element}} of elementsOf(main, 0, 0, windowBox)) {{
        const level = element.getAttribute("aria-level") ?? element.tagName[1];
        if (element.matches("h1, h2, h3, h4, h5, h6, [role=heading]") && isShown(element))
            found.push([Number(level), element.textContent.trim()]);
    }}
    return found;
}}"""
"""Script that returns the level and the text of each visible heading of the page, in order."""


@dataclass(frozen=True)
class Heading:
    """A heading of a page: 1 is the title, 2 a section."""

    level: int
    text: str


def wait_until_drawn(page: Page) -> None:
    """Wait until the page is complete, its charts are drawn and nothing moves."""
    wait_until_complete(page)
    page.wait_for_function(READY, polling=80)


def visible_words(page: Page) -> list[str]:
    """Return the words and numbers in the window as it is now, without those of the menu. Icons are no words."""
    words: list[str] = page.evaluate(WORDS)
    return words


def top_of(page: Page, selector: str) -> int | None:
    """Return the y of the first visible element of `selector`, in pixels from the top of the page, or None."""
    top: int | None = page.evaluate(TOP, selector)
    return top


def height_and_overflow(page: Page) -> tuple[int, int]:
    """Return the height of the page, and by how much it is wider than the window, in pixels."""
    sizes: dict[str, Any] = page.evaluate(SIZES)
    return round(sizes["height"]), round(sizes["overflow"])


def show_whole(page: Page) -> None:
    """Make the window as high as the page, because axe skips what lies below the bottom of the window."""
    width = page.evaluate("innerWidth")
    for _ in range(2):  # a chart or a table may become higher in a higher window
        page.set_viewport_size(
            {"width": width, "height": max(height_and_overflow(page)[0], page.evaluate("innerHeight"))}
        )
        wait_until_drawn(page)


def unfold(page: Page) -> None:
    """Open every closed expander and everything else that is folded."""
    closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    while closed.count():
        closed.evaluate_all("all => all.forEach(summary => summary.click())")  # at once: a page has dozens of them
        wait_until_drawn(page)
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true; })")


BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"

IN_MOTION = """document.getAnimations().some(({playState, effect}) =>
    playState === "running" && effect?.getComputedTiming().endTime !== Infinity)"""
"""Whether a change of a colour or of a place has not ended. What turns all the time is not meant."""


def change_scheme(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Change the colours, and wait until they have changed: some of Streamlit's elements take a moment to."""
    before = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"before => {BACKGROUND} !== before && !{IN_MOTION}", arg=before)


def headings(page: Page) -> list[Heading]:
    return [Heading(level, text) for level, text in page.evaluate(HEADINGS)]


def heading_faults(found: Sequence[Heading]) -> list[str]:
    """Return what is wrong with the order of a page's headings, in words. Correct: one title, no level skipped."""
    titles = [heading.text for heading in found if heading.level == 1]
    faults = [] if len(titles) == 1 else [f"{len(titles)} titles (h1) instead of 1: {titles}"]
    if found and found[0].level != 1:
        faults.append(f"the first heading is h{found[0].level} '{found[0].text}', not the title")
    for before, after in pairwise(found):
        if after.level > before.level + 1:
            faults.append(f"h{before.level} '{before.text}' is followed by h{after.level} '{after.text}'")
    return faults
