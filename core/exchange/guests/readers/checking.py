"""Check a model of others in a process of its own, before this process reads it."""

import threading
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from core.classifiers.base import Classifier
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import LARGEST_MODEL, GuestFile, GuestOptions
from core.models.typed_json import from_json
from core.runtime.limited import Cause, LimitError, Limits, run_limited
from core.vision.crops import FACE_SIZE, Faces

LIMITS = Limits()

_one_at_a_time = threading.Lock()
"""Checks wait for each other, because each of them may take gigabytes."""

BATCH_SIZES = (1, 2, 32)
"""Numbers of faces with which a model is tried. A face must get the same probabilities in each batch."""

LARGEST_DIFFERENCE = 5e-3
"""Largest allowed difference of a face's probabilities between batches. Networks with 16-bit floats need 1e-3."""

CAUSES: dict[Cause, str] = {
    "memory": "asks for more than 2 GB of memory; use a smaller model",
    "time": "takes more than a minute to load and to predict 35 faces; use a smaller model",
    "crash": "makes the library that reads it crash, so it is damaged; make the file again",
}


def shown_name(file: GuestFile) -> str:
    """Return the name of a file for messages."""
    return shortened(file.name, 40)


def check_size(file: GuestFile) -> None:
    """Raise InputError for an empty file and for one that is too large."""
    if not file.content:
        raise InputError(f"{shown_name(file)} is empty; make the file again.")
    if len(file.content) > LARGEST_MODEL:
        raise InputError(
            f"{shown_name(file)} has {len(file.content) / 1e6:,.0f} MB; models of up to {LARGEST_MODEL / 1e6:.0f} MB "
            "can be added."
        )


def check_in_process(function: str, file: GuestFile, options: GuestOptions, libraries: Sequence[str]) -> None:
    """Call a function, such as `package.module:function`, for a file in a process with limited memory and time.

    The function gets what `request_of` takes. Raises its InputError, and one if the limits are reached or
    no process can be started.
    """
    check_size(file)
    request = {"name": file.name, "options": asdict(options)}
    try:
        with _one_at_a_time:
            run_limited(function, file.content, request, libraries, LIMITS)
    except LimitError as error:
        raise InputError(f"{shown_name(file)} {CAUSES[error.cause]}.") from error
    except OSError as error:
        reason = error.strerror or "no process could be started"
        raise InputError(
            f"{shown_name(file)} cannot be checked ({reason}); free some disk space and memory, and try again."
        ) from error


def request_of(content: bytes, request: dict[str, object]) -> tuple[GuestFile, GuestOptions]:
    """Return the file and the options that were given to `check_in_process`."""
    return GuestFile(str(request["name"]), content), from_json(GuestOptions, request["options"])


def check_batches(classifier: Classifier, name: str) -> None:
    """Raise InputError unless a classifier predicts probabilities that do not depend on the other faces of a batch."""
    faces = example_faces(max(BATCH_SIZES))
    results = [classifier.predict_proba(faces[:size]) for size in BATCH_SIZES]
    if not all(np.isfinite(result).all() for result in results):
        raise InputError(f"{name} predicts values that are not numbers (NaN or infinite); train the model again.")
    largest = results[-1]
    for size, result in zip(BATCH_SIZES, results, strict=True):
        if result.shape != (size, len(EMOTIONS)) or np.abs(result - largest[:size]).max() > LARGEST_DIFFERENCE:
            raise InputError(
                f"{name} predicts other values for a face alone than in a batch of {max(BATCH_SIZES)}; export the "
                "model in evaluation mode (in PyTorch: model.eval()), without dropout."
            )


def example_faces(n: int) -> Faces:
    """Return n images of random squares and noise, (n, 48, 48) uint8, always the same."""
    generator = np.random.default_rng(0)
    squares = generator.integers(0, 200, (n, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    return (squares + generator.integers(0, 56, (n, FACE_SIZE, FACE_SIZE))).astype(np.uint8)


def refuse_options(name: str, options: GuestOptions, names: Sequence[str], reason: str) -> None:
    """Raise InputError with the reason if one of these options is given."""
    if given := [option for option in names if getattr(options, option)]:
        raise InputError(f"{name} {reason}; leave out {' and '.join(given)}.")


def check_stated_classes(name: str, options: GuestOptions, stated: tuple[str, ...] | None) -> None:
    """Raise InputError if a file itself states another order of classes than the options."""
    if stated and options.classes and options.classes != stated:
        raise InputError(
            f"{name} itself says that its classes are {', '.join(stated)}; leave out classes, or give this order."
        )
