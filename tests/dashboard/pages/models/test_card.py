"""The texts of a model's card on the Models page."""

from dataclasses import replace

import pandas as pd
import pytest

from core.benchmarks import robustness
from core.classifiers import loading
from core.classifiers.configs import field_descriptions
from core.classifiers.families import CLASSIFIERS
from core.data.store import current_import
from core.models import folders, store
from dashboard.pages.models import card as models_card
from tests.fixtures import models


def card_sections(name: str) -> str:
    return models_card.sections_text(store.read_card(name), store.read_history(name), robustness.read_robustness(name))


@pytest.mark.parametrize("name", folders.model_names())
def test_every_shipped_card_has_all_sections_and_counts_the_leaked_images(name):
    text = card_sections(name)
    for title in ("Intended use", "Not for", "Data", "Training", "Limits", "Demographics"):
        assert f"**{title}.**" in text
    assert "568 test images have an exact copy in Training" in text


def test_facts_about_fer2013_are_shown_only_for_models_trained_on_it(monkeypatch):
    card = store.read_card("cnn")
    assert "FER2013: 25,836 images of train and 2,873 of val" in models_card.data_text(card)
    limits = models_card.limits_text(card, None)
    assert "61.5 %" in limits and "Only 111 test images are labelled disgust" in limits

    other = replace(card, data_fingerprint="0123456789abcdef")
    assert "FER2013" not in models_card.sections_text(other, store.read_history("cnn"), None)
    assert "61.5 %" not in models_card.limits_text(other, None)


def test_a_card_says_that_val_of_the_data_set_in_use_may_have_been_learnt(imported):
    models.write_model("first", skill=2)
    card = store.read_card("first")
    assert "it may have been trained on val images" in models_card.limits_text(card, None)
    known = replace(card, data_fingerprint=current_import().fingerprint)
    assert "val images" not in models_card.limits_text(known, None)


def test_the_corruption_with_the_lowest_mean_accuracy_is_named():
    table = pd.DataFrame(
        [("clean", 0.7), ("noise", 0.2), ("noise", 0.4), ("blur", 0.5), ("blur", 0.6)],
        columns=["corruption", "accuracy"],
    )
    text = models_card.weakness_text(table)
    assert text.startswith("The most harmful corruption is noise.")
    assert text.endswith("lowers the accuracy from 70.0 % to 30.0 %.")
    assert robustness.mean_accuracies(table).tolist() == pytest.approx([0.3, 0.55])
    assert models_card.weakness_text(None) == ""


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_every_hyperparameter_of_configs_and_cards_has_a_meaning(family):
    config = CLASSIFIERS[family].config_type
    known = field_descriptions(config)
    leaves = [name for name in known if not any(other.startswith(f"{name}.") for other in known)]
    assert leaves and all(known[name].endswith(".") for name in leaves)
    for name in folders.model_names():
        card = store.read_card(name)
        if card.family == family:
            assert set(card.recipe) <= set(known)
            assert loading.hyperparameter_descriptions(card) == known
