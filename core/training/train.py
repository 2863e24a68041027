"""Train a model from a recipe: fit, predict val and test, calibrate, and write the model with its card."""

import math
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from core import paths
from core.callbacks import FitProgress
from core.classifiers.base import Classifier, Run, labelled_faces
from core.classifiers.calibrated import Calibrated
from core.classifiers.configs import as_json
from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_trained
from core.classifiers.speed import milliseconds_per_face
from core.data.store import Import, required_import
from core.emotions import EMOTIONS
from core.evaluation.calibration_fit import calibrate_on_val, change_temperature
from core.evaluation.predictions import join_manifest, predict
from core.evaluation.slices import summaries
from core.exceptions import InputError
from core.files import replace_file
from core.models.card import FACES_INPUT, Calibration, Card
from core.models.store import read_calibration, read_card, read_predictions, update_model, write_model
from core.runtime.distributed import SINGLE_PROCESS, Group
from core.runtime.machine import machine
from core.training.checks import check_name, check_resumable, check_val_is_unseen, validated_recipe
from core.training.recipes import Recipe

LIBRARIES = ("torch", "catboost", "numpy", "scikit-learn")


def train(
    name: str,
    recipe_name: str,
    recipe: Recipe,
    on_progress: FitProgress,
    group: Group = SINGLE_PROCESS,
    data: Import | None = None,
) -> Card | None:
    """Train a recipe on `data`, by default the import in use, write models/<name>/ and return the card.

    A stopped run resumes from its checkpoint in runs/<name>/. This folder is deleted at the end. If several processes
    train together, only process 0 writes files and returns the card; the others return None.

    Raises InputError if no data set is imported, if a check in `core.training.checks` fails, or if the group has
    several processes although the family can only be trained by one.
    """
    classifier_class = CLASSIFIERS[recipe.family].load_class()
    check_name(name)
    recipe = validated_recipe(recipe)
    classifier = classifier_class(recipe.config)
    if group.size > 1 and not classifier_class.data_parallel:
        raise InputError(
            f"{recipe_name} can only be trained by one process, not {group.size}; run `python -m core train`."
        )
    data = data or required_import()
    check_val_is_unseen(recipe, data, data.manifest())
    folder = paths.RUNS_DIR / name
    folder.mkdir(parents=True, exist_ok=True)
    is_resumed = check_resumable(folder, data.fingerprint, recipe, group)
    try:
        fitted = _fit(classifier, data, Run(folder, on_progress, group, load_trained))
    except InputError:
        # A refused recipe must not block its name. Checkpoints of a run that has begun are kept.
        if group.writes and not is_resumed and not any(folder.glob("epoch-*.json")):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if not group.writes:
        return None
    predictions, calibration = predict_and_calibrate(recipe, fitted.classifier, data)
    card = _card(name, recipe_name, recipe, fitted, data, predictions, calibration)
    card = write_model(card, fitted.classifier, fitted.history, predictions)
    shutil.rmtree(folder, ignore_errors=True)
    return card


@dataclass(frozen=True, eq=False)
class _FitResult:
    """A fitted classifier, its training history and the duration of the fit."""

    classifier: Classifier
    history: pd.DataFrame
    seconds: float
    """Duration of the fit, including its earlier parts if it was stopped and resumed."""


def _fit(classifier: Classifier, data: Import, run: Run) -> _FitResult:
    """Fit on the imported train and val images, and measure the time. Only process 0 reports progress."""
    manifest, faces = data.manifest(), data.faces()
    stopwatch = _Stopwatch(run.folder / "seconds.txt")

    def progress(done: int, total: int, metrics: dict[str, float]) -> None:
        if run.group.writes:
            stopwatch.save()
            run.on_progress(done, total, metrics)

    timed_run = replace(run, on_progress=progress)
    train_faces, val_faces = (labelled_faces(manifest, faces, split) for split in ("train", "val"))
    history = classifier.fit(train_faces, val_faces, timed_run)
    return _FitResult(classifier, history, stopwatch.seconds)


def _card(
    name: str,
    recipe_name: str,
    recipe: Recipe,
    fitted: _FitResult,
    data: Import,
    predictions: pd.DataFrame,
    calibration: Calibration,
) -> Card:
    """Return the card. `write_model` fills in the hash and the size of the weights."""
    manifest = data.manifest()
    calibrated = Calibrated(fitted.classifier, calibration.temperature, calibration.uncertain_below)
    return Card(
        name=name,
        family=recipe.family,
        recipe_name=recipe_name,
        classes=list(EMOTIONS),
        input=FACES_INPUT,
        recipe=as_json(recipe.config),
        seed=recipe.config.seed,
        split_sizes={str(split): int(n) for split, n in manifest["split"].value_counts(sort=False).items()},
        data_fingerprint=data.fingerprint,
        parameters=fitted.classifier.parameters(),
        scores=summaries(join_manifest(predictions, manifest)),
        calibration=calibration,
        weights_sha256="",
        size_bytes=0,
        ms_per_face=round(milliseconds_per_face(calibrated), 3),
        seconds=round(fitted.seconds, 1),
        machine=machine(),
        versions={library: version(library) for library in LIBRARIES},
        trained=datetime.now(UTC).date().isoformat(),
        role=recipe.role if name == recipe_name else "own",
    )


