"""Measure how FER2013's pictures are cut, as a detector sees it, and which margin suits a model; val images.

Each picture is shown to the detector on a ground of its own replicated border. Printed: the box that it finds, and the
model's accuracy on crops with several margins about that box.
"""

import argparse
import json


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")
    parser.add_argument("--detector", default="haar", metavar="NAME", help="a name in core/detectors; haar by default")
    parser.add_argument("--json", action="store_true", help="sides and centres in shares of the picture's side")


def run(options: argparse.Namespace) -> int:
    import numpy as np

    from core.artifacts import load_classifier, read_card
    from core.classifiers.base import labelled
    from core.dataset import required_import
    from core.detectors import make_detector
    from core.exceptions import InputError
    from core.framing import accuracy_by_margin, find, framing
    from core.progress import progress_bar

    if read_card(options.model).has_learnt_val:
        raise InputError(f"{options.model} has learnt val, on which margins are compared; name another model.")
    detector = make_detector(options.detector)
    classifier = load_classifier(options.model)
    data = required_import()
    val = labelled(data.manifest(), data.faces(), "val")
    with progress_bar() as on_progress:
        found = find(val.faces, detector, lambda done, total: on_progress("Searched", done, total))
    frames = framing(found)
    if not len(frames.sides):
        raise InputError(f"{options.detector} finds a face in none of the {frames.n:,} val images.")
    quartiles = np.quantile(frames.sides, [0.25, 0.5, 0.75])
    middle = np.median(frames.centres, axis=0)
    table = accuracy_by_margin(classifier, val, found)
    if options.json:
        summary = {
            "model": options.model,
            "detector": options.detector,
            "images": frames.n,
            "found": len(frames.sides),
            "side_quartiles": [round(float(side), 4) for side in quartiles],
            "centre_median": [round(float(place), 4) for place in middle],
            "margin_of_median": round(frames.margin, 4),
            "accuracy": json.loads(table.round(6).to_json(orient="records")),
        }
        print(json.dumps(summary))
        return 0
    print(
        f"{options.detector} finds a face in {len(frames.sides):,} of {frames.n:,} val images. Its box has "
        f"{quartiles[1]:.0%} of the picture's side (half of them {quartiles[0]:.0%} to {quartiles[2]:.0%}), its centre "
        f"lies {middle[0]:+.1%} right and {middle[1]:+.1%} down of the middle. The whole picture is that box with a "
        f"margin of {frames.margin:+.0%} on each side."
    )
    print(f"Accuracy of {options.model} on the same {table['n'][0]:,} faces, by margin:")
    for margin, accuracy, low, high in table[["margin", "accuracy", "low", "high"]].to_numpy():
        name = "the picture itself" if np.isnan(margin) else f"margin {margin:+.0%}"
        print(f"  {name:<20} {accuracy:.1%} ({low:.1%} to {high:.1%})")
    return 0
