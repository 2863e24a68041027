"""Fit a model's temperature on val, from its stored predictions; rewrites its card and its predictions.

`train` does it by itself: this is for models that were trained before there was a temperature.
"""

import argparse
from collections.abc import Mapping
from typing import Any


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")


def run(options: argparse.Namespace) -> int:
    from core.artifacts import read_card
    from core.dataset import load_manifest
    from core.training import recalibrate

    before = read_card(options.model).scores["test"]
    card = recalibrate(options.model, load_manifest())
    after = card.scores["test"]
    print(
        f"{card.name}: temperature {card.calibration['temperature']:.3f}, fitted on val. On all test images: "
        + ", ".join(f"{key.upper()} {_figure(before, key)} -> {_figure(after, key)}" for key in SCORES)
        + f". Uncertain below a confidence of {card.calibration['uncertain_below']:.1%}: leaves "
        f"{card.calibration['coverage']:.0%} of val, right in {card.calibration['kept_accuracy']:.1%}."
    )
    return 0


SCORES = ("ece", "nll", "brier")


def _figure(scores: Mapping[str, Any], key: str) -> str:
    """A dash where there were no test images to measure it on."""
    return "-" if scores.get(key) is None else f"{scores[key]:.4f}"
