"""What axe-core finds on a desk and on a phone, with light and dark colours."""

from playwright.sync_api import Page

from tests.browser.frame import axe, measures
from tests.browser.frame.axe import Violation
from tests.browser.frame.screens import WINDOWS

DESK, PHONE = WINDOWS


def resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => window.innerWidth === width", arg=width)
    measures.wait_until_drawn(page)


def violations_in_both_schemes(page: Page) -> dict[str, list[Violation]]:
    """Return the violations per colour scheme; a scheme without any is missing. The page is shown in light colours.

    All rules but those of the contrast give the same results in both schemes.
    """
    light = axe.violations(page)
    measures.change_scheme(page, "dark")
    dark = axe.violations(page, ["color-contrast"])
    measures.change_scheme(page, "light")
    return {scheme: found for scheme, found in (("light", light), ("dark", dark)) if found}


def severe_in_both_schemes(page: Page) -> dict[str, list[Violation]]:
    """Return what `violations_in_both_schemes` returns, without the violations that are not severe."""
    found = violations_in_both_schemes(page)
    return {scheme: severe for scheme, violations in found.items() if (severe := axe.severe(violations))}


def severe_in_all_forms(page: Page) -> dict[str, list[Violation]]:
    """Return the severe violations on the whole page, with everything unfolded, per form; one without any is missing.

    The page is shown in light colours. Afterwards, it has the width of a phone.
    """
    measures.unfold(page)
    found: dict[str, list[Violation]] = {}
    for width, height in (DESK, PHONE):
        resize(page, width, height)
        measures.show_whole(page)
        found |= {f"{width}, {scheme}": severe for scheme, severe in severe_in_both_schemes(page).items()}
    return found
