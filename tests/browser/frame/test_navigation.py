"""Menu, titles, addresses and the Back button, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.navigation import PAGES
from tests.browser.chromium import Server, leave_page, new_page, open_page, wait_until_complete

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def server(server_without_data: Server) -> Server:
    return server_without_data


def choose_in_menu(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    wait_for_title(page, title)


def wait_for_title(page: Page, title: str) -> None:
    page.locator("h1").filter(has_text=title).wait_for()
    wait_until_complete(page)


def model_a(page: Page) -> Locator:
    return page.locator(".st-key-a input")


def chosen_slices(page: Page) -> Locator:
    return page.locator(".st-key-slice [data-tag]")


def test_tabs_have_the_names_of_their_pages(browser: Browser, server: Server) -> None:
    page = open_page(browser, server.url)
    for entry in PAGES[1:]:
        choose_in_menu(page, entry.title)
        expect(page).to_have_title(f"{entry.title} · FERscope")
    leave_page(page)


def test_the_menu_of_a_phone_closes_after_a_choice_and_stays_closed(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/dataset", **PHONE)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    for title in ("Compare", "Errors"):
        page.get_by_test_id("stExpandSidebarButton").click()
        expect(sidebar).to_have_attribute("data-collapsed", "false")
        choose_in_menu(page, title)
        expect(sidebar).to_have_attribute("data-collapsed", "true")
    page.reload()
    wait_for_title(page, "Errors")
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    leave_page(page)


LEAVE_SLOWLY = """() => {
  const push = history.pushState;
  history.pushState = (state, title, url) => {
    const until = new URL(url, location.href).pathname === location.pathname ? 0 : performance.now() + 3000;
    while (performance.now() < until);
    push(state, title, url);
  };
}"""
"""Script that makes the browser take three seconds to leave a page, as on a busy machine."""


def test_back_returns_to_the_page_and_its_choices_in_one_press(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?slice=leak_free")
    page.evaluate(LEAVE_SLOWLY)
    page.locator(".st-key-cells").get_by_text("Percent of the row").click()
    page.wait_for_url(re.compile(r"/compare\?.*cells="))
    wait_until_complete(page)
    choose_in_menu(page, "Errors")
    page.locator(".st-key-who input").click()
    page.get_by_role("option", name="only A").click()
    page.wait_for_url(re.compile(r"/errors\?.*who="))
    wait_until_complete(page)
    page.go_back()
    wait_for_title(page, "Compare")
    page.wait_for_url(re.compile(r"/compare\?.*slice=leak_free"))
    page.wait_for_url(re.compile(r"/compare\?.*cells="))
    expect(chosen_slices(page)).to_have_text(["Leak-free (without exact copies)"])
    wait_until_complete(page)
    page.go_forward()
    wait_for_title(page, "Errors")
    page.wait_for_url(re.compile(r"/errors\?.*who="))
    leave_page(page)


TAKE_OUT_ONE_BY_ONE = """() => {
  const addresses = ["/compare?slice=leak_free", "/compare", "/compare", "/errors"];
  for (const address of addresses) history.pushState({}, "", address);
}"""
"""Script that leaves the page as Streamlit does on a busy machine."""


def test_back_finds_all_choices_that_were_taken_out_of_the_address_one_by_one(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?cells=Percent+of+the+row&slice=leak_free")
    page.evaluate(TAKE_OUT_ONE_BY_ONE)
    page.go_back()
    page.wait_for_url(lambda url: "slice=leak_free" in url and "cells=Percent" in url)
    expect(chosen_slices(page)).to_have_text(["Leak-free (without exact copies)"])
    leave_page(page)


def test_a_chosen_model_adds_no_step_to_the_history(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/dataset")
    choose_in_menu(page, "Compare")
    model_a(page).click()
    page.get_by_role("option", name="cnn-seed ·").first.click()
    page.wait_for_url("**/compare?a=cnn-seed")
    wait_until_complete(page)
    page.go_back()
    wait_for_title(page, "Dataset")
    wait_until_complete(page)
    page.go_forward()
    wait_for_title(page, "Compare")
    page.wait_for_url("**/compare?a=cnn-seed")
    leave_page(page)


def test_an_unknown_model_in_a_link_is_named_and_nothing_is_compared(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?a=nobody&b=cnn")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    assert page.locator(".stPlotlyChart").count() == 0
    assert page.locator("h2").count() == 0
    model_a(page).click()
    page.get_by_role("option", name="catboost ·").first.click()
    page.wait_for_url("**/compare?a=catboost")  # this stands for catboost and cnn
    page.locator("h2").first.wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)
    leave_page(page)


def test_a_page_opened_from_the_middle_of_another_starts_at_its_top(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare", viewport={"width": 390, "height": 844})
    page.locator(".ferscope-pairs button").first.click()
    button = page.get_by_role("button", name="in Errors")
    button.scroll_into_view_if_needed()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollTop") > 400
    button.click()
    wait_for_title(page, "Errors")
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    leave_page(page)


def test_the_name_of_the_first_page_leads_to_it(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/overview")
    expect(page).to_have_url(f"{server.url}/")
    assert page.get_by_role("dialog").count() == 0
    leave_page(page)


def test_a_page_asks_for_the_server_only_where_it_is(browser: Browser, server: Server) -> None:
    page = new_page(browser)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{server.url}/compare")
    wait_for_title(page, "Compare")
    probes = [address for address in addresses if address.endswith("_stcore/health")]
    assert probes == [f"{server.url}/_stcore/health"]
    leave_page(page)


def test_a_chart_far_below_is_drawn_when_the_visitor_scrolls_to_it(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?view=Calibration", viewport={"width": 1440, "height": 900})
    chart = page.get_by_test_id("stPlotlyChart").filter(has_text="mean confidence")
    assert chart.count() == 0
    page.get_by_role("heading", name="Figures and curves").scroll_into_view_if_needed()
    page.get_by_test_id("stMain").hover()
    page.mouse.wheel(0, 400)
    chart.wait_for()
    assert page.get_by_role("button", name="Figures and curves").count() == 0
    leave_page(page)


def test_a_chart_far_below_can_be_drawn_by_keyboard(browser: Browser, server: Server) -> None:
    page = open_page(browser, f"{server.url}/compare?view=Calibration", viewport={"width": 1440, "height": 900})
    page.get_by_role("button", name="Figures and curves").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("stPlotlyChart").filter(has_text="mean confidence").wait_for()
    leave_page(page)
