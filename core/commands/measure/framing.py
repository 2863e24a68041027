"""Measure how FER2013's val images frame the face, and how a model's accuracy depends on the crop margin.

Each image is enlarged four times and extended by repeating its outermost pixels. The detector searches the result for
the face. The command prints the size and position of the boxes found, and the model's accuracy on crops with several
margins around them. With several detectors, it also compares them on the faces that all of them find. With --turned,
the images are turned by several angles instead, and the crops are compared with and without turning them upright.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from core.commands.arguments import usable
from core.commands.options import print_val_note
from core.files import json_line

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from core.benchmarks.framing import Framing
    from core.classifiers.base import LabelledFaces
    from core.classifiers.calibrated import Calibrated
    from core.vision.detectors.base import Detector
    from core.vision.faces import Face


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder in models/, such as cnn-seed")
    parser.add_argument(
        "--detector",
        action="append",
        metavar="NAME",
        help="a name in core/vision/detectors; can be repeated (default: the default detector for photos)",
    )
    parser.add_argument("--turned", action="store_true", help="turn the images and compare upright and turned crops")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print JSON; sizes and positions of the detected boxes are fractions of the image's side, margins are "
        "fractions of the box's side",
    )


def run(options: argparse.Namespace) -> int:
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card
    from core.vision.detectors import make_detector
    from core.vision.detectors.defaults import default_detector

    card = read_card(options.model)
    if card.was_trained_on_val:
        raise InputError(f"{options.model} was trained on val, on which margins are compared; name another model.")
    print_val_note(card)
    names = options.detector or [default_detector()]
    detectors = usable(names, make_detector)
    classifier = load_classifier(options.model)
    data = required_import()
    val = labelled_faces(data.manifest(), data.faces(), "val")
    measure = _measure_turned if options.turned else _measure_margins
    results, measured = measure(options.model, classifier, val, detectors, options.json)
    if options.json:
        print(json_line(results))
    return int(measured < len(set(names)))


def _measure_margins(
    model: str, classifier: Calibrated, val: LabelledFaces, detectors: Mapping[str, Detector], quiet: bool
) -> tuple[dict[str, Any], int]:
    """Measure the boxes and the accuracy by margin of each detector, and print them unless `quiet`.

    Return what --json prints, and the number of detectors that find a face.
    """
    from core.benchmarks.framing import (
        accuracy_by_margin,
        accuracy_on_common_faces,
        detect_largest_faces,
        measure_framing,
    )
    from core.exceptions import InputError
    from core.runtime.progress_bar import progress_bar

    def largest_faces(name: str) -> tuple[float, list[Face | None]]:
        with progress_bar() as on_progress:
            faces = detect_largest_faces(val.faces, detectors[name], partial(on_progress, name))
        if not any(faces):
            raise InputError(f"{name} finds no face in the {len(faces):,} val images; name another --detector.")
        return detectors[name].margin, faces

    found = usable(detectors, largest_faces)
    summaries = []
    for name, (_, faces) in found.items():
        framing = measure_framing(faces)
        table = accuracy_by_margin(classifier, val, faces)
        summaries.append(_summary(model, name, framing, table))
        if not quiet:
            _print_sentences(model, name, framing, table)
    if len(detectors) == 1:
        return summaries[0], 1
    count, accuracies = accuracy_on_common_faces(classifier, val, found)
    if not quiet:
        print(f"Accuracy of {model} on the {count:,} faces that all detectors find, each with its own margin:")
        for name, accuracy in accuracies.items():
            print(f"  {name:<20} {accuracy:.1%} (margin {found[name][0]:+.1%})")
    return {"model": model, "detectors": summaries, "found_by_all": count, "accuracy": accuracies}, len(found)


def _measure_turned(
    model: str, classifier: Calibrated, val: LabelledFaces, detectors: Mapping[str, Detector], quiet: bool
) -> tuple[dict[str, Any], int]:
    """Measure the accuracy on turned images for each detector, and print it unless `quiet`.

    Return what --json prints, and the number of detectors.
    """
    from core.benchmarks.turned_heads import accuracy_by_angle
    from core.runtime.progress_bar import progress_bar

    results: dict[str, Any] = {}
    for name, detector in detectors.items():
        with progress_bar() as on_progress:
            table = accuracy_by_angle(classifier, val, detector, on_progress=partial(on_progress, name))
        results[name] = json.loads(table.to_json(orient="records"))
        if not quiet:
            print(f"{name}: {len(val.labels):,} val images, turned; accuracy of {model} on the faces found:")
            print("  turned by     found   crops upright   crops turned like the face")
            for angle, images, found, upright, as_turned in table.itertuples(index=False):
                shares = (right / max(found, 1) for right in (upright, as_turned))
                print(f"  {angle:>3} degrees {found / images:9.1%} {next(shares):15.1%} {next(shares):28.1%}")
    return {"model": model, "turned": results}, len(results)


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
        name = f"margin {margin:+.1%}" if margin == margin else "whole image"  # its margin is NaN
        print(f"  {name:<20} {accuracy:.1%} ({low:.1%} to {high:.1%})")


def _quartiles_and_offset(framing: Framing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (3,) quartiles of the boxes' sides, and the (2,) median offset of their centres: right, down."""
    import numpy as np

    return np.quantile(framing.sides, [0.25, 0.5, 0.75]), np.asarray(np.median(framing.centres, axis=0))
