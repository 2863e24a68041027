"""Errors of two models: filter them by wrong model and label, rank them, and list them for download."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.evaluation import errors
from core.exceptions import InputError

LABELS = pd.CategoricalDtype(EMOTIONS, ordered=True)
# The images v to z: both models correct, only A wrong, only B wrong, both wrong, both wrong with the same label.
TRUE = ["happy", "fear", "fear", "sad", "sad"]
PREDICTED_A = ["happy", "sad", "fear", "angry", "fear"]
PREDICTED_B = ["happy", "fear", "sad", "happy", "fear"]
CONFIDENCE_A = [0.9, 0.5, 0.4, 0.8, 0.6]
CONFIDENCE_B = [0.4, 0.9, 0.8, 0.7, 0.5]


def probabilities(predicted: list[str], confidence: list[float], model: str) -> dict[str, list[float]]:
    """Give the predicted label its confidence, and the other labels equal shares of the rest."""
    return {
        f"p_{emotion}_{model}": [c if emotion == p else (1 - c) / 6 for p, c in zip(predicted, confidence, strict=True)]
        for emotion in EMOTIONS
    }


@pytest.fixture
def pairs() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "image_id": list("vwxyz"),
            "usage": "PublicTest",
            "true_label": pd.Series(TRUE, dtype=LABELS),
            "predicted_label_a": pd.Series(PREDICTED_A, dtype=LABELS),
            "confidence_a": CONFIDENCE_A,
            "predicted_label_b": pd.Series(PREDICTED_B, dtype=LABELS),
            "confidence_b": CONFIDENCE_B,
            **probabilities(PREDICTED_A, CONFIDENCE_A, "a"),
            **probabilities(PREDICTED_B, CONFIDENCE_B, "b"),
        }
    )
    return table.assign(
        correct_a=table["predicted_label_a"] == table["true_label"],
        correct_b=table["predicted_label_b"] == table["true_label"],
    )


def ids(table: pd.DataFrame) -> str:
    """Return the image ids, which are single letters, as one word."""
    return "".join(table["image_id"])


@pytest.mark.parametrize(
    ("wrong_models", "expected"),
    [
        ("any", "wxyz"),
        ("a_only", "w"),
        ("b_only", "x"),
        ("both", "yz"),
        ("both_same", "z"),
        ("neither", "v"),
        ("all", "vwxyz"),
    ],
)
def test_filter_by_wrong_models(pairs: pd.DataFrame, wrong_models: str, expected: str) -> None:
    assert ids(errors.filter_errors(pairs, wrong_models=wrong_models)) == expected


def test_every_key_of_wrong_models_is_tested_above() -> None:
    assert set(errors.WRONG_MODELS) == {"any", "a_only", "b_only", "both", "both_same", "neither", "all"}


def test_filter_by_true_label(pairs: pd.DataFrame) -> None:
    assert ids(errors.filter_errors(pairs, true_label="fear")) == "wx"


def test_filter_by_the_predicted_label_of_the_given_model(pairs: pd.DataFrame) -> None:
    assert ids(errors.filter_errors(pairs, "fear", "sad", model="a")) == "w"
    assert ids(errors.filter_errors(pairs, "fear", "sad", model="b")) == "x"


def test_filter_by_a_correct_predicted_label_keeps_errors_of_the_other_model(pairs: pd.DataFrame) -> None:
    assert ids(errors.filter_errors(pairs, "fear", "fear", model="a")) == "x"


def test_filters_that_match_no_error_give_empty_tables(pairs: pd.DataFrame) -> None:
    empty = errors.filter_errors(pairs, true_label="disgust")
    assert len(empty) == 0
    assert list(errors.rank_errors(empty).columns) == list(pairs.columns)
    assert len(errors.error_list(empty, "one", "two")) == 0


def test_a_model_compared_with_itself_is_never_the_only_wrong_one(pairs: pd.DataFrame) -> None:
    same = pairs.assign(predicted_label_b=pairs["predicted_label_a"], correct_b=pairs["correct_a"])
    assert ids(errors.filter_errors(same, wrong_models="a_only")) == ""
    assert ids(errors.filter_errors(same, wrong_models="both_same")) == "wyz"


@pytest.mark.parametrize(
    ("by", "model", "expected"),
    [
        # Confidence of the errors: w 0.5, y 0.8, z 0.6 for A, and x 0.8, y 0.7, z 0.5 for B.
        ("confident", "a", "xyzw"),
        ("confident", "b", "xywz"),
        ("unsure", "a", "wzxy"),
        # A wrong model gives the true label the probability (1 - confidence) / 6, so the order is that of "confident".
        ("self_confidence", "a", "xyzw"),
        ("self_confidence", "b", "xywz"),
    ],
)
def test_rank_errors_gives_the_expected_order(pairs: pd.DataFrame, by: str, model: str, expected: str) -> None:
    assert ids(errors.rank_errors(errors.filter_errors(pairs), by, model)) == expected


def test_rows_with_equal_ranking_values_are_sorted_by_image_id(pairs: pd.DataFrame) -> None:
    tied = pairs.assign(confidence_a=0.5, confidence_b=0.5).iloc[::-1]
    assert ids(errors.rank_errors(tied)) == "vwxyz"


def test_self_confidence_is_the_probability_of_the_true_label(pairs: pd.DataFrame) -> None:
    assert errors.self_confidence(pairs, "a").tolist() == pytest.approx([0.9, 0.5 / 6, 0.4, 0.2 / 6, 0.4 / 6])


def test_error_list_has_names_and_predictions_of_both_models(pairs: pd.DataFrame) -> None:
    table = errors.error_list(pairs.iloc[[3]], "one", "two")
    row = table.iloc[0]
    assert (row["image_id"], row["model_a"], row["model_b"]) == ("y", "one", "two")
    assert (row["predicted_label_a"], row["predicted_label_b"], row["p_angry_a"]) == ("angry", "happy", 0.8)
    assert len(table.columns) == 5 + 2 * 9  # per model: label, confidence and seven probabilities


@pytest.mark.parametrize(
    "choice", [{"wrong_models": "nobody"}, {"model": "c"}, {"true_label": "bored"}, {"predicted_label": "bored"}]
)
def test_unknown_names_raise_an_error_that_lists_the_known_ones(pairs: pd.DataFrame, choice: dict[str, str]) -> None:
    with pytest.raises(InputError, match="choose from"):
        errors.filter_errors(pairs, **choice)


def test_an_unknown_ranking_raises_an_error_that_lists_the_rankings(pairs: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="unknown ranking 'beauty'; choose from confident, unsure, self_confidence"):
        errors.rank_errors(pairs, "beauty")


def test_a_cell_has_exactly_its_images_with_the_most_confident_error_first(pairs: pd.DataFrame) -> None:
    more = pairs.assign(true_label=pairs["true_label"].where(pairs["image_id"] != "y", "fear"))
    more["predicted_label_a"] = pairs["predicted_label_a"].where(pairs["image_id"] != "y", "sad")
    assert ids(errors.cell_images(more, "fear", "sad", "a")) == "yw"
    assert ids(errors.cell_images(pairs, "fear", "sad", "b")) == "x"


def test_a_cell_on_the_diagonal_has_all_images_that_the_model_gets_right(pairs: pd.DataFrame) -> None:
    assert ids(errors.cell_images(pairs, "happy", "happy", "a")) == "v"
    assert ids(errors.cell_images(pairs, "fear", "fear", "a")) == "x"
