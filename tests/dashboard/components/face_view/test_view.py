"""The view of one face: what it shows with and without imported images, and for every kind of model and image."""

from pathlib import Path

import pytest

from core.exceptions import InputError
from dashboard import keys, resources
from tests.dashboard.components.face_view.opening import (
    checked,
    html_of,
    list_of_test_images,
    open_view,
    opened,
    press,
)
from tests.fixtures.guests import LABELS, NETWORK, write_guest

TEST_IMAGE, TRAIN_IMAGE = "test/happy/PublicTest_0", "train/angry/Training_3"


def test_the_face_has_its_label_both_predictions_and_three_bars_each(models_and_faces: Path) -> None:
    html = html_of(open_view(TEST_IMAGE))
    assert "labelled <strong>happy</strong>" in html
    assert html.count('class="face"') == 1 and 'alt="Face labelled happy. cnn predicts' in html
    assert html.count('<div class="model">A: cnn</div>') == 2  # the longest bars, and all seven
    upper = html.split("<details>")[0]
    assert upper.count('class="ferscope-bar') - upper.count('class="ferscope-bars') == 6


def test_without_an_import_there_are_predictions_and_facts_and_sentences_in_place_of_pictures(models: Path) -> None:
    html = html_of(open_view(TEST_IMAGE))
    assert "<img" not in html
    assert "A: cnn" in html and "Brightness" in html
    assert "there is nothing to explain" in html
    assert "there are no faces to compare" in html


def test_brightness_contrast_and_sharpness_are_compared_with_the_test_images(models_and_faces: Path) -> None:
    manifest = resources.data.manifest()
    tests = manifest[manifest["split"] == "test"]
    darkest = tests.loc[tests["brightness"].idxmin()]
    others = (tests["brightness"] > darkest["brightness"]).mean()
    html = html_of(open_view(darkest["image_id"]))
    assert f"darker than {int(100 * others)} % of the test images" in html
    assert "than 100 %" not in html


def test_exact_copies_are_listed_with_their_labels_and_the_same_predictions(models_and_faces: Path) -> None:
    html = html_of(open_view("test/neutral/PrivateTest_1"))
    table = html[html.index("1 exact copy") :].split("</table>")[0]
    assert "train/surprise/Training_4" in table and "<strong>surprise</strong>, not neutral" in table
    said = resources.predictions.scored("cnn").set_index("image_id").loc["test/neutral/PrivateTest_1"]
    assert f"<td>{said['predicted_label']} {100 * said['confidence']:.0f} %</td>" in table
    assert "An exact copy is labelled surprise." in html.split("<h3>")[0]
    other = html_of(open_view(TEST_IMAGE))
    assert "No exact copy" in other and "An exact copy is" not in other


def test_guests_that_are_not_compared_have_a_row_each(models_and_faces: Path) -> None:
    write_guest("mine")
    write_guest("labels", LABELS)
    html = html_of(open_view(TEST_IMAGE))
    table = html[html.index("Your other models") :].split("</table>")[0]
    assert table.count("<tr>") == 3 and "mine" in table and "labels" in table
    assert "Your other models" not in html_of(open_view(TEST_IMAGE, models=("mine", "labels")))


def test_a_guest_of_labels_only_has_a_label_and_neither_bars_nor_a_confidence(models_and_faces: Path) -> None:
    write_guest("labels", LABELS)
    html = html_of(open_view(TEST_IMAGE, models=("cnn", "labels")))
    said = resources.predictions.scored("labels").set_index("image_id").loc[TEST_IMAGE, "predicted_label"]
    assert f"<span>B: labels</span> <strong>{said}</strong>" in html
    assert '<div class="model">B: labels</div>' not in html
    assert "It consists of predictions." in html


def test_a_guest_of_predictions_only_cannot_be_explained_nor_say_anything_about_other_images(
    models_and_faces: Path,
) -> None:
    write_guest("mine")
    assert "Only a model that can predict changed faces can be explained." in html_of(
        open_view(TEST_IMAGE, models=("mine", "cnn"))
    )
    assert "without a model it cannot make one" in html_of(open_view(TRAIN_IMAGE, models=("mine", "cnn")))


