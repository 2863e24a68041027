"""What a training run is refused for before it begins."""

import json
from pathlib import Path

import pandas as pd

from core.classifiers.configs import as_json
from core.data.shipped import shipped_manifest
from core.data.store import Import
from core.exceptions import InputError
from core.files import damage_in_words, replace_file
from core.models.store import read_calibration, read_card
from core.runtime.distributed import Group
from core.training.recipes import Recipe, named_models


def checked(recipe: Recipe) -> Recipe:
    """The recipe, without another model's calibration where it needs none.

    Raises InputError where val would be learnt and then be judged on: by a fit on train and val without a model that
    calibrates it, or by a fit on train whose teachers, first weights or network have learnt val.
    """
    with_val = getattr(recipe.config, "fit_on", "train") == "train+val"
    if with_val and not recipe.calibrated_by:
        raise InputError(
            "a fit on train and val leaves no images for its temperature; give the recipe a "
            "`calibrated_by`: a model fitted on train alone."
        )
    judges = [recipe.calibrated_by] if with_val else named_models(recipe)
    if learnt := [name for name in judges if read_card(name).has_learnt_val]:
        raise InputError(f"{learnt[0]} has learnt val, on which this fit is to be judged; name a model that has not.")
    if with_val:
        read_calibration(recipe.calibrated_by)  # it must have one: after the fit would be late to find out
    return recipe if with_val else recipe._replace(calibrated_by="")


def check_same_val(recipe: Recipe, data: Import, manifest: pd.DataFrame) -> None:
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


def check_same_origin(run_folder: Path, fingerprint: str, recipe: Recipe, group: Group) -> None:
    """A stopped run goes on with the recipe, the data set and the models that it began with; InputError for others."""
    file = run_folder / "origin.json"
    origin = {
        "data": fingerprint,
        "recipe": {"family": recipe.family, "config": as_json(recipe.config)},
        "weights_sha256": {name: read_card(name).weights_sha256 for name in named_models(recipe)},
    }
    with damage_in_words(file, f"remove the folder {run_folder.name}/ in runs/ to begin anew"):
        began = json.loads(file.read_text()) if file.exists() else origin
    if isinstance(began.get("recipe"), str) or (not file.exists() and any(run_folder.glob("epoch-*.json"))):
        raise InputError(
            f"the stopped run in {run_folder.name}/ was begun by an older FERscope, which noted what it began with in "
            "another form; remove its folder in runs/ to begin anew."
        )
    if began != origin:
        raise InputError(
            f"the stopped run in {run_folder.name}/ began with another recipe, another data set or other weights of "
            "the models it learns from; take back the change to go on, or remove its folder in runs/ to begin anew."
        )
    if group.writes:
        replace_file(file, json.dumps(origin).encode())
