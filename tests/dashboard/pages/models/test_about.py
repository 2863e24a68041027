"""The notes on the chosen models, and which of them the models share."""

from dataclasses import replace

import pandas as pd
import pytest

from core.benchmarks import robustness
from core.data.store import current_import
from core.models import folders, store
from dashboard.pages.models import about, record
from tests.fixtures import models

NOTES = [
    {"Data": ["a", "b"], "Training": ["t"], "Limits": ["x", "y"]},
    {"Data": ["c", "b"], "Training": ["t"], "Limits": ["x"]},
]


def test_sentences_of_all_models_stand_once_and_the_others_in_the_columns() -> None:
    shared = about.common(NOTES)
    assert shared == {"Data": ["b"], "Limits": ["x"]}
    assert about.without(NOTES[0], shared) == {"Data": ["a"], "Training": ["t"], "Limits": ["y"]}
    assert about.without(NOTES[1], shared) == {"Data": ["c"], "Training": ["t"], "Limits": []}


def test_the_default_models_share_their_uses_limits_and_demographics() -> None:
    html = about.html([record.read("cnn"), record.read("catboost")])
    for text in (
        "Decisions about people",
        "Not measured: FER2013 has no labels of age",
        "FER2013&#x27;s labels are noisy",
    ):
        assert html.count(text) == 1
    assert "<h3>All of these models</h3>" in html and "<h3>cnn</h3>" in html and "<h3>catboost</h3>" in html
    assert html.count("The most harmful corruption is noise.") == 2  # with other numbers


def test_a_single_model_has_no_title_for_what_models_share() -> None:
    assert "All of these models" not in about.html([record.read("cnn")])


def test_the_corruption_with_the_lowest_mean_accuracy_is_named() -> None:
    table = pd.DataFrame(
        [("clean", 0.7), ("noise", 0.2), ("noise", 0.4), ("blur", 0.5), ("blur", 0.6)],
        columns=["corruption", "accuracy"],
    )
    text = record.weakness(table)
    assert text.startswith("The most harmful corruption is noise.")
    assert text.endswith("lowers the accuracy from 70.0 % to 30.0 %.")
    assert robustness.mean_accuracies(table).tolist() == pytest.approx([0.3, 0.55])
    assert record.weakness(None) == ""


def test_a_card_says_that_val_of_the_data_set_in_use_may_have_been_learnt(imported) -> None:
    models.write_model("first", skill=2)
    chosen = record.read("first")
    assert any("it may have been trained on val images" in sentence for sentence in chosen.notes()["Limits"])
    known = replace(chosen, card=replace(chosen.card, data_fingerprint=current_import().fingerprint))
    assert not any("val images" in sentence for sentence in known.notes()["Limits"])


@pytest.mark.parametrize("name", folders.model_names())
def test_every_shipped_model_has_notes(name: str) -> None:
    assert store.read_card(name).parameters.split(",")[0] in about.html([record.read(name)])
