"""Predict every Training image with a model that was not trained on it or on its exact copies (cross-validation)."""

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import FitProgress
from core.classifiers.base import Classifier, LabelledFaces, Probabilities, Run
from core.classifiers.calibrated import apply_temperature
from core.classifiers.families import CLASSIFIERS
from core.data.store import Import
from core.emotions import EMOTIONS
from core.evaluation.calibration_fit import fit_temperature
from core.evaluation.predictions import predicted_probabilities
from core.exceptions import InputError
from core.training.checks import validated_recipe
from core.training.fold_files import fold_file, read_fold, write_fold
from core.training.recipes import Recipe, models_needed_to_fit
from core.vision.crops import Faces

FOLDS = 5

PARTS = 10
"""The Training images are dealt out to this many parts. A fold predicts two of them, and chooses its epoch and its
temperature on a third, so that it is trained on 70 % of the images."""

LabelIds = NDArray[np.int64]

Rows = NDArray[np.bool_]
"""(n,) which of the images."""


@dataclass(frozen=True, eq=False)
class TrainingImages:
    """The Training images of a data set, with the labels that the folds learn."""

    image_ids: "pd.Series[str]"
    faces: NDArray[np.uint8]
    """(n, 48, 48) uint8."""
    labels: LabelIds
    """(n,) class ids, some of which may have been flipped."""
    true_labels: LabelIds
    """(n,) class ids, as the data set has them."""
    parts: NDArray[np.int64]
    """(n,) from 0 to `PARTS` - 1. Exact copies are in the same part."""

    @property
    def is_flipped(self) -> Rows:
        """Whether the label was replaced by a wrong one, (n,) bool."""
        return np.asarray(self.labels != self.true_labels)


def training_images(data: Import, flip: float = 0.0, seed: int = 0) -> TrainingImages:
    """Return the Training images of an import (train and val). A share `flip` of them gets a random wrong label.

    Raises InputError if there are fewer than 10 groups of copies of any emotion, the least for `PARTS` parts.
    """
    manifest = data.manifest()
    rows = (manifest["usage"] == "Training").to_numpy()
    table = manifest[rows].reset_index(drop=True)
    parts, labels = assign_parts(table), table["true_label"].cat.codes.to_numpy().astype(np.int64)
    for emotion_id, emotion in enumerate(EMOTIONS):
        if len(set(parts[labels == emotion_id])) < PARTS:
            raise InputError(
                f"cross-validation needs at least {PARTS} different Training images of each emotion, and the data set "
                f"in use has fewer of {emotion}; import the whole of FER2013."
            )
    flipped = flip_labels(labels, flip, seed)
    return TrainingImages(table["image_id"], np.asarray(data.faces()[rows]), flipped, labels, parts)


