"""The film on the Photo & video page in AppTest: the queue's processes are stand-ins, and the test moves the queue."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import keys, resources
from dashboard.films import run
from dashboard.films.limits import FILM_MB, FILM_TYPES, MINUTES_VARIABLE
from dashboard.films.queue import DISCONNECTED, MAX_WAITING, FilmQueue
from dashboard.navigation import page as page_entry
from dashboard.pages.photo import choices, film_progress, film_results
from tests.dashboard.films.fakes import fake_command, request, write_results
from tests.dashboard.pages.visiting import open_page, page_text, unescaped

PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, on a server that visitors may change."""
    monkeypatch.delenv("FERSCOPE_READ_ONLY", raising=False)
    monkeypatch.delenv(MINUTES_VARIABLE, raising=False)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """The folder of the results that every film gets."""
    return tmp_path / "ready"


@pytest.fixture
def films(models, ready: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FilmQueue]:
    """The queue of the server, without its thread."""
    queue = FilmQueue(fake_command(ready), tick_s=0.0)
    monkeypatch.setattr(resources.films, "film_queue", lambda: queue)
    monkeypatch.setattr(resources.films, "presence", lambda: lambda: True)  # there is no browser
    yield queue
    queue.close()


def upload(content: str = "good", name: str = "holiday.mp4", **query: str) -> AppTest:
    """Open the page in a new session, choose a film, and press the button that reads it."""
    page = open_page("photo", kind=choices.FILM, **query)
    page.file_uploader[0].set_value((name, content.encode(), "video/mp4")).run()
    page.button(keys.READ_FILM).click().run()
    assert not page.exception, page.exception
    return page


def read_to_end(page: AppTest, films: FilmQueue) -> AppTest:
    """Move the queue until it is empty, and let the page look again."""
    deadline = time.monotonic() + PATIENCE_S
    while films.tick():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    page.run()
    assert not page.exception, page.exception
    return page


def labels(page: AppTest, kind: str) -> list[str]:
    return [element.label for element in page.get(kind)]


def test_the_address_keeps_whether_photos_or_a_film_are_read(films):
    assert open_page("photo").button_group(key=keys.KIND).value == choices.PHOTOS
    page = open_page("photo", kind="Film")
    assert page.button_group(key=keys.KIND).value == choices.FILM
    assert page.query_params == {"kind": "Film"}
    assert "Annotated photo (PNG)" not in labels(page, "download_button")


def test_without_a_film_the_page_offers_an_upload_and_the_example(films):
    page = open_page("photo", kind="Film")
    uploader = page.file_uploader[0]
    assert set(uploader.proto.type) >= {f".{ending}" for ending in FILM_TYPES}
    assert f"{FILM_MB} MB" in uploader.label and "minutes" not in uploader.label
    assert page.button(keys.READ_FILM).disabled and not page.button(keys.READ_EXAMPLE).disabled
    assert "astronaut Eileen Collins" in page_text(page)


def test_the_notice_says_what_is_on_the_disk_and_when_it_is_deleted(films):
    page = open_page("photo", kind="Film")
    [notice] = [block.proto.body for block in page.get("html") if block.proto.body.startswith("<details")]
    for words in ("temporary folder", "when the reading ends", "when you cancel", "when you leave", "the next start"):
        assert words in notice
    assert "is not a feeling" in notice


def test_an_uploaded_film_is_read_and_its_results_are_shown(films, ready, disk):
    write_results(ready, notes=["2 parts of the film could not be decoded, 1.4 s in all."])
    page = read_to_end(upload(), films)
    text = page_text(page)
    assert "**1 face was found.** It is in view from 0:00.0 to 0:05.9." in text
    assert "cnn is most often **happy**: in 50 %" in unescaped(text)
    assert "6 s of film, 60 of 60 frames read · faces found by yunet" in text
    assert "2 parts of the film could not be decoded" in text
    assert labels(page, "download_button") == [label for label, _, _ in film_results.DOWNLOADS]
    assert [header.value for header in page.header] == ["holiday.mp4", "Timeline", "Strongest moments", "Faces"]
    assert len(page.get("video")) == len(page.get("plotly_chart")) == len(page.get("image")) == 1
    assert "<td>50 %</td>" in text
    assert list(disk.iterdir()) == []


def test_the_buttons_are_disabled_while_a_film_is_read(films, ready):
    page = upload("slow")
    assert page.button(keys.READ_FILM).disabled and page.button(keys.READ_EXAMPLE).disabled


def test_the_bar_shows_how_far_the_reading_has_come(films, ready):
    page = upload("slow")
    assert page.get("progress")[0].proto.text == "holiday.mp4: loading the models and opening the film ..."
    job = page.session_state[keys.FILM].job
    deadline = time.monotonic() + PATIENCE_S
    while job.progress is None:
        assert time.monotonic() < deadline
        films.tick()
        time.sleep(0.01)
    page.run()
    bar = page.get("progress")[0].proto
    assert (bar.value, bar.text) == (25, "holiday.mp4: 0:02 of 0:06 · 40 frames/s · about 4 s left")


def test_a_film_can_be_cancelled_and_read_again(films, ready, disk):
    page = upload("slow")
    films.tick()
    page.button(keys.CANCEL_FILM).click().run()
    read_to_end(page, films)
    assert film_progress.CANCELLED in page_text(page)
    assert not page.button(keys.READ_FILM).disabled
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize(("before", "words"), [(1, "1 film is before yours"), (2, "2 films are before yours")])
def test_a_second_visitor_sees_the_place_in_the_queue(films, ready, before, words):
    others = [films.submit(request("slow")) for _ in range(before)]
    films.tick()
    page = upload()
    assert words in page_text(page)
    for other in others:
        films.cancel(other)
    write_results(ready)
    assert "1 face was found" in page_text(read_to_end(page, films))


