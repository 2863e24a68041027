"""The button that saves the comparison as a report: what it makes, outside the session, when it is pressed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.exchange.report.stored import stored_report
from dashboard import keys
from dashboard.components import downloads
from tests.core.exchange.report.reading import read
from tests.dashboard.pages.test_guests import open_as_visitor
from tests.dashboard.pages.visiting import open_page
from tests.fixtures.guests import guest


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Key -> function that makes the file, of each download button that a page shows."""
    found: dict[str, Callable[[], bytes]] = {}
    shown = downloads.button

    def button(label, make, file_name, mime, key, **options) -> None:
        found[key] = make
        shown(label, make, file_name, mime, key, **options)

    monkeypatch.setattr(downloads, "button", button)
    return found


def without_time(content: bytes) -> list[str]:
    return [row for name, rows in read(content).tables.items() for row in rows if row[0] != "Made on"]


@pytest.mark.parametrize("slice_name", ["test", "private,not_blank"])
def test_the_button_makes_the_file_of_the_command(offered, models_and_faces: Path, slice_name: str) -> None:
    open_page("compare", slice=slice_name)
    expected = stored_report("cnn", "catboost", slice_name)
    made = offered[keys.REPORT]()
    assert without_time(made) == without_time(expected)
    assert len(made) == len(expected)


def test_a_guest_of_the_visit_is_in_the_report_and_the_command_says_how_to_add_it(offered, models: Path) -> None:
    open_as_visitor("compare", guest("mine"), b="mine")
    page = read(offered[keys.REPORT]())
    assert "mine was added for one visit only" in page.text
    assert "mine" in page.headings[0][1] or "Too few" in page.headings[0][1]


def test_an_empty_slice_has_no_report(offered, models: Path) -> None:
    open_page("compare", slice="marked")
    assert keys.REPORT not in offered
