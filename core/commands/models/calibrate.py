"""Fit a model's temperature on val, from its stored predictions; rewrites its card and its predictions.

`train` does it by itself: this is for models that were trained before there was a temperature.
"""

import argparse

from core.models.card import Scores

SCORES = ("ece", "nll", "brier")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")


def run(options: argparse.Namespace) -> int:
    from core.data.shipped import load_manifest
    from core.models.store import read_card
    from core.training.train import recalibrate

    before = read_card(options.model).score("test")
    card = recalibrate(options.model, load_manifest())
    after, calibration = card.score("test"), card.calibration
    assert calibration, "it has just been fitted"
    print(
        f"{card.name}: temperature {calibration.temperature:.3f}, fitted on val. On all test images: "
        + ", ".join(f"{key.upper()} {_figure(before, key)} -> {_figure(after, key)}" for key in SCORES)
        + f". Uncertain below a confidence of {calibration.uncertain_below:.1%}: leaves "
        f"{calibration.coverage:.0%} of val, right in {calibration.kept_accuracy:.1%}."
    )
    return 0


def _figure(scores: Scores, key: str) -> str:
    """A dash if there were no test images to measure it on."""
    value: float | None = getattr(scores, key)
    return "-" if value is None else f"{value:.4f}"
