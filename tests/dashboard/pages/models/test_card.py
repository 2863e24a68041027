"""What a model's card says in words."""

from dataclasses import replace

import pandas as pd
import pytest

from core.benchmarks import robustness
from core.classifiers import loading
from core.classifiers.configs import meanings
from core.classifiers.families import CLASSIFIERS
from core.models import folders, store
from dashboard.pages.models import card as models_card


def said(name: str) -> str:
    return models_card.in_words(store.read_card(name), store.read_history(name), robustness.read_robustness(name))


@pytest.mark.parametrize("name", folders.model_names())
def test_every_shipped_card_has_all_its_entries(name):
    words = said(name)
    for entry in ("Intended use", "Not for", "Data", "Training", "Limits", "Demographics"):
        assert f"**{entry}.**" in words
    assert "568 test images have an exact copy in Training" in words


def test_facts_about_fer2013_stand_only_on_cards_of_models_trained_on_it(monkeypatch):
    card = store.read_card("cnn")
    assert "FER2013: 25,836 images of train and 2,873 of val" in models_card.data_in_words(card)
    limits = models_card.limits_in_words(card, None)
    assert "61.5 %" in limits and "Only 111 test images are labelled disgust" in limits

    other = replace(card, data_fingerprint="0123456789abcdef")
    assert "FER2013" not in models_card.in_words(other, store.read_history("cnn"), None)
    assert "61.5 %" not in models_card.limits_in_words(other, None)


def test_the_worst_corruption_is_named():
    table = pd.DataFrame(
        [("clean", 0.7), ("noise", 0.2), ("noise", 0.4), ("blur", 0.5), ("blur", 0.6)],
        columns=["corruption", "accuracy"],
    )
    assert models_card.weakness_in_words(table).startswith("Most sensitive to noise: accuracy 30.0 %")
    assert "instead of 70.0 %" in models_card.weakness_in_words(table)
    assert robustness.mean_accuracies(table).tolist() == pytest.approx([0.3, 0.55])
    assert models_card.weakness_in_words(None) == ""


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_every_hyperparameter_has_a_meaning(family):
    config = CLASSIFIERS[family].config_type
    known = meanings(config)
    leaves = [name for name in known if not any(other.startswith(f"{name}.") for other in known)]
    assert leaves and all(known[name].endswith(".") for name in leaves)
    for name in folders.model_names():
        card = store.read_card(name)
        if card.family == family:
            assert set(card.recipe) <= set(known)
            assert loading.meanings_of(card) == known
