"""Tests of the measures themselves, on small pages with known faults."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.frame import axe, keyboard, measures, screens
from tests.browser.frame.axe import Violation
from tests.browser.frame.measures import Heading

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 400, "height": 300})
    yield opened
    opened.close()


def show(page: Page, content: str, style: str = "") -> None:
    """Show this HTML where Streamlit shows the content of a page."""
    html = (
        "<!doctype html><meta charset=utf-8><html lang=en><title>t</title><style>body { margin: 0 }"
        f"{style}</style><main data-testid=stMain>{content}</main></html>"
    )
    # From a server, because axe looks only into iframes of the same origin, and about:blank has none.
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://app.example.org/")


def test_only_words_that_can_be_seen_without_scrolling_are_counted(page: Page) -> None:
    show(
        page,
        "<header>menu</header> <p>two words, 72.6 % ·</p> <details><summary>more</summary>folded <p>away</p></details>"
        "<p hidden>hidden</p> <p style='opacity: 0'>faded</p>"
        "<div style='height: 20px; overflow: hidden'><p style='margin-top: 40px'>cut off</p></div>"
        "<span style='font-family: Material Symbols Rounded'>expand_more</span>"
        "<iframe srcdoc='<p>framed</p>' style='height: 60px'></iframe>"
        "<p style='position: absolute; top: 310px'>below the fold</p>",
    )
    page.frame_locator("iframe").get_by_text("framed").wait_for()
    assert sorted(measures.visible_words(page)) == ["72.6", "framed", "more", "two", "words,"]


def test_the_top_is_that_of_the_first_visible_element_on_the_page_or_in_an_iframe(page: Page) -> None:
    show(
        page,
        "<button hidden>a</button><p style='margin: 0; height: 50px'></p>"
        "<iframe srcdoc='<style>body { margin: 7px }</style><button>b</button>' style='border: 0'></iframe>"
        "<button>c</button>",
    )
    page.frame_locator("iframe").get_by_text("b").wait_for()
    assert measures.top_of(page, "button") == 57
    assert measures.top_of(page, "table") is None


def test_the_overflow_is_what_sticks_out_of_the_window(page: Page) -> None:
    show(page, "<div style='width: 425px; height: 900px'></div>")
    assert measures.height_and_overflow(page) == (900, 25)
    show(page, "<div style='overflow-x: auto'><div style='width: 425px'>scrolls in its box</div></div>")
    assert measures.height_and_overflow(page)[1] == 0


def test_skipped_levels_and_missing_titles_are_faults_of_the_headings(page: Page) -> None:
    show(page, "<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2><h4 hidden>E</h4>")
    assert measures.heading_faults(measures.headings(page)) == []
    assert measures.heading_faults([]) == ["0 titles (h1) instead of 1: []"]
    assert measures.heading_faults([Heading(1, "A"), Heading(3, "B")]) == ["h1 'A' is followed by h3 'B'"]
    assert measures.heading_faults([Heading(2, "A"), Heading(1, "B")]) == ["the first heading is h2 'A', not the title"]


def test_axe_finds_text_of_low_contrast_in_the_page_and_in_its_iframes(page: Page) -> None:
    faint = "<p style='color: #aaa; background: #fff'>faint</p>"
    show(page, f'{faint}<iframe title=f srcdoc="{faint}"></iframe><p>black</p>')
    page.frame_locator("iframe").get_by_text("faint").wait_for()
    found = axe.severe(axe.violations(page, ["color-contrast"]))
    assert [violation.target for violation in found] == ["p:nth-child(1)", "iframe p"]
    assert {(violation.rule, violation.impact) for violation in found} == {("color-contrast", "serious")}
    assert "2.32" in found[0].reason


def test_a_stop_without_a_visible_focus_is_found(page: Page) -> None:
    show(page, "<button>a</button><button class=bare>b</button><input aria-label=c>", ".bare { outline: none }")
    stops = keyboard.tab_stops(page, 5)
    assert [stop.name for stop in stops] == ['button "a"', 'button "b"', 'input "c"']
    assert keyboard.without_visible_focus(stops) == ['button "b"']


def test_controls_that_tab_does_not_reach_in_their_order_are_found(page: Page) -> None:
    show(
        page,
        "<button tabindex=2>first</button><button tabindex=-1>never</button><button tabindex=-1 disabled>off</button>"
        "<div role=radiogroup><button role=radio>a</button><button role=radio tabindex=-1>b</button></div>"
        "<p tabindex=-1>text</p>",
    )
    assert [fault.split(":")[0] for fault in keyboard.not_in_tab_order(page)] == ["tabindex 2", "tabindex -1"]


def test_the_table_has_a_row_per_screen() -> None:
    violations = [Violation("color-contrast", "serious", "p", ""), Violation("color-contrast", "serious", "a", "")]
    counts = screens.count_violations(violations)
    first = screens.Screen("live", 390, "dark", 165, 724, None, 1437, 0, counts)
    header, row, clean = screens.rows([first, screens.Screen("models", 1440, "light", 90, 10, 20, 30, 40, {})])
    assert header.split()[:3] == ["page", "window", "scheme"]
    assert row.split() == ["live", "390", "dark", "165", "724", "-", "1437", "0", "2", "color-contrast", "(serious)"]
    assert clean.split() == ["models", "1440", "light", "90", "10", "20", "30", "40", "0"]


def test_the_first_page_is_at_the_root() -> None:
    assert screens.address("overview") == ""
    assert screens.address("live") == "live"
