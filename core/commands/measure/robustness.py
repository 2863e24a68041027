"""Measure a model's accuracy on corrupted test images, and store the results as robustness.csv in its folder.

The corruptions are brightness, contrast, gamma, noise, blur, JPEG, low resolution, rotation, shift and occlusion. Each
has five strengths, as in Hendrycks and Dietterich (2019). Every image is predicted 51 times
(once unchanged and 50 times corrupted), which takes minutes.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from core.commands.options import NOT_STORED, add_measuring_options, classifier_and_faces, should_store, shown_path
from core.commands.tables import print_table
from core.files import json_line

if TYPE_CHECKING:
    import pandas as pd

JSON_HELP = "print JSON: fractions 0..1, 95 %% intervals [low, high] (Wilson); n is the number of images"


def configure(parser: argparse.ArgumentParser) -> None:
    add_measuring_options(parser, JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.robustness import ROBUSTNESS, measure, summary, write_robustness
    from core.runtime.progress_bar import progress_bar

    classifier, faces = classifier_and_faces(options)
    with progress_bar() as on_progress:
        table = measure(classifier, faces, on_progress=partial(on_progress, f"Corrupt images for {options.model}"))
    try:
        if options.json:
            print(json_line({"model": options.model, **asdict(summary(table))}), flush=True)
        else:
            _print_table(options.model, table, options.split)
    finally:  # results of minutes are stored even if they cannot be printed, and printed even if they cannot be stored
        if stored := should_store(options):
            write_robustness(options.model, table)
    if not options.json:
        print(f"Wrote {shown_path(options.model, ROBUSTNESS)}" if stored else NOT_STORED)
    return 0


def _print_table(model: str, measured: pd.DataFrame, split: str) -> None:
    from core.benchmarks.corruptions import STRENGTHS
    from core.benchmarks.robustness import summary

    results = summary(measured)
    uncorrupted = results.clean
    low, high = uncorrupted.accuracy_ci
    print_table(
        ("corruption", *map(str, STRENGTHS), "mean"),
        [
            (name, *(f"{row.accuracy:.1%}" for row in rows.strengths), f"{rows.mean:.1%}")
            for name, rows in results.corruptions.items()
        ],
        title=f"{model}: accuracy on {uncorrupted.n:,} {split} images, by strength of corruption",
        numbers_from=1,
    )
    for name, rows in results.corruptions.items():
        amounts = ", ".join(f"{row.amount:g}" for row in rows.strengths)
        print(f"{name}, strengths 1 to 5: {amounts} {rows.unit}")
    print(
        f"Accuracy without corruption: {uncorrupted.accuracy:.1%} (95 % interval: {low:.1%} to {high:.1%}). "
        f"Mean accuracy over all corruptions: {results.mean:.1%}."
    )
