"""The filters of the Errors page: the sentence, and the rows that it stands for."""

from dataclasses import replace

import pandas as pd
import pytest

from core.evaluation.errors import RANKINGS, WRONG_MODELS
from dashboard.pages.errors.filter import ErrorFilter

EVERYTHING = ErrorFilter(("cnn", "catboost"), "test", None, None, "a", "any", "confident")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "A or B wrong"),
        ({"wrong_models": "a_only", "slice_name": "leak_free"}, "only A wrong · without exact copies"),
        ({"wrong_models": "neither"}, "neither wrong"),
        ({"wrong_models": "both_same"}, "both, same label and wrong"),
        ({"wrong_models": "all"}, "all images right or wrong"),
        ({"slice_name": "private,dark"}, "A or B wrong · PrivateTest · Dark"),
        (
            {"true_label": "fear", "predicted_label": "sad", "model": "b"},
            "A or B wrong · true label fear · predicted sad by B",
        ),
    ],
)
def test_the_choice_reads_as_a_sentence(changes: dict[str, str], sentence: str) -> None:
    assert replace(EVERYTHING, **changes).sentence() == f"{sentence} · most confident error first"


@pytest.mark.parametrize("wrong_models", WRONG_MODELS)
@pytest.mark.parametrize("order", RANKINGS)
def test_every_choice_has_a_sentence(wrong_models: str, order: str) -> None:
    sentence = replace(EVERYTHING, wrong_models=wrong_models, order=order).sentence()
    assert sentence.startswith(WRONG_MODELS[wrong_models].title)
    assert sentence.endswith(RANKINGS[order].title)


def pairs() -> pd.DataFrame:
    """Return three images: A is wrong on the first and the third, B on the second and the third."""
    labels = {"true_label": ["fear", "fear", "sad"], "predicted_label_a": ["sad", "fear", "happy"]}
    return pd.DataFrame(
        labels
        | {
            "image_id": ["1", "2", "3"],
            "predicted_label_b": ["fear", "angry", "happy"],
            "confidence_a": [0.5, 0.9, 0.8],
            "confidence_b": [0.4, 0.7, 0.6],
            "correct_a": [False, True, False],
            "correct_b": [True, False, False],
        }
    )


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, ["3", "2", "1"]),
        ({"order": "unsure"}, ["1", "2", "3"]),
        ({"wrong_models": "a_only"}, ["1"]),
        ({"wrong_models": "both_same"}, ["3"]),
        ({"wrong_models": "neither"}, []),
        ({"true_label": "fear"}, ["2", "1"]),
        ({"predicted_label": "fear"}, ["2"]),
        ({"predicted_label": "fear", "model": "b"}, ["1"]),
        ({"model": "b"}, ["2", "3", "1"]),
    ],
)
def test_the_rows_are_those_of_the_choice_in_its_order(changes: dict[str, str], ids: list[str]) -> None:
    assert replace(EVERYTHING, **changes).rows(pairs())["image_id"].tolist() == ids
