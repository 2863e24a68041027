"""The form that adds a guest: good files, proposals, errors, read-only deployments, and the removal of a guest."""

import errno
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.emotions import CSV_EMOTIONS
from core.exchange.guests import proposals
from core.models import store
from dashboard import keys, resources
from dashboard.pages.compare.guests import example, form, options
from tests.dashboard.pages.visiting import open_page, page_text, unescaped
from tests.fixtures.graphs import linear, weights
from tests.fixtures.guests import LABELS, csv_of, guest, write_guest

LABEL_COLUMNS = ("image_id", "predicted_label")


def open_form(**query: str) -> AppTest:
    """Open the Compare page with the section unfolded."""
    app = open_page("compare", **query)
    app.session_state[keys.per_item(keys.GUEST_FORM, "0")] = True
    app.run()
    assert not app.exception, app.exception
    return app


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key).click().run()
    assert not app.exception, app.exception
    return app


def add(app: AppTest, name: str, content: bytes) -> AppTest:
    return press(upload(app, name, content), keys.GUEST_ADD)


def kept() -> list[str]:
    folder = paths.MODELS_DIR / "guests"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def in_csv_order(skill: float = 9) -> bytes:
    """Return predictions with ids, whose columns have no names and stand in the order of fer2013.csv's classes."""
    table = guest("any", skill=skill).predictions
    columns = table[["image_id", *(f"p_{emotion}" for emotion in CSV_EMOTIONS)]]
    return columns.set_axis(["image_id", *map(str, range(7))], axis=1).to_csv(index=False).encode()


class TestGoodFiles:
    def test_a_csv_is_added_and_compared_at_once(self, models: Path) -> None:
        made = guest("any", skill=5)
        app = add(open_form(), "my net (2).csv", csv_of(made))
        assert app.selectbox(keys.MODEL_B).value == "my-net-2" and app.selectbox(keys.MODEL_A).value == "cnn"
        assert app.query_params["b"] == "my-net-2"
        accuracy = f"{100 * made.card.score('test').accuracy:.1f} %"
        assert f"**my-net-2** is model B now. It is right on {accuracy} of 28 test images." in app.success[0].value
        assert kept() == ["my-net-2"]

    def test_the_form_is_closed_and_empty_afterwards(self, models: Path) -> None:
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        assert not app.file_uploader
        app.session_state[keys.per_item(keys.GUEST_FORM, "1")] = True
        assert app.run().file_uploader[0].value is None

    def test_labels_alone_are_added_and_the_page_says_what_is_unknown(self, models: Path) -> None:
        app = add(open_form(), "labels.csv", csv_of(guest("any", LABELS), LABEL_COLUMNS))
        assert "labels only" in app.success[0].value
        assert not store.read_card("labels").has_probabilities

    def test_a_network_is_added_if_images_are_imported(self, models_and_faces: Path) -> None:
        app = add(open_form(), "net.onnx", linear(("n", 1, 48, 48), weights(48 * 48)))
        if app.warning:  # another reading of random weights may be better on 28 images
            app = press(app, keys.GUEST_AS_IT_IS)
        assert store.read_card("net").can_predict
        assert app.selectbox(keys.MODEL_B).value == "net"

    def test_the_example_itself_is_taken(self, models: Path) -> None:
        _, table = example.example()
        app = add(open_form(), "example.csv", table.to_csv(index=False).encode())
        assert app.selectbox(keys.MODEL_B).value == "example"

    def test_a_taken_name_gets_a_number(self, models: Path) -> None:
        write_guest("mine")
        app = upload(open_form(), "mine.csv", csv_of(guest("any")))
        assert app.text_input[0].value == "mine-2"

    def test_a_guest_can_be_added_if_there_is_no_model(self, shipped: Path) -> None:
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        assert app.selectbox(keys.MODEL_A).value == "mine"

    def test_options_are_used(self, models: Path) -> None:
        app = upload(open_form(), "mine.csv", in_csv_order())
        app.selectbox(keys.GUEST_CLASS_ORDER).set_value("csv").run()
        press(app, keys.GUEST_ADD)
        assert store.read_card("mine").score("test").accuracy == 1


