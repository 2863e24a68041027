"""Robustness and steadiness, measured on fake classifiers and by the commands; also damaged result files."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.benchmarks import robustness, steadiness
from core.benchmarks.corruptions import CORRUPTIONS
from core.classifiers.base import LabelledFaces
from core.emotions import EMOTIONS
from core.evaluation import intervals
from core.exceptions import InputError
from core.models import folders, store
from tests.core.commands.test_model_commands import SMALL
from tests.fixtures.fakes import FakeClassifier, bright_is_happy, one_hot

HAPPY = EMOTIONS.index("happy")
FACES = np.random.default_rng(0).integers(0, 256, (12, 48, 48), dtype=np.uint8)
ALL_HAPPY = LabelledFaces(FACES, np.full(12, HAPPY))


def test_a_model_with_constant_output_has_the_same_accuracy_under_every_corruption():
    table = robustness.measure(FakeClassifier(answer="happy"), ALL_HAPPY)
    assert table.columns.tolist() == robustness.COLUMNS
    assert len(table) == 1 + 5 * len(CORRUPTIONS)
    assert (table["accuracy"] == 1).all() and (table["n"] == 12).all()
    assert (table["low"] < 1).all()


@pytest.fixture(scope="module")
def brightness_table():
    """Return the robustness of a model that uses only brightness, measured on bright images."""
    bright = LabelledFaces(np.full((12, 48, 48), 160, np.uint8), np.full(12, HAPPY))
    return robustness.measure(FakeClassifier(answer=bright_is_happy), bright)


def test_a_model_that_uses_only_brightness_is_affected_by_brightness_but_not_by_blur(brightness_table):
    means = robustness.mean_accuracies(brightness_table)
    assert means["brightness"] < 1 and means["blur"] == 1


def test_summary_has_the_clean_accuracy_and_the_overall_mean_and_each_strength(brightness_table):
    summary = robustness.summary(brightness_table)
    assert summary.clean.accuracy == 1
    assert summary.mean == pytest.approx(robustness.mean_accuracies(brightness_table).mean())
    assert [row.strength for row in summary.corruptions["noise"].strengths] == [1, 2, 3, 4, 5]


def test_a_random_subset_is_repeatable_and_has_all_images_if_the_limit_is_none_or_above_their_number():
    subset = robustness.random_subset(ALL_HAPPY, 5)
    assert len(subset.labels) == 5
    assert np.array_equal(subset.faces, robustness.random_subset(ALL_HAPPY, 5).faces)
    assert (
        robustness.random_subset(ALL_HAPPY, 99) is ALL_HAPPY and robustness.random_subset(ALL_HAPPY, None) is ALL_HAPPY
    )


def test_a_model_with_constant_output_is_perfectly_steady():
    steady = steadiness.measure(FakeClassifier(answer="sad"), FACES)
    assert (steady.share, steady.high, steady.n, steady.draws) == (1, 1, 12, 8)
    assert steady.low == pytest.approx(0.7575, abs=1e-4)  # Wilson interval of 12 successes in 12 trials


def test_a_model_that_uses_one_pixel_is_not_perfectly_steady_and_only_the_seed_changes_the_result():
    model = FakeClassifier(answer=lambda face: one_hot("happy" if face[24, 24] > 127 else "sad"))
    measured = steadiness.measure(model, FACES)
    assert 0 < measured.low < measured.share < measured.high < 1
    assert steadiness.measure(model, FACES) == measured
    assert steadiness.measure(model, FACES, seed=1) != measured


def test_random_crops_differ_in_position_but_stay_within_the_largest_shift():
    dots = np.zeros((200, 48, 48), np.uint8)
    dots[:, 23:25, 23:25] = 255
    crops = steadiness.random_crops(dots, np.random.default_rng(0))
    y, x = np.array([np.unravel_index(crop.argmax(), crop.shape) for crop in crops]).T
    # The largest shift, plus a tolerance: argmax finds one pixel of the dot, which may lie beside the dot's centre.
    largest = 48 * 0.08 + 1.5
    assert abs(y - 23.5).max() <= largest and abs(x - 23.5).max() <= largest
    assert x.std() > 1 and y.std() > 1


def test_mean_with_interval_by_hand():
    mean, low, high = intervals.mean_with_interval(np.tile([0.25, 0.75], 50))
    assert mean == 0.5
    assert high - mean == pytest.approx(1.959964 * 0.25 * np.sqrt(100 / 99) / 10)
    assert low == pytest.approx(2 * mean - high)
    assert intervals.mean_with_interval(np.array([1.0])) == (1.0, 0.0, 1.0)
    assert intervals.mean_with_interval(np.ones(5)) == pytest.approx((1.0, 0.5655, 1.0), abs=1e-4)  # Wilson interval


@pytest.fixture
def trained(imported, capsys) -> str:
    """Train a small network on the imported data set and return its name."""
    assert main(["train", "cnn-seed", "--as", "small", *SMALL]) == 0
    capsys.readouterr()
    return "small"


def test_the_robustness_command_stores_what_it_prints_unless_it_used_a_subset_or_another_split(trained, capsys):
    assert robustness.read_robustness(trained) is None
    assert main(["robustness", trained, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    stored = robustness.read_robustness(trained)
    assert stored.columns.tolist() == robustness.COLUMNS
    assert printed["clean"]["n"] == stored["n"].iloc[0] == 28
    assert printed["mean"] == pytest.approx(robustness.mean_accuracies(stored).mean(), abs=1e-5)
    for options in (["--limit", "10"], ["--split", "val"]):
        assert main(["robustness", trained, *options]) == 0
        assert "Not stored" in capsys.readouterr().out
        assert (robustness.read_robustness(trained)["n"] == 28).all()


@pytest.mark.case("d1")
@pytest.mark.parametrize("command", ["robustness", "steadiness"])
def test_val_of_another_data_set_is_measured_with_a_warning(trained, capsys, command):
    card = store.read_card(trained)
    assert main([command, trained, "--split", "val"]) == 0
    assert "Warning" not in capsys.readouterr().err
    store.write_card(replace(card, data_fingerprint="0" * 16), paths.MODELS_DIR / trained)
    assert main([command, trained, "--split", "val"]) == 0
    assert f"Warning: The data set that {trained} was trained on is not here" in capsys.readouterr().err


def test_steadiness_on_val_is_not_stored(trained, capsys):
    assert main(["steadiness", trained, "--split", "val", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] > 0
    assert steadiness.read_steadiness(trained) is None


@pytest.mark.parametrize("command", ["robustness", "steadiness"])
def test_results_are_not_stored_if_the_model_was_trained_on_another_data_set(trained, capsys, command):
    card = store.read_card(trained)
    store.write_card(replace(card, data_fingerprint="0" * 16), paths.MODELS_DIR / trained)
    assert main([command, trained]) == 0
    assert "Not stored" in capsys.readouterr().out
    assert robustness.read_robustness(trained) is None and steadiness.read_steadiness(trained) is None


@pytest.mark.parametrize("command", ["robustness", "steadiness"])
def test_results_are_printed_even_if_they_cannot_be_stored(trained, capsys, monkeypatch, command):
    def refuse(self: Path, content: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert main([command, trained, "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["model"] == trained
    assert "Permission denied; check the permissions" in printed.err


@pytest.mark.parametrize("command", ["robustness", "steadiness"])
def test_val_is_refused_for_a_model_trained_on_it(trained, capsys, command):
    card = store.read_card(trained)
    store.update_model(replace(card, recipe=card.recipe | {"fit_on": "train+val"}), store.read_predictions(trained))
    assert main([command, trained, "--split", "val"]) == 1
    assert "was trained on the val images" in capsys.readouterr().err


def test_the_steadiness_command_stores_what_it_prints(trained, capsys):
    assert steadiness.read_steadiness(trained) is None
    assert main(["steadiness", trained, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("model") == trained
    assert vars(steadiness.read_steadiness(trained)) == printed


@pytest.mark.parametrize("command", ["robustness", "steadiness"])
def test_an_unknown_model_gives_an_error_message(command, home, capsys):
    assert main([command, "nobody"]) == 1
    assert "unknown model 'nobody'" in capsys.readouterr().err


def test_the_error_for_a_damaged_file_names_the_command_that_measures_again(trained):
    (folders.model_folder(trained) / robustness.ROBUSTNESS).write_text("what,is\nthis,file\n")
    (folders.model_folder(trained) / steadiness.STEADINESS).write_text("{")
    with pytest.raises(InputError, match="core robustness small"):
        robustness.read_robustness(trained)
    with pytest.raises(InputError, match="core steadiness small"):
        steadiness.read_steadiness(trained)