def predict_and_calibrate(recipe: Recipe, classifier: Classifier, data: Import) -> tuple[pd.DataFrame, Calibration]:
    """Return the temperature-scaled predictions of val and test, and the calibration.

    A model that was trained on val predicts only test. It takes over the calibration of the model that the recipe names
    in `calibrated_by`.
    """
    manifest, faces = data.manifest(), data.faces()
    splits = ["test"] if recipe.calibrated_by else ["val", "test"]
    rows = manifest["split"].isin(splits).to_numpy()
    predictions = predict(classifier, faces[rows], manifest["image_id"][rows])
    if recipe.calibrated_by:
        calibration = _calibration_to_take_over(recipe, data).taken_over_from(recipe.calibrated_by)
    else:
        calibration = calibrate_on_val(join_manifest(predictions, manifest))
    return change_temperature(predictions, 1.0, calibration.temperature), calibration


def _calibration_to_take_over(recipe: Recipe, data: Import) -> Calibration:
    """Return the calibration of the model in the recipe's `calibrated_by`.

    Batch-normalisation statistics change how confident a network is. If this recipe estimates them on unaugmented faces
    and the other model's recipe does not, the two confidences are not comparable. In that case, this function estimates
    the other model's statistics again, on unaugmented train faces, and calibrates that model again on val.
    """
    name = recipe.calibrated_by
    unaugmented = getattr(recipe.config, "batch_statistics", "") == "clean"
    if not unaugmented or read_card(name).recipe.get("batch_statistics") == "clean":
        return read_calibration(name)
    classifier = load_trained(name).classifier
    if not hasattr(classifier, "estimate_statistics"):  # trees have no batch-normalisation statistics
        return read_calibration(name)
    manifest, faces = data.manifest(), data.faces()
    classifier.estimate_statistics(labelled_faces(manifest, faces, "train").faces)
    rows = (manifest["split"] == "val").to_numpy()
    return calibrate_on_val(join_manifest(predict(classifier, faces[rows], manifest["image_id"][rows]), manifest))


def recalibrate(name: str, manifest: pd.DataFrame) -> Card:
    """Fit the temperature and threshold of a model again, on its stored val predictions, and return the new card.

    Weights and images are not needed. Raises InputError for a guest, if the model was trained on val, or if the
    manifest lacks images that the model has predicted.
    """
    card, stored = read_card(name), read_predictions(name)
    if card.is_guest:
        raise InputError(
            f"{name} is a guest, which may have been trained on val, so it cannot be calibrated; calibrate a model of "
            "your own."
        )
    if card.was_trained_on_val:
        source = f" ({calibration_source(card.calibration)})" if card.calibration else ""
        raise InputError(
            f"{name} was trained on val, so it cannot be calibrated on val; it keeps its calibration{source}."
        )
    unscaled = change_temperature(stored, card.temperature, 1.0)
    scored = join_manifest(unscaled, manifest)
    if len(scored) < len(stored):
        raise InputError(
            f"the data set in use has only {len(scored):,} of the {len(stored):,} images that {name} has predicted; "
            "import the data set that the model was trained on."
        )
    calibration = calibrate_on_val(scored)
    predictions = change_temperature(unscaled, 1.0, calibration.temperature)
    scores = summaries(join_manifest(predictions, manifest))
    update_model(replace(card, calibration=calibration, scores=scores), predictions)
    return read_card(name)


def calibration_source(calibration: Calibration) -> str:
    """Return the source of a calibration: `val`, or `val, with cnn-student-2` if it was taken over from that model."""
    return ", with ".join(filter(None, [calibration.fitted_on, calibration.fitted_with]))


class _Stopwatch:
    """Measures the seconds of a training run. They are saved in a file, from which a resumed run continues to count."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._earlier_s = 0.0
        with suppress(OSError, ValueError):  # the file is missing or damaged
            earlier_s = float(file.read_text())
            self._earlier_s = earlier_s if 0 <= earlier_s < math.inf else 0.0
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return self._earlier_s + time.monotonic() - self._start

    def save(self) -> None:
        replace_file(self._file, f"{self.seconds:.1f}".encode())
