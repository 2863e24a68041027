"""How faces are damaged, where the limits of quality are, and the command that measures them."""

import json

import cv2
import numpy as np
import pytest

from core.__main__ import main
from core.benchmarks import quality_limits
from core.benchmarks.quality_limits import (
    COLUMNS,
    DAMAGES,
    blurred,
    darkened,
    lower_limit,
    measure_limits,
    shrunk_to,
)
from core.classifiers.base import LabelledFaces
from core.vision.crops import crop_face
from core.vision.faces import whole_image
from core.vision.images import to_rgb
from tests.fixtures.models import pretend_trained_on_val
from tests.fixtures.synthetic import draw_face


@pytest.fixture
def faces() -> np.ndarray:
    return np.array([draw_face(seed) for seed in range(6)], np.uint8)


@pytest.fixture
def bins_of_100(monkeypatch):
    monkeypatch.setattr(quality_limits, "BIN_SIZE", 100)


def bins(*numbers_correct: int, size: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Return values and whether they are correct, in random order: bin 0 has values 0 to 1, bin 1 has 1 to 2 ...

    In each bin of `size` values, this many are correct.
    """
    values = np.arange(size * len(numbers_correct)) / size
    correct = np.concatenate([np.arange(size) < number for number in numbers_correct])
    order = np.random.default_rng(0).permutation(len(values))
    return values[order], correct[order]


def test_the_limit_is_the_end_of_the_last_bad_bin_from_the_lowest(bins_of_100):
    assert lower_limit(*bins(50, 60, 90, 90), promised=0.9) == 2
    assert lower_limit(*bins(50, 90, 90, 90), promised=0.9) == 1
    assert lower_limit(*bins(90, 90, 90, 90), promised=0.9) == 0


def test_a_bad_bin_above_a_good_one_does_not_count(bins_of_100):
    assert lower_limit(*bins(50, 90, 40, 90), promised=0.9) == 1
    assert lower_limit(*bins(90, 40, 40, 40), promised=0.9) == 0


def test_a_bin_is_bad_only_if_its_interval_is_below_the_promise(bins_of_100):
    assert lower_limit(*bins(85, 100), promised=0.9) == 0  # the interval of 85 in 100 ends above 90 %
    assert lower_limit(*bins(84, 100), promised=0.9) == 1  # that of 84 in 100 ends just below


def test_if_all_bins_are_bad_the_limit_is_the_highest_value(bins_of_100):
    assert lower_limit(*bins(10, 10), promised=0.9) == pytest.approx(1.99)


def test_equal_values_are_in_one_bin(bins_of_100):
    """150 faces at 20 pixels are mostly wrong, although the first 100 of them are right."""
    values = np.repeat([20.0, 30.0], 150)
    correct = np.concatenate([np.arange(150) < 100, np.ones(150)]).astype(bool)
    assert lower_limit(values, correct, promised=0.9) == 30


def test_without_values_there_is_no_limit(bins_of_100):
    assert lower_limit(np.empty(0), np.empty(0, bool), promised=0.9) == 0


def test_darkened_multiplies_the_gray_levels(faces):
    dark = darkened(faces, 0.25)
    assert dark.dtype == np.uint8
    np.testing.assert_allclose(dark, faces / 4, atol=0.5)


def test_blurred_keeps_the_brightness_and_lowers_the_contrast(faces):
    soft = blurred(faces, 2)
    assert soft.shape == faces.shape and soft.dtype == np.uint8
    np.testing.assert_allclose(soft.mean(axis=(1, 2)), faces.mean(axis=(1, 2)), atol=2)
    assert (soft.std(axis=(1, 2)) < faces.std(axis=(1, 2))).all()


@pytest.mark.parametrize("side", [12, 24, 46])
def test_shrunk_faces_are_enlarged_as_small_crops_are(faces, side):
    small = cv2.resize(faces[0], (side, side), interpolation=cv2.INTER_AREA)
    image = to_rgb(small)
    np.testing.assert_array_equal(shrunk_to(faces, side)[0], crop_face(image, whole_image(image)))


def test_each_damage_lowers_its_own_measure_from_level_to_level(faces):
    assert {damage.measure for damage in DAMAGES.values()} == {"brightness", "sharpness", "side"}
    for damage in DAMAGES.values():
        medians = [np.median(damage.measured(damage.apply(faces, level), level)) for level in damage.levels]
        assert np.all(np.diff(medians) < 0), damage.measure


class BreaksInTheDark:
    """Sure of every label, and right only if the face is bright. `uncertain_below` is its threshold."""

    uncertain_below = 0.5

    def predict_proba(self, faces: np.ndarray) -> np.ndarray:
        is_bright = faces.mean(axis=(1, 2)) > 60
        return np.where(is_bright[:, np.newaxis], np.eye(7)[1], np.eye(7)[2]).astype(np.float32)


class NeverSure(BreaksInTheDark):
    uncertain_below = 1.1


def labelled(count: int) -> LabelledFaces:
    """Return faces of noise with a mean gray level of 150, whose label is 1."""
    noise = np.random.default_rng(0).integers(100, 201, (count, 48, 48), np.uint8)
    return LabelledFaces(noise, np.ones(count, np.int64))


def test_the_limit_of_brightness_is_where_the_certain_labels_become_wrong(bins_of_100):
    done: list[tuple[int, int]] = []
    limits = measure_limits(BreaksInTheDark(), labelled(100), lambda *now: done.append(now))
    assert limits.promised == 1
    # At factors of 0.6 and 0.4, the mean is 90 and 60; at 0.3, it is 45.
    assert 59 < limits.limits["brightness"] < 91
    assert limits.limits["sharpness"] == limits.limits["side"] == 0
    assert tuple(limits.table.columns) == COLUMNS
    total = sum(len(damage.levels) for damage in DAMAGES.values())
    assert len(limits.table) == total and done == [(number, total) for number in range(1, total + 1)]
    dark = limits.table[limits.table["damage"] == "darkened"].set_index("level")
    assert dark["median"][0.6] == pytest.approx(90, abs=1)
    assert (dark["certain"] == 1).all()
    assert dark.loc[0.6, ["accuracy", "certain_accuracy"]].tolist() == [1, 1]
    assert dark.loc[0.1, ["accuracy", "certain_accuracy"]].tolist() == [0, 0]


def test_without_certain_labels_there_are_no_limits():
    limits = measure_limits(NeverSure(), labelled(3))
    assert limits.promised == 0 and set(limits.limits.values()) == {0}
    assert limits.table["certain"].eq(0).all() and limits.table["certain_accuracy"].isna().all()


@pytest.fixture
def small_model(imported):
    """A home with a tiny model `small`."""
    small = ("--set", "epochs=[1]", "--set", "learning_rates=[0.01]", "--set", "blocks=[[4],[8]]", "--set", "hidden=0")
    assert main(["train", "cnn-seed", "--as", "small", *small]) == 0


def test_the_command_prints_the_limits_as_text_and_as_json(small_model, capsys):
    capsys.readouterr()
    assert main(["limits", "small", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["model", "promised", "limits", "rows"]
    assert printed["model"] == "small" and 0 <= printed["promised"] <= 1
    assert list(printed["limits"]) == ["brightness", "sharpness", "side"]
    assert [tuple(row) for row in printed["rows"]] == [COLUMNS] * sum(len(one.levels) for one in DAMAGES.values())
    assert main(["limits", "small"]) == 0
    out = capsys.readouterr().out
    assert "of the certain labels are correct on the val images as they are" in out
    assert out.count("Certain labels break the promise if the") == 3
    assert "darkened" in out and "blurred" in out and "shrunk" in out


def test_the_command_refuses_a_model_that_was_trained_on_val(small_model, capsys):
    pretend_trained_on_val("small")
    assert main(["limits", "small"]) == 1
    assert "small was trained on val, on which limits are fitted; name another model" in capsys.readouterr().err


def test_the_command_refuses_an_unknown_model(home, capsys):
    assert main(["limits", "nothing"]) == 1
    assert "unknown model 'nothing'" in capsys.readouterr().err
