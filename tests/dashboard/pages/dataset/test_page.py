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
from dashboard.pages.dataset.charts import class_bars, class_boxes
from tests.dashboard.pages.visiting import open_page, page_text


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
    before = page_text(app)
    assert "in the imported data set" in before
    next(button for button in app.button if button.label == "Reshuffle").click().run()
    assert not app.exception
    assert page_text(app) != before


@pytest.mark.parametrize("name", ISSUES)
def test_each_issue_shows_its_count_and_its_images_or_a_message(imported: Path, name: str) -> None:
    manifest = current_import().manifest()
    rows = ISSUES[name].rows(manifest)
    app = open_page("dataset", **{keys.ISSUE: ISSUES[name].title})
    assert {metric.label: metric.value for metric in app.metric}[ISSUES[name].title] == f"{len(rows):,}"
    if len(rows):
        assert rows["image_id"].iloc[0] in page_text(app)
    else:
        assert "There are no such images" in page_text(app)


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


def test_class_bars_have_one_trace_per_split_and_the_shares_of_train_sum_to_one(imported: Path) -> None:
    from core.data.balance import class_counts

    counts = class_counts(current_import().manifest())
    assert [trace.name for trace in class_bars(counts, shares=False).data] == ["train", "val", "test"]
    shares = class_bars(counts, shares=True).data[0].x
    assert np.isclose(sum(shares), 1)


def test_class_boxes_have_one_box_per_emotion(imported: Path) -> None:
    figure = class_boxes(current_import().manifest(), "brightness", "mean")
    assert [trace.name for trace in figure.data] == list(EMOTIONS)
