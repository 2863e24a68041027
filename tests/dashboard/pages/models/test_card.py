"""What a model's card says in words."""

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
    assert "568 test images have a copy in Training" in words
    history = store.read_history(name)
    assert f"Kept: {history.loc[history['kept'] == 1, 'step'].item():,}." in words


def test_a_network_says_how_it_was_trained():
    words = said("cnn-seed-balanced")
    assert "90 epochs with adamw, cosine schedule, batches of 128; augmented by flip, shift, scale" in words
    assert "classes weighted (balanced)" in words
    assert "15 epochs with adam, step schedule, batches of 64; not augmented." in said("cnn-seed")


def test_trees_say_how_they_were_grown():
    assert "Up to 300 trees of depth 5, learning rate 0.1;" in said("catboost-seed")


def test_the_worst_corruption_is_named():
    table = pd.DataFrame(
        [("clean", 0.7), ("noise", 0.2), ("noise", 0.4), ("blur", 0.5), ("blur", 0.6)],
        columns=["corruption", "accuracy"],
    )
    assert models_card.weakness_in_words(table).startswith("Weakest under noise: 30.0 % on average")
    assert "70.0 % without" in models_card.weakness_in_words(table)
    assert robustness.means(table).tolist() == pytest.approx([0.3, 0.55])
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
