"""The folded parts about one face of a photo: why each label, and the faces like it."""

import numpy as np
import pytest
import skimage.data
from streamlit.testing.v1 import AppTest

from core.classifiers.calibrated import Calibrated
from core.classifiers.cnn.classifier import Cnn
from core.data.importing import import_dataset
from core.exceptions import InputError
from core.vision.images import encode_png
from dashboard import keys, resources
from tests.dashboard.pages.photo.visiting import BLANK, clear_caches, open_page, page_text, upload
from tests.fixtures import synthetic
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.networks import write_network


class FakeNetwork(FakeClassifier):
    """A fake classifier that also has an embedding: the sums of the columns."""

    def embed(self, faces: np.ndarray) -> np.ndarray:
        return faces.astype(np.float32).sum(axis=1)


@pytest.fixture
def calibrated(models, monkeypatch):
    """The default models, wrapped as the loaded ones are."""
    write_network("cnn")
    labels = {"cnn": "happy", "catboost": "sad"}
    monkeypatch.setattr(
        resources.recognition, "load_classifier", lambda name: Calibrated(FakeNetwork(answer=labels[name]))
    )
    clear_caches()


@pytest.fixture
def with_images(calibrated, archive):
    import_dataset(archive)


def open_part(page: AppTest, key: str) -> AppTest:
    """Unfold a part. AppTest cannot click on an expander."""
    page.session_state[key] = True
    page.run()
    assert not page.exception
    return page


def test_the_parts_are_folded_and_compute_nothing_at_first(with_images, monkeypatch):
    monkeypatch.setattr(resources.attributions, "explain", lambda *_: pytest.fail("explained"))
    monkeypatch.setattr(resources.neighbours, "is_ready", lambda: pytest.fail("looked for similar faces"))
    page = open_page()
    assert not page.exception
    assert [part.label for part in page.expander if "th" in part.label] == ["Why this label", "Faces like this one"]


def test_why_shows_a_map_of_each_model_for_both_labels_and_names_the_method(calibrated):
    page = open_part(open_page(), keys.PHOTO_WHY)
    [html] = [block.proto.body for block in page.get("html") if "ferscope-why" in block.proto.body]
    assert html.count("<img") == 4 and html.count('alt="What speaks for') == 4
    assert "cnn: happy" in html and "catboost: sad" in html
    assert html.count("its label") == 2 and html.count("the other model's label") == 2
    assert html.count("Occlusion: ") == 2 and "docs/explanations.md" in html


def test_models_that_agree_have_one_map_each(calibrated, monkeypatch):
    monkeypatch.setattr(resources.recognition, "load_classifier", lambda _: Calibrated(FakeNetwork(answer="fear")))
    clear_caches()
    page = open_part(open_page(), keys.PHOTO_WHY)
    [html] = [block.proto.body for block in page.get("html") if "ferscope-why" in block.proto.body]
    assert html.count("<img") == 2 and "models single" in html


def test_an_explanation_that_fails_is_a_sentence_beside_the_other_model(calibrated, monkeypatch):
    explain = resources.attributions.explain

    def fail(model, *arguments):
        if model == "cnn":
            raise InputError("the model cannot predict <changed> faces.")
        return explain(model, *arguments)

    monkeypatch.setattr(resources.attributions, "explain", fail)
    text = page_text(open_part(open_page(), keys.PHOTO_WHY))
    assert "cannot predict &lt;changed&gt; faces" in text and "Occlusion" in text


def test_faces_like_this_one_come_after_a_click_with_labels_splits_and_both_predictions(with_images):
    page = open_part(open_page(), keys.PHOTO_SIMILAR)
    assert "compares all images of the data set, once" in page_text(page)
    page.button(key=keys.PHOTO_FIND).click().run()
    assert not page.exception and not page.error
    resources.neighbours.nearest(synthetic.draw_face(0))  # waits for the computation that the click has started
    page.run()
    [grid] = [block.proto.body for block in page.get("html") if "<figcaption><strong>labelled" in block.proto.body]
    assert grid.count("<figure") == 8 and grid.count("labelled") >= 8
    assert "cnn: " in grid and "catboost: " in grid  # some of the nearest are test images
    assert not [button for button in page.button if button.key == keys.PHOTO_FIND]


def test_an_uploaded_image_of_the_data_set_finds_itself_as_an_exact_copy(with_images):
    resources.neighbours.nearest(synthetic.draw_face(0))  # computes the index
    page = upload(open_page(), ("crop.png", encode_png(synthetic.images()[synthetic.BLANK])))
    page.toggle[0].set_value(True).run()
    text = page_text(open_part(page, keys.PHOTO_SIMILAR))
    assert "exact copy" in text and synthetic.BLANK in text


def test_without_images_a_sentence_says_how_to_bring_them(calibrated):
    page = open_part(open_page(), keys.PHOTO_SIMILAR)
    assert "Faces like this one cannot be shown" in page.info[0].value
    assert "python -m core import" in page.info[0].value


def test_without_a_default_network_a_sentence_says_so(with_images, monkeypatch):
    write_network("cnn", role="own")
    page = open_part(open_page(), keys.PHOTO_SIMILAR)
    assert "restore models/cnn" in page.error[0].value


def test_of_several_faces_the_visitor_chooses_one(calibrated, monkeypatch):
    chosen = []
    explain = resources.attributions.explain
    monkeypatch.setattr(
        resources.attributions, "explain", lambda model, face, *rest: chosen.append(face) or explain(model, face, *rest)
    )
    portrait = skimage.data.astronaut()[:256, 100:400]
    page = upload(open_page(), ("two.png", encode_png(np.hstack([portrait, np.fliplr(portrait)]))))
    open_part(page, keys.PHOTO_WHY)
    first = chosen[-1]
    [choice] = [group for group in page.button_group if group.label == "Look closer at face"]
    assert choice.options == ["1", "2"]
    choice.set_value(1).run()
    assert not page.exception and not np.array_equal(chosen[-1], first)


def test_a_photo_without_a_face_has_no_such_parts(calibrated):
    page = upload(open_page(), ("blank.png", BLANK))
    assert "Why this label" not in [part.label for part in page.expander]


def test_the_shipped_kind_of_network_is_explained_by_its_gradients(calibrated, monkeypatch):
    from core.classifiers.loading import load_trained

    network = load_trained("cnn").classifier
    assert isinstance(network, Cnn)
    monkeypatch.setattr(resources.recognition, "load_classifier", lambda _: Calibrated(network))
    clear_caches()
    assert "Integrated gradients" in page_text(open_part(open_page(), keys.PHOTO_WHY))
