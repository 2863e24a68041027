"""The mean of several models' probabilities, by hand and from the command line."""

import json

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.data.shipped import load_manifest
from core.evaluation import scored_table, slices
from core.evaluation.ensemble import mean_predictions
from core.evaluation.predictions import join_manifest, predictions_table
from core.exceptions import InputError
from core.models import store


def predictions(probabilities: dict[str, list[float]]) -> pd.DataFrame:
    return predictions_table(pd.Series(list(probabilities)), np.array(list(probabilities.values()), np.float32))


def test_the_mean_by_hand_over_the_common_images():
    sure = [0.9, 0.1, 0, 0, 0, 0, 0]
    other = [0.2, 0.8, 0, 0, 0, 0, 0]
    mean = mean_predictions([predictions({"x": sure, "y": other}), predictions({"y": sure, "z": sure, "x": other})])
    assert mean["image_id"].tolist() == ["x", "y"]
    assert mean["p_angry"].tolist() == pytest.approx([0.55, 0.55])
    assert mean["predicted_label"].tolist() == ["angry", "angry"]
    assert mean["confidence"].tolist() == pytest.approx([0.55, 0.55])


def test_one_model_is_its_own_ensemble():
    stored = store.read_predictions("cnn-seed")
    pd.testing.assert_frame_equal(mean_predictions([stored]), stored)


def test_no_common_image_is_a_sentence():
    row = [1.0, 0, 0, 0, 0, 0, 0]
    with pytest.raises(InputError, match="no image in common"):
        mean_predictions([predictions({"x": row}), predictions({"y": row})])


def test_several_models_are_evaluated_as_one(capsys):
    names = ["cnn-seed", "cnn-teacher-1"]
    assert main(["evaluate", *names, "--stored", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["model"] == "cnn-seed + cnn-teacher-1"
    tables = [store.read_predictions(name).set_index("image_id").filter(like="p_") for name in names]
    mean = (tables[0] + tables[1].loc[tables[0].index]) / 2
    scored = join_manifest(predictions_table(mean.index.to_series(), mean.to_numpy()), load_manifest())
    test = slices.slice_rows(scored, "test")
    assert printed["slices"]["test"]["n"] == len(test) == 7178
    assert printed["slices"]["test"]["accuracy"] == pytest.approx(scored_table.correct(test).mean(), abs=1e-3)
