"""The Dataset page: counts, tabs, addresses, with and without imported images, upload, read-only deployment."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.data.store import current_import
from dashboard import keys
from dashboard.pages.dataset import counts
from dashboard.pages.dataset.gallery import facts as all_facts
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader("upload").set_value((name, data, "application/zip")).run()
    next(button for button in app.button if button.label == "Import").click().run()
    return app


def values(app: AppTest) -> dict[str, str]:
    """Return the choice of each count -> its number."""
    return dict(re.findall(r'data-choice="(\w+)" ><strong>([^<]*)</strong>', pressable_html(app)))


def test_without_images_the_classes_are_open_and_the_page_says_how_to_import(shipped: Path) -> None:
    app = open_page("dataset")
    text = page_text(app)
    assert "The images themselves are not imported" in text
    assert "python -m core import" in app.code[0].value
    assert "How many images" in text and "How light differs" not in text  # drawn when it is seen
    assert app.query_params == {}


def test_with_images_the_gallery_is_open_and_the_import_is_folded(imported: Path) -> None:
    app = open_page("dataset")
    assert "98 images" in page_text(app) and "How many images" not in page_text(app)
    assert "ferscope-grid" in pressable_html(app)
    assert [header.value for header in app.header] == ["Import another data set"]


def test_the_counts_are_those_of_the_data_set(
    imported: Path, with_near_copies: None, set_doubts: Callable[[bool], None]
) -> None:
    set_doubts(True)
    app = open_page("dataset")
    expected = {"all": "98", "smallest": "1.0 : 1", "across": "2", "near": "2", "doubtful": "4", "blank": "1"}
    assert values(app) == expected
    assert "in test, Training not scored" in pressable_html(app)


def test_what_is_not_known_is_a_dash(
    imported: Path, without_near_copies: None, set_doubts: Callable[[bool], None]
) -> None:
    set_doubts(False)
    app = open_page("dataset")
    assert (values(app)["near"], values(app)["doubtful"]) == ("–", "–")
    assert "not searched yet" in pressable_html(app)
    for kind, place in (("near", "searches for them"), ("doubtful", "how to get them")):
        assert place in open_page("dataset", fault=kind).info[0].value


def test_a_class_without_images_in_training_has_no_ratio(imported: Path) -> None:
    facts = all_facts.load()
    is_disgust = (facts.manifest["true_label"] == "disgust") & (facts.manifest["usage"] == "Training")
    found = counts.counts(facts._replace(manifest=facts.manifest[~is_disgust]))
    assert (found[1].value, found[1].note) == ("–", "a class has no images in Training")


@pytest.mark.parametrize(
    ("tab", "text"), [("classes", "How many images"), ("gallery", "98 images"), ("quality", "Copies and blank images")]
)
def test_a_link_opens_a_tab_and_stays_in_the_address(tab: str, text: str, imported: Path) -> None:
    app = open_page("dataset", tab=tab)
    assert text in page_text(app)
    assert app.query_params == ({} if tab == "gallery" else {"tab": tab})  # the default is left out


def test_an_unknown_tab_is_named_and_the_default_is_open(imported: Path) -> None:
    app = open_page("dataset", tab="class*es")
    assert "classes, gallery, quality, clean" in app.warning[0].value
    assert "98 images" in page_text(app) and app.query_params == {}


@pytest.mark.parametrize("query", [{"fault": "blank"}, {"emotion": "fear"}, {"split": "val"}, {"sorted": "dark"}])
def test_a_link_to_images_opens_the_gallery_even_without_an_import(query: dict[str, str], shipped: Path) -> None:
    app = open_page("dataset", **query)
    assert "ferscope-grid" in pressable_html(app)
    assert app.query_params == {**query, "tab": "gallery"}
    assert any("no images are imported" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("old", "kind"),
    [("Duplicates", "exact"), ("Leaks", "across"), ("Label conflicts", "conflicts"), ("Blanks", "blank")],
)
def test_links_of_older_versions_still_work(old: str, kind: str, imported: Path) -> None:
    app = open_page("dataset", fault=old)
    assert app.selectbox(keys.GALLERY_KIND).value == kind
    assert app.query_params == {"fault": kind} and not app.warning


def test_facts_about_fer2013_are_not_shown_for_another_data_set(imported: Path) -> None:
    text = page_text(open_page("dataset", tab="classes"))
    assert "FER2013: its classes" in text and "How the emotions look" in text
    manifest = imported / "data" / "manifest.parquet"
    # The shipped manifest lists FER2013. Without its first row, it differs from the imported data set.
    pd.read_parquet(manifest).iloc[1:].to_parquet(manifest)
    text = page_text(open_page("dataset", tab="classes"))
    assert "The imported data set: its classes" in text and "How the emotions look" not in text


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
