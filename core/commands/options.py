"""What several verbs have in common: options, and what they stand for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.classifiers.base import LabelledFaces
    from core.classifiers.calibrated import Calibrated
    from core.recognition.recognizer import Recognizer

NOT_STORED = "Not stored: only figures of all test images are, of the data set that the model was trained on."


def positive(text: str) -> int:
    """A whole number from 1, as the `type` of an argument."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def add_recognizer_options(parser: argparse.ArgumentParser) -> None:
    """--model and --detector, as every verb that reads images has them."""
    parser.add_argument(
        "--model", action="append", metavar="NAME", help="repeat for several; by default the usual pair"
    )
    parser.add_argument("--detector", metavar="NAME", help="by default haar, for video haar-multi-fast")


def recognizer_from(options: argparse.Namespace) -> Recognizer:
    """Raises InputError for names that are not there."""
    from core.recognition.recognizer import DEFAULT_MODELS, load_recognizer
    from core.vision.detectors.defaults import DEFAULT_DETECTOR

    return load_recognizer(options.model or DEFAULT_MODELS, options.detector or DEFAULT_DETECTOR)


def add_measuring_options(parser: argparse.ArgumentParser, json_help: str) -> None:
    """MODEL, --limit, --split and --json, as every verb has them that measures a model on changed images."""
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")
    parser.add_argument("--limit", type=positive, metavar="N", help="only N images, drawn by the seed; not stored")
    parser.add_argument(
        "--split", choices=("test", "val"), default="test", help="val, to choose a model by it; not stored (test)"
    )
    parser.add_argument("--json", action="store_true", help=json_help)


def is_stored(options: argparse.Namespace, faces: LabelledFaces) -> bool:
    """Whether figures of these faces are those that every page and table shows."""
    from core.models.store import read_card

    is_whole = len(faces.labels) == read_card(options.model).split_sizes.get("test")
    return options.split == "test" and options.limit is None and is_whole


def classifier_and_faces(options: argparse.Namespace) -> tuple[Calibrated, LabelledFaces]:
    """The model with its weights, and the imported images of the split, or the drawn ones of them."""
    from core.benchmarks.robustness import subset
    from core.classifiers.base import labelled
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card

    if options.split == "val" and read_card(options.model).has_learnt_val:
        raise InputError(f"{options.model} has learnt the val images; measure it on test.")
    classifier = load_classifier(options.model)
    data = required_import()
    return classifier, subset(labelled(data.manifest(), data.faces(), options.split), options.limit)
