"""Parts, flips, folds and their resumption, on faces that a classifier can tell apart."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.classifiers.base import Run
from core.classifiers.cnn.config import CnnConfig
from core.data.shipped import shipped_manifest
from core.data.store import required_import
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.training import cross_validation
from core.training.cross_validation import (
    FOLDS,
    PARTS,
    TrainingImages,
    assign_parts,
    cross_validate,
    finished_folds,
    flip_labels,
    rows_of_fold,
    training_images,
)
from core.training.recipes import RECIPES, Recipe
from tests.fixtures.learnable import COUNTS, import_learnable

TINY = Recipe("cnn", CnnConfig(blocks=((4,), (4,)), hidden=0, epochs=(2,), learning_rates=(0.01,), batch_size=32))


@pytest.fixture(scope="module")
def learnable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return import_learnable(tmp_path_factory.mktemp("learnable"))


@pytest.fixture
def images(learnable: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingImages:
    monkeypatch.setattr(paths, "DATA_DIR", learnable / "data")
    return training_images(required_import())


class Stopped(Exception):
    pass


class Steps:
    """Record the progress of a run, and stop it at one of its steps, as Ctrl+C would."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.seen: list[tuple[int, int]] = []
        self.stop_at = stop_at

    def __call__(self, done: int, total: int, metrics: dict[str, float]) -> None:
        self.seen.append((done, total))
        if done == self.stop_at:
            raise Stopped


def run_folds(images: TrainingImages, folder: Path, stop_at: int | None = None) -> tuple[np.ndarray, Steps]:
    folder.mkdir(exist_ok=True)
    steps = Steps(stop_at)
    return cross_validate("tiny", TINY, images, Run(folder, steps)), steps


def test_exact_copies_of_fer2013_are_in_the_same_part_and_each_emotion_is_spread_evenly():
    manifest = shipped_manifest()
    table = manifest[manifest["usage"] == "Training"].reset_index(drop=True)
    parts = assign_parts(table)
    assert len(parts) == 28_709 and set(parts) == set(range(PARTS))
    of_group = table.assign(part=parts).groupby("duplicate_group")["part"]
    assert (of_group.min() == of_group.max()).all()
    groups = table.assign(part=parts).drop_duplicates("duplicate_group")
    counts = pd.crosstab(groups["true_label"], groups["part"])
    assert (counts.max(axis=1) - counts.min(axis=1) <= 1).all()


def test_the_parts_do_not_depend_on_the_order_of_the_images():
    table = pd.DataFrame({"image_id": [f"train/sad/Training_{n}" for n in range(40)], "duplicate_group": range(40)})
    table["true_label"] = pd.Categorical(["sad", "happy"] * 20, list(EMOTIONS))
    shuffled = table.sample(frac=1, random_state=3)
    by_id = dict(zip(shuffled["image_id"], assign_parts(shuffled), strict=True))
    assert [by_id[image_id] for image_id in table["image_id"]] == assign_parts(table).tolist()
    assert Counter(assign_parts(table).tolist()) == dict.fromkeys(range(PARTS), 4)


def test_every_image_is_scored_once_by_a_fold_that_has_not_seen_its_part():
    parts = np.arange(40) % PARTS
    times_scored = np.zeros(40, int)
    for fold in range(FOLDS):
        scored, val, train = rows_of_fold(parts, fold)
        assert (scored.astype(int) + val + train == 1).all()
        assert (scored.sum(), val.sum(), train.sum()) == (8, 4, 28)
        times_scored += scored
    assert (times_scored == 1).all()


def test_the_flipped_share_gets_other_labels_that_the_seed_decides():
    labels = np.arange(7000) % 7
    flipped = flip_labels(labels, 0.05, seed=0)
    assert (flipped != labels).sum() == 350
    assert set(flipped) == set(range(7))
    np.testing.assert_array_equal(flipped, flip_labels(labels, 0.05, seed=0))
    assert ((flip_labels(labels, 0.05, seed=1) != labels) != (flipped != labels)).any()
    shifts = Counter(((flip_labels(labels, 1.0, seed=0) - labels) % 7).tolist())
    assert set(shifts) == {1, 2, 3, 4, 5, 6} and min(shifts.values()) > 1000
    np.testing.assert_array_equal(flip_labels(labels, 0.0, seed=0), labels)