def test_an_image_of_training_is_predicted_now_and_the_view_says_so(models_and_faces: Path) -> None:
    html = html_of(open_view(TRAIN_IMAGE))
    assert html.count("<strong>happy ") == 2  # the answer of the fake classifier
    assert "Predicted now, because no prediction is stored for this image. It may have been among" in html
    assert "Predicted now" not in html_of(open_view(TEST_IMAGE))


def test_without_an_import_an_image_of_training_has_no_prediction_and_a_reason(models: Path) -> None:
    assert html_of(open_view(TRAIN_IMAGE)).count("cannot make one without its pixels") == 2


def test_a_model_that_cannot_be_loaded_gives_its_reason_in_place_of_a_prediction(
    models_and_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise InputError(f"{name} is damaged; restore <it>.")

    monkeypatch.setattr(resources.recognition, "load_classifier", fail)
    html = html_of(open_view(TRAIN_IMAGE))
    assert html.count("cnn is damaged; restore &lt;it&gt;.") == 2  # in place of the prediction, and of the reason


def test_without_models_there_are_facts(imported: Path) -> None:
    html = html_of(open_view(TEST_IMAGE, models=()))
    assert "Brightness" in html and "<h3>Why</h3>" not in html


def test_the_same_model_twice_is_shown_once(models_and_faces: Path) -> None:
    html = html_of(open_view(TEST_IMAGE, models=("cnn", "cnn")))
    assert "A: cnn" in html and "B: cnn" not in html


def test_previous_and_next_go_through_the_list_and_end_at_its_ends(models_and_faces: Path) -> None:
    ids = list_of_test_images()[:3]
    app = open_view(ids[0], ids=ids)
    assert "1 of 3" in html_of(app) and app.button(key=keys.FACE_PREVIOUS).disabled
    press(app, keys.FACE_NEXT)
    assert opened(app) == ids[1] and "2 of 3" in html_of(app)
    press(app, keys.FACE_NEXT)
    assert opened(app) == ids[2] and app.button(key=keys.FACE_NEXT).disabled
    press(app, keys.FACE_PREVIOUS)
    assert opened(app) == ids[1]


def test_each_of_several_quick_presses_goes_on_from_the_face_in_the_address(models_and_faces: Path) -> None:
    ids = list_of_test_images()[:4]
    app = open_view(ids[0], ids=ids)
    app.query_params[keys.IMAGE] = ids[1]  # the first press, whose face is not shown yet
    press(app, keys.FACE_NEXT)
    assert opened(app) == ids[2]


def test_close_takes_the_face_out_of_the_address(models_and_faces: Path) -> None:
    app = press(open_view(TEST_IMAGE), keys.FACE_CLOSE)
    assert opened(app) is None and app.markdown[0].value == "No face is open."


def test_from_a_face_that_is_not_in_the_list_a_button_leads_back_to_the_latest_one_that_is(
    models_and_faces: Path,
) -> None:
    ids = list_of_test_images()[:3]
    app = open_view(ids[1], ids=ids)
    app.query_params[keys.IMAGE] = TRAIN_IMAGE
    checked(app.run())
    assert "Not in this list" in html_of(app)
    press(app, keys.FACE_BACK)
    assert opened(app) == ids[1]
    assert keys.FACE_BACK not in [button.key for button in open_view(TRAIN_IMAGE, ids=ids).button]


def test_an_unknown_image_in_the_address_opens_nothing_and_says_so_without_formatting(models_and_faces: Path) -> None:
    app = open_view("test/*none*<b>")
    assert app.markdown[0].value == "No face is open."
    assert r"test/\*none\*\<b\>" in app.warning[0].value


def test_a_guest_with_a_network_is_explained_by_its_own_predictions(models_and_faces: Path) -> None:
    write_guest("network", NETWORK)
    html = html_of(open_view(TEST_IMAGE, models=("network", "cnn")))
    assert "What speaks for" in html and "in network" in html
