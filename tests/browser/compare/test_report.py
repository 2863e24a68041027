"""The report in a real Chromium: without a network and without scripts, on a phone, and on paper."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.data.shipped import shipped_manifest
from core.exchange.report import material
from core.exchange.report.document import report
from core.exchange.report.pairs import read_pairs
from core.models.store import read_card
from core.review.marks import Mark
from tests.browser.chromium import Server, leave_page, open_page
from tests.browser.frame import axe

pytestmark = pytest.mark.browser

LONG_NAMES = ("a-" + "very-" * 9 + "long-name", "W" * 60)

PAPER = {"width": 688, "height": 1000}
"""Size in CSS pixels of what is printed on a page of A4: 210 mm less the margins."""


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    """A report on the leak-free images with long names, marks with long notes, and faces of noise."""
    cards = read_card("cnn"), read_card("catboost")
    pairs, missing = read_pairs(cards, "leak_free")
    manifest = shipped_manifest()
    faces = np.random.default_rng(0).integers(0, 256, (len(manifest), 48, 48), np.uint8)
    wrong = pairs.loc[~pairs["correct_a"], "image_id"].head(40)
    marks = [Mark(i, "wrong-label", "sad", "long" * 100, "2026-01-01T00:00:00Z") for i in wrong]
    made = material.Material(
        cards=(replace(cards[0], name=LONG_NAMES[0]), replace(cards[1], name=LONG_NAMES[1])),
        slice_name="leak_free", pairs=pairs, unpredicted=missing, faces_of=material.faces_in(faces, manifest),
        marks=marks, data={"Data set": "noise"}, time="2026-01-01T00:00:00Z",
    )  # fmt: skip
    path = folder / "report.html"
    path.write_bytes(report(made))
    return path


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context without a network."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_offline(True)
    yield context
    context.close()


def opened(context: BrowserContext, file: Path) -> tuple[Page, list[str]]:
    """Return the opened report, and a list of its messages and of what it asks for beyond the file itself."""
    page, noises = context.new_page(), []
    page.on("console", lambda message: noises.append(message.text))
    page.on("pageerror", lambda error: noises.append(str(error)))
    own = (file.as_uri(), "data:image/png")
    page.on("request", lambda request: None if request.url.startswith(own) else noises.append(request.url))
    page.goto(file.as_uri())
    return page, noises


def test_it_opens_without_a_network_and_asks_for_nothing(offline: BrowserContext, file: Path) -> None:
    page, noises = opened(offline, file)
    page.locator("#made").scroll_into_view_if_needed()
    assert noises == []
    assert page.locator("svg").count() == 3
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth === 48)")


def test_it_is_complete_without_scripts(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert LONG_NAMES[0] in page.locator("h1").inner_text()
    assert page.locator("svg circle").count() > 10
    assert page.locator("table").count() > 10
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_it_fits_every_window(browser: Browser, file: Path, width: int, scheme: Literal["light", "dark"]) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.violations(page) == []
    page.close()


def test_the_contents_lead_to_each_section_by_keyboard(offline: BrowserContext, file: Path) -> None:
    page, _ = opened(offline, file)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#right$"))
    links = page.locator("nav a").evaluate_all("(links) => links.map((link) => link.hash.slice(1))")
    sections = page.locator("section").evaluate_all("(sections) => sections.map((section) => section.id)")
    assert links == sections


def test_it_prints_on_pages_of_a4_in_light_colours(browser: Browser, file: Path) -> None:
    page = browser.new_page(viewport=PAPER, color_scheme="dark")
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    content = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    assert len(sizes) > 1
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}
    page.close()


def test_the_button_of_the_page_saves_the_report(browser: Browser, server_with_data: Server, folder: Path) -> None:
    page = open_page(browser, f"{server_with_data.url}/compare?slice=leak_free", accept_downloads=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as report").click()
    assert download.value.suggested_filename == "report-cnn-catboost.html"
    saved = folder / "saved.html"
    download.value.save_as(saved)
    assert page.locator(".ferscope-verdict h2").inner_text() in saved.read_text(encoding="utf-8")
    leave_page(page)
