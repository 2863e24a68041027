"""The Errors page in AppTest: filters, count, page sizes, the open face, with and without imported images."""

import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.evaluation import errors
from core.evaluation.errors import RANKINGS, WRONG_MODELS
from dashboard import keys, resources
from dashboard.components import pickers
from dashboard.navigation import page
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html, unescaped

FIRST = "test/angry/PublicTest_0"


def shown_ids(app: AppTest) -> list[str]:
    """Return the image ids of the tiles, in order."""
    assert not app.exception, app.exception
    grid = next((html for html in [pressable_html(app)] if "ferscope-grid" in html), "")
    return re.findall(r'data-choice="(test/[^"]*)"', grid.split("ferscope-grid")[-1].split("</div>")[0])


def count(app: AppTest) -> tuple[int, int]:
    """Return how many images match, and of how many."""
    found = re.search(r"<strong>([\d,]+) of ([\d,]+) images</strong>", page_text(app))
    assert found
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


@pytest.mark.parametrize("who", WRONG_MODELS)
def test_the_list_is_that_of_the_choice(who: str, poor_models: Path) -> None:
    pairs = resources.comparisons.rows("cnn", "catboost", "leak_free")
    expected = errors.rank_errors(errors.filter_errors(pairs, wrong_models=who))
    app = open_page("errors", slice="leak_free", who=WRONG_MODELS[who].title, n="60")
    assert shown_ids(app) == expected["image_id"].tolist()
    assert count(app) == (len(expected), len(pairs))


def test_filters_change_the_list_the_address_and_the_sentence(poor_models: Path) -> None:
    app = open_page("errors")
    app.selectbox(keys.WHO_IS_WRONG).set_value("only A").run()
    app.multiselect(keys.SLICE).set_value(["leak_free"]).run()
    app.selectbox(keys.TRUE_LABEL).set_value("fear").run()
    pairs = resources.comparisons.rows("cnn", "catboost", "leak_free")
    expected = errors.rank_errors(errors.filter_errors(pairs, "fear", wrong_models="a_only"))
    assert shown_ids(app) == expected["image_id"].tolist()
    assert app.query_params == {"slice": "leak_free"}  # the browser writes the other filters to the address
    assert "only A wrong · without exact copies · true label fear" in page_text(app)


@pytest.mark.parametrize(
    ("who", "word"), [("only A", "wrong"), ("neither", "wrong"), ("all images", "right or wrong"), ("both", "wrong")]
)
def test_the_word_after_who_is_wrong_fits_the_choice(who: str, word: str, models: Path) -> None:
    assert open_page("errors", who=who).selectbox(keys.WHO_IS_WRONG).label == word
    app = open_page("errors").selectbox(keys.WHO_IS_WRONG).set_value(who).run()
    assert app.selectbox(keys.WHO_IS_WRONG).label == word


@pytest.mark.parametrize("size", ["12", "30", "60"])
def test_pages_have_the_chosen_size_and_together_the_whole_list(size: str, poor_models: Path) -> None:
    whole = shown_ids(open_page("errors", who="all images", n="60"))
    assert len(whole) == 28
    numbers = range(1, math.ceil(28 / int(size)) + 1)
    pages = [shown_ids(open_page("errors", who="all images", n=size, page=str(number))) for number in numbers]
    assert [len(ids) for ids in pages[:-1]] == [int(size)] * (len(pages) - 1)
    assert [image_id for ids in pages for image_id in ids] == whole


@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.selectbox(keys.ORDER).set_value(RANKINGS["unsure"].title),
        lambda app: app.selectbox(keys.PAGE_SIZE).set_value("60"),
        lambda app: app.selectbox(keys.WHO_IS_WRONG).set_value("all images"),
    ],
    ids=["order", "size", "who"],
)
def test_another_list_begins_at_its_first_page(change: Callable[[AppTest], AppTest], poor_models: Path) -> None:
    app = open_page("errors", n="12", page="2")
    before = shown_ids(app)
    after = shown_ids(change(app).run())
    assert after == shown_ids(app.run())
    whole = shown_ids(open_page("errors", n="60"))
    assert before == whole[12:24]
    assert after[:12] != before
    assert keys.PAGE_NUMBER not in app.session_state or app.session_state[keys.PAGE_NUMBER] == 1


def test_the_address_sets_the_filters(models: Path) -> None:
    app = open_page("errors", true="fear", by="B", who="only B")
    assert app.selectbox(keys.TRUE_LABEL).value == "fear"
    assert shown_ids(app) and all(image_id.startswith("test/fear/") for image_id in shown_ids(app))


def test_no_match_shows_a_message_and_the_filters_stay(models: Path) -> None:
    app = open_page("errors", a="catboost", b="catboost", who="only A")
    assert "No image of this slice matches" in app.info[0].value
    assert not shown_ids(app) and count(app) == (0, 28)
    assert shown_ids(app.selectbox(keys.WHO_IS_WRONG).set_value("all images").run())


