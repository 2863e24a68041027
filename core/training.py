"""Recipe and data set -> fit -> save -> predict -> card."""

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from core import paths
from core.artifacts import Card, load_classifier, read_card, read_predictions, update_model, write_model
from core.calibration import Calibration, calibrate_on_val, read_calibration, retempered
from core.classifiers import CLASSIFIERS
from core.classifiers.base import Classifier, Run, labelled
from core.classifiers.cnn import Cnn
from core.dataset import Import, required_import, shipped_manifest
from core.distributed import ALONE, Group
from core.emotions import EMOTIONS
from core.evaluation import join_manifest, predict
from core.exceptions import InputError
from core.files import damage_in_words, replace_file
from core.machine import machine, milliseconds_per_face
from core.metrics import summaries
from core.recipes import Recipe

INPUT = "(n, 48, 48) uint8, gray, one face each, cropped by core.faces.crop_face"
LIBRARIES = ("torch", "catboost", "numpy", "scikit-learn")


def train(
    name: str,
    recipe_name: str,
    recipe: Recipe,
    on_progress: Callable[[int, int, dict[str, float]], None],
    group: Group = ALONE,
) -> Card | None:
    """Fit on train, choose on val, predict val and test, write models/<name>/; returns the card.

    A run that was stopped goes on from its checkpoint in runs/<name>/, which is removed at the end. Of several
    processes, all but the one that writes return None. Raises InputError where no data set is imported, and for a
    family whose fits cannot be shared by several processes.
    """
    family = CLASSIFIERS[recipe.family]
    recipe = honest(recipe)
    if group.size > 1 and not family.data_parallel:
        raise InputError(f"{recipe_name} is fitted by one process, not {group.size}: run `python -m core train`.")
    data = required_import()
    manifest, faces = data.manifest(), data.faces()
    _same_val(recipe, data, manifest)
    run_folder = paths.RUNS_DIR / name
    run_folder.mkdir(parents=True, exist_ok=True)
    _same_origin(run_folder, data.fingerprint, recipe, group)
    classifier = family(recipe.config)
    stopwatch = _Stopwatch(run_folder / "seconds.txt")

    def progress(done: int, total: int, figures: dict[str, float]) -> None:
        if group.writes:
            stopwatch.save()
            on_progress(done, total, figures)

    run = Run(run_folder, progress, group)
    history = classifier.fit(labelled(manifest, faces, "train"), labelled(manifest, faces, "val"), run)
    seconds = stopwatch.seconds
    if not group.writes:
        return None
    predictions, calibration = judge(recipe, classifier, data)
    card = Card(
        name=name,
        family=recipe.family,
        recipe_name=recipe_name,
        classes=list(EMOTIONS),
        input=INPUT,
        recipe=asdict(recipe.config),
        seed=recipe.config.seed,
        split_sizes={str(split): int(n) for split, n in manifest["split"].value_counts(sort=False).items()},
        data_fingerprint=data.fingerprint,
        parameters=classifier.parameters(),
        scores=summaries(join_manifest(predictions, manifest)),
        calibration=asdict(calibration),
        weights_sha256="",  # write_model fills in hash and size
        size_bytes=0,
        ms_per_face=round(milliseconds_per_face(classifier), 3),
        seconds=round(seconds, 1),
        machine=machine(),
        versions={library: version(library) for library in LIBRARIES},
        trained=datetime.now(UTC).date().isoformat(),
    )
    card = write_model(card, classifier, history, predictions)
    shutil.rmtree(run_folder, ignore_errors=True)
    return card


def honest(recipe: Recipe) -> Recipe:
    """The recipe, without another model's calibration where it needs none.

    Raises InputError where val would be learnt and then be judged on: by a fit on train and val without a model that
    calibrates it, or by a fit on train whose teachers, first weights or network have learnt val.
    """
    with_val = getattr(recipe.config, "fit_on", "train") == "train+val"
    if with_val and not recipe.calibrated_by:
        raise InputError(
            "a fit on train and val leaves no images for its temperature; give the recipe, in core/recipes.py, a "
            "`calibrated_by`: a model fitted on train alone."
        )
    judges = [recipe.calibrated_by] if with_val else named_models(recipe)
    if learnt := [name for name in judges if read_card(name).has_learnt_val]:
        raise InputError(f"{learnt[0]} has learnt val, on which this fit is to be judged; name a model that has not.")
    if with_val:
        read_calibration(recipe.calibrated_by)  # it must have one: after the fit would be late to find out
    return recipe if with_val else recipe._replace(calibrated_by="")


