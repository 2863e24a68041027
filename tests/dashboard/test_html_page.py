"""The HTML page in which the app runs."""

import re
from pathlib import Path

import pytest
from streamlit import config, file_util

from dashboard import html_page
from dashboard.navigation import PAGES, page

STREAMLITS = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")


def test_each_page_has_its_title_from_the_start() -> None:
    html = html_page.page_html(STREAMLITS, page("photo"))
    assert re.findall("<title>(.*)</title>", html) == ["Photo & video · FERscope"]


def test_the_server_is_named_before_streamlits_own_script_runs() -> None:
    html = html_page.page_html(STREAMLITS, page("compare"))
    assert html.index("BACKEND_BASE_URL") < html.index("/static/js/index")
    assert 'const page = "compare";' in html


def test_all_of_streamlits_page_is_kept() -> None:
    html = html_page.page_html(STREAMLITS, page("compare"))
    script = html_page.FIND_SERVER % '"compare"'
    assert html.replace(f"\n{script}", "").replace("Compare · FERscope", "Streamlit") == STREAMLITS


@pytest.mark.parametrize(("folder", "prefix"), [("", ""), ("fer", "/fer"), ("/a/fer/", "/a/fer")])
def test_every_page_has_an_address_in_the_folder_of_the_app(folder, prefix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": folder}.__getitem__)
    assert [route.path for route in html_page.routes()] == [f"{prefix}/{entry.url_path}" for entry in PAGES]
