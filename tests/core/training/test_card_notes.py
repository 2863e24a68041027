"""The notes of a model card."""

from dataclasses import replace

import pandas as pd
import pytest

from core.models import folders, store
from core.training import card_notes

TITLES = ["Intended use", "Not for", "Data", "Training", "Limits", "Demographics"]


@pytest.mark.parametrize("name", folders.model_names())
def test_every_shipped_card_has_all_notes_and_counts_the_leaked_images(name):
    notes = card_notes.notes(store.read_card(name), store.read_history(name), is_fer2013=True)
    assert list(notes) == TITLES and all(all(sentences) for sentences in notes.values())
    assert any("568 test images have an exact copy in Training" in sentence for sentence in notes["Data"])


def test_facts_about_fer2013_are_told_only_for_models_trained_on_it():
    card = store.read_card("cnn")
    assert "FER2013: 25,836 images of train and 2,873 of val" in card_notes.data_notes(card, True)[0]
    limits = " ".join(card_notes.limit_notes(card, True))
    assert "61.5 %" in limits and "Only 111 test images are labelled disgust" in limits

    other = replace(card, data_fingerprint="0123456789abcdef")
    text = str(card_notes.notes(other, store.read_history("cnn"), is_fer2013=False))
    assert "FER2013" not in text and "61.5 %" not in text
    assert "The data set 0123456789abcdef has no labels of age" in text


def test_copies_are_told_of_only_where_val_was_kept_apart():
    card = store.read_card("cnn-seed")
    assert card_notes.COPIES in card_notes.data_notes(card, True)
    both = replace(card, recipe=card.recipe | {"fit_on": "train+val"})
    assert card_notes.COPIES not in card_notes.data_notes(both, True)


def test_further_limits_are_added_and_a_card_without_scores_has_notes():
    card = replace(store.read_card("cnn"), scores={})
    notes = card_notes.notes(card, pd.DataFrame(), True, ["Beware of noise.", ""])
    assert notes["Limits"][-1] == "Beware of noise."
    assert not any("labelled disgust" in sentence for sentence in notes["Limits"])
