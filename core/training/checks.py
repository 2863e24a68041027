"""Checks that run before a training starts."""

import json
from pathlib import Path

import pandas as pd

from core.classifiers.configs import as_json
from core.data.shipped import shipped_manifest
from core.data.store import Import
from core.exceptions import InputError
from core.files import damage_as_input_error, replace_file
from core.models.store import read_calibration, read_card
from core.runtime.distributed import Group
from core.training.recipes import Recipe, named_models


def validated_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe, without `calibrated_by` if it fits on train alone.

    Raises InputError if val would be used both for training and for evaluation:

    - the recipe fits on train and val, but names no model in `calibrated_by`,
    - the model in `calibrated_by` was trained on val,
    - the recipe fits on train, but builds on a model that was trained on val.
    """
    with_val = getattr(recipe.config, "fit_on", "train") == "train+val"
    if with_val and not recipe.calibrated_by:
        raise InputError(
            "a fit on train and val leaves no images to fit the temperature on; set the recipe's `calibrated_by` "
            "to a model that was trained on train alone."
        )
    must_not_know_val = [recipe.calibrated_by] if with_val else named_models(recipe)
    if trained_on_val := [name for name in must_not_know_val if read_card(name).has_learnt_val]:
        raise InputError(
            f"{trained_on_val[0]} was trained on val, which this fit needs for evaluation; name a model that was not."
        )
    if with_val:
        read_calibration(recipe.calibrated_by)  # raises now, not after the fit, if that model has no calibration
    return recipe if with_val else recipe._replace(calibrated_by="")


def check_val_is_unseen(recipe: Recipe, data: Import, manifest: pd.DataFrame) -> None:
    """Raise InputError if a model that the fit builds on may have been trained on val images of this data set.

    The shipped manifest fixes the split of its own images. The split of all other images depends on the whole data
    set, so a model from another data set may have seen them.
    """
    names = {*named_models(recipe), recipe.calibrated_by} - {""}
    from_other_data = [name for name in sorted(names) if read_card(name).data_fingerprint != data.fingerprint]
    val = manifest.loc[manifest["split"] == "val", "image_id"]
    if from_other_data and not val.isin(shipped_manifest()["image_id"]).all():
        raise InputError(
            f"{from_other_data[0]} was trained on another data set, perhaps on images that are val in this one; "
            "build on models that were trained on this data set."
        )


def check_resumable(run_folder: Path, fingerprint: str, recipe: Recipe, group: Group) -> None:
    """Raise InputError if a stopped run cannot resume with this recipe and data set.

    The recipe, the data set and the weights that it builds on must be the same as at its start. The start of a new run
    is recorded in its folder.
    """
    file = run_folder / "origin.json"
    origin = {
        "data": fingerprint,
        "recipe": {"family": recipe.family, "config": as_json(recipe.config)},
        "weights_sha256": {name: read_card(name).weights_sha256 for name in named_models(recipe)},
    }
    with damage_as_input_error(file, f"delete the folder {run_folder.name}/ in runs/ to start again"):
        recorded = json.loads(file.read_text()) if file.exists() else origin
    if isinstance(recorded.get("recipe"), str) or (not file.exists() and any(run_folder.glob("epoch-*.json"))):
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
        replace_file(file, json.dumps(origin).encode())
