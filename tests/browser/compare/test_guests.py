"""A visitor's CSV in the real app: uploaded, compared, found on other pages, and removed with one click."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core import paths
from core.emotions import CSV_EMOTIONS
from core.models.store import read_predictions
from tests.browser.chromium import Server, leave_page, open_page, running_server
from tests.browser.frame.axe import violations

pytestmark = pytest.mark.browser

SECTION = "Compare your own model or predictions"
"""The title of the folded section."""


@pytest.fixture(scope="module")
def models(folder: Path) -> Path:
    """A copy of the shipped models without weights, so that guests are written beside it and not into the project."""
    copy = folder / "models"
    for name in ("cnn", "catboost"):
        shutil.copytree(paths.MODELS_DIR / name, copy / name, ignore=shutil.ignore_patterns("*.safetensors", "*.cbm"))
    return copy


@pytest.fixture(scope="module")
def server(folder: Path, models: Path) -> Iterator[Server]:
    with running_server(folder / "server.log", {"FERSCOPE_MODELS": str(models)}) as running:
        yield running


@pytest.fixture(scope="module")
def table(folder: Path) -> Path:
    """The predictions of catboost without ids and column names, with the classes in the order of fer2013.csv."""
    predictions = read_predictions("catboost")
    test = predictions[predictions["image_id"].str.startswith("test/")]
    ordered = test.iloc[test["image_id"].str.split("/").argsort()]
    file = folder / "my trees.csv"
    ordered[[f"p_{emotion}" for emotion in CSV_EMOTIONS]].to_csv(file, index=False, header=False)
    return file


def unfold(page: Page) -> None:
    page.get_by_text(SECTION).click()
    page.get_by_text("File with predictions, or model").wait_for()


def add(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Add and compare").click()


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_a_csv_is_uploaded_compared_and_removed(
    size: dict[str, int], browser: Browser, server: Server, models: Path, table: Path
) -> None:
    page = open_page(browser, f"{server.url}/compare", viewport=size)
    unfold(page)
    assert violations(page) == []
    add(page, table)
    expect(page.get_by_text("With FER2013's CSV order of classes, accuracy is")).to_be_visible()
    assert violations(page) == []
    assert not (models / "guests").exists() or not list((models / "guests").iterdir())
    page.get_by_role("button", name="Use this").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("my-trees is model B now")
    expect(page).to_have_url(f"{server.url}/compare?b=my-trees")
    assert [path.name for path in (models / "guests").iterdir()] == ["my-trees"]
    assert violations(page) == []
    unfold(page)
    page.get_by_role("button", name="Remove my-trees").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("my-trees was removed")
    expect(page).to_have_url(f"{server.url}/compare")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert not list((models / "guests").iterdir())
    leave_page(page)


def test_a_broken_file_is_one_box(browser: Browser, server: Server, folder: Path) -> None:
    broken = folder / "model.h5"
    broken.write_bytes(b"\x89HDF\r\n\x1a\n")
    page = open_page(browser, f"{server.url}/compare")
    unfold(page)
    add(page, broken)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(1)
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("ONNX")
    assert violations(page) == []
    leave_page(page)


def test_an_upload_is_added_by_the_keyboard_alone(browser: Browser, server: Server, table: Path, models: Path) -> None:
    page = open_page(browser, f"{server.url}/compare")
    page.locator("summary").filter(has_text=SECTION).press("Enter")
    page.locator("input[type=file]").set_input_files(table)
    for name in ("Add and compare", "Add as it is"):
        button = page.get_by_role("button", name=name)
        button.wait_for()
        button.focus()
        button.press("Enter")
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("my-trees is model B now")
    shutil.rmtree(models / "guests")
    leave_page(page)


def test_in_a_shared_deployment_a_guest_ends_with_its_tab(
    browser: Browser, folder: Path, models: Path, table: Path
) -> None:
    settings = {"FERSCOPE_MODELS": str(models), "FERSCOPE_READ_ONLY": "1"}
    with running_server(folder / "shared.log", settings) as server:
        page, other = (open_page(browser, f"{server.url}/compare") for _ in range(2))
        unfold(page)
        add(page, table)
        page.get_by_role("button", name="Use this").click()
        expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("gone when you close or reload this page")
        page.get_by_role("link", name="Models").click()
        page.get_by_role("combobox", name="Models").click()
        expect(page.get_by_role("option", name="Yours: my-trees")).to_be_visible()
        other.reload()
        other.get_by_role("combobox", name="Model B").click()
        expect(other.get_by_role("option").first).to_be_visible()
        expect(other.get_by_role("option", name="Yours")).to_have_count(0)
        assert not (models / "guests").exists()
        for opened in (page, other):
            leave_page(opened)