def test_without_faces_there_are_tiles_without_images_and_how_to_import(models: Path) -> None:
    app = open_page("errors")
    assert shown_ids(app) and "<img" not in pressable_html(app)
    assert "none are imported yet" in app.info[0].value


def test_with_faces_each_tile_has_one(models_and_faces: Path) -> None:
    app = open_page("errors")
    assert pressable_html(app).count("data:image/png;base64,") >= len(shown_ids(app)) > 0
    assert not app.info


def is_open(app: AppTest) -> bool:
    return bool([button for button in app.button if button.key == keys.FACE_CLOSE])


def test_no_face_is_open_at_first(models: Path) -> None:
    assert not is_open(open_page("errors"))


@pytest.mark.parametrize("has_faces", [False, True])
def test_a_link_opens_a_face_beside_the_list(has_faces: bool, models: Path, request: pytest.FixtureRequest) -> None:
    if has_faces:
        request.getfixturevalue("imported")
    app = open_page("errors", who="all images", image=FIRST)
    assert not app.exception and is_open(app) and FIRST in page_text(app)
    assert len(shown_ids(app)) == 28
    app.button(keys.FACE_CLOSE).click().run()
    assert not is_open(app) and keys.IMAGE not in app.query_params


def test_an_open_face_turns_to_its_page_of_the_list_and_next_goes_over_the_end_of_a_page(models: Path) -> None:
    whole = shown_ids(open_page("errors", who="all images", n="60"))
    app = open_page("errors", who="all images", n="12", image=whole[23])
    assert shown_ids(app) == whole[12:24]
    app.button(keys.FACE_NEXT).click().run()
    assert app.query_params[keys.IMAGE] in (whole[24], [whole[24]])
    assert shown_ids(app) == whole[24:]
    app.button(keys.FACE_PREVIOUS).click().run()
    assert shown_ids(app) == whole[12:24]


def test_another_page_of_the_list_can_be_read_while_a_face_is_open(models: Path) -> None:
    app = open_page("errors", who="all images", n="12", image=FIRST)
    app.session_state[keys.PAGE_NUMBER] = 3
    whole = shown_ids(open_page("errors", who="all images", n="60"))
    assert shown_ids(app.run()) == whole[24:]
    assert is_open(app)


def test_a_face_that_is_not_in_the_list_opens_all_the_same(models: Path) -> None:
    right = shown_ids(open_page("errors", who="neither", n="60"))[0]
    app = open_page("errors", who="A or B", image=right)
    assert is_open(app) and "Not in this list" in page_text(app)
    assert right not in shown_ids(app)


def test_an_unknown_face_in_a_link_is_named_and_the_list_is_shown(models: Path) -> None:
    app = open_page("errors", image="test/fear/no*body")
    assert "test/fear/no*body" in unescaped(app.warning[0].value)
    assert shown_ids(app) and not is_open(app)


def test_marked_images_are_a_filter(models: Path) -> None:
    whole = shown_ids(open_page("errors", who="all images", n="60"))
    resources.review.add(whole[5], "interesting")
    app = open_page("errors", who="all images", slice="marked")
    assert shown_ids(app) == [whole[5]]


def test_without_marks_the_slice_of_marked_images_says_how_to_mark_and_an_open_face_stays(models: Path) -> None:
    app = open_page("errors", slice="marked", image=FIRST)
    assert "No image of this slice: none is marked yet" in app.info[0].value
    assert is_open(app) and not shown_ids(app)


def test_all_marks_can_be_saved_once_there_are_some(models: Path) -> None:
    labels = [button.label for button in open_page("errors").get("download_button")]
    assert labels == ["CSV"]
    resources.review.add(FIRST, "interesting")
    labels = [button.label for button in open_page("errors").get("download_button")]
    assert labels == ["CSV", "All marks as CSV"]


def test_the_page_runs_again_if_a_model_was_removed_while_a_face_is_open(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    monkeypatch.setattr(pickers.st, "rerun", lambda: runs.append("page"))
    pickers.choose_again_if_gone(("cnn", "catboost"))
    assert not runs
    shutil.rmtree(paths.MODELS_DIR / "cnn")
    pickers.choose_again_if_gone(("cnn", "catboost"))
    assert runs == ["page"]


def test_links_from_another_page_reset_the_filters_that_they_do_not_set(poor_models: Path) -> None:
    app = open_page("errors", true="fear", order=RANKINGS["unsure"].title, n="12", page="2")
    app.switch_page(page("compare").script).run()
    app.selectbox(keys.CELL_TRUE).set_value("happy").run()
    app.selectbox(keys.CELL_PREDICTED).set_value("happy").run()
    app.button(keys.OPEN_CELL).click().run()
    pairs = resources.comparisons.rows("cnn", "catboost", "test")
    side = app.selectbox(keys.WHOSE_LABEL).value.lower()
    assert shown_ids(app) == errors.cell_images(pairs, "happy", "happy", side)["image_id"].tolist()
