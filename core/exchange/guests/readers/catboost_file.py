"""Read CatBoost's trees in .cbm files."""

from core.classifiers.configs import as_json
from core.classifiers.trees.guest_pixels import GuestTrees, GuestTreesConfig
from core.data.sources.words import emotion_of
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions, ModelReader
from core.exchange.guests.readers.checking import (
    check_batches,
    check_in_process,
    check_stated_classes,
    refuse_options,
    request_of,
    shown_name,
)
from core.files import ContentError

REMEDY = "use a CatBoostClassifier with seven classes that was fitted on the 48 x 48 gray levels, row by row"


def check(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read trees in a process with limits, then in this one; see `ModelReader`."""
    check_in_process(f"{__name__}:check_here", file, options, ("catboost", "cv2"))
    return read(file, options)


def check_here(content: bytes, request: dict[str, object]) -> None:
    """Check trees in this process. Raises InputError if they cannot be used or contradict the options."""
    file, options = request_of(content, request)
    name = shown_name(file)
    refuse_options(
        name, options, ("layout", "channels", "mean", "std"), "has trees, which take gray levels as they are"
    )
    trees = _trees(file, options)
    check_stated_classes(name, options, stated_classes(trees))
    check_batches(trees, name)


def read(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read trees that were checked. If the model names its classes, its order takes precedence over the options."""
    trees = _trees(file, options)
    if (stated := stated_classes(trees)) and trees.config.classes != stated:
        trees = GuestTrees.from_bytes(file.content, GuestTreesConfig(trees.config.scale, stated))
    return GuestModel("catboost-guest", as_json(trees.config), trees, file.content)


def _trees(file: GuestFile, options: GuestOptions) -> GuestTrees:
    config = GuestTreesConfig(options.scale or 255, options.classes or EMOTIONS)
    try:
        return GuestTrees.from_bytes(file.content, config)
    except ContentError as error:
        raise InputError(f"{shown_name(file)} cannot be used: {error}; {REMEDY}.") from error


def stated_classes(trees: GuestTrees) -> tuple[str, ...] | None:
    """Return the emotions in the order of a model that calls its classes by their names, otherwise None."""
    emotions = tuple(emotion_of(name) or "" for name in trees.class_names())
    return emotions if sorted(emotions) == sorted(EMOTIONS) else None


READER = ModelReader("catboost", check, read, (255, 1))
