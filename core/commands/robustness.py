"""Measure how a model's accuracy falls when the test images get worse, and store it as models/MODEL/robustness.csv.

Brightness, contrast, gamma, noise, blur, JPEG, low resolution, rotation, shift and occlusion, five strengths each, in
the manner of Hendrycks and Dietterich (2019). Every test image is read 51 times: minutes.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from core.classifiers.base import Classifier, LabelledFaces

JSON_HELP = "fractions 0..1, intervals [low, high] at 95 %% (Wilson), n images"


def configure(parser: argparse.ArgumentParser) -> None:
    add_options(parser, JSON_HELP)


def add_options(parser: argparse.ArgumentParser, json_help: str) -> None:
    """MODEL, --limit, --split and --json."""
    parser.add_argument("model", metavar="MODEL", help="a folder of models/, such as cnn-seed")
    parser.add_argument("--limit", type=_positive, metavar="N", help="only N images, drawn by the seed; not stored")
    parser.add_argument(
        "--split", choices=("test", "val"), default="test", help="val, to choose a model by it; not stored (test)"
    )
    parser.add_argument("--json", action="store_true", help=json_help)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(options: argparse.Namespace) -> int:
    from core.artifacts import ROBUSTNESS, write_robustness
    from core.progress import progress_bar
    from core.robustness import measure, summary

    classifier, faces = classifier_and_faces(options)
    with progress_bar() as on_progress:
        table = measure(
            classifier, faces, on_progress=lambda done, total: on_progress(f"Damage for {options.model}", done, total)
        )
    if stored := is_stored(options):
        write_robustness(options.model, table)
    if options.json:
        print(json.dumps({"model": options.model, **summary(table)}))
    else:
        _print_table(options.model, table, options.split)
        print(f"Written: models/{options.model}/{ROBUSTNESS}" if stored else NOT_STORED)
    return 0


NOT_STORED = "Not stored: only figures of all test images are."


def is_stored(options: argparse.Namespace) -> bool:
    """Whether the figures are those that every page and table shows."""
    return options.split == "test" and options.limit is None


def classifier_and_faces(options: argparse.Namespace) -> tuple[Classifier, LabelledFaces]:
    """The model with its weights, and the imported images of the split, or the drawn ones of them."""
    from core.artifacts import load_classifier, read_card
    from core.exceptions import InputError
    from core.robustness import subset
    from core.training import labelled, required_import

    if options.split == "val" and read_card(options.model).has_learnt_val:
        raise InputError(f"{options.model} has learnt the val images; measure it on test.")
    classifier = load_classifier(options.model)
    data = required_import()
    return classifier, subset(labelled(data.manifest(), data.faces(), options.split), options.limit)


def _print_table(model: str, table: pd.DataFrame, split: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from core.corruptions import STRENGTHS
    from core.robustness import summary

    figures = summary(table)
    clean = figures["clean"]
    low, high = clean["accuracy_ci"]
    rich = Table("corruption", title=f"{model}: accuracy on {clean['n']:,} {split} images")
    for heading in (*map(str, STRENGTHS), "mean"):
        rich.add_column(heading, justify="right")
    for name, rows in figures["corruptions"].items():
        shares = [f"{row['accuracy']:.1%}" for row in rows["strengths"]]
        rich.add_row(name, *shares, f"{rows['mean']:.1%}")
    Console().print(rich)
    for name, rows in figures["corruptions"].items():
        amounts = ", ".join(f"{row['amount']:g}" for row in rows["strengths"])
        print(f"{name}: {amounts} {rows['unit']}")
    print(
        f"Clean {clean['accuracy']:.1%} (95 %: {low:.1%} to {high:.1%}); mean of the corruptions {figures['mean']:.1%}."
    )
