"""Fit a model's temperature and confidence threshold on its stored val predictions, and update its card.

The stored predictions are rescaled with the new temperature. `train` already calibrates new models. Use this command
for models that have no temperature yet.
"""

import argparse

from core.commands.options import print_val_note
from core.models.scores import Scores

SCORES = ("ece", "nll", "brier")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder in models/, such as cnn-seed")


def run(options: argparse.Namespace) -> int:
    from core.data.shipped import load_manifest
    from core.models.store import read_card
    from core.training.train import recalibrate

    trained = read_card(options.model)
    if not trained.is_guest:  # guests are refused
        print_val_note(trained)
    before = trained.score("test")
    card = recalibrate(options.model, load_manifest())
    after, calibration = card.score("test"), card.calibration
    if calibration is None:
        raise RuntimeError("recalibrate must add a calibration to the card")
    print(
        f"{card.name}: temperature {calibration.temperature:.3f}, fitted on val. On all test images: "
        + ", ".join(f"{key.upper()} {_score_text(before, key)} -> {_score_text(after, key)}" for key in SCORES)
        + f". Labels with a confidence below {calibration.uncertain_below:.1%} are called uncertain. Of the other val "
        f"labels ({calibration.coverage:.0%}), {calibration.kept_accuracy:.1%} are correct."
    )
    return 0


def _score_text(scores: Scores, key: str) -> str:
    """Return one score with four decimals, or a dash if there are no test images."""
    value: float | None = getattr(scores, key)
    return "-" if value is None else f"{value:.4f}"
