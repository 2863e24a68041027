"""Measure how FER2013's val images frame the face, and how a model's accuracy depends on the crop margin.

The detector gets each image on a larger background, made of the image's replicated border. The verb prints the box
that the detector finds, and the model's accuracy on crops with several margins around that box.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from core.benchmarks.framing import Framing


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder in models/, such as cnn-seed")
    parser.add_argument(
        "--detector", default="haar", metavar="NAME", help="a name in core/vision/detectors (default: haar)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON; lengths are fractions of the image's side")


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.framing import accuracy_by_margin, detect_largest, measure_framing
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card
    from core.runtime.progress_bar import progress_bar
    from core.vision.detectors import make_detector

    if read_card(options.model).has_learnt_val:
        raise InputError(f"{options.model} was trained on val, where margins are compared; name another model.")
    detector = make_detector(options.detector)
    classifier = load_classifier(options.model)
    data = required_import()
    val = labelled_faces(data.manifest(), data.faces(), "val")
    with progress_bar() as on_progress:
        found = detect_largest(val.faces, detector, partial(on_progress, "Detect faces"))
    boxes = measure_framing(found)
    if not len(boxes.sides):
        raise InputError(f"{options.detector} finds no face in the {boxes.n:,} val images; name another --detector.")
    table = accuracy_by_margin(classifier, val, found)
    if options.json:
        print(json.dumps(_summary(options.model, options.detector, boxes, table)))
    else:
        _print_sentences(options.model, options.detector, boxes, table)
    return 0


def _summary(model: str, detector: str, boxes: Framing, table: pd.DataFrame) -> dict[str, Any]:
    """Return the object that --json prints."""
    quartiles, centre = _quartiles_and_centre(boxes)
    return {
        "model": model,
        "detector": detector,
        "images": boxes.n,
        "found": len(boxes.sides),
        "side_quartiles": [round(float(side), 4) for side in quartiles],
        "centre_median": [round(float(place), 4) for place in centre],
        "margin_of_median": round(boxes.margin, 4),
        "accuracy": json.loads(table.round(6).to_json(orient="records")),
    }


def _print_sentences(model: str, detector: str, boxes: Framing, table: pd.DataFrame) -> None:
    quartiles, centre = _quartiles_and_centre(boxes)
    print(
        f"{detector} finds a face in {len(boxes.sides):,} of {boxes.n:,} val images. The side of the median box is "
        f"{quartiles[1]:.0%} of the image's side (quartiles: {quartiles[0]:.0%} and {quartiles[2]:.0%}). Its centre is "
        f"{centre[0]:+.1%} right of and {centre[1]:+.1%} below the image's centre. The whole image equals the median "
        f"box with a margin of {boxes.margin:+.0%} on each side."
    )
    print(f"Accuracy of {model} on the same {table['n'][0]:,} faces, by margin:")
    for margin, accuracy, low, high in table[["margin", "accuracy", "low", "high"]].to_numpy():
        name = f"margin {margin:+.0%}" if margin == margin else "whole image"
        print(f"  {name:<20} {accuracy:.1%} ({low:.1%} to {high:.1%})")


def _quartiles_and_centre(boxes: Framing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (3,) quartiles of the boxes' sides and the (2,) median of their centres."""
    import numpy as np

    return np.quantile(boxes.sides, [0.25, 0.5, 0.75]), np.asarray(np.median(boxes.centres, axis=0))
