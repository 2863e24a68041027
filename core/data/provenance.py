"""Compare the data set in use with the one that a model was trained on."""

import pandas as pd

from core.data.shipped import FER2013_FINGERPRINT, shipped_manifest
from core.data.store import Import, current_import, stored_import


def count_unknown_val(data: Import, trained_on: str) -> int:
    """Return how many val images of a data set were not val in the data set with the fingerprint `trained_on`.

    The model may have been trained on these, so its accuracy on val may be too high.
    """
    if data.fingerprint == trained_on:
        return 0
    manifest, known = data.manifest(), manifest_of(trained_on)
    val = manifest[manifest["split"] == "val"]
    if known is None:
        return len(val)
    # Images of the shipped manifest have the same split in all data sets.
    others = _identities(val[~val["image_id"].isin(shipped_manifest()["image_id"])])
    return len(others) - len(others.merge(_identities(known[known["split"] == "val"])))


def val_note(model: str, trained_on: str) -> str | None:
    """Return a sentence if a model may have been trained on val images of the data set in use, otherwise None."""
    data = current_import()
    unknown = count_unknown_val(data, trained_on) if data else 0
    if not unknown:
        return None
    if manifest_of(trained_on) is None:
        reason = f"The data set that {model} was trained on is not here"
    else:
        reason = f"{unknown:,} val images were not val when {model} was trained"
    return f"{reason}: it may have been trained on val images, and its accuracy on val may be too high."


def has_same_test_images(data: Import, trained_on: str) -> bool:
    """Return whether a data set has the same test images and labels as the one with the fingerprint `trained_on`."""
    if data.fingerprint == trained_on:
        return True
    known = manifest_of(trained_on)
    if known is None:
        return False
    test, known_test = (_identities(table[table["split"] == "test"]) for table in (data.manifest(), known))
    return test.equals(known_test)


def _identities(table: pd.DataFrame) -> pd.DataFrame:
    """Return id, label and content of each image, sorted by id.

    The ids of the archive's images tell their content, which is left out. Other ids come from the names of files.
    """
    is_listed = table["image_id"].isin(shipped_manifest()["image_id"])
    identities = table[["image_id", "true_label"]].astype(str).assign(phash=table["phash"].where(~is_listed, 0))
    return identities.sort_values("image_id", ignore_index=True)


def manifest_of(fingerprint: str) -> pd.DataFrame | None:
    """Return the manifest of the data set with this fingerprint, or None if it is not on this machine."""
    if fingerprint == FER2013_FINGERPRINT:
        return shipped_manifest()
    data = stored_import(fingerprint)
    return data.manifest() if data else None
