"""Scores, ranks and pairs, from tables whose answers are visible."""

import numpy as np
import pandas as pd
import pytest

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation.predictions import predictions_table
from core.review.doubts import DOUBTFUL_BELOW, doubt_pairs, doubt_table
from core.review.doubts.scores import COLUMNS, is_in_lowest


def scored(rows: list[tuple[str, str, dict[str, float]]]) -> pd.DataFrame:
    """Return a scored table of image ids, true labels and probabilities; emotions that are not named have 0."""
    probabilities = np.array([[named.get(emotion, 0.0) for emotion in EMOTIONS] for _, _, named in rows], np.float32)
    table = predictions_table(pd.Series([image_id for image_id, _, _ in rows]), probabilities)
    return table.assign(true_label=pd.Categorical([label for _, label, _ in rows], dtype=EMOTION_DTYPE))


TABLE = scored(
    [
        ("a", "fear", {"fear": 0.5, "sad": 0.25, "happy": 0.25}),
        ("b", "fear", {"fear": 0.03125, "sad": 0.96875}),
        ("c", "happy", {"happy": 0.25, "sad": 0.75}),
        ("d", "happy", {"happy": 0.015625, "neutral": 0.984375}),
        ("e", "happy", {"happy": 1.0}),
        ("g", "fear", {"fear": 0.03125, "sad": 0.75, "angry": 0.21875}),
        ("f", "fear", {"fear": 0.03125, "angry": 0.96875}),
    ]
)


def test_the_score_is_the_probability_of_the_label_and_the_smallest_comes_first():
    table = doubt_table(TABLE)
    assert tuple(table.columns) == COLUMNS
    assert table["image_id"].tolist() == ["d", "b", "f", "g", "c", "a", "e"]
    assert table["score"].tolist() == [0.015625, 0.03125, 0.03125, 0.03125, 0.25, 0.5, 1.0]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table["rank_in_class"].tolist() == [1, 1, 2, 3, 2, 4, 3]


def test_the_suggested_label_is_the_predicted_one_even_if_it_is_the_true_label():
    suggested = doubt_table(TABLE).set_index("image_id")["suggested_label"]
    assert suggested.astype(str).to_dict() == {
        "a": "fear", "b": "sad", "c": "sad", "d": "neutral", "e": "happy", "f": "angry", "g": "sad",
    }  # fmt: skip
    assert suggested.dtype == EMOTION_DTYPE


def test_below_the_limit_the_model_always_suggests_another_label():
    assert 1 / len(EMOTIONS) > DOUBTFUL_BELOW
    random = np.random.default_rng(0).dirichlet(np.full(7, 0.3), 2000)
    labels = np.random.default_rng(1).choice(EMOTIONS, 2000)
    pairs = enumerate(zip(labels, random, strict=True))
    rows = [(str(n), label, dict(zip(EMOTIONS, row, strict=True))) for n, (label, row) in pairs]
    table = doubt_table(scored(rows))
    doubtful = table[table["score"] < DOUBTFUL_BELOW]
    assert len(doubtful) > 100 and (doubtful["suggested_label"] != doubtful["true_label"]).all()


def test_pairs_count_only_doubtful_images_the_most_frequent_first():
    pairs = doubt_pairs(doubt_table(TABLE)).astype({"true_label": str, "suggested_label": str})
    assert pairs.to_dict("records") == [
        {"true_label": "fear", "suggested_label": "sad", "images": 2, "share_of_class": 0.5},
        {"true_label": "fear", "suggested_label": "angry", "images": 1, "share_of_class": 0.25},
        {"true_label": "happy", "suggested_label": "neutral", "images": 1, "share_of_class": pytest.approx(1 / 3)},
    ]
    wider = doubt_pairs(doubt_table(TABLE), below=0.6)
    assert wider["images"].sum() == 5  # "a" is predicted as labelled


def test_empty_tables_have_all_columns():
    empty = doubt_table(TABLE.iloc[:0])
    assert tuple(empty.columns) == COLUMNS and empty.empty
    assert doubt_pairs(empty).columns.tolist() == ["true_label", "suggested_label", "images", "share_of_class"]
    confident = doubt_pairs(doubt_table(TABLE[TABLE["image_id"] == "e"]))
    assert confident.empty


def test_the_lowest_tenth_of_twenty_ranks_are_two():
    ranks = pd.Series(range(1, 21))
    assert ranks[is_in_lowest(ranks, 20, 0.1)].tolist() == [1, 2]
    assert ranks[is_in_lowest(ranks, 25, 0.1)].tolist() == [1, 2, 3]
