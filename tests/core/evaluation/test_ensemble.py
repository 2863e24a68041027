"""Mean probabilities of several models, computed by hand and by the command."""

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
    """Return a predictions table; `probabilities` maps image ids to seven probabilities."""
    return predictions_table(pd.Series(list(probabilities)), np.array(list(probabilities.values()), np.float32))


def test_mean_over_the_common_images_by_hand():
    angry = [0.9, 0.1, 0, 0, 0, 0, 0]
    disgust = [0.2, 0.8, 0, 0, 0, 0, 0]
    first, second = predictions({"x": angry, "y": disgust}), predictions({"y": angry, "z": angry, "x": disgust})
    mean = mean_predictions([first, second])
    assert mean["image_id"].tolist() == ["x", "y"]
    assert mean["p_angry"].tolist() == pytest.approx([0.55, 0.55])
    assert mean["predicted_label"].tolist() == ["angry", "angry"]
    assert mean["confidence"].tolist() == pytest.approx([0.55, 0.55])


def test_an_ensemble_of_one_model_has_the_predictions_of_that_model():
    stored = store.read_predictions("cnn-seed")
    pd.testing.assert_frame_equal(mean_predictions([stored]), stored)


def test_models_without_a_common_image_raise_an_error():
    row = [1.0, 0, 0, 0, 0, 0, 0]
    with pytest.raises(InputError, match="no predicted image in common"):
        mean_predictions([predictions({"x": row}), predictions({"y": row})])


def test_the_evaluate_command_measures_the_mean_probabilities_of_several_models(capsys):
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
