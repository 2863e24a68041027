"""The Dataset page: with and without pictures, its upload, and a shared deployment."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data.issues import ISSUES
from core.data.store import current_import
from core.emotions import EMOTIONS
from dashboard.pages.dataset.charts import class_bars, class_boxes
from tests.dashboard.pages.visiting import open_page, said


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader("upload").set_value((name, data, "application/zip")).run()
    next(button for button in app.button if button.label == "Import").click().run()
    return app


def test_without_pictures_it_counts_and_says_how_to_get_them(shipped: Path) -> None:
    app = open_page("dataset")
    words = said(app)
    assert "no picture is imported" in words
    assert "python -m core import" in app.code[0].value
    assert "Class balance" in words


def test_with_pictures_it_shows_samples(imported: Path) -> None:
    app = open_page("dataset")
    assert "of the imported data set" in said(app)
    before = said(app)
    next(button for button in app.button if button.label == "Reshuffle").click().run()
    assert not app.exception
    assert said(app) != before


@pytest.mark.parametrize("kind", ISSUES)
def test_each_kind_of_fault_opens_into_its_images(imported: Path, kind: str) -> None:
    manifest = current_import().manifest()
    rows = ISSUES[kind].rows(manifest)
    app = open_page("dataset", fault=ISSUES[kind].title)
    assert {metric.label: metric.value for metric in app.metric}[ISSUES[kind].title] == f"{len(rows):,}"
    if len(rows):
        assert rows["image_id"].iloc[0] in said(app)
    else:
        assert "There is none" in said(app)


def test_a_good_zip_is_imported(shipped: Path, archive: Path) -> None:
    app = upload(open_page("dataset"), "archive.zip", archive.read_bytes())
    assert not app.exception
    assert "Imported" in app.success[0].value
    assert current_import() is not None


def test_a_bad_zip_is_a_sentence_and_changes_nothing(imported: Path) -> None:
    before = current_import()
    app = upload(open_page("dataset"), "archive.zip", b"not a zip at all")
    assert "neither a zip archive nor a CSV" in app.error[0].value
    assert current_import() == before


def test_a_shared_deployment_takes_no_upload(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    app = open_page("dataset")
    assert not app.file_uploader
    assert "cannot be changed from here" in said(app)


def test_bars_show_counts_or_shares(imported: Path) -> None:
    from core.data.balance import class_counts

    counts = class_counts(current_import().manifest())
    assert [trace.name for trace in class_bars(counts, shares=False).data] == ["train", "val", "test"]
    shares = class_bars(counts, shares=True).data[0].x
    assert np.isclose(sum(shares), 1)


def test_a_box_for_each_emotion(imported: Path) -> None:
    figure = class_boxes(current_import().manifest(), "brightness", "mean")
    assert [trace.name for trace in figure.data] == list(EMOTIONS)
