"""Read a model of others as a guest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import StageProgress
from core.classifiers.base import LabelledFaces, Probabilities, labelled_faces
from core.data.store import Import
from core.emotions import EMOTIONS
from core.evaluation.predictions import predicted_probabilities, predictions_table
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions, ModelReader, Proposal, RowOrder
from core.exchange.guests.proposals import Outputs, Scale, confirm, propose
from core.vision.crops import Faces

SAMPLE = 1_000
"""Number of random test images on which other ways to read a model are tried, seeded."""

TRIED_FACES = 8
"""Number of faces that show whether another order of classes changes the predictions."""


@dataclass(frozen=True, eq=False)
class ReadGuestModel:
    """A model that has predicted the test images."""

    model: GuestModel
    table: pd.DataFrame
    """The predictions table of all test images."""
    proposal: Proposal | None


def read_model_file(
    file: GuestFile, options: GuestOptions, reader: ModelReader, data: Import, on_progress: StageProgress
) -> ReadGuestModel:
    """Return a model and its predictions for all test images. Raises InputError if the model cannot be used."""
    if options.order is not None:
        raise InputError("order is an option for predictions, but this file holds a model; leave it out.")
    on_progress("Check the model", 0, 1)
    model = reader.check(file, options)
    on_progress("Check the model", 1, 1)
    manifest = data.manifest()
    test = labelled_faces(manifest, data.faces(), "test")
    now = predicted_probabilities(model.classifier, test.faces, partial(on_progress, "Predict the test images"))
    proposal = _proposal(file, options, reader, test, now, on_progress)
    image_ids = manifest.loc[manifest["split"] == "test", "image_id"]
    return ReadGuestModel(model, predictions_table(image_ids, now), proposal)


def _proposal(
    file: GuestFile,
    options: GuestOptions,
    reader: ModelReader,
    test: LabelledFaces,
    now: Probabilities,
    on_progress: StageProgress,
) -> Proposal | None:
    """Return another way to read the model that is clearly better on all test images, or None.

    It is found on a sample of them.
    """
    rows = _sample(len(test.labels))
    classes = options.classes or EMOTIONS
    used = _used_scale(options, reader)
    outputs: dict[tuple[RowOrder | None, Scale], Outputs]
    outputs = {(None, used): _outputs(now[rows], test.labels[rows], classes)}
    others = [scale for scale in reader.scales if scale != used]
    for done, scale in enumerate(others, start=1):
        other = reader.read(file, replace(options, scale=scale)).classifier
        outputs[None, scale] = _outputs(predicted_probabilities(other, test.faces[rows]), test.labels[rows], classes)
        on_progress("Try other scales", done, len(others))
    found = propose(outputs, classes, classes_are_known=False)
    if (
        found
        and found.classes
        and not _depends_on_classes(file, replace(options, classes=found.classes), reader, test.faces, now)
    ):
        found = propose(outputs, classes, classes_are_known=True)
    if found is None:
        return None
    proposed = replace(options, scale=found.scale or options.scale, classes=found.classes or options.classes)
    classifier = reader.read(file, proposed).classifier
    then = predicted_probabilities(classifier, test.faces, partial(on_progress, "Try another way to read it"))
    return confirm(found, test.labels, now.argmax(axis=1), then.argmax(axis=1))


def _depends_on_classes(
    file: GuestFile, options: GuestOptions, reader: ModelReader, faces: Faces, now: Probabilities
) -> bool:
    """Return whether the predictions change with the order of classes. They do not if the file itself tells it."""
    try:
        then = reader.read(file, options).classifier.predict_proba(np.asarray(faces[:TRIED_FACES]))
    except InputError:
        return False
    return not np.allclose(then, now[:TRIED_FACES], atol=1e-4)


def _sample(images: int) -> NDArray[np.int64]:
    """Return the sorted positions of at most `SAMPLE` random images."""
    chosen = np.random.default_rng(0).permutation(images)[:SAMPLE]
    return np.sort(chosen).astype(np.int64)


def _used_scale(options: GuestOptions, reader: ModelReader) -> Scale:
    if options.scale is not None or not reader.scales:
        return options.scale
    return reader.scales[0]


def _outputs(probabilities: Probabilities, labels: NDArray[np.int64], classes: tuple[str, ...]) -> Outputs:
    """Return the predictions as class numbers of the file, from probabilities in the order of `EMOTIONS`."""
    file_class = np.array([classes.index(emotion) for emotion in EMOTIONS])
    return Outputs(labels, file_class[probabilities.argmax(axis=1)])