def named_models(recipe: Recipe) -> list[str]:
    """The models that a fit builds on: its teachers, the one whose weights it begins with, the one whose embedding."""
    config = recipe.config
    names = [getattr(config, "start", ""), getattr(config, "network", ""), *getattr(config, "teachers", ())]
    return [name for name in names if name]


def _same_val(recipe: Recipe, data: Import, manifest: pd.DataFrame) -> None:
    """Raises InputError where a model that the fit builds on may have learnt what is val in this data set.

    The shipped manifest says which of its images are val; where others lie depends on the whole data set.
    """
    names = {*named_models(recipe), recipe.calibrated_by} - {""}
    strangers = [name for name in sorted(names) if read_card(name).data_fingerprint != data.fingerprint]
    val = manifest.loc[manifest["split"] == "val", "image_id"]
    if strangers and not val.isin(shipped_manifest()["image_id"]).all():
        raise InputError(
            f"{strangers[0]} was trained on another data set, in which images of this one's val may have been learnt; "
            "build on models that were trained on this data set."
        )


def _same_origin(run_folder: Path, fingerprint: str, recipe: Recipe, group: Group) -> None:
    """A stopped run goes on with the recipe, the data set and the models that it began with; InputError for others."""
    file = run_folder / "origin.json"
    origin = {"data": fingerprint, "recipe": repr(recipe.config)}
    origin |= {f"weights of {name}": read_card(name).weights_sha256 for name in named_models(recipe)}
    with damage_in_words(file, f"remove the folder {run_folder.name}/ in runs/ to begin anew"):
        began = json.loads(file.read_text()) if file.exists() else origin
    if any(began.get(name, now) != now for name, now in origin.items()):
        raise InputError(
            f"the stopped run in {run_folder.name}/ began with another recipe, another data set or other weights of "
            "the models it learns from; take back the change to go on, or remove its folder in runs/ to begin anew."
        )
    if group.writes:
        replace_file(file, json.dumps(origin).encode())


def judge(recipe: Recipe, classifier: Classifier, data: Import) -> tuple[pd.DataFrame, Calibration]:
    """Predictions of val and test, tempered, and the calibration; the classifier has its temperature afterwards.

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
    classifier.temperature = calibration.temperature
    return retempered(predictions, 1.0, calibration.temperature), calibration


def _calibration_by(recipe: Recipe, data: Import) -> Calibration:
    """That of the recipe's `calibrated_by`; fitted anew where the recipe's batch statistics are of clean faces.

    Then the other network's are estimated in the same way, on train, since they move how sharp its answers are.
    """
    name = recipe.calibrated_by
    is_clean, is_judge_clean = (
        config.get("batch_statistics") == "clean" for config in (asdict(recipe.config), read_card(name).recipe)
    )
    judge = load_classifier(name) if is_clean and not is_judge_clean else None
    if not isinstance(judge, Cnn):
        return read_calibration(name)
    manifest, faces = data.manifest(), data.faces()
    judge.temperature = 1.0
    judge.estimate_statistics(labelled(manifest, faces, "train").faces)
    rows = (manifest["split"] == "val").to_numpy()
    return calibrate_on_val(join_manifest(predict(judge, faces[rows], manifest["image_id"][rows]), manifest))


def recalibrate(name: str, manifest: pd.DataFrame) -> Card:
    """Fit the temperature of a model anew on its stored predictions of val; returns the new card.

    Needs neither weights nor images. Raises InputError for a model whose fit has seen val.
    """
    card, stored = read_card(name), read_predictions(name)
    if card.has_learnt_val:
        source = f" ({card.calibration['fitted_on']})" if card.calibration else ""
        raise InputError(f"{name} has learnt val, so no temperature can be fitted on it; it keeps its own{source}.")
    at_one = retempered(stored, card.calibration.get("temperature", 1.0), 1.0)
    known = join_manifest(at_one, manifest)
    if len(known) < len(stored):
        raise InputError(
            f"of the {len(stored):,} images that {name} has predicted, the data set in use has only {len(known):,}; "
            "import the data set that it was trained on."
        )
    calibration = calibrate_on_val(known)
    predictions = retempered(at_one, 1.0, calibration.temperature)
    scores = summaries(join_manifest(predictions, manifest))
    update_model(replace(card, calibration=asdict(calibration), scores=scores), predictions)
    return read_card(name)


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