class TestProposals:
    @pytest.fixture(autouse=True)
    def few_images_suffice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(proposals, "LARGEST_P_VALUE", 0.01)  # there are only 28 test images here

    def test_a_better_order_is_proposed_and_nothing_is_added(self, models: Path) -> None:
        app = add(open_form(), "mine.csv", in_csv_order())
        assert "With FER2013's CSV order of classes, accuracy is 100.0 % instead of" in app.warning[0].value
        assert kept() == [] and app.selectbox(keys.MODEL_B).value == "catboost"

    def test_use_this_takes_the_proposal(self, models: Path) -> None:
        app = press(add(open_form(), "mine.csv", in_csv_order()), keys.GUEST_TAKE)
        assert store.read_card("mine").score("test").accuracy == 1
        assert app.selectbox(keys.MODEL_B).value == "mine"

    def test_add_as_it_is_keeps_the_order_of_the_file(self, models: Path) -> None:
        app = press(add(open_form(), "mine.csv", in_csv_order()), keys.GUEST_AS_IT_IS)
        assert store.read_card("mine").score("test").accuracy == pytest.approx(4 / 7)  # three classes are swapped
        assert app.selectbox(keys.MODEL_B).value == "mine"

    def test_another_upload_or_name_drops_the_proposal(self, models: Path) -> None:
        app = add(open_form(), "mine.csv", in_csv_order())
        app.text_input[0].set_value("other").run()
        assert not app.warning
        app = add(open_form(), "mine.csv", in_csv_order())
        assert not upload(app, "second.csv", csv_of(guest("any"))).warning


BROKEN = {
    "empty.csv": b"",
    "text.csv": b"Dear all,\nthese are my predictions.\n",
    "model.h5": b"\x89HDF\r\n\x1a\n",
    "cut.parquet": b"PAR1",
    "net.onnx": b"not a graph",
    "net.pth": b"PK\x03\x04",
    "net.cbm": b"CBM1",
    "unknown.csv": b"image_id,label\nnobody.jpg,happy\n",
}


