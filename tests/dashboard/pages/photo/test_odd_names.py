"""Photos with names that are Markdown, formulas or far too long, and the formats that the page offers."""

import pytest

from core.csv_out import csv_bytes
from core.vision.formats import FORMAT_NAMES, MAX_MB, SUFFIXES
from dashboard.pages.photo import results
from dashboard.plain_text import escape_markdown
from tests.dashboard.pages.photo.visiting import headings, open_page, page_text, portrait, upload
from tests.fixtures.pictures import heic

MARKDOWN_NAMES = ("![x](http://127.0.0.1:9/evil.png).jpg", "[click](http://evil.example).jpg", "$\\LaTeX^{2}$.jpg")


@pytest.mark.case("p6")
@pytest.mark.parametrize("name", [*MARKDOWN_NAMES, "<b>:smile:</b>.jpg", "# a | b.jpg"])
@pytest.mark.parametrize("data", [portrait(), b"no image"], ids=["photo", "damaged"])
def test_the_name_of_a_photo_is_shown_as_it_is(models, name, data):
    page = upload(open_page(), (name, data))
    assert not page.exception
    shown = page.error[0].value if data == b"no image" else headings(page)[0]
    assert shown.startswith(escape_markdown(name))
    assert name not in page_text(page)


@pytest.mark.case("p5")
@pytest.mark.parametrize(
    "name", ["x" * 5000 + ".jpg", "two\nlines.jpg", "smile 😀.jpg", "\u202egpj.exe.jpg", "-dash.jpg"]
)
def test_odd_names_are_shown_on_one_short_line(models, name):
    page = upload(open_page(), (name, portrait()))
    assert not page.exception
    title = headings(page)[0]
    assert len(title) <= results.LONGEST_NAME + 1 and "\n" not in title and "\u202e" not in title


@pytest.mark.case("p7")
def test_names_that_are_formulas_are_defused_in_the_csv_file(models, monkeypatch):
    tables = []
    monkeypatch.setattr(results.downloads, "csv_button", lambda table, *_: tables.append(table))
    names = ("=cmd|'/C calc'!A0.jpg", "@SUM(1+1).jpg", "-rf.jpg")
    upload(open_page(), *((name, portrait()) for name in names))
    lines = csv_bytes(tables[-1]).decode().splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {f"'{name}" for name in names}


@pytest.mark.case("p1")
def test_the_uploader_offers_what_can_be_read_and_heic_photos_are_read(models):
    page = open_page()
    uploader = page.file_uploader[0]
    assert list(uploader.proto.type) == list(SUFFIXES)
    assert FORMAT_NAMES in uploader.help and f"{MAX_MB} MB" in uploader.help
    upload(page, ("photo.heic", heic("astronaut")))
    assert not page.error and "cnn: happy 100 %" in page_text(page)
