"""Filter, rank and list the errors of two models.

`pairs` is always a table of `comparison.pair`. It has one row per image, with the columns `predicted_label_a`,
`confidence_a`, `p_<emotion>_a` and `correct_a` of model a, and the corresponding columns of model b.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.emotions import EMOTIONS
from core.exceptions import unknown_name

RowFilter = Callable[[pd.DataFrame], pd.Series]
"""pairs -> for each row, whether it is kept."""

RowValue = Callable[[pd.DataFrame, str], pd.Series]
"""pairs and "a" or "b" -> one number per row."""


@dataclass(frozen=True)
class WrongModels:
    """Which of the two models must be wrong, or right, in a row that is kept."""

    title: str
    """Name on screen and in the URL of the page."""
    rows: RowFilter


@dataclass(frozen=True)
class Ranking:
    """An order of errors."""

    title: str
    """Name on screen and in the URL of the page."""
    key: RowValue
    """Rows are sorted by this number, the smallest first."""


def _wrong_a(pairs: pd.DataFrame) -> pd.Series:
    return ~pairs["correct_a"]


def _wrong_b(pairs: pd.DataFrame) -> pd.Series:
    return ~pairs["correct_b"]


def _same_label(pairs: pd.DataFrame) -> pd.Series:
    """Return whether both models predict the same label, one boolean per row."""
    return pairs["predicted_label_a"].astype(str) == pairs["predicted_label_b"].astype(str)


WRONG_MODELS: dict[str, WrongModels] = {
    "any": WrongModels("A or B", lambda pairs: _wrong_a(pairs) | _wrong_b(pairs)),
    "a_only": WrongModels("only A", lambda pairs: _wrong_a(pairs) & pairs["correct_b"]),
    "b_only": WrongModels("only B", lambda pairs: _wrong_b(pairs) & pairs["correct_a"]),
    "both": WrongModels("both", lambda pairs: _wrong_a(pairs) & _wrong_b(pairs)),
    "both_same": WrongModels("both, same label", lambda pairs: _wrong_a(pairs) & _wrong_b(pairs) & _same_label(pairs)),
    "neither": WrongModels("neither", lambda pairs: ~_wrong_a(pairs) & ~_wrong_b(pairs)),
    "all": WrongModels("all images", lambda pairs: pd.Series(True, index=pairs.index)),
}


def self_confidence(pairs: pd.DataFrame, model: str = "a") -> pd.Series:
    """Return the predicted probability of the true label, 0..1, according to model "a" or "b"."""
    probabilities = pairs[[f"p_{emotion}_{model}" for emotion in EMOTIONS]].to_numpy()  # (n, 7)
    return pd.Series(probabilities[np.arange(len(pairs)), pairs["true_label"].cat.codes], index=pairs.index)


def confidence(pairs: pd.DataFrame, model: str = "a") -> pd.Series:
    """Return the confidence of model "a" or "b", 0..1."""
    return pairs[f"confidence_{model}"]


def value_of_wrong_model(value_of: RowValue, pairs: pd.DataFrame, model: str) -> pd.Series:
    """Return the value of `model` in rows where it is wrong, and the value of the other model in all other rows.

    `value_of` is a function such as `confidence`; `model` is "a" or "b".
    """
    other = "b" if model == "a" else "a"
    return value_of(pairs, model).where(~pairs[f"correct_{model}"], value_of(pairs, other))


RANKINGS: dict[str, Ranking] = {
    "confident": Ranking(
        "most confident error first", lambda pairs, model: -value_of_wrong_model(confidence, pairs, model)
    ),
    "unsure": Ranking(
        "least confident error first", lambda pairs, model: value_of_wrong_model(confidence, pairs, model)
    ),
    "self_confidence": Ranking(
        "true label least expected first", lambda pairs, model: value_of_wrong_model(self_confidence, pairs, model)
    ),
}


def filter_errors(
    pairs: pd.DataFrame,
    true_label: str | None = None,
    predicted_label: str | None = None,
    model: str = "a",
    wrong_models: str = "any",
) -> pd.DataFrame:
    """Return the rows in which the models of `wrong_models`, a key of `WRONG_MODELS`, are wrong.

    `predicted_label` is the label predicted by `model`, "a" or "b". A label of None matches every label. The result may
    be empty. Raises InputError for an unknown emotion, model or key.
    """
    _check("model", model, ("a", "b"))
    _check("choice of wrong models", wrong_models, WRONG_MODELS)
    rows = WRONG_MODELS[wrong_models].rows(pairs)
    if true_label is not None:
        _check("emotion", true_label, EMOTIONS)
        rows &= pairs["true_label"] == true_label
    if predicted_label is not None:
        _check("emotion", predicted_label, EMOTIONS)
        rows &= pairs[f"predicted_label_{model}"] == predicted_label
    return pairs[rows]


def rank_errors(pairs: pd.DataFrame, by: str = "confident", model: str = "a") -> pd.DataFrame:
    """Sort the rows by `by`, a key of `RANKINGS`, then by image_id.

    A row where `model` ("a" or "b") is wrong is ranked by the error of `model`, any other row by the error of the other
    model. Raises InputError for an unknown model or key.
    """
    _check("model", model, ("a", "b"))
    _check("ranking", by, RANKINGS)
    order = pd.DataFrame({"key": RANKINGS[by].key(pairs, model), "image_id": pairs["image_id"]})
    return pairs.loc[order.sort_values(["key", "image_id"]).index]


def error_list(pairs: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Return the table for download as CSV: image_id, usage, true_label, and both models' names and predictions.

    `a` and `b` are the names of the models.
    """
    columns = [
        f"{column}_{model}"
        for model in ("a", "b")
        for column in ("predicted_label", "confidence", *(f"p_{emotion}" for emotion in EMOTIONS))
    ]
    images = pairs[["image_id", "usage", "true_label"]].assign(model_a=a, model_b=b)
    return images.join(pairs[columns]).reset_index(drop=True)


def cell_images(pairs: pd.DataFrame, true_label: str, predicted_label: str, model: str) -> pd.DataFrame:
    """Return the images of one cell of the confusion matrix of model "a" or "b", the worst first.

    The most confident errors come first. On the diagonal, where the model is right, the images are sorted by the
    confidence of the other model. Raises InputError for an unknown emotion or model.
    """
    return rank_errors(filter_errors(pairs, true_label, predicted_label, model, "all"), "confident", model)


def _check(kind: str, name: str, known: tuple[str, ...] | dict[str, WrongModels] | dict[str, Ranking]) -> None:
    """Raise InputError if the name is unknown."""
    if name not in known:
        raise unknown_name(kind, name, known)