def test_only_training_images_take_part_and_flips_are_known(images):
    assert len(images.image_ids) == len(images.faces) == 7 * COUNTS["Training"]
    assert images.image_ids.str.startswith("train/").all() and not images.is_flipped.any()
    flipped = training_images(required_import(), 0.25, seed=4)
    assert flipped.is_flipped.sum() == 42
    np.testing.assert_array_equal(flipped.true_labels, images.labels)
    np.testing.assert_array_equal(flipped.parts, images.parts)


def test_too_few_images_of_an_emotion_are_refused(imported):
    with pytest.raises(InputError, match=r"at least 10 different Training images of each emotion.* fewer of happy"):
        training_images(required_import())


def test_all_folds_run_and_no_fold_is_trained_on_what_it_scores(images, tmp_path, monkeypatch):
    fits = []
    fit = cross_validation.CLASSIFIERS["cnn"].load_class().fit

    def remember(self, train, val, run):
        fits.append((train, val))
        return fit(self, train, val, run)

    monkeypatch.setattr(cross_validation.CLASSIFIERS["cnn"].load_class(), "fit", remember)
    probabilities, steps = run_folds(images, tmp_path / "run")
    assert probabilities.shape == (168, 7) and probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert steps.seen == [(n, 2 * FOLDS) for n in range(1, 2 * FOLDS + 1)]
    assert len(fits) == FOLDS
    for fold, (train, val) in enumerate(fits):
        scored = {face.tobytes() for face in images.faces[images.parts // 2 == fold]}
        seen = {face.tobytes() for face in np.concatenate([train.faces, val.faces])}
        assert not scored & seen and len(scored) + len(seen) == 168
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [f"fold-{fold}.npy" for fold in range(FOLDS)]


def test_a_stopped_run_resumes_with_equal_results(images, tmp_path):
    whole, _ = run_folds(images, tmp_path / "whole")
    with pytest.raises(Stopped):
        run_folds(images, tmp_path / "stopped", stop_at=5)  # after the first epoch of the third fold
    count, found = finished_folds(images, tmp_path / "stopped")
    assert count == 2 and np.isfinite(found).all(axis=1).sum() == (images.parts < 4).sum()
    resumed, steps = run_folds(images, tmp_path / "stopped")
    assert steps.seen[0] == (6, 10)
    np.testing.assert_array_equal(resumed, whole)
    again, steps = run_folds(images, tmp_path / "stopped")
    assert steps.seen == []
    np.testing.assert_array_equal(again, whole)


@pytest.mark.parametrize("content", [b"", b"half", np.zeros(3).tobytes()])
def test_a_damaged_fold_is_refused_in_a_sentence(images, tmp_path, content):
    (tmp_path / "fold-0.npy").write_bytes(content)
    with pytest.raises(InputError, match=r"fold-0.npy is damaged.*delete it to compute this fold again"):
        run_folds(images, tmp_path)


def test_a_fold_of_other_images_is_refused(images, tmp_path):
    np.save(tmp_path / "fold-0.npy", np.full((3, 7), 1 / 7, np.float32))
    with pytest.raises(InputError, match="should hold 42 x 7 probabilities"):
        finished_folds(images, tmp_path)


@pytest.mark.parametrize("name", ["cnn", "cnn-teacher-3", "catboost-on-cnn"])
def test_recipes_that_learn_from_other_models_are_refused(name):
    with pytest.raises(InputError, match="which may know the labels of all images") as error:
        cross_validation.checked_recipe(name, RECIPES[name])
    assert len(str(error.value)) <= 300


def test_a_fit_on_val_is_refused():
    config = replace(TINY.config, fit_on="train+val")
    with pytest.raises(InputError, match="also fitted on val"):
        cross_validation.checked_recipe("tiny", TINY._replace(config=config, calibrated_by="cnn-student-2"))
