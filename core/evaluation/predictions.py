"""Predictions tables and scored tables.

A predictions table has one row per image: its id, the predicted label, the confidence and the probabilities. A scored
table is a predictions table joined with the manifest, which has the true labels.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import Probabilities, SupportsPredictProba
from core.classifiers.calibrated import check_finite
from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.exceptions import InputError, shortened
from core.models.store import read_predictions
from core.vision.crops import Faces

BATCH_SIZE = 1024
"""Faces per call of `predict_proba`."""


def predict(
    classifier: SupportsPredictProba,
    faces: Faces,
    image_ids: "pd.Series[str]",
    on_progress: Progress = no_progress,
) -> pd.DataFrame:
    """Return the predictions table for faces, (n, 48, 48) uint8, and their image ids; n = 0 is allowed."""
    return predictions_table(image_ids, predicted_probabilities(classifier, faces, on_progress))


def predicted_classes(classifier: SupportsPredictProba, faces: Faces) -> NDArray[np.int64]:
    """Return the class ids of the predicted labels: (n, 48, 48) uint8 -> (n,) int64; n = 0 is allowed."""
    return np.asarray(predicted_probabilities(classifier, faces).argmax(axis=1), np.int64)


def predicted_probabilities(
    classifier: SupportsPredictProba, faces: Faces, on_progress: Progress = no_progress
) -> Probabilities:
    """Predict in batches, to save memory: (n, 48, 48) uint8 -> (n, 7) float32; n = 0 is allowed.

    Raises InputError if a probability is not finite, for example because the training has diverged.
    """
    parts = []
    for start in range(0, len(faces), BATCH_SIZE):
        parts.append(check_finite(classifier.predict_proba(np.asarray(faces[start : start + BATCH_SIZE]))))
        on_progress(min(start + BATCH_SIZE, len(faces)), len(faces))
    return np.concatenate(parts) if parts else np.empty((0, len(EMOTIONS)), np.float32)


def predictions_table(image_ids: "pd.Series[str]", probabilities: Probabilities) -> pd.DataFrame:
    """Return a table with image_id, predicted_label, confidence, p_angry ... p_surprise from probabilities, (n, 7)."""
    table = pd.DataFrame(probabilities.astype(np.float32), columns=list(PROBABILITY_COLUMNS))
    codes = probabilities.argmax(axis=1)
    table.insert(0, "image_id", image_ids.to_numpy())
    table.insert(1, "predicted_label", pd.Series(pd.Categorical.from_codes(codes, dtype=EMOTION_DTYPE)))
    table.insert(2, "confidence", probabilities.max(axis=1).astype(np.float32))
    return table


def join_manifest(predictions: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the scored table as `join_shared_images`. Raises InputError if there are predictions, but none is shared.

    That some predicted images are not in the manifest is normal: the imported data set may lack them.
    """
    scored = join_shared_images(predictions, manifest)
    if len(predictions) and scored.empty:
        raise InputError(
            f"the data set in use has none of the {len(predictions):,} predicted images (such as "
            f"{shortened(predictions['image_id'].iloc[0])}); import the data set of these predictions."
        )
    return scored


def join_shared_images(predictions: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the scored table: predictions and manifest joined by image_id, in the manifest's order.

    Images that are in only one of the two tables are left out, so the scored table can be empty.
    """
    return manifest.merge(predictions, on="image_id", how="inner", validate="one_to_one")


def scored_predictions(name: str, manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the scored table of a model's stored predictions; raises InputError as `join_manifest`."""
    return join_manifest(read_predictions(name), manifest)
