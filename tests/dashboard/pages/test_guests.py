"""Every page with each kind of guest, kept or of this visit: nothing crashes, and the unknown is a dash."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.exchange.guests.guest import Guest
from dashboard import keys, resources
from dashboard.navigation import PAGES
from dashboard.resources import guests
from tests.dashboard.pages.visiting import open_page, open_with_consent, page_text, unescaped
from tests.fixtures.guests import KINDS, LABELS, MADE_UP, NETWORK, guest, write_guest

MODEL_SECTIONS = ("calibration", "robustness", "steadiness", "curves", "hyperparameters", "teaching", "provenance")


def visiting(*made: Guest) -> dict[str, guests.VisitingGuest]:
    """Return the session state of a visitor with these guests."""
    return {one.card.name: guests.VisitingGuest(one, ("test", one.card.name)) for one in made}


def open_as_visitor(url_path: str, *made: Guest, **query: str) -> AppTest:
    """Open a page in a session that has these guests of the visit."""
    app = open_with_consent(url_path, **query)
    app.session_state[keys.GUESTS_OF_VISIT] = visiting(*made)
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
@pytest.mark.parametrize("kind", KINDS)
class TestEveryPage:
    def test_opens_with_a_kept_guest_that_is_chosen(self, entry, kind: str, models: Path) -> None:
        write_guest("mine", kind)
        app = open_with_consent(entry.url_path, b="mine", models=["mine", "cnn"])
        assert app.title and not app.error

    def test_opens_with_a_guest_of_the_visit(self, entry, kind: str, models: Path) -> None:
        app = open_as_visitor(entry.url_path, guest("mine", kind))
        assert app.title and not app.error

    def test_opens_with_a_guest_and_no_model_of_ours(self, entry, kind: str, shipped: Path) -> None:
        write_guest("mine", kind)
        assert open_with_consent(entry.url_path).title


@pytest.mark.parametrize("kind", KINDS)
def test_models_page_shows_all_sections_of_a_guest_beside_one_of_ours(kind: str, models: Path) -> None:
    write_guest("mine", kind)
    app = open_page("models", models=["mine", "cnn"])
    for section in MODEL_SECTIONS:
        app.session_state[keys.per_item(keys.MODELS_SECTION, section)] = True
    app.run()
    assert not app.exception and not app.error
    text = page_text(app)
    assert text.count("How it was trained is unknown") == 1
    assert "0 images for training" not in text and "trained with the recipe onnx" not in text


def test_models_page_has_dashes_for_what_labels_and_predictions_do_not_have(models: Path) -> None:
    write_guest("labels", LABELS)
    text = page_text(open_page("models", models="labels"))
    rows = {part.split("<")[0]: part.split("</tr>")[0] for part in text.split("<summary>")[1:]}
    for label in ("ECE", "NLL", "Brier score", "Time per face", "Size of the weights", "Steadiness"):
        assert "<td>–" in rows[label], label
    assert "<td>–" not in rows["Macro-F1"]


def test_models_page_gives_no_commands_that_cannot_be_run(models: Path) -> None:
    write_guest("table")
    write_guest("network", NETWORK)
    app = open_page("models", models=["table", "network"])
    for section in ("calibration", "robustness", "steadiness"):
        app.session_state[keys.per_item(keys.MODELS_SECTION, section)] = True
    captions = [caption.value for caption in app.run().caption]
    assert any("python -m core robustness network" in caption for caption in captions)
    assert not any("python -m core robustness table" in caption for caption in captions)
    assert not any("calibrate" in caption for caption in captions)


def test_training_sections_are_not_there_for_guests_alone(models: Path) -> None:
    write_guest("network", NETWORK)
    titles = [expander.label for expander in open_page("models", models="network").expander]
    assert "Training curves" not in titles and "Provenance" in titles
    titles = [expander.label for expander in open_page("models", models=["network", "cnn"]).expander]
    assert "Training curves" in titles


def test_overview_lists_guests_and_draws_only_those_with_a_size(models: Path) -> None:
    write_guest("table")
    write_guest("network", NETWORK)
    text = page_text(open_page("overview"))
    assert '<th scope="row">Yours: table' in text and '<th scope="row">Yours: network' in text
    chart_table = next(part for part in text.split("<details") if "Numbers of this chart" in part)
    assert "network" in chart_table and "table<" not in chart_table


@pytest.mark.parametrize("url_path", ["compare", "errors", "models", "photo", "live"])
def test_pickers_name_guests_first_as_yours(url_path: str, models: Path) -> None:
    card = write_guest("network", NETWORK, skill=9)
    app = open_with_consent(url_path)
    picker = app.selectbox(keys.MODEL_A) if url_path in ("compare", "errors") else app.multiselect(keys.MODELS)
    assert picker.options[0] == f"Yours: network · {100 * card.score('test').accuracy:.1f} %"
    assert not picker.options[-1].startswith("Yours")


@pytest.mark.parametrize("url_path", ["photo", "live"])
class TestPagesThatPredict:
    def test_predictions_without_a_model_are_not_offered_and_a_caption_says_so(
        self, url_path: str, models: Path
    ) -> None:
        write_guest("table", MADE_UP)
        app = open_with_consent(url_path)
        assert not any("table" in option for option in app.multiselect(keys.MODELS).options)
        assert "because they are predictions without a model: table" in unescaped(page_text(app))

    def test_there_is_no_such_caption_without_such_guests(self, url_path: str, models: Path) -> None:
        write_guest("network", NETWORK)
        assert "Not offered here" not in page_text(open_with_consent(url_path))

    def test_a_link_to_predictions_falls_back_to_the_default_models(self, url_path: str, models: Path) -> None:
        write_guest("table", MADE_UP)
        app = open_with_consent(url_path, models="table")
        assert app.multiselect(keys.MODELS).value == ["cnn", "catboost"]
        assert "does not exist here" not in page_text(app)

    def test_a_network_of_the_visit_predicts(self, url_path: str, models: Path) -> None:
        app = open_as_visitor(url_path, guest("network", NETWORK), models="network")
        app.multiselect(keys.MODELS).set_value(["network"]).run()
        assert not app.exception and not app.error
        assert app.multiselect(keys.MODELS).value == ["network"]


def test_films_leave_out_guests_of_the_visit_with_a_sentence(models: Path) -> None:
    write_guest("kept", NETWORK)
    app = open_as_visitor("photo", guest("visitor", NETWORK), kind="Film")
    options = app.multiselect(keys.MODELS).options
    assert any("kept" in option for option in options) and not any("visitor" in option for option in options)
    assert "they are here only for this visit: visitor" in unescaped(page_text(app))


def test_another_session_does_not_see_a_guest_of_the_visit(models: Path) -> None:
    visitor = open_as_visitor("compare", guest("secret"))
    assert any("secret" in option for option in visitor.selectbox(keys.MODEL_B).options)
    other = open_page("compare", b="secret")
    assert not any("secret" in option for option in other.selectbox(keys.MODEL_B).options)
    assert "does not exist here" in page_text(other)


def test_two_sessions_have_different_guests_of_the_same_name(models: Path) -> None:
    first, second = guest("mine", skill=0), guest("mine", skill=9)
    texts = []
    for made in (first, second):
        app = open_with_consent("compare")
        app.session_state[keys.GUESTS_OF_VISIT] = {
            "mine": guests.VisitingGuest(made, ("of this visit", guests._digest(made)))
        }
        app.run()
        app.selectbox(keys.MODEL_B).set_value("mine").run()
        assert not app.exception
        texts.append(page_text(app))
    accuracies = [f"{100 * made.card.score('test').accuracy:.1f} %" for made in (first, second)]
    assert accuracies[0] in texts[0] and accuracies[1] in texts[1]
    assert resources.models.model_names() == ["cnn", "catboost"]
