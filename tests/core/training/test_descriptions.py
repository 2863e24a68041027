"""The sentences that describe a trained model and its training."""

from dataclasses import replace

import pytest

from core.models import folders, store
from core.training.descriptions import describe_model, describe_training


def training_text(name: str) -> str:
    return describe_training(store.read_card(name), store.read_history(name))


@pytest.mark.parametrize("name", folders.model_names())
def test_the_text_of_every_shipped_model_names_the_kept_epoch_or_number_of_trees(name):
    history = store.read_history(name)
    kept = history.loc[history["kept"] == 1, "step"].item()
    text = training_text(name)
    assert f"The weights of epoch {kept:,} were kept." in text or f"were removed, so {kept:,} remain." in text


def test_the_text_of_a_network_names_its_main_hyperparameters():
    text = training_text("cnn-seed-balanced")
    assert "90 epochs with adamw, cosine schedule, batch size 128; augmentation (flip, shift, scale" in text
    assert "class weights (balanced)" in text
    assert "15 epochs with adam, step schedule, batch size 64; no augmentation." in training_text("cnn-seed")


def test_the_text_of_a_student_names_its_initial_weights_and_its_teachers_and_its_final_weights():
    text = training_text("cnn")
    assert "Training starts from the weights of cnn-student-5." in text
    assert "80 % of each target is the mean prediction of the teachers (cnn-teacher-1, cnn-student, " in text
    assert "a weighted mean: 50 % weights from this training, 50 % weights of cnn-student-5." in text


def test_the_text_of_trees_names_their_maximum_number_and_their_depth_and_the_learning_rate():
    assert "Up to 300 trees of depth 5, learning rate 0.1." in training_text("catboost-seed")


def test_a_changed_recipe_is_marked_and_a_removed_recipe_has_no_description():
    card = store.read_card("cnn")
    assert describe_model(card).startswith("The default")
    same_recipe = replace(card, name="mine")
    assert describe_model(same_recipe).startswith("The default")
    changed_recipe = replace(card, recipe={**card.recipe, "seed": 99})
    assert describe_model(changed_recipe).startswith("Trained with a changed recipe.")
    assert describe_model(replace(card, recipe_name="gone")) == ""