def assign_parts(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the part of each image, (n,) int64. Each emotion is spread evenly; exact copies are in the same part.

    A hash of the image_ids decides, so the parts do not depend on any library's random generator. `table` needs the
    columns image_id, true_label and duplicate_group.
    """
    groups = table.groupby("duplicate_group").agg(image_id=("image_id", "min"), true_label=("true_label", "first"))
    groups["hash"] = [hashlib.sha256(f"parts:{image_id}".encode()).hexdigest() for image_id in groups["image_id"]]
    groups = groups.sort_values("hash")
    parts = groups.groupby("true_label", observed=True).cumcount() % PARTS
    return np.asarray(table["duplicate_group"].map(parts), np.int64)


def flip_labels(labels: LabelIds, share: float, seed: int) -> LabelIds:
    """Return the class ids, (n,), with a share of them replaced by one of the six others, each equally likely."""
    random = np.random.default_rng(seed)
    flipped = labels.copy()
    chosen = random.choice(len(labels), round(share * len(labels)), replace=False)
    flipped[chosen] = (labels[chosen] + random.integers(1, len(EMOTIONS), len(chosen))) % len(EMOTIONS)
    return flipped


def checked_recipe(name: str, recipe: Recipe) -> Recipe:
    """Return the recipe if its folds would be out of sample.

    Raises InputError for a recipe that learns from other models, because they may have learned the labels of all
    images, and for one that also fits on the images that choose its epoch and its temperature.
    """
    if needed := list(dict.fromkeys(models_needed_to_fit(recipe))):
        raise InputError(
            f"{name} learns from {', '.join(needed)}, which may know the labels of all images; cross-validate a "
            "recipe that is trained on labels alone, such as cnn-seed."
        )
    if getattr(recipe.config, "fit_on", "train") != "train":
        raise InputError(f"{name} is also fitted on val, which must choose the temperature; set fit_on to train.")
    return validated_recipe(recipe)


def cross_validate(recipe_name: str, recipe: Recipe, images: TrainingImages, run: Run) -> Probabilities:
    """Return the probabilities of every image, (n, 7) float32, by a model that saw neither it nor its exact copies.

    Five models are trained. Each is temperature-scaled on images that it was not trained on either, and reads each face
    and its mirror image. A stopped run resumes in `run.folder`: finished folds are read from there. Raises InputError
    as `checked_recipe`.
    """
    recipe = checked_recipe(recipe_name, recipe)
    probabilities = np.full((len(images.labels), len(EMOTIONS)), np.nan, np.float32)
    for fold in range(FOLDS):
        rows, _, _ = rows_of_fold(images.parts, fold)
        probabilities[rows] = _fold(recipe, images, fold, replace(run, on_progress=_progress_of(run.on_progress, fold)))
    return probabilities


def _fold(recipe: Recipe, images: TrainingImages, fold: int, run: Run) -> Probabilities:
    """Return the calibrated probabilities of the images of one fold, from its file if it is finished."""
    scored, val, train = rows_of_fold(images.parts, fold)
    file = fold_file(run.folder, fold)
    if file.is_file():
        return read_fold(file, int(scored.sum()))
    folder = run.folder / f"fold-{fold}"
    folder.mkdir(parents=True, exist_ok=True)
    classifier = CLASSIFIERS[recipe.family].load_class()(recipe.config)
    classifier.fit(_labelled(images, train), _labelled(images, val), replace(run, folder=folder))
    temperature = fit_temperature(_probabilities(classifier, images.faces[val]), images.labels[val])
    found = apply_temperature(_probabilities(classifier, images.faces[scored]), temperature)
    write_fold(file, np.asarray(found, np.float32))
    shutil.rmtree(folder, ignore_errors=True)  # its checkpoints are no longer needed
    return np.asarray(found, np.float32)


def _probabilities(classifier: Classifier, faces: Faces) -> Probabilities:
    """Return the mean of the probabilities of each face and of its mirror image, (n, 7): two readings err less."""
    readings = [predicted_probabilities(classifier, view) for view in (faces, faces[:, :, ::-1])]
    return np.asarray(np.mean(readings, axis=0))


def finished_folds(images: TrainingImages, folder: Path) -> tuple[int, Probabilities]:
    """Return how many folds of a run are finished, and the probabilities, (n, 7) float32; NaN in all other folds."""
    probabilities = np.full((len(images.labels), len(EMOTIONS)), np.nan, np.float32)
    finished = 0
    for fold in range(FOLDS):
        rows, _, _ = rows_of_fold(images.parts, fold)
        if (file := fold_file(folder, fold)).is_file():
            probabilities[rows] = read_fold(file, int(rows.sum()))
            finished += 1
    return finished, probabilities


def rows_of_fold(parts: NDArray[np.int64], fold: int) -> tuple[Rows, Rows, Rows]:
    """Return which images a fold predicts, chooses its epoch and temperature on, and is trained on, (n,) bool each."""
    per_fold = PARTS // FOLDS
    scored = parts // per_fold == fold
    val = parts == (fold + 1) * per_fold % PARTS
    return scored, val, ~scored & ~val


def _labelled(images: TrainingImages, rows: Rows) -> LabelledFaces:
    return LabelledFaces(images.faces[rows], images.labels[rows])


def _progress_of(on_progress: FitProgress, fold: int) -> FitProgress:
    """Return a callback that counts the steps of all folds together."""
    return lambda done, total, metrics: on_progress(fold * total + done, FOLDS * total, metrics)
