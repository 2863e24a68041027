"""`core compare`: its JSON and its tables, for our own models and for guests."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from core.__main__ import main
from core.data.shipped import load_manifest
from core.emotions import EMOTIONS
from core.evaluation.predictions import join_manifest, predictions_table, scored_predictions
from core.evaluation.slices import slice_rows
from core.exceptions import LONGEST_MESSAGE
from core.models import store
from core.review import store as review_store
from core.review.marks import Mark
from tests.fixtures.models import made_up_card, made_up_probabilities, write_model

FIELDS = ["a", "b", "slice", "n", "accuracy", "macro_f1", "mcnemar", "per_class", "confusion", "calibration"]
FURTHER_FIELDS = ["too_few", "balanced_accuracy", "kappa", "recall_tests", "confused_pairs", "ranking"]
FIVE = ["a", "b", "delta", "low", "high"]


@pytest.fixture
def models(shipped) -> None:
    """Two models of ours, and one of others that gives labels only, in a home without images."""
    write_model("good", skill=3.0, seed=1)
    write_model("poor", skill=0.5, seed=2)
    write_guest("labels", usage=None)


def write_guest(name: str, usage: str | None) -> None:
    """Write a guest that gives labels only, for the test images, or for those of one usage."""
    manifest = load_manifest()
    rows = manifest[manifest["split"] == "test"]
    if usage is not None:
        rows = rows[rows["usage"] == usage]
    labels = np.eye(7)[made_up_probabilities(rows, skill=2.0, seed=3).argmax(axis=1)]
    predictions = predictions_table(rows["image_id"], labels)
    card = replace(
        made_up_card(name, "predictions", manifest, join_manifest(predictions, manifest)),
        role="guest",
        recipe_name="predictions",
        recipe={"values": "labels"},
        weights_sha256="",
        ms_per_face=None,
        seconds=None,
    )
    store.write_guest(card, {}, predictions)


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["compare", *arguments, "--json"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return json.loads(output.out, parse_constant=pytest.fail)


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["compare", *arguments]) == 1
    output = capsys.readouterr()
    assert output.out == "" and output.err.count("\n") == 1 and len(output.err) <= LONGEST_MESSAGE + len("Error: \n")
    return output.err


@pytest.mark.parametrize("key", ["test", "not_blank,emotion:fear", "disagree"])
def test_the_json_has_the_figures_that_sklearn_computes(models, capsys, key):
    result = compared(capsys, "good", "poor", "--slice", key)
    assert list(result) == [*FIELDS, *FURTHER_FIELDS]
    assert (result["a"], result["b"], result["slice"]) == ("good", "poor", key)
    images = slice_rows(load_manifest(), key.replace("disagree", "test"))[["image_id"]]
    tables = [scored_predictions(name, load_manifest()).merge(images) for name in ("good", "poor")]
    if key == "disagree":
        is_kept = (tables[0]["predicted_label"] != tables[1]["predicted_label"]).to_numpy()
        tables = [table[is_kept] for table in tables]
    assert result["n"] == len(tables[0]) > 0
    true = tables[0]["true_label"].astype(str)
    labels = [table["predicted_label"].astype(str) for table in tables]
    for model, predicted in zip("ab", labels, strict=True):
        assert result["accuracy"][model] == pytest.approx(accuracy_score(true, predicted))
        assert result["confusion"][model] == confusion_matrix(true, predicted, labels=EMOTIONS).tolist()
        rows = precision_recall_fscore_support(true, predicted, labels=EMOTIONS, zero_division=np.nan)
        for metric, values in zip(("precision", "recall", "f1"), rows, strict=False):
            found = [result["per_class"][emotion][metric][model] for emotion in EMOTIONS]
            assert found == pytest.approx([None if np.isnan(value) else value for value in values])
    right = [(predicted == true).to_numpy() for predicted in labels]
    assert result["mcnemar"]["only_a"] == (right[0] & ~right[1]).sum()
    assert result["mcnemar"]["only_b"] == (right[1] & ~right[0]).sum()


def test_differences_are_those_of_a_minus_b_with_their_interval(models, capsys):
    result, swapped = compared(capsys, "good", "poor"), compared(capsys, "poor", "good")
    fives = [result["accuracy"], result["macro_f1"], result["balanced_accuracy"]]
    fives += [metric for metrics in result["per_class"].values() for metric in metrics.values()]
    for five in fives:
        assert list(five) == FIVE
        is_defined = None not in (five["a"], five["b"])
        assert five["delta"] == (pytest.approx(five["a"] - five["b"]) if is_defined else None)
        assert five["low"] is None or five["low"] <= five["delta"] <= five["high"]
    assert list(result["per_class"]) == list(EMOTIONS)
    assert result["accuracy"]["low"] > 0
    assert swapped["accuracy"]["delta"] == -result["accuracy"]["delta"]
    assert swapped["mcnemar"]["p_value"] == result["mcnemar"]["p_value"] < 0.001


def test_a_guest_that_gives_labels_only_has_null_instead_of_measures_of_confidence(models, capsys):
    result = compared(capsys, "good", "labels")
    assert result["calibration"]["b"] == {"ece": None, "nll": None, "brier": None}
    assert set(result["ranking"]["b"].values()) == {None}
    assert all(value > 0 for value in result["calibration"]["a"].values())
    assert 0 < result["ranking"]["a"]["top2_accuracy"] <= 1
    assert list(result["ranking"]["a"]["roc_auc"]) == [*EMOTIONS, "macro"]
    assert result["accuracy"]["b"] == store.read_card("labels").score("test").accuracy


def test_only_images_that_both_models_have_predicted_are_compared(models, capsys):
    write_guest("half", usage="PrivateTest")
    write_guest("other-half", usage="PublicTest")
    n = (load_manifest()["usage"] == "PrivateTest").sum()
    assert compared(capsys, "half", "good")["n"] == compared(capsys, "half", "good", "--slice", "private")["n"] == n
    message = "slice test has no image that both half and other-half have predicted; choose another slice."
    assert message in error_of(capsys, "half", "other-half")


def test_the_slice_of_marked_images_follows_the_marks_of_the_data_set_in_use(models, capsys):
    ids = load_manifest().set_index("split").loc["test", "image_id"].iloc[[0, 5, 9]].tolist()
    mark = Mark(ids[0], "ambiguous", None, "", "2026-01-01T00:00:00Z")
    review_store.add("fer2013", [replace(mark, image_id=image_id) for image_id in ids[:2]])
    review_store.add("fer2013", [replace(mark, kind="interesting"), replace(mark, image_id="train/sad/Training_0")])
    review_store.add("0123456789abcdef", [replace(mark, image_id=ids[2])])
    result = compared(capsys, "good", "poor", "--slice", "marked")
    assert (result["slice"], result["n"]) == ("marked", 2)
    assert compared(capsys, "good", "poor")["n"] == 28


def test_without_marks_the_slice_of_marked_images_is_empty(models, capsys):
    assert "slice marked has no image that both good and poor have predicted" in error_of(
        capsys, "good", "poor", "--slice", "marked"
    )


def test_a_model_equals_itself(models, capsys):
    result = compared(capsys, "good", "good")
    assert result["accuracy"]["delta"] == result["accuracy"]["low"] == result["accuracy"]["high"] == 0
    assert result["kappa"] == 1 and result["mcnemar"] == {"only_a": 0, "only_b": 0, "p_value": 1.0}
    assert main(["compare", "good", "good"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("A and B are the same model: ")


def test_few_images_have_no_intervals_in_the_table(models, capsys):
    assert main(["compare", "good", "poor"]) == 0
    output = capsys.readouterr().out
    rows = [line for line in output.splitlines() if "accuracy" in line or "macro-F1" in line]
    assert sum("(too few images)" in row for row in rows) == 3  # accuracy, macro-F1 and balanced accuracy
    assert "Too few images to say which model is more accurate: 28" in output


def test_the_names_of_slices_are_sorted_in_the_result(models, capsys):
    assert compared(capsys, "good", "poor", "--slice", " private, leak_free,test")["slice"] == "leak_free,private"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["good", "poor", "--slice", "leakfree"], "unknown slice 'leakfree'; choose from test, leak_free, public"),
        (["good", "por"], "unknown model 'por'; choose from good, poor, labels."),
        (["por", "good"], "unknown model 'por'"),
        (["good", "poor", "--slice", "public,private"], "slice public,private has no image that both good and poor"),
        (["good", "poor", "--slice", "x" * 10_000], "unknown slice 'xxx"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_a_bad_call_is_one_sentence(models, capsys, arguments, sentence, options):
    assert sentence in error_of(capsys, *arguments, *options)


def test_the_text_has_the_figures_and_ends_with_the_verdict(capsys):
    result = compared(capsys, "cnn", "cnn-seed")
    assert main(["compare", "cnn", "cnn-seed"]) == 0
    text = capsys.readouterr().out
    assert f"All test images, n = {result['n']:,}" in text
    accuracy, recall = result["accuracy"], result["per_class"]["sad"]["recall"]
    assert f"{recall['a']:.1%}" in text and f"{100 * recall['low']:+.1f} to {100 * recall['high']:+.1f}" in text
    assert text.splitlines()[-1] == (
        f"cnn beats cnn-seed: {100 * accuracy['a']:.1f} % against {100 * accuracy['b']:.1f} %, by "
        f"{100 * accuracy['delta']:.1f} points ({100 * accuracy['low']:.1f} to {100 * accuracy['high']:.1f})."
    )


def test_the_better_model_is_named_wherever_it_stands(capsys):
    assert main(["compare", "cnn-seed", "cnn"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("cnn beats cnn-seed: ")


def test_the_text_has_a_dash_for_measures_of_confidence_of_labels(models, capsys):
    assert main(["compare", "good", "labels"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in ("top-2 accuracy", "ECE", "NLL", "Brier", "area under"):
        (line,) = [line for line in lines if name in line]
        assert line.split("│")[3].strip() == "-"


def test_models_whose_accuracies_differ_by_chance_have_no_better_one(capsys):
    assert main(["compare", "cnn-student-2", "cnn-student"]) == 0
    assert "These images do not show which is more accurate: " in capsys.readouterr().out.splitlines()[-1]


def test_few_images_have_no_verdict_and_no_intervals_of_emotions(models, capsys):
    result = compared(capsys, "good", "poor")
    assert result["n"] < 30 and result["too_few"]
    assert result["per_class"]["happy"]["recall"]["low"] is None
    assert main(["compare", "good", "poor"]) == 0
    text = capsys.readouterr().out
    assert f"Too few images to say which model is more accurate: {result['n']}, at least 30 are needed." in text
    assert "(too few images)" in text
