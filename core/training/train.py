"""Recipe and data set -> fit -> save -> predict -> card."""

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
from core.classifiers.base import Classifier, Run, labelled
from core.classifiers.calibrated import Calibrated
from core.classifiers.configs import as_json
from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_trained
from core.classifiers.speed import milliseconds_per_face
from core.data.store import Import, required_import
from core.emotions import EMOTIONS
from core.evaluation.calibration_fit import calibrate_on_val, retempered
from core.evaluation.predictions import join_manifest, predict
from core.evaluation.slices import summaries
from core.exceptions import InputError
from core.files import replace_file
from core.models.card import Calibration, Card
from core.models.store import read_calibration, read_card, read_predictions, update_model, write_model
from core.runtime.distributed import ALONE, Group
from core.runtime.machine import machine
from core.training.checks import check_same_origin, check_same_val, checked
from core.training.recipes import Recipe

INPUT = "(n, 48, 48) uint8, gray, one face each, cropped by crop_face"
LIBRARIES = ("torch", "catboost", "numpy", "scikit-learn")


def train(name: str, recipe_name: str, recipe: Recipe, on_progress: FitProgress, group: Group = ALONE) -> Card | None:
    """Fit on train, choose on val, predict val and test, write models/<name>/; returns the card.

    A run that was stopped goes on from its checkpoint in runs/<name>/, which is removed at the end. Of several
    processes, all but the one that writes return None. Raises InputError if no data set is imported, and for a family
    whose fits cannot be shared by several processes.
    """
    family = CLASSIFIERS[recipe.family].load_class()
    recipe = checked(recipe)
    if group.size > 1 and not family.data_parallel:
        raise InputError(f"{recipe_name} is fitted by one process, not {group.size}: run `python -m core train`.")
    data = required_import()
    check_same_val(recipe, data, data.manifest())
    folder = paths.RUNS_DIR / name
    folder.mkdir(parents=True, exist_ok=True)
    check_same_origin(folder, data.fingerprint, recipe, group)
    fitted = _fit(family(recipe.config), data, Run(folder, on_progress, group, load_trained))
    if not group.writes:
        return None
    predictions, calibration = judge(recipe, fitted.classifier, data)
    card = _card(name, recipe_name, recipe, fitted, data, predictions, calibration)
    card = write_model(card, fitted.classifier, fitted.history, predictions)
    shutil.rmtree(folder, ignore_errors=True)
    return card


@dataclass(frozen=True, eq=False)
class _Fitted:
    """What a fit leaves behind."""

    classifier: Classifier
    history: pd.DataFrame
    seconds: float
    """Those before a restart included."""


def _fit(classifier: Classifier, data: Import, run: Run) -> _Fitted:
    """Fit on the import's train and val, with a stopwatch in the run's folder; only the writing process tells."""
    manifest, faces = data.manifest(), data.faces()
    stopwatch = _Stopwatch(run.folder / "seconds.txt")

    def progress(done: int, total: int, figures: dict[str, float]) -> None:
        if run.group.writes:
            stopwatch.save()
            run.on_progress(done, total, figures)

    timed = replace(run, on_progress=progress)
    history = classifier.fit(labelled(manifest, faces, "train"), labelled(manifest, faces, "val"), timed)
    return _Fitted(classifier, history, stopwatch.seconds)


def _card(
    name: str,
    recipe_name: str,
    recipe: Recipe,
    fitted: _Fitted,
    data: Import,
    predictions: pd.DataFrame,
    calibration: Calibration,
) -> Card:
    """The card, but for what `write_model` fills in."""
    manifest = data.manifest()
    calibrated = Calibrated(fitted.classifier, calibration.temperature, calibration.uncertain_below)
    return Card(
        name=name,
        family=recipe.family,
        recipe_name=recipe_name,
        classes=list(EMOTIONS),
        input=INPUT,
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


def judge(recipe: Recipe, classifier: Classifier, data: Import) -> tuple[pd.DataFrame, Calibration]:
    """Predictions of val and test, tempered, and the calibration.

    A fit that has seen val is calibrated by the model that its recipe names, and predicts test alone.
    """
    manifest, faces = data.manifest(), data.faces()
    splits = ["test"] if recipe.calibrated_by else ["val", "test"]
    rows = manifest["split"].isin(splits).to_numpy()
    predictions = predict(classifier, faces[rows], manifest["image_id"][rows])
    if recipe.calibrated_by:
        calibration = _calibration_by(recipe, data).taken_over_from(recipe.calibrated_by)
    else:
        calibration = calibrate_on_val(join_manifest(predictions, manifest))
    return retempered(predictions, 1.0, calibration.temperature), calibration


def _calibration_by(recipe: Recipe, data: Import) -> Calibration:
    """The calibration of the recipe's `calibrated_by`, fitted anew if the recipe's batch statistics are of clean faces.

    The other network's are then estimated in the same way, on train, since they move how sharp its answers are.
    """
    name = recipe.calibrated_by
    judge_recipe = read_card(name).recipe
    is_clean = getattr(recipe.config, "batch_statistics", "") == "clean"
    if not is_clean or judge_recipe.get("batch_statistics") == "clean":
        return read_calibration(name)
    judge = load_trained(name).classifier
    if not hasattr(judge, "estimate_statistics"):  # no network
        return read_calibration(name)
    manifest, faces = data.manifest(), data.faces()
    judge.estimate_statistics(labelled(manifest, faces, "train").faces)
    rows = (manifest["split"] == "val").to_numpy()
    return calibrate_on_val(join_manifest(predict(judge, faces[rows], manifest["image_id"][rows]), manifest))


def recalibrate(name: str, manifest: pd.DataFrame) -> Card:
    """Fit the temperature of a model anew on its stored predictions of val; returns the new card.

    Needs neither weights nor images. Raises InputError for a model whose fit has seen val.
    """
    card, stored = read_card(name), read_predictions(name)
    if card.has_learnt_val:
        source = f" ({calibration_source(card.calibration)})" if card.calibration else ""
        raise InputError(f"{name} has learnt val, so no temperature can be fitted on it; it keeps its own{source}.")
    at_one = retempered(stored, card.temperature, 1.0)
    known = join_manifest(at_one, manifest)
    if len(known) < len(stored):
        raise InputError(
            f"of the {len(stored):,} images that {name} has predicted, the data set in use has only {len(known):,}; "
            "import the data set that it was trained on."
        )
    calibration = calibrate_on_val(known)
    predictions = retempered(at_one, 1.0, calibration.temperature)
    scores = summaries(join_manifest(predictions, manifest))
    update_model(replace(card, calibration=calibration, scores=scores), predictions)
    return read_card(name)


def calibration_source(calibration: Calibration) -> str:
    """What a calibration was fitted on, in words: `val`, or `val, with cnn-student-2`."""
    return ", with ".join(filter(None, [calibration.fitted_on, calibration.fitted_with]))


class _Stopwatch:
    """Seconds of a run, those before a restart included."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before = 0.0
        with suppress(FileNotFoundError, ValueError):  # there is none yet, or it is damaged
            self._before = float(file.read_text())
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return self._before + time.monotonic() - self._start

    def save(self) -> None:
        replace_file(self._file, f"{self.seconds:.1f}".encode())
