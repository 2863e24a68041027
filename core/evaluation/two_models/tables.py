"""Tables of two models' figures as texts, for page and report, and the sentences that explain them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.evaluation.curves import MACRO
from core.evaluation.two_models import wording
from core.evaluation.two_models.figures import Comparison, Figures
from core.models.card import Card
from core.models.scores import Scores

OUTCOMES = {
    (0, 0): ("Both right", "neither"),
    (0, 1): ("Only A right", "b_only"),
    (1, 0): ("Only B right", "a_only"),
    (1, 1): ("Both wrong", "both"),
}
"""Row and column in `comparison.agreement` -> title, and key in `core.evaluation.errors.WRONG_MODELS`."""


CLASSES_LEAD = (
    "Recall is the share of an emotion's images that are predicted as this emotion. Precision is the share of an "
    "emotion's predictions that are right. F1 is the harmonic mean of recall and precision. Brackets in the table and "
    "lines on the bars show 95 % intervals. Holm p is the p-value of McNemar's test on the emotion's images, corrected "
    "by Holm's method for the number of emotions that are tested."
)

RISK_LEAD = (
    "If only the most confident labels count, fewer images are answered (coverage), and fewer answers are wrong "
    "(risk). The area under the curve is the mean risk; lower is better. A large marker shows the threshold below "
    "which the pages for photos and the webcam call a label uncertain."
)

KAPPA_NOTE = (
    "Cohen's kappa between the labels of both models is {}: 0 is agreement by chance, 1 is perfect agreement. ECE, NLL "
    "and Brier score judge the probabilities; lower is better. Top-2: the true label is among the two most probable."
)


def figures_table(
    models: tuple[str, str], found: Comparison, figures: Figures, has_probabilities: Sequence[bool]
) -> pd.DataFrame:
    """Return one row per figure of the whole slice, with A, B, and A − B with its interval if there is one.

    Figures of the probabilities are dashes for models without probabilities.
    """
    a, b = (
        _figure_texts(*values) for values in zip(figures.scores, figures.top2_accuracy, has_probabilities, strict=True)
    )
    differences = {
        name: wording.points_with_interval(getattr(found.differences, field))
        for name, field in (
            ("Accuracy", "accuracy"),
            ("Macro-F1", "macro_f1"),
            ("Balanced accuracy", "balanced_accuracy"),
        )
    }
    column_a, column_b = (f"{side}: {name}" for side, name in zip("AB", models, strict=True))
    return pd.DataFrame(
        {
            "Figure": list(a),
            column_a: list(a.values()),
            column_b: list(b.values()),
            "A − B in points": [differences.get(name, "") for name in a],
        }
    )


def _figure_texts(scores: Scores, top2_accuracy: float, has_probabilities: bool) -> dict[str, str]:
    of_probabilities = {
        "Top-2 accuracy": wording.percent(top2_accuracy),
        "ECE": wording.number(scores.ece),
        "NLL": wording.number(scores.nll),
        "Brier score": wording.number(scores.brier),
    }
    return {
        "Accuracy": wording.percent_with_interval(scores.accuracy, scores.accuracy_ci),
        "Macro-F1": wording.number(scores.macro_f1),
        "Balanced accuracy": wording.percent(scores.balanced_accuracy),
        **(of_probabilities if has_probabilities else dict.fromkeys(of_probabilities, wording.DASH)),
    }


def per_class_table(found: Comparison, figures: Figures) -> pd.DataFrame:
    """Return one row per emotion: number of images, recall, precision and F1 of both models, and Holm's p-value.

    All of them have 95 % intervals, except the number of images and the p-value. The difference is that of the recalls.
    """
    rows = []
    for emotion in EMOTIONS:
        sides = [(side, _row_of(figures.classes, emotion, side)) for side in "AB"]
        p_holm = float(figures.recall_tests["p_holm"][emotion])
        rows.append(
            {
                "Emotion": emotion,
                "Images": f"{sides[0][1]['support']:,}",
                **{f"Recall {side}": _share(row, "recall") for side, row in sides},
                "Recall A − B": wording.points_with_interval(found.differences.recall[emotion]),
                "Holm p": wording.DASH if math.isnan(p_holm) else wording.p_value(p_holm).removeprefix("p = "),
                **{f"Precision {side}": _share(row, "precision") for side, row in sides},
                **{f"F1 {side}": _number(row, "f1") for side, row in sides},
            }
        )
    return pd.DataFrame(rows)


def _row_of(classes: pd.DataFrame, emotion: str, side: str) -> "pd.Series[Any]":
    """Return the row of `comparison.per_class_pair` of one emotion and model, "A" or "B"."""
    return classes[(classes["emotion"] == emotion) & (classes["model"] == side)].iloc[0]


def _share(row: "pd.Series[Any]", metric: str) -> str:
    return wording.percent_with_interval(row[metric], [row[f"{metric}_low"], row[f"{metric}_high"]])


def _number(row: "pd.Series[Any]", metric: str) -> str:
    if math.isnan(row[metric]) or math.isnan(row[f"{metric}_low"]):
        return wording.number(row[metric])
    return f"{row[metric]:.3f} ({row[f'{metric}_low']:.3f} to {row[f'{metric}_high']:.3f})"


def risk_table(areas: Mapping[str, float], thresholds: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per model: the area, and coverage and risk at its threshold, a `curves.Selection` or None."""
    return pd.DataFrame(
        [
            {
                "Model": name,
                "Area (mean risk)": wording.number(area),
                "Answered at its threshold": wording.percent(at.coverage if at else None),
                "Wrong among these": wording.percent(at.risk if at else None),
            }
            for (name, area), at in zip(areas.items(), thresholds.values(), strict=True)
        ]
    )


def areas_table(areas: Mapping[str, "pd.Series[float]"]) -> pd.DataFrame:
    """Return one row per model, with its area for each emotion and their mean. Undefined areas are dashes."""
    columns = [MACRO, *EMOTIONS]
    return pd.DataFrame(
        [{"Area": name, **{c: wording.number(float(values[c])) for c in columns}} for name, values in areas.items()]
    )


def finding(areas: Mapping[str, float], what: str) -> str:
    """Return the areas in words, such as "A: cnn 0.912, B: catboost 0.853 (area for fear)"."""
    return ", ".join(f"{name} {wording.number(area)}" for name, area in areas.items()) + f" ({what})"


def without_probabilities(cards: Sequence[Card]) -> str:
    """Say which models give labels only, so that figures of the confidence mean nothing; empty if none does."""
    names = [card.name for card in {card.name: card for card in cards}.values() if not card.has_probabilities]
    verb = "give" if len(names) > 1 else "gives"
    return f"{' and '.join(names)} {verb} labels only, without probabilities." if names else ""
