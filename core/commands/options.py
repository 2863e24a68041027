"""Options that several commands share, and functions that use them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.arguments import print_note, usable
from core.exceptions import InputError, shortened

if TYPE_CHECKING:
    from core.classifiers.base import LabelledFaces
    from core.classifiers.calibrated import Calibrated
    from core.models.card import Card
    from core.recognition.recognizer import Recognizer

NOT_STORED = "Not stored: results must cover all test images of the data set that the model was trained on."


def positive_int(text: str) -> int:
    """Parse a whole number of at least 1. Use as the `type` of an argument."""
    if not text.isdecimal() or len(text) > 18 or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"must be a whole number of at least 1, with at most 18 digits, not {text[:20]!r}"
        )
    return int(text)


def random_seed(text: str) -> int:
    """Parse a random seed: a whole number that is not negative. Use as the `type` of an argument."""
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"must be a whole number of at most 18 digits, not {text[:20]!r}")
    return int(text)


def add_recognizer_options(parser: argparse.ArgumentParser) -> None:
    """Add --model and --detector, for commands that find faces and predict expressions."""
    parser.add_argument(
        "--model", action="append", metavar="NAME", help="a model; can be repeated (default: cnn and catboost)"
    )
    parser.add_argument(
        "--detector",
        metavar="NAME",
        help="face detector (default: the first that can be used of yunet, libfacedetection and haar-multi; for video "
        "haar-multi-fast instead of haar-multi)",
    )


def recognizer_from(options: argparse.Namespace) -> tuple[Recognizer, int]:
    """Load the detector and the models that the options name; return also the exit code.

    It is 1 if a model was left out because it cannot be loaded; a line on stderr then says why. Raises InputError for
    an unknown detector, or if no model can be loaded.
    """
    from core.recognition.recognizer import DEFAULT_MODELS, load_recognizer

    names = list(dict.fromkeys(options.model or DEFAULT_MODELS))
    try:
        return load_recognizer(names, options.detector), 0
    except InputError:
        load_recognizer([], options.detector)  # raises the error again if it is about the detector
        loaded = usable(names, lambda name: load_recognizer([name], options.detector))
        return load_recognizer(list(loaded), options.detector), 1


def add_measuring_options(parser: argparse.ArgumentParser, json_help: str) -> None:
    """Add MODEL, --limit, --split and --json, for commands that measure a model on altered images."""
    parser.add_argument("model", metavar="MODEL", help="a folder in models/, such as cnn-seed")
    parser.add_argument(
        "--limit", type=positive_int, metavar="N", help="use only N random images, and do not store the results"
    )
    parser.add_argument(
        "--split",
        choices=("test", "val"),
        default="test",
        help="use val to compare models before choosing one; results on val are not stored (default: test)",
    )
    parser.add_argument("--json", action="store_true", help=json_help)


def should_store(options: argparse.Namespace) -> bool:
    """Return whether to store the results.

    They are stored only for test images, without --limit, and if the model's data set had the same test images.
    """
    from core.data.provenance import has_same_test_images
    from core.data.store import required_import
    from core.models.store import read_card

    if options.split != "test" or options.limit is not None:
        return False
    return has_same_test_images(required_import(), read_card(options.model).data_fingerprint)


def output_file(path: Path, example: str) -> Path:
    """Return the file to write, which may be there already. A link stays a link: the file that it names is returned.

    Raises InputError for a folder or a device, and if the folder is missing. `example` is a name for the message.
    """
    if path.exists() and not path.is_file():
        raise InputError(f"{shortened(path.absolute(), 120)} is not a file; name a file, such as {example}.")
    file = path.resolve()
    if not file.parent.is_dir():
        raise InputError(f"{shortened(file.parent, 120)} is no folder; create it, or name another file.")
    return file


def shown_path(model: str, file_name: str) -> str:
    """Return the path of a model's or guest's file for messages, such as `models/cnn/robustness.csv`."""
    from core import paths
    from core.models.folders import model_folder

    return f"models/{(model_folder(model) / file_name).relative_to(paths.MODELS_DIR).as_posix()}"


def print_val_note(card: Card) -> None:
    """Print a warning to stderr if the model may have been trained on val images of the data set in use."""
    from core.data.provenance import val_note

    if card.is_guest:
        print_note(
            f"Warning: how {card.name} was trained is unknown: it may have been trained on val images, and its "
            "accuracy on val may be too high."
        )
    elif note := val_note(card.name, card.data_fingerprint):
        print_note(f"Warning: {note}")


def classifier_and_faces(options: argparse.Namespace) -> tuple[Calibrated, LabelledFaces]:
    """Load the model and the imported images of the split. With --limit, return a random subset of the images.

    Raises InputError if the split is val and the model was trained on it.
    """
    from core.benchmarks.robustness import random_subset
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.models.store import read_card

    if options.split == "val":
        card = read_card(options.model)
        if card.was_trained_on_val:
            raise InputError(f"{options.model} was trained on the val images; measure it with --split test.")
        print_val_note(card)
    classifier = load_classifier(options.model)
    data = required_import()
    return classifier, random_subset(labelled_faces(data.manifest(), data.faces(), options.split), options.limit)
