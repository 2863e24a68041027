"""Fit a model's temperature on its stored val predictions, and update its card and predictions.

`train` already does this for new models. Use this verb for models that have no temperature yet.
"""

import argparse

from core.models.card import Scores

SCORES = ("ece", "nll", "brier")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder in models/, such as cnn-seed")


def run(options: argparse.Namespace) -> int:
    from core.data.shipped import load_manifest
    from core.models.store import read_card
    from core.training.train import recalibrate

    before = read_card(options.model).score("test")
    card = recalibrate(options.model, load_manifest())
    after, calibration = card.score("test"), card.calibration
    assert calibration, "recalibrate always fits a calibration"
    print(
        f"{card.name}: temperature {calibration.temperature:.3f}, fitted on val. On all test images: "
        + ", ".join(f"{key.upper()} {_figure(before, key)} -> {_figure(after, key)}" for key in SCORES)
        + f". Labels with a confidence below {calibration.uncertain_below:.1%} are uncertain. The other "
        f"{calibration.coverage:.0%} of val have an accuracy of {calibration.kept_accuracy:.1%}."
    )
    return 0


def _figure(scores: Scores, key: str) -> str:
    """Format one score; a dash if there are no test images."""
    value: float | None = getattr(scores, key)
    return "-" if value is None else f"{value:.4f}"