class TestErrors:
    @pytest.mark.parametrize("name", BROKEN)
    def test_a_broken_file_is_one_box_and_nothing_is_added(self, name: str, models_and_faces: Path) -> None:
        app = add(open_form(), name, BROKEN[name])
        assert len(app.error) == 1 and len(app.error[0].value) < 400
        assert kept() == []
        assert app.file_uploader[0].value is not None  # the visitor can correct the options

    @pytest.mark.parametrize("name", ["cnn", "guests", "../up", "a b"])
    def test_a_name_that_is_taken_or_odd_is_refused(self, name: str, models: Path) -> None:
        app = upload(open_form(), "mine.csv", csv_of(guest("any")))
        app.text_input[0].set_value(name).run()
        assert len(press(app, keys.GUEST_ADD).error) == 1
        assert kept() == []

    def test_a_wrong_option_is_a_sentence(self, models: Path) -> None:
        app = upload(open_form(), "mine.csv", csv_of(guest("any")))
        app.selectbox(keys.GUEST_CLASS_ORDER).set_value(options.OTHER_ORDER).run()
        app.text_input(keys.GUEST_CLASSES).set_value("happy,sad").run()
        assert "is no order of classes" in press(app, keys.GUEST_ADD).error[0].value

    def test_a_network_without_imported_images_is_a_sentence(self, models: Path) -> None:
        app = add(open_form(), "net.onnx", linear(("n", 1, 48, 48), weights(48 * 48)))
        assert "no data set is imported" in app.error[0].value

    def test_a_full_disk_is_a_sentence(self, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(store, "write_guest", fail)
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        assert "No space left on device" in app.error[0].value

    def test_a_name_taken_between_check_and_writing_is_a_sentence(
        self, models: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def read_slowly(*arguments: object) -> object:
            result = read(*arguments)
            write_guest("mine")  # another visitor was faster
            return result

        read = resources.guests.read
        monkeypatch.setattr(resources.guests, "read", read_slowly)
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        assert "taken by another guest" in unescaped(app.error[0].value)


class TestReadOnly:
    @pytest.fixture(autouse=True)
    def read_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")

    def test_a_guest_is_there_only_for_the_visit(self, models: Path) -> None:
        app = open_form()
        assert form.FOR_THE_VISIT in page_text(app)
        add(app, "mine.csv", csv_of(guest("any")))
        assert app.selectbox(keys.MODEL_B).value == "mine"
        assert form.FOR_THE_VISIT in app.success[0].value
        assert kept() == [] and resources.models.model_names() == ["cnn", "catboost"]

    def test_it_stands_on_the_other_pages_of_the_session(self, models: Path) -> None:
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        app.switch_page(str(paths.ROOT / "dashboard" / "pages" / "models" / "page.py")).run()
        assert any("Yours: mine" in option for option in app.multiselect(keys.MODELS).options)

    def test_it_can_be_removed_but_kept_guests_cannot(self, models: Path) -> None:
        write_guest("kept")
        app = add(open_form(), "mine.csv", csv_of(guest("any")))
        app.session_state[keys.per_item(keys.GUEST_FORM, "1")] = True
        app.run()
        removable = [button.label for button in app.button if button.label.startswith("Remove")]
        assert removable == ["Remove mine"]
        press(app, keys.per_item(keys.GUEST_REMOVE, "mine"))
        assert not any("mine" in option for option in app.selectbox(keys.MODEL_B).options)


def test_a_server_for_predictions_only_takes_no_models(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FERSCOPE_PREDICTIONS_ONLY", "1")
    app = open_form()
    assert form.PREDICTIONS in page_text(app) and form.MODELS not in page_text(app)
    assert "takes predictions, but no models" in add(app, "net.onnx", b"a graph").error[0].value
    assert kept() == []
    assert add(open_form(), "mine.csv", csv_of(guest("any"))).selectbox(keys.MODEL_B).value == "mine"


def test_the_option_of_a_visit_writes_nothing(models: Path) -> None:
    app = upload(open_form(), "mine.csv", csv_of(guest("any")))
    app.checkbox(keys.GUEST_FOR_VISIT).check().run()
    press(app, keys.GUEST_ADD)
    assert app.selectbox(keys.MODEL_B).value == "mine" and kept() == []


@pytest.mark.parametrize("side", [keys.MODEL_A, keys.MODEL_B])
def test_removing_a_chosen_guest_brings_the_default_models_back_without_an_error(side: str, models: Path) -> None:
    write_guest("mine")
    app = open_form(**{side: "mine"})
    assert app.selectbox(side).value == "mine"
    press(app, keys.per_item(keys.GUEST_REMOVE, "mine"))
    assert not app.error and kept() == []
    assert {app.selectbox(keys.MODEL_A).value, app.selectbox(keys.MODEL_B).value} == {"cnn", "catboost"}
    assert side not in app.query_params
    assert app.success[0].value == "**mine** was removed."


def test_the_first_view_says_what_is_taken_and_offers_an_example(models: Path) -> None:
    app = open_form()
    assert f"{form.PREDICTIONS} {form.MODELS}" in page_text(app)
    assert any(button.label == "Example to fill in (CSV)" for button in app.get("download_button"))


def test_the_example_has_each_test_image_once_in_the_order_of_the_folder(models: Path) -> None:
    order, table = example.example()
    manifest = resources.data.manifest()
    assert order == "imagefolder"
    assert set(table["image_id"]) == set(manifest.loc[manifest["split"] == "test", "image_id"])
    assert table["image_id"].tolist() == sorted(table["image_id"], key=lambda name: name.split("/"))
    assert isinstance(table, pd.DataFrame) and len(table) == table["image_id"].nunique() == 28
