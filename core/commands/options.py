"""Options that several commands share, and functions that use them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.classifiers.base import LabelledFaces
    from core.classifiers.calibrated import Calibrated
    from core.recognition.recognizer import Recognizer

NOT_STORED = "Not stored: results must cover all test images of the data set that the model was trained on."


def positive_int(text: str) -> int:
    """Parse a whole number of at least 1. Use as the `type` of an argument."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not {text!r}")
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


def recognizer_from(options: argparse.Namespace) -> Recognizer:
    """Load the detector and the models that the options name; raises InputError for an unknown name."""
    from core.recognition.recognizer import DEFAULT_MODELS, load_recognizer

    return load_recognizer(options.model or DEFAULT_MODELS, options.detector)


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


def should_store(options: argparse.Namespace, faces: LabelledFaces) -> bool:
    """Return whether to store the results.

    They are stored only for test images, without --limit, and if the model's card has the same number of test images.
    """
    from core.models.store import read_card

    is_complete = len(faces.labels) == read_card(options.model).split_sizes.get("test")
    return options.split == "test" and options.limit is None and is_complete


def classifier_and_faces(options: argparse.Namespace) -> tuple[Calibrated, LabelledFaces]:
    """Load the model and the imported images of the split. With --limit, return a random subset of the images.

    Raises InputError if the split is val and the model was trained on it.
    """
    from core.benchmarks.robustness import random_subset
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card

    if options.split == "val" and read_card(options.model).was_trained_on_val:
        raise InputError(f"{options.model} was trained on the val images; measure it with --split test.")
    classifier = load_classifier(options.model)
    data = required_import()
    return classifier, random_subset(labelled_faces(data.manifest(), data.faces(), options.split), options.limit)
