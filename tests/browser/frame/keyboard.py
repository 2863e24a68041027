"""The keyboard on the pages of the app: what Tab reaches, and whether the focus is visible."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

NO_TRANSITIONS = "*, *::before, *::after { transition: none !important; caret-color: transparent !important; }"
"""Style that shows the focus at once."""

NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Script that waits until the browser has drawn the page, because some buttons learn of the focus by an event."""

START = """() => {
    window.ferscopeStops = [];
    const first = document.createElement("span");
    first.tabIndex = -1;
    document.body.prepend(first);
    first.focus();
    first.remove();
}"""
"""Script after which Tab goes to the first stop of the page."""

REMEMBER = """() => {
    let element = document.activeElement;
    for (let inner = element; inner; element = inner) {
        if (inner.tagName === "IFRAME") inner = inner.contentDocument?.activeElement;
        else inner = inner.shadowRoot?.activeElement;
        if (!inner || inner.tagName === "BODY") break;
    }
    if (!element || element === document.body) return null;
    // The ring of the focus is often on a parent, or on the picture of a checkbox beside the hidden one.
    const around = [element];
    for (let parent = element; (parent = parent.parentElement) && around.length < 5;) around.push(parent);
    for (const near of [element.nextElementSibling, element.previousElementSibling]) if (near) around.push(near);
    around.push(...(element.closest("label")?.children ?? []), ...element.children);
    (window.ferscopeStops ??= []).push(around);
    const name = element.getAttribute("aria-label") || element.textContent.trim() || element.title || element.name;
    return `${element.tagName.toLowerCase()} "${(name || "").replace(/\\s+/g, " ").slice(0, 50)}"`;
}"""
"""Script that returns a name of the focused element, or null, and keeps it and the elements around it for `LOOK`."""

LOOK = """at => window.ferscopeStops.at(at).map(element => ["", "::before", "::after"].map(part => {
    const look = getComputedStyle(element, part || undefined);
    const outline = look.outlineStyle === "none" || look.outlineWidth === "0px" ? "none"
        : [look.outlineStyle, look.outlineWidth, look.outlineColor].join(" ");
    const {boxShadow, borderColor, backgroundColor, textDecorationLine} = look;
    // The buttons of the component that opens the camera draw a ripple a moment after they have got this class.
    const ripple = element.classList.contains("Mui-focusVisible");
    return [outline, boxShadow, borderColor, backgroundColor, textDecorationLine, ripple].join("; ");
}))"""
"""Script that returns what can show the focus at the stop number `at`, for example its outline and background."""

NOT_IN_TAB_ORDER = """() => {
    const CONTROLS = "button, input, select, textarea, summary, a[href], [role=button], [role=checkbox], "
        + "[role=switch], [role=slider], [role=combobox], [role=tab], [role=radio], [role=option], [tabindex]";
    // In these, Tab reaches one element, and the arrow keys or Delete reach the others.
    const GROUPS = "[role=group], [role=radiogroup], [role=tablist], [role=toolbar], [role=listbox], [role=grid], "
        + "[data-testid=stNumberInput], [data-testid=stFileUploader], [data-testid=stDataFrame]";
    const isShown = element => element.checkVisibility({visibilityProperty: true})
        && element.getBoundingClientRect().width > 2;
    const hasStop = element => [...element.querySelectorAll("*")].some(inner => inner.tabIndex === 0);
    const faults = [];
    for (const element of document.querySelectorAll(CONTROLS)) {
        const group = element.parentElement?.closest(GROUPS);
        const isRoving = element.tabIndex === -1 && group && hasStop(group);
        const isPlain = !element.matches(CONTROLS.replace(", [tabindex]", ""));
        if (element.disabled || !isShown(element) || isRoving || element.closest("[inert]")) continue;
        if (element.tabIndex > 0 || (element.tabIndex === -1 && !isPlain))
            faults.push(`tabindex ${element.tabIndex}: ${element.outerHTML.slice(0, 150)}`);
    }
    return faults;
}"""
"""Script that returns the controls that Tab does not reach, or not in the order of the page."""


@dataclass(frozen=True)
class Stop:
    """An element that Tab reaches."""

    name: str
    """Its tag and its text, for messages."""
    shows_focus: bool
    """Whether the element, or one around it, looks different when it has the focus."""


def wait_for_focus(page: Page, choice: str) -> None:
    """Wait until the element that stands for a choice (`data-choice`) has the focus."""
    page.wait_for_function("choice => document.activeElement?.dataset.choice === choice", arg=choice)


def tab_stops(page: Page, count: int) -> list[Stop]:
    """Press Tab `count` times, from the start of the page, and return the elements that had the focus."""
    for frame in page.frames:
        frame.add_style_tag(content=NO_TRANSITIONS)
    page.evaluate(START)
    names, looks = [], []
    for _ in range(count):
        page.keyboard.press("Tab")
        page.evaluate(NEXT_FRAME)
        name = page.evaluate(REMEMBER)
        if name is None:  # the focus has left the page
            break
        names.append(name)
        looks.append(page.evaluate(LOOK, -1))
    page.evaluate("document.activeElement?.blur()")
    page.evaluate(NEXT_FRAME)
    return [Stop(name, page.evaluate(LOOK, at) != looks[at]) for at, name in enumerate(names)]


def without_visible_focus(stops: Sequence[Stop]) -> list[str]:
    return [stop.name for stop in stops if not stop.shows_focus]


def not_in_tab_order(page: Page) -> list[str]:
    """Return the start of the HTML of each control that Tab does not reach, or not in the order of the page."""
    found: list[str] = page.evaluate(NOT_IN_TAB_ORDER)
    return found
