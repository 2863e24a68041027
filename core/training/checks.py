"""Checks before a training run: val stays unseen, and a stopped run resumes only with the same recipe and data."""

import re
from pathlib import Path

import pandas as pd

from core import paths
from core.classifiers.cnn.config import CnnConfig, fits_side
from core.classifiers.configs import as_json, check_limits
from core.classifiers.loading import config_of
from core.data.shipped import shipped_manifest
from core.data.store import Import
from core.exceptions import InputError, shortened
from core.files import damage_as_input_error, json_line, read_regular_file, replace_file
from core.models.folders import GUESTS, guest_names, model_names
from core.models.store import read_calibration, read_card
from core.models.strict_json import parse_json
from core.runtime.distributed import Group
from core.training.recipes import Recipe, models_needed_to_fit
from core.vision.crops import FACE_SIZE

DETECTORS = "detectors"
"""The folder in models/ that holds the model files of detectors."""

LARGEST_ORIGIN = 1_000_000
"""Largest size of origin.json in bytes; it has 2,000."""


def validated_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe. If it fits on train alone, its `calibrated_by` is removed.

    Raises InputError if val would be used both for training and for calibration or evaluation:

    - the recipe fits on train and val, but names no model in `calibrated_by` whose temperature it can use,
    - the model in `calibrated_by` was trained on val,
    - the recipe fits on train alone, but its fit needs a model that was trained on val.

    Also raises InputError if a number of the config is out of its limits, if the fit needs a guest, if the model in
    `calibrated_by` has no calibration, or if a teacher cannot take the crops of the student.
    """
    check_limits(recipe.config)
    if guests := [name for name in models_needed_to_fit(recipe) if read_card(name).is_guest]:
        raise InputError(
            f"{guests[0]} is a guest, whose training is unknown, so no model can build on it; name a model of your own."
        )
    fits_on_val = getattr(recipe.config, "fit_on", "train") == "train+val"
    if fits_on_val and not recipe.calibrated_by:
        raise InputError(
            "a fit on train and val leaves no images to fit the temperature on; set the recipe's `calibrated_by` "
            "to a model that was trained on train alone."
        )
    models_to_check = [recipe.calibrated_by] if fits_on_val else models_needed_to_fit(recipe)
    if trained_on_val := [name for name in models_to_check if read_card(name).was_trained_on_val]:
        raise InputError(
            f"{trained_on_val[0]} was trained on val, but this recipe needs a model that has not seen val; "
            "name a model that was trained on train alone."
        )
    if isinstance(recipe.config, CnnConfig):
        _check_teachers(recipe.config)
    if fits_on_val:
        read_calibration(recipe.calibrated_by)  # raises InputError before the fit instead of after it
    return recipe if fits_on_val else recipe._replace(calibrated_by="")


def _check_teachers(config: CnnConfig) -> None:
    side = config.augmentation.crop or FACE_SIZE
    for name in config.teachers:
        teacher = config_of(read_card(name))
        if isinstance(teacher, CnnConfig) and not fits_side(teacher, side):
            raise InputError(f"{name} cannot take crops of {side} pixels; name another teacher or a larger crop.")


def check_name(name: str) -> None:
    """Raise InputError if a model cannot have this name, or if models/ has another kind of folder with it."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise InputError(
            f"'{shortened(name)}' is not a valid model name; use lowercase letters, digits and hyphens, at most 60."
        )
    if name in guest_names():
        raise InputError(f"{name} is the name of a guest; use another name with --as, or remove the guest.")
    folder = paths.MODELS_DIR / name
    if name in (GUESTS, DETECTORS):
        raise InputError(f"models/{name} is a folder for other files; use another name with --as.")
    if folder.exists() and name not in model_names():
        raise InputError(
            f"models/{name} exists and is not a model; training would replace it. Use another name with --as."
        )


def check_val_is_unseen(recipe: Recipe, data: Import, manifest: pd.DataFrame) -> None:
    """Raise InputError if a model that the recipe names may have been trained on val images of this data set.

    Images of the shipped manifest have the same split in all data sets. For other images, the split depends on the
    whole data set: an image that is in val here may be in train elsewhere.
    """
    names = {*models_needed_to_fit(recipe), recipe.calibrated_by} - {""}
    from_other_data = [name for name in sorted(names) if read_card(name).data_fingerprint != data.fingerprint]
    val = manifest.loc[manifest["split"] == "val", "image_id"]
    if from_other_data and not val.isin(shipped_manifest()["image_id"]).all():
        raise InputError(
            f"{from_other_data[0]} was trained on another data set, perhaps on images that are val in this one; "
            "build on models that were trained on this data set."
        )


def check_resumable(run_folder: Path, fingerprint: str, recipe: Recipe, group: Group) -> bool:
    """Return whether there is a stopped run. Raise InputError if it cannot resume with this recipe and data set.

    Its family, config and data set must be the same as at its start, and so must the weights of the models that it
    builds on. A new run records all of these in `origin.json` in its folder.
    """
    file = run_folder / "origin.json"
    origin = {
        "data": fingerprint,
        "recipe": {"family": recipe.family, "config": as_json(recipe.config)},
        "weights_sha256": {name: read_card(name).weights_sha256 for name in models_needed_to_fit(recipe)},
    }
    with damage_as_input_error(file, f"delete the folder {run_folder.name}/ in runs/ to start again"):
        is_resumed = file.exists()
        recorded = parse_json(read_regular_file(file, LARGEST_ORIGIN)) if is_resumed else origin
    has_old_format = isinstance(recorded, dict) and isinstance(recorded.get("recipe"), str)
    if has_old_format or (not is_resumed and any(run_folder.glob("epoch-*.json"))):
        raise InputError(
            f"the stopped run in {run_folder.name}/ was started by an older version of FERscope and cannot be resumed; "
            "delete its folder in runs/ to start again."
        )
    if recorded != origin:
        raise InputError(
            f"the stopped run in {run_folder.name}/ was started with another recipe, another data set or other weights "
            "of the models it builds on; undo the change to resume it, or delete its folder in runs/ to start again."
        )
    if group.writes:
        replace_file(file, json_line(origin).encode())
    return is_resumed
