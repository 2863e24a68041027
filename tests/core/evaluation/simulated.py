"""Simulated predictions of two models, whose true metrics are known, with exact copies among the images."""

import numpy as np
import pandas as pd

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS

CLASS_SHARES = np.array([0.15, 0.06, 0.14, 0.25, 0.17, 0.14, 0.09])
COPIES = (1, 1, 2, 4)
"""Numbers of equal images, each equally likely."""


def label_probabilities(skill: float) -> np.ndarray:
    """Return the probabilities of the predicted labels given the true label, (7, 7); rows sum to 1."""
    noise = np.random.default_rng(3).uniform(0.2, 1.8, (7, 7))
    return skill * np.eye(7) + (1 - skill) * noise / noise.sum(axis=1, keepdims=True)


POPULATION = {"a": label_probabilities(0.6), "b": label_probabilities(0.5)}


def true_metrics(model: str) -> dict[str, np.ndarray]:
    """Return accuracy, macro-F1, and precision, recall and F1 of each emotion in the population, by formulas."""
    joint = CLASS_SHARES[:, None] * POPULATION[model]
    hits = joint.diagonal()
    precision, recall = hits / joint.sum(axis=0), hits / joint.sum(axis=1)
    f1 = 2 / (1 / precision + 1 / recall)
    return {"accuracy": hits.sum(), "macro_f1": f1.mean(), "precision": precision, "recall": recall, "f1": f1}


def simulated_pairs(images: int, generator: np.random.Generator) -> pd.DataFrame:
    """Return the columns that the bootstrap needs, for `images` different images and their copies.

    Half of the images are equally easy for both models, so that their predictions are correlated.
    """
    true = generator.choice(7, images, p=CLASS_SHARES)
    draws = generator.random((images, 2))
    draws[: images // 2, 1] = draws[: images // 2, 0]
    predicted = {
        model: (POPULATION[model].cumsum(axis=1)[true] < draws[:, [column]]).sum(axis=1).clip(max=6)
        for column, model in enumerate("ab")
    }
    rows = np.repeat(np.arange(images), generator.choice(COPIES, images))
    return table_of(true[rows], {model: labels[rows] for model, labels in predicted.items()}, rows)


def table_of(true: np.ndarray, predicted: dict[str, np.ndarray], groups: np.ndarray) -> pd.DataFrame:
    """Return a table of pairs from class ids, each (n,)."""
    pairs = pd.DataFrame(
        {"true_label": pd.Categorical.from_codes(true, dtype=EMOTION_DTYPE), "duplicate_group": groups}
    )
    for model, class_ids in predicted.items():
        pairs[f"predicted_label_{model}"] = pd.Categorical.from_codes(class_ids, dtype=EMOTION_DTYPE)
        pairs[f"correct_{model}"] = class_ids == true
    return pairs


def names(metric: str) -> list[str]:
    """Return the names of a metric in `bootstrap.METRICS`, one per emotion."""
    return [f"{metric}_{emotion}" for emotion in EMOTIONS]
