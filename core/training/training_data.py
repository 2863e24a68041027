"""The data set of `train --data`: train images of one data set, val and test images of the one in use."""

from pathlib import Path

import numpy as np
import pandas as pd

from core.callbacks import StageProgress, no_progress
from core.data import measures
from core.data.issues.leaks import leaked
from core.data.manifest import COLUMNS, build_manifest, fingerprint
from core.data.shipped import shipped_manifest
from core.data.sources import read_source
from core.data.sources.base import LabelledImages, ReadOptions
from core.data.store import Import, current_import, store_import, stored_import
from core.exceptions import InputError, shortened
from core.vision.crops import Faces

SAME_DATA_SHARE = 0.5
"""Share of the images of a data set that must be in the one in use, so that it counts as a version of that one."""


READ_OPTIONS = ReadOptions(allow_missing=True)
"""Test images of some emotion may be missing, because those of the data set in use count."""


def training_data(path: Path, on_progress: StageProgress = no_progress) -> tuple[Import, str]:
    """Return the data set to train on, and a sentence about its splits. The import in use stays as it is.

    The train images are those of the folder, zip or CSV, with the labels there. If at least half of its images are in
    the data set in use, val and test are those of the data set in use, with the labels there. Otherwise they are those
    of the path. The data set is stored beside the imports, where results of the model find it later.

    Raises InputError if the source cannot be read or stored, if it has no train images of some emotion, or if one of
    its train images is a val or test image of the data set in use.
    """
    shipped = shipped_manifest()
    images = read_source(path, shipped, READ_OPTIONS, on_progress)
    own_fingerprint, current = fingerprint(images), current_import()
    if current and current.fingerprint == own_fingerprint:
        return current, "This is the data set in use."
    manifest = build_manifest(images, shipped)
    _refuse_missing(manifest, path)
    if current is None or not _is_version_of(manifest, current.manifest(), shipped):
        return _stored(own_fingerprint, images.faces, manifest), (
            f"Train, val and test are those of {shortened(path.name)}, because its images are not those of the data "
            "set in use."
        )
    in_use = current.manifest()
    _refuse_seen(manifest, in_use, path)
    composed, faces = _composed(manifest, images.faces, in_use, current.faces())
    sizes = composed["split"].value_counts()
    return _stored(_fingerprint(composed, faces), faces, composed), (
        f"Train has the {sizes['train']:,} train images of {shortened(path.name)}; val ({sizes['val']:,}) and test "
        f"({sizes['test']:,}) are those of the data set in use."
    )


def _is_version_of(manifest: pd.DataFrame, in_use: pd.DataFrame, shipped: pd.DataFrame) -> bool:
    """Return whether enough images of a manifest are in another one: by their ids, and the content of unknown images.

    Ids of FER2013's images tell the content; others come from the names of files.
    """
    known = set(shipped["image_id"])
    both = manifest[["image_id", "phash"]].merge(in_use[["image_id", "phash"]], on="image_id")
    is_same = both["image_id"].isin(known) | (both["phash_x"] == both["phash_y"])
    return bool(is_same.sum() >= SAME_DATA_SHARE * len(manifest))


def _refuse_missing(manifest: pd.DataFrame, path: Path) -> None:
    """Raise InputError if there are no train images of some emotion."""
    counts = manifest.loc[manifest["split"] == "train", "true_label"].value_counts(sort=False)
    if missing := [str(emotion) for emotion, n in counts.items() if n == 0]:
        raise InputError(
            f"{shortened(path.name)} has no train images of {', '.join(missing)}, so no model can learn them; leave "
            "out less."
        )


def _refuse_seen(manifest: pd.DataFrame, in_use: pd.DataFrame, path: Path) -> None:
    """Raise InputError if a train image would also be a val or test image."""
    evaluated = in_use.loc[in_use["split"] != "train", "image_id"]
    seen = manifest[(manifest["split"] == "train") & manifest["image_id"].isin(evaluated)]
    if len(seen):
        raise InputError(
            f"{len(seen):,} train images of {shortened(path.name)} are val or test images of the data set in use, such "
            f"as {shortened(seen['image_id'].iloc[0])}; import {shortened(path.name)} and train without --data."
        )


def _composed(
    manifest: pd.DataFrame, faces: Faces, in_use: pd.DataFrame, faces_in_use: Faces
) -> tuple[pd.DataFrame, Faces]:
    """Return manifest and faces of the train images of the first data set, and of val and test of the one in use."""
    is_train = (manifest["split"] == "train").to_numpy()
    is_evaluated = (in_use["split"] != "train").to_numpy()
    table = pd.concat([manifest[is_train], in_use[is_evaluated]], ignore_index=True)
    order = table["image_id"].argsort(kind="stable").to_numpy()
    all_faces = np.concatenate([faces[is_train], faces_in_use[is_evaluated]])[order]
    table = table.iloc[order].reset_index(drop=True)
    table["duplicate_group"] = measures.duplicate_groups(all_faces)
    table["leaked"] |= leaked(table)
    return table[list(COLUMNS)].astype(COLUMNS), all_faces


def _fingerprint(manifest: pd.DataFrame, faces: Faces) -> str:
    """Return the hash of images, labels and splits."""
    table = manifest[["image_id", "usage", "true_label", "split"]]
    return fingerprint(LabelledImages(table, faces, pd.DataFrame()))


def _stored(new_fingerprint: str, faces: Faces, manifest: pd.DataFrame) -> Import:
    store_import(new_fingerprint, faces, manifest, put_in_use=False)
    stored = stored_import(new_fingerprint)
    if stored is None:
        raise InputError("the data set was removed while the training began; run the same command again.")
    return stored
