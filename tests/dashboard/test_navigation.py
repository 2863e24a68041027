"""Each page in `PAGES` has its own script, title, icon and address."""

import pytest

from core import paths
from dashboard.navigation import PAGES, page
from dashboard.pages.overview import texts


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_every_page_has_a_documented_script_and_an_icon(entry) -> None:
    script = paths.ROOT / entry.script
    assert script.read_text(encoding="utf-8").startswith('"""')
    assert entry.icon.startswith(":material/")


def test_every_page_script_is_in_the_menu() -> None:
    dashboard = paths.ROOT / "dashboard"
    scripts = {path.relative_to(dashboard).as_posix() for path in dashboard.glob("pages/*/page.py")}
    assert scripts == {entry.path for entry in PAGES}


@pytest.mark.parametrize("field", ["path", "title", "icon", "url_path"])
def test_pages_have_unique_values(field: str) -> None:
    values = [getattr(entry, field) for entry in PAGES]
    assert len(set(values)) == len(values)


def test_the_overview_links_to_every_other_page() -> None:
    links = [*texts.WAYS_IN, *texts.OTHER_PAGES]
    assert sorted(links) == sorted(entry.url_path for entry in PAGES[1:])


def test_page_finds_a_page_by_its_url_path() -> None:
    assert page("errors").title == "Errors"
    with pytest.raises(KeyError):
        page("nowhere")