def test_a_full_queue_is_a_sentence(films, ready):
    for _ in range(MAX_WAITING + 1):
        films.submit(request("slow"))
    page = upload()
    assert [error.value for error in page.error] == [
        f"{MAX_WAITING} films are waiting already. Try again in a few minutes."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("bad", "holiday.mp4 is not a film."),
        ("crash", f"holiday.mp4: {run.CRASHED.format(9)}"),
        ("bug", f"holiday.mp4: {run.UNEXPECTED}"),
    ],
)
def test_a_film_that_cannot_be_read_is_a_sentence(films, ready, disk, content, sentence):
    page = read_to_end(upload(content), films)
    assert [unescaped(error.value) for error in page.error] == [sentence]
    assert list(disk.iterdir()) == []


def test_a_lost_connection_is_a_sentence(films, ready):
    page = upload("slow")
    job = page.session_state[keys.FILM].job
    films.cancel(job)
    job.error = DISCONNECTED
    assert DISCONNECTED in page_text(read_to_end(page, films))


def test_a_film_without_faces_has_a_message_and_downloads(films, ready):
    write_results(ready, faces=0)
    page = read_to_end(upload(), films)
    assert page.warning[0].value == film_results.NO_FACE
    assert not page.get("plotly_chart") and len(page.get("video")) == 1
    assert "Table (CSV)" in labels(page, "download_button")


def test_the_timeline_of_another_face_and_model_can_be_chosen(films, ready):
    write_results(ready, faces=3)
    page = read_to_end(upload(), films)
    job = page.session_state[keys.FILM].job
    assert "**3 faces were found.** Face 1 is in view" in page_text(page)
    page.selectbox(keys.per_item(keys.FILM_FACE, job.key)).set_value(3).run()
    page.button_group(keys.per_item(keys.FILM_MODEL, job.key)).set_value("catboost").run()
    assert not page.exception
    assert [chart.proto.alt for chart in page.get("plotly_chart")] == [
        "3 faces by catboost: face 1 mostly happy (50 %); face 2 mostly happy (50 %); face 3 mostly happy (50 %)",
        "Face 3 by catboost: happy in 50 %, sad in 50 % of the frames; the label changes once",
    ]


def test_of_many_faces_only_the_longest_seen_are_shown(films, ready, monkeypatch):
    monkeypatch.setattr("dashboard.pages.photo.film_words.MAX_FACES", 2)
    write_results(ready, faces=5)
    page = read_to_end(upload(), films)
    assert "3 more faces, seen for a shorter time, are in the summary." in page_text(page)


def test_the_form_is_folded_if_there_are_results_and_open_again_after_they_are_cleared(films, ready):
    write_results(ready)
    page = read_to_end(upload(), films)
    assert labels(page, "expander") == ["Read another film"]
    page.button(keys.CLEAR_FILM).click().run()
    assert not page.get("expander") and page.button(keys.READ_FILM)


def test_results_are_kept_until_they_are_cleared(films, ready):
    write_results(ready)
    page = read_to_end(upload(), films)
    page.run()
    assert len(page.get("video")) == 1
    page.button(keys.CLEAR_FILM).click().run()
    assert not page.get("video") and keys.FILM not in page.session_state


def test_leaving_the_page_ends_the_film(films, disk):
    page = upload("slow")
    job = page.session_state[keys.FILM].job
    films.tick()
    page.switch_page(page_entry("models").script).run()
    assert job.state == "cancelled"
    while films.tick():
        time.sleep(0.01)
    assert list(disk.iterdir()) == []
    page.switch_page(page_entry("photo").script).run()
    assert resources.films.LEFT in [info.value for info in page.info]


def test_results_stay_while_the_visitor_looks_at_another_page(films, ready, disk):
    write_results(ready)
    page = upload("good")
    read_to_end(page, films)
    assert list(disk.iterdir()) == []
    page.switch_page(page_entry("models").script).run()
    page.switch_page(page_entry("photo").script).run()
    assert len(page.get("video")) == 1


def test_the_limit_of_a_read_only_server_is_named_and_passed_on(films, ready, monkeypatch):
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    write_results(ready)
    page = upload()
    assert page.file_uploader[0].label == "A film of up to 400 MB, of which the first 10 minutes are read"
    assert page.session_state[keys.FILM].job.request.end_s == 600


def test_a_film_that_is_longer_than_the_limit_says_that_only_its_beginning_was_read(films, ready, monkeypatch):
    monkeypatch.setenv(MINUTES_VARIABLE, "0.05")
    write_results(ready)
    page = read_to_end(upload(), films)
    assert "Only the first 0.05 minutes of this film were read" in page_text(page)


def test_a_wrong_limit_is_a_sentence(films, monkeypatch):
    monkeypatch.setenv(MINUTES_VARIABLE, "ten")
    page = open_page("photo", kind="Film")
    assert "write for example 10" in page.error[0].value


@pytest.mark.case("p6")
def test_the_name_of_a_film_is_shown_as_it_is(films, ready):
    write_results(ready)
    name = "![x](http://127.0.0.1:9/evil.png).mp4"
    page = upload(name=name)
    films.tick()
    assert name not in page.get("progress")[0].proto.text
    text = page_text(read_to_end(page, films))
    assert name not in text and name in unescaped(text)
