"""Measure how FER2013's pictures are cut, as a detector sees it, and which margin suits a model; val images.

Each picture is shown to the detector on a ground of its own replicated border. Printed: the box that it finds, and the
model's accuracy on crops with several margins about that box.
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
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")
    parser.add_argument(
        "--detector", default="haar", metavar="NAME", help="a name in core/vision/detectors; haar by default"
    )
    parser.add_argument("--json", action="store_true", help="sides and centres in shares of the picture's side")


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.framing import accuracy_by_margin, find, framing
    from core.classifiers.base import labelled
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card
    from core.runtime.progress_bar import progress_bar
    from core.vision.detectors import make_detector

    if read_card(options.model).has_learnt_val:
        raise InputError(f"{options.model} has learnt val, on which margins are compared; name another model.")
    detector = make_detector(options.detector)
    classifier = load_classifier(options.model)
    data = required_import()
    val = labelled(data.manifest(), data.faces(), "val")
    with progress_bar() as on_progress:
        found = find(val.faces, detector, partial(on_progress, "Searched"))
    frames = framing(found)
    if not len(frames.sides):
        raise InputError(f"{options.detector} finds a face in none of the {frames.n:,} val images.")
    table = accuracy_by_margin(classifier, val, found)
    if options.json:
        print(json.dumps(_summary(options.model, options.detector, frames, table)))
    else:
        _print_sentences(options.model, options.detector, frames, table)
    return 0


def _summary(model: str, detector: str, frames: Framing, table: pd.DataFrame) -> dict[str, Any]:
    """What --json prints."""
    quartiles, middle = _box(frames)
    return {
        "model": model,
        "detector": detector,
        "images": frames.n,
        "found": len(frames.sides),
        "side_quartiles": [round(float(side), 4) for side in quartiles],
        "centre_median": [round(float(place), 4) for place in middle],
        "margin_of_median": round(frames.margin, 4),
        "accuracy": json.loads(table.round(6).to_json(orient="records")),
    }


def _print_sentences(model: str, detector: str, frames: Framing, table: pd.DataFrame) -> None:
    quartiles, middle = _box(frames)
    print(
        f"{detector} finds a face in {len(frames.sides):,} of {frames.n:,} val images. Its box has "
        f"{quartiles[1]:.0%} of the picture's side (half of them {quartiles[0]:.0%} to {quartiles[2]:.0%}), its centre "
        f"lies {middle[0]:+.1%} right and {middle[1]:+.1%} down of the middle. The whole picture is that box with a "
        f"margin of {frames.margin:+.0%} on each side."
    )
    print(f"Accuracy of {model} on the same {table['n'][0]:,} faces, by margin:")
    for margin, accuracy, low, high in table[["margin", "accuracy", "low", "high"]].to_numpy():
        name = f"margin {margin:+.0%}" if margin == margin else "the picture itself"
        print(f"  {name:<20} {accuracy:.1%} ({low:.1%} to {high:.1%})")


def _box(frames: Framing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(3,) quartiles of the boxes' sides, (2,) median of their centres."""
    import numpy as np

    return np.quantile(frames.sides, [0.25, 0.5, 0.75]), np.asarray(np.median(frames.centres, axis=0))
