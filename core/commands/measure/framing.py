"""Measure how FER2013's val images frame the face, and how a model's accuracy depends on the crop margin.

Each image is enlarged four times and extended by repeating its outermost pixels. The detector searches the result for
the face. The command prints the size and position of the boxes found, and the model's accuracy on crops with several
margins around them.
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
    parser.add_argument(
        "--json",
        action="store_true",
        help="print JSON; sizes and positions of the detected boxes are fractions of the image's side, margins are "
        "fractions of the box's side",
    )


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.framing import accuracy_by_margin, detect_largest_faces, measure_framing
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card
    from core.runtime.progress_bar import progress_bar
    from core.vision.detectors import make_detector

    if read_card(options.model).was_trained_on_val:
        raise InputError(f"{options.model} was trained on val, on which margins are compared; name another model.")
    detector = make_detector(options.detector)
    classifier = load_classifier(options.model)
    data = required_import()
    val = labelled_faces(data.manifest(), data.faces(), "val")
    with progress_bar() as on_progress:
        found = detect_largest_faces(val.faces, detector, partial(on_progress, "Detect faces"))
    framing = measure_framing(found)
    if not len(framing.sides):
        raise InputError(f"{options.detector} finds no face in the {framing.n:,} val images; name another --detector.")
    table = accuracy_by_margin(classifier, val, found)
    if options.json:
        print(json.dumps(_summary(options.model, options.detector, framing, table)))
    else:
        _print_sentences(options.model, options.detector, framing, table)
    return 0


def _summary(model: str, detector: str, framing: Framing, table: pd.DataFrame) -> dict[str, Any]:
    """Return the object that --json prints."""
    quartiles, offset = _quartiles_and_offset(framing)
    return {
        "model": model,
        "detector": detector,
        "images": framing.n,
        "found": len(framing.sides),
        "side_quartiles": [round(float(side), 4) for side in quartiles],
        "centre_median": [round(float(share), 4) for share in offset],  # offset from the image's centre
        "margin_of_median": round(framing.margin, 4),  # extends a box of median size to the whole image
        "accuracy": json.loads(table.round(6).to_json(orient="records")),
    }


def _print_sentences(model: str, detector: str, framing: Framing, table: pd.DataFrame) -> None:
    quartiles, offset = _quartiles_and_offset(framing)
    print(
        f"{detector} finds a face in {len(framing.sides):,} of {framing.n:,} val images. The median side of the boxes "
        f"is {quartiles[1]:.0%} of the image's side (quartiles: {quartiles[0]:.0%} and {quartiles[2]:.0%}). The median "
        f"offset of their centres from the image's centre is {offset[0]:+.1%} to the right and {offset[1]:+.1%} down. "
        f"A margin of {framing.margin:+.0%} on each side extends a box of median size to the whole image."
    )
    print(f"Accuracy of {model} on these {table['n'][0]:,} faces, by margin:")
    for margin, accuracy, low, high in table[["margin", "accuracy", "low", "high"]].to_numpy():
        name = f"margin {margin:+.0%}" if margin == margin else "whole image"  # its margin is NaN
        print(f"  {name:<20} {accuracy:.1%} ({low:.1%} to {high:.1%})")


def _quartiles_and_offset(framing: Framing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (3,) quartiles of the boxes' sides, and the (2,) median offset of their centres: right, down."""
    import numpy as np

    return np.quantile(framing.sides, [0.25, 0.5, 0.75]), np.asarray(np.median(framing.centres, axis=0))
