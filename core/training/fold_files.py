"""The files of a cross-validation in runs/: the folder's name, the record of its settings, and the finished folds."""

import hashlib
import json
from pathlib import Path

import numpy as np

from core import paths
from core.classifiers.base import Probabilities
from core.classifiers.configs import as_json
from core.data.store import npy_bytes
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.files import ContentError, damage_as_input_error, json_line, read_regular_file, replace_file
from core.models.strict_json import parse_json
from core.training.checks import LARGEST_ORIGIN
from core.training.recipes import RECIPES, Recipe

ORIGIN = "origin.json"


def folds_folder(recipe_name: str, recipe: Recipe, flip: float = 0.0, seed: int = 0) -> Path:
    """Return the folder of a run, such as runs/folds-cnn-seed-flip5 for 5 % of the labels flipped with seed 0.

    A changed recipe has a folder of its own, whose name ends in a hash of its settings.
    """
    name = f"folds-{recipe_name}"
    if recipe_name not in RECIPES or recipe.config != RECIPES[recipe_name].config:
        settings = json.dumps(as_json(recipe.config), sort_keys=True)
        name += f"-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"
    if flip:
        name += f"-flip{100 * flip:g}" + (f"-seed{seed}" if seed else "")
    return paths.RUNS_DIR / name


def check_folds_resumable(folder: Path, fingerprint: str, recipe: Recipe, flip: float = 0.0, seed: int = 0) -> None:
    """Raise InputError if a run of folds cannot go on with this recipe, data set, share of flipped labels and seed.

    A new run records all of these in `origin.json` in its folder, which must exist.
    """
    file = folder / ORIGIN
    origin = {
        "data": fingerprint,
        "recipe": {"family": recipe.family, "config": as_json(recipe.config)},
        "flip": flip,
        "seed": seed if flip else 0,
    }
    remedy = f"delete the folder {folder.name}/ in runs/ to start again"
    with damage_as_input_error(file, remedy):
        is_recorded = file.exists()
        recorded = parse_json(read_regular_file(file, LARGEST_ORIGIN)) if is_recorded else origin
    if not is_recorded and any(folder.glob("fold-*")):
        raise InputError(f"the folds in {folder.name}/ have no record of their recipe and data set; {remedy}.")
    if recorded != origin:
        raise InputError(
            f"the folds in {folder.name}/ were started with another recipe, another data set, or other flipped labels; "
            f"undo the change to go on, or {remedy}."
        )
    if not is_recorded:
        replace_file(file, json_line(origin).encode())


def fold_file(folder: Path, fold: int) -> Path:
    """Return the file with the probabilities of a finished fold, counted from 0."""
    return folder / f"fold-{fold}.npy"


def read_fold(file: Path, count: int) -> Probabilities:
    """Return the probabilities of the `count` images of a finished fold, (count, 7) float32.

    Raises InputError if the file is damaged.
    """
    with damage_as_input_error(shortened(file, 120), "delete it to compute this fold again"):
        found = np.load(file, allow_pickle=False)
        if found.dtype != np.float32 or found.shape != (count, len(EMOTIONS)) or not np.isfinite(found).all():
            raise ContentError(f"it should hold {count:,} x {len(EMOTIONS)} probabilities")
    return np.asarray(found)


def write_fold(file: Path, probabilities: Probabilities) -> None:
    """Write the probabilities of a finished fold, (count, 7) float32."""
    replace_file(file, bytes(npy_bytes(probabilities)))
