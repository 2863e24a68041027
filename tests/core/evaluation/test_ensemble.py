"""Mean probabilities of several models: by hand and from the command line."""

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


def test_mean_over_the_common_images_by_hand():
    sure = [0.9, 0.1, 0, 0, 0, 0, 0]
    other = [0.2, 0.8, 0, 0, 0, 0, 0]
    mean = mean_predictions([predictions({"x": sure, "y": other}), predictions({"y": sure, "z": sure, "x": other})])
    assert mean["image_id"].tolist() == ["x", "y"]
    assert mean["p_angry"].tolist() == pytest.approx([0.55, 0.55])
    assert mean["predicted_label"].tolist() == ["angry", "angry"]
    assert mean["confidence"].tolist() == pytest.approx([0.55, 0.55])


def test_an_ensemble_of_one_model_equals_that_model():
    stored = store.read_predictions("cnn-seed")
    pd.testing.assert_frame_equal(mean_predictions([stored]), stored)


def test_models_without_a_common_image_raise_an_error():
    row = [1.0, 0, 0, 0, 0, 0, 0]
    with pytest.raises(InputError, match="no predicted image in common"):
        mean_predictions([predictions({"x": row}), predictions({"y": row})])


def test_the_evaluate_command_accepts_several_models(capsys):
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
