"""The Dataset page: with and without imported images, upload, read-only deployment, charts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.data.issues import ISSUES
from core.data.store import current_import
from core.emotions import EMOTIONS
from dashboard import keys
from dashboard.pages.dataset import gallery
from dashboard.pages.dataset.charts import (
    balance_finding,
    class_bars,
    class_boxes,
    quantiles,
    spread_finding,
    spread_texts,
)
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader("upload").set_value((name, data, "application/zip")).run()
    next(button for button in app.button if button.label == "Import").click().run()
    return app


def test_without_images_the_page_shows_counts_and_import_commands(shipped: Path) -> None:
    app = open_page("dataset")
    text = page_text(app)
    assert "The images themselves are not imported" in text
    assert "python -m core import" in app.code[0].value
    assert "Class balance" in text


def test_facts_about_fer2013_are_not_shown_for_another_data_set(imported: Path) -> None:
    text = page_text(open_page("dataset"))
    assert "Explore FER2013" in text and "Mean faces" in text
    manifest = imported / "data" / "manifest.parquet"
    # The shipped manifest lists FER2013. Without its first row, it differs from the imported data set.
    pd.read_parquet(manifest).iloc[1:].to_parquet(manifest)
    text = page_text(open_page("dataset"))
    assert "Explore the imported data set" in text and "Mean faces" not in text


def test_reshuffle_shows_other_samples(imported: Path) -> None:
    app = open_page("dataset")
    before = pressable_html(app)
    assert "in the imported data set" in page_text(app)
    next(button for button in app.button if button.label == "Reshuffle").click().run()
    assert not app.exception
    assert pressable_html(app) != before


@pytest.mark.parametrize("name", ISSUES)
def test_each_issue_shows_its_count_and_its_images_or_a_message(imported: Path, name: str) -> None:
    manifest = current_import().manifest()
    rows = ISSUES[name].rows(manifest)
    app = open_page("dataset", **{keys.ISSUE: ISSUES[name].title})
    assert {metric.label: metric.value for metric in app.metric}[ISSUES[name].title] == f"{len(rows):,}"
    if len(rows):
        assert rows["image_id"].iloc[0] in pressable_html(app)
    else:
        assert "There are no such images" in page_text(app)


def test_a_link_opens_any_image_of_the_data_set_even_without_a_model(imported: Path) -> None:
    text = page_text(open_page("dataset", image="train/angry/Training_3"))
    assert text.count("labelled <strong>angry</strong>") == 1
    assert "Training, train" in text or "Training, val" in text


def test_a_link_opens_an_image_without_an_import(shipped: Path) -> None:
    text = page_text(open_page("dataset", image="train/angry/Training_3"))
    assert text.count("labelled <strong>angry</strong>") == 1


def test_an_unknown_image_in_a_link_is_named_once(imported: Path) -> None:
    app = open_page("dataset", image="train/angry/none")
    assert [warning.value for warning in app.warning if "train/angry/none" in warning.value] == [app.warning[0].value]


def test_a_press_on_a_face_of_another_list_closes_the_open_one(imported: Path) -> None:
    app = open_page("dataset", image="train/angry/Training_3")
    app.session_state[keys.GALLERY] = gallery.ISSUES_LIST
    assert page_text(app.run()).count("labelled <strong>angry</strong>") == 1


def test_upload_of_a_valid_zip_is_imported(shipped: Path, archive: Path) -> None:
    app = upload(open_page("dataset"), "archive.zip", archive.read_bytes())
    assert not app.exception
    assert "Imported" in app.success[0].value
    assert current_import() is not None


def test_upload_of_an_invalid_zip_shows_an_error_and_keeps_the_import(imported: Path) -> None:
    before = current_import()
    app = upload(open_page("dataset"), "archive.zip", b"not a zip at all")
    assert "is neither a zip or tar archive nor a CSV" in app.error[0].value
    assert current_import() == before


def test_read_only_deployment_has_a_message_but_no_upload(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    app = open_page("dataset")
    assert not app.file_uploader
    assert "cannot be changed from here" in page_text(app)


def test_class_bars_have_one_trace_per_split_and_the_shares_of_train_sum_to_100_percent(imported: Path) -> None:
    from core.data.balance import class_counts

    counts = class_counts(current_import().manifest())
    assert [trace.name for trace in class_bars(counts, shares=False).data] == ["train", "val", "test"]
    shares = class_bars(counts, shares=True).data[0].x
    assert np.isclose(sum(shares), 100)


def test_the_axis_of_the_class_bars_has_room_for_the_label_of_the_longest_bar() -> None:
    counts = pd.DataFrame({"train": [6494, 10], "val": [700, 2], "test": [1774, 3]}, index=["happy", "disgust"])
    assert class_bars(counts, shares=False).layout.xaxis.range[1] > 1.2 * 6494
    assert class_bars(counts * 0, shares=True).layout.xaxis.range[1] > 0


def test_the_finding_of_the_balance_names_the_largest_and_the_smallest_class() -> None:
    counts = pd.DataFrame({"train": [750, 250]}, index=["happy", "disgust"])
    assert balance_finding(counts) == (
        "In train, happy has the most images, 750 (75.0 %), and disgust the fewest, 250 (25.0 %)."
    )


def test_class_boxes_have_one_box_per_emotion(imported: Path) -> None:
    spread = quantiles(current_import().manifest(), "brightness")
    *boxes, tooltips = class_boxes(spread, "Brightness", "mean").data
    assert [box.name for box in boxes] == list(EMOTIONS)
    assert all(box.hoverinfo == "skip" for box in boxes)  # their five labels would cover one another
    assert list(tooltips.y) == list(EMOTIONS)


def test_quantiles_are_told_in_words_and_numbers_and_missing_emotions_are_left_out() -> None:
    rows = {"true_label": ["sad"] * 3 + ["happy"] * 3, "brightness": [10, 20, 30, 100, 110, 120]}
    spread = quantiles(pd.DataFrame(rows), "brightness")
    assert spread_finding(spread) == "happy has the highest median, 110, and sad the lowest, 20."
    texts = spread_texts(spread).set_index("Emotion")
    assert (texts.loc["sad", "median"], texts.loc["angry", "median"]) == ("20", "–")
    assert spread_finding(spread * float("nan")) == "There are no images."
