"""An unexpected error on any page is shown as one sentence in a real Chromium, and its traceback is in the log."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.faults import UNEXPECTED
from dashboard.navigation import PAGES
from dashboard.navigation import Page as PageEntry
from tests.browser.chromium import (
    TIMEOUT_MS,
    Server,
    leave_page,
    new_page,
    open_page,
    running_server,
    wait_until_complete,
)

pytestmark = [pytest.mark.browser, pytest.mark.case("c7")]

SCRIPT = Path(__file__).with_name("faulty_app.py")


@pytest.fixture(scope="module")
def fault_file(folder: Path) -> Path:
    """A file that makes all pages fail while it contains "page"."""
    return folder / "fault"


@pytest.fixture(scope="module")
def log(folder: Path) -> Path:
    return folder / "server.log"


@pytest.fixture(scope="module")
def server(fault_file: Path, log: Path) -> Iterator[Server]:
    with running_server(log, {"FERSCOPE_TEST_FAULT": str(fault_file)}) as running:
        yield running


@pytest.fixture(scope="module")
def faulty_log(folder: Path) -> Path:
    return folder / "faulty.log"


@pytest.fixture(scope="module")
def faulty_server(faulty_log: Path) -> Iterator[Server]:
    """An app with a button for each place in which an error can occur."""
    with running_server(faulty_log, script=str(SCRIPT)) as running:
        yield running


def check_that_only_the_sentence_is_shown(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_contain_text(UNEXPECTED, timeout=TIMEOUT_MS)
    text = page.locator("body").inner_text()
    for part in ("broke", "RuntimeError", "Error:", "Traceback", ".py", str(SCRIPT.parent), "Google", "ChatGPT"):
        assert part not in text


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_every_page_shows_an_error_in_words(
    browser: Browser, server: Server, fault_file: Path, log: Path, entry: PageEntry
) -> None:
    logged_before = log.read_text().count("RuntimeError: the page broke")
    fault_file.write_text("page")
    page = new_page(browser)
    try:
        page.goto(f"{server.url}/{entry.url_path}")
        check_that_only_the_sentence_is_shown(page)
    finally:
        fault_file.unlink()
    assert log.read_text().count("RuntimeError: the page broke") > logged_before
    assert str(Path("dashboard", entry.path)) in log.read_text()  # the traceback names the file
    leave_page(page)


def test_a_page_works_again_after_a_reload(browser: Browser, server: Server, fault_file: Path) -> None:
    fault_file.write_text("page")
    page = new_page(browser)
    page.goto(f"{server.url}/photo")
    check_that_only_the_sentence_is_shown(page)
    fault_file.unlink()
    page.reload()
    wait_until_complete(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    leave_page(page)


@pytest.mark.parametrize("place", ["Script", "Cache", "Fragment", "Callback"])
def test_an_error_in_any_place_is_shown_in_words(
    browser: Browser, faulty_server: Server, faulty_log: Path, place: str
) -> None:
    page = open_page(browser, faulty_server.url)
    page.get_by_role("button", name=place).click()
    check_that_only_the_sentence_is_shown(page)
    logged = faulty_log.read_text()
    assert f"RuntimeError: the {place.lower().replace('cache', 'cached function')} broke" in logged
    assert "Traceback (most recent call last)" in logged
    assert str(SCRIPT) in logged
    leave_page(page)


@pytest.mark.parametrize("place", ["Script", "Fragment", "Callback"])
def test_bad_input_is_described_as_plain_text_in_any_place(browser: Browser, faulty_server: Server, place: str) -> None:
    page = open_page(browser, faulty_server.url)
    page.get_by_role("checkbox", name="Bad input").check(force=True)
    wait_until_complete(page)
    page.get_by_role("button", name=place).click()
    message = page.get_by_test_id("stAlertContentError").locator("p")
    expect(message).to_have_text("The file *a_b* has no <rows>; choose another one.", timeout=TIMEOUT_MS)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    leave_page(page)
