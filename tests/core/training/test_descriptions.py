"""The sentences about a trained model."""

from dataclasses import replace

import pytest

from core.models import folders, store
from core.training.descriptions import describe_model, describe_training


def training(name: str) -> str:
    return describe_training(store.read_card(name), store.read_history(name))


@pytest.mark.parametrize("name", folders.model_names())
def test_the_kept_epoch_or_iteration_is_named(name):
    history = store.read_history(name)
    kept = history.loc[history["kept"] == 1, "step"].item()
    assert f"Kept: epoch {kept:,}." in training(name) or f"best accuracy on val: {kept:,}." in training(name)


def test_a_network_names_its_epochs_optimiser_and_augmentation():
    assert "90 epochs with adamw, cosine schedule, batch size 128; augmentation (flip, shift, scale" in training(
        "cnn-seed-balanced"
    )
    assert "class weights (balanced)" in training("cnn-seed-balanced")
    assert "15 epochs with adam, step schedule, batch size 64; no augmentation." in training("cnn-seed")


def test_a_student_names_its_start_its_teachers_and_its_final_weights():
    text = training("cnn")
    assert "Training starts from the weights of cnn-student-5." in text
    assert "80 % of each target is the mean prediction of cnn-teacher-1, cnn-student, " in text
    assert "The final weights are mixed: 50 % of cnn-student-5, the rest new." in text


def test_trees_name_their_number_and_depth():
    assert "Up to 300 trees of depth 5, learning rate 0.1." in training("catboost-seed")


def test_a_changed_recipe_is_called_changed_and_a_lost_one_has_no_description():
    card = store.read_card("cnn")
    assert describe_model(card).startswith("The default")
    assert describe_model(replace(card, name="mine")).startswith("Trained with a changed recipe.")
    assert describe_model(replace(card, recipe_name="gone")) == ""
