"""A classifier and faces -> a predictions table; a predictions table and the manifest -> a scored table."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import Progress, no_progress
from core.classifiers.base import Predicts, Probabilities
from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.models.store import read_predictions
from core.vision.crops import Faces

BATCH = 1024


def predict(
    classifier: Predicts,
    faces: Faces,
    image_ids: "pd.Series[str]",
    on_progress: Progress = no_progress,
) -> pd.DataFrame:
    """(n, 48, 48) uint8 and their ids -> the predictions table; n = 0 is legal."""
    return predictions_table(image_ids, predicted_probabilities(classifier, faces, on_progress))


def predicted_classes(classifier: Predicts, faces: Faces) -> NDArray[np.int64]:
    """(n, 48, 48) uint8 -> (n,) positions of the predicted labels in `EMOTIONS`; n = 0 is legal."""
    return np.asarray(predicted_probabilities(classifier, faces).argmax(axis=1), np.int64)


def predicted_probabilities(classifier: Predicts, faces: Faces, on_progress: Progress = no_progress) -> Probabilities:
    """(n, 48, 48) uint8 -> (n, 7) float32, a batch at a time to spare memory; n = 0 is legal."""
    parts = []
    for start in range(0, len(faces), BATCH):
        parts.append(classifier.predict_proba(np.asarray(faces[start : start + BATCH])))
        on_progress(min(start + BATCH, len(faces)), len(faces))
    return np.concatenate(parts) if parts else np.empty((0, len(EMOTIONS)), np.float32)


def predictions_table(image_ids: "pd.Series[str]", probabilities: Probabilities) -> pd.DataFrame:
    """Ids and (n, 7) probabilities -> image_id, predicted_label, confidence, p_angry ... p_surprise."""
    table = pd.DataFrame(probabilities.astype(np.float32), columns=list(PROBABILITY_COLUMNS))
    codes = probabilities.argmax(axis=1)
    table.insert(0, "image_id", image_ids.to_numpy())
    table.insert(1, "predicted_label", pd.Series(pd.Categorical.from_codes(codes, dtype=EMOTION_DTYPE)))
    table.insert(2, "confidence", probabilities.max(axis=1).astype(np.float32))
    return table


def join_manifest(predictions: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """Scored table: the images that both have, one to one by image_id, in the manifest's order."""
    return manifest.merge(predictions, on="image_id", how="inner", validate="one_to_one")


def scored_predictions(name: str, manifest: pd.DataFrame) -> pd.DataFrame:
    """The scored table of a shipped model's stored predictions."""
    return join_manifest(read_predictions(name), manifest)
