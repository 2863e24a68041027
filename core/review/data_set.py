"""The name under which marks of a data set are stored."""

from core.data.shipped import FER2013_FINGERPRINT, is_fer2013, load_manifest
from core.data.store import current_import

FER2013 = "fer2013"
"""The name of FER2013, whatever file it was imported from."""


def data_set_name() -> str:
    """Return the name of the data set in use: "fer2013", or the fingerprint of another data set."""
    current = current_import()
    if current is None or current.fingerprint == FER2013_FINGERPRINT:
        return FER2013
    return FER2013 if is_fer2013(load_manifest()) else current.fingerprint


def true_labels() -> dict[str, str]:
    """Return image_id -> true label for all images of the data set in use."""
    manifest = load_manifest()
    return dict(zip(manifest["image_id"], manifest["true_label"].astype(str), strict=True))
