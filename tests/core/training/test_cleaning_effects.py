"""The comparison of models before and after cleaning, paired by seed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

from core import paths
from core.__main__ import main
from core.data.shipped import load_manifest, shipped_manifest
from core.evaluation.comparison import pair, paired_bootstrap
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import slice_rows
from core.exceptions import InputError
from core.models.store import read_card, write_card
from core.training import cleaning_effects
from tests.fixtures.models import pretend_trained_on_val, write_model

NAMES = ["a1", "a2", "a3", "b1", "b2", "b3"]


@pytest.fixture
def six(home):
    """Three models before and three after, on FER2013's manifest, the later ones a little better."""
    (paths.DATA_DIR / "manifest.parquet").write_bytes((paths.ROOT / "data" / "manifest.parquet").read_bytes())
    for number, name in enumerate(NAMES):
        write_model(name, skill=1.5 if name.startswith("a") else 1.6, seed=number)
    return NAMES[:3], NAMES[3:]


def test_differences_are_means_over_the_seeds_of_each_metric(six):
    found = {(effect.slice, effect.metric): effect for effect in cleaning_effects.effects(*six, resamples=50)}
    assert {name for name, _ in found} == {"val", "test", "leak_free"}
    manifest = load_manifest()
    for name, rows in (("val", manifest["split"] == "val"), ("test", manifest["split"] == "test")):
        expected = {"accuracy": [], "macro_f1": [], "balanced_accuracy": []}
        for model in NAMES:
            scored = scored_predictions(model, manifest[rows])
            true, predicted = scored["true_label"].astype(str), scored["predicted_label"].astype(str)
            expected["accuracy"].append(accuracy_score(true, predicted))
            expected["macro_f1"].append(f1_score(true, predicted, average="macro"))
            expected["balanced_accuracy"].append(balanced_accuracy_score(true, predicted))
        for metric, values in expected.items():
            effect, deltas = found[name, metric], np.subtract(values[3:], values[:3])
            assert effect.n == rows.sum()
            assert effect.before == pytest.approx(np.mean(values[:3]))
            assert effect.after == pytest.approx(np.mean(values[3:]))
            assert effect.deltas == pytest.approx(deltas)
            assert effect.delta == pytest.approx(deltas.mean())
            seeds = stats.ttest_1samp(deltas, 0).confidence_interval(0.95)
            assert (effect.low_seeds, effect.high_seeds) == pytest.approx((seeds.low, seeds.high))
    assert found["leak_free", "accuracy"].n == 6_610


def test_of_one_seed_the_interval_for_other_images_is_that_of_the_comparison_of_two_models(six):
    found = next(
        effect for effect in cleaning_effects.effects(["a1"], ["b1"]) if (effect.slice, effect.metric)[0] == "test"
    )
    scored_a, scored_b = (slice_rows(scored_predictions(name, shipped_manifest()), "test") for name in ("a1", "b1"))
    expected = paired_bootstrap(pair(scored_b, scored_a), resamples=4000).accuracy
    assert found.metric == "accuracy" and found.delta == pytest.approx(expected.delta)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.001)
    assert (found.low_seeds, found.high_seeds) == (None, None)


def test_more_seeds_narrow_the_interval_for_other_images(six):
    def width(effects: list[cleaning_effects.Effect]) -> float:
        return next(effect.high - effect.low for effect in effects if effect.slice == "test")

    one, three = cleaning_effects.effects(["a1"], ["b1"], 500), cleaning_effects.effects(*six, 500)
    # the made-up errors of different seeds are independent, so the width shrinks by the root of 3
    assert width(three) == pytest.approx(width(one) / 3**0.5, rel=0.15)


def test_the_command_prints_fractions_as_json_and_hundredths_in_the_table(six, capsys):
    before, after = six
    assert main(["cleaning", "--before", *before, "--after", *after, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 9
    assert list(rows[0]) == [
        "slice", "metric", "n", "before", "after", "delta", "low", "high", "low_seeds", "high_seeds", "deltas",
    ]  # fmt: skip
    assert rows[0]["low"] < rows[0]["delta"] < rows[0]["high"] and len(rows[0]["deltas"]) == 3
    assert main(["cleaning", "--before", *before, "--after", *after]) == 0
    text = capsys.readouterr().out
    assert "val (2,873)" in text and f"{100 * rows[0]['delta']:+.2f}" in text


def test_models_that_do_not_belong_together_are_refused(six):
    with pytest.raises(InputError, match="--before has 2 models and --after 1; name as many of both"):
        cleaning_effects.effects(["a1", "a2"], ["b1"])
    card = read_card("b1")
    write_card(replace(card, recipe=card.recipe | {"seed": 7}), paths.MODELS_DIR / "b1")
    with pytest.raises(InputError, match="a1 and b1 have other recipes or seeds"):
        cleaning_effects.effects(["a1"], ["b1"])


def test_models_that_were_trained_on_val_are_refused(six):
    for name in ("a1", "b1"):
        pretend_trained_on_val(name)
    with pytest.raises(InputError, match="a1 was trained on val"):
        cleaning_effects.effects(["a1"], ["b1"])
