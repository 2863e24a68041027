"""Predict every Training image with a model that was not trained on it, for `doubts --split training`.

Five models are trained with the recipe, each without a fifth of the images. Exact copies stay in the same fifth. The
table is written beside the imported images, or, for FER2013, to data/. The folds lie in runs/: to resume a stopped run,
give the same command again.

With --flip, a share of the labels is replaced by wrong ones first, and no table is written. The command then prints how
many of these labels are among the lowest tenth of the scores. docs/doubts.md describes both.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.commands.options import output_file, random_seed
from core.exceptions import InputError, unknown_name
from core.files import json_line
from core.runtime.streams import printable

if TYPE_CHECKING:
    from core.classifiers.base import Probabilities
    from core.data.store import Import
    from core.review.doubts.flips import FlipReport
    from core.training.cross_validation import TrainingImages
    from core.training.recipes import Recipe

FILE_EXAMPLE = "training_predictions.parquet"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", metavar="RECIPE", help="a recipe that learns from labels alone, such as cnn-seed")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a field of the recipe, such as --set epochs=[20]; VALUE is JSON or plain text",
    )
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE", help="write the table to this parquet file")
    parser.add_argument(
        "--flip",
        type=share,
        metavar="SHARE",
        help="make this share of the labels wrong, such as 0.05, and count those found",
    )
    parser.add_argument("--seed", type=random_seed, metavar="N", help="with --flip: which labels flip (default: 0)")
    parser.add_argument(
        "--finished", action="store_true", help="train nothing; with --flip, report on the folds that are finished"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON; shares are 0..1")


def share(text: str) -> float:
    """Parse a share above 0 and below 1. Use as the `type` of an argument."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"must be above 0 and below 1, not {text[:20]!r}")
    return value


def run(options: argparse.Namespace) -> int:
    from core.data.store import required_import
    from core.training.cross_validation import checked_recipe, training_images

    file = _checked_options(options)
    recipe = checked_recipe(options.recipe, _recipe(options))
    if options.finished and not (folder := _folder(options, recipe)).is_dir():
        raise InputError(f"there are no folds in runs/{folder.name}; leave out --finished to train them.")
    data = required_import()
    images = training_images(data, options.flip or 0.0, options.seed or 0)
    finished, probabilities = _folds(options, recipe, data, images)
    if options.flip:
        _print_flips(options, finished, images, probabilities)
    else:
        _write_table(options, recipe, images, probabilities, data, file)
    return 0


def _checked_options(options: argparse.Namespace) -> Path | None:
    """Return the file of -o. Raises InputError for options that do not belong together, and for an unknown recipe."""
    from core.training.recipes import RECIPES

    if options.recipe not in RECIPES:
        raise unknown_name("recipe", options.recipe, RECIPES)
    if options.flip and options.output:
        raise InputError("-o cannot be used with --flip: a table with flipped labels would point at the wrong images.")
    if options.seed is not None and not options.flip:
        raise InputError("--seed chooses which labels flip, so it needs --flip; for the training, use --set seed=N.")
    return output_file(options.output, FILE_EXAMPLE) if options.output else None


def _recipe(options: argparse.Namespace) -> Recipe:
    from core.commands.models.train import apply_assignments
    from core.training.recipes import RECIPES

    recipe = RECIPES[options.recipe]
    return recipe._replace(config=apply_assignments(recipe.config, options.set))


def _folder(options: argparse.Namespace, recipe: Recipe) -> Path:
    from core.training.fold_files import folds_folder

    return folds_folder(options.recipe, recipe, options.flip or 0.0, options.seed or 0)


def _folds(
    options: argparse.Namespace, recipe: Recipe, data: Import, images: TrainingImages
) -> tuple[int, Probabilities]:
    """Return how many folds are finished, and their probabilities, (n, 7); NaN for the images of all others."""
    from core.classifiers.base import Run
    from core.runtime.progress_bar import training_bar
    from core.training.cross_validation import FOLDS, cross_validate, finished_folds
    from core.training.fold_files import check_folds_resumable

    choice = (options.flip or 0.0, options.seed or 0)
    folder = _folder(options, recipe)
    folder.mkdir(parents=True, exist_ok=True)
    check_folds_resumable(folder, data.fingerprint, recipe, *choice)
    finished, probabilities = finished_folds(images, folder)
    if finished < (1 if options.flip else FOLDS) and options.finished:
        raise InputError(f"{finished} of {FOLDS} folds are finished; leave out --finished to train the others.")
    if finished and not options.finished:
        print_note(f"Note: {finished} of {FOLDS} folds are finished; delete runs/{folder.name}/ to train them again.")
    if finished == FOLDS or options.finished:
        return finished, probabilities
    with training_bar(folder.name) as on_progress:
        return FOLDS, cross_validate(options.recipe, recipe, images, Run(folder, on_progress))


def _write_table(
    options: argparse.Namespace,
    recipe: Recipe,
    images: TrainingImages,
    probabilities: Probabilities,
    data: Import,
    file: Path | None,
) -> None:
    from core.classifiers.configs import as_json
    from core.evaluation.out_of_sample import Origin, identity, place_to_write, write_out_of_sample
    from core.training.cross_validation import FOLDS

    target = file or place_to_write(data)
    origin = Origin(options.recipe, as_json(recipe.config), FOLDS, recipe.config.seed, identity(data))
    write_out_of_sample(target, images.image_ids, probabilities, origin)
    accuracy = float((probabilities.argmax(axis=1) == images.labels).mean())
    result: dict[str, Any] = {
        "recipe": options.recipe, "folds": FOLDS, "images": len(images.labels), "accuracy": accuracy,
        "file": str(target),
    }  # fmt: skip
    if options.json:
        print(json_line(result))
        return
    print(printable(f"{target}: {len(images.labels):,} Training images, accuracy {accuracy:.1%} out of sample."))


def _print_flips(
    options: argparse.Namespace, finished: int, images: TrainingImages, probabilities: Probabilities
) -> None:
    from dataclasses import asdict

    from core.review.doubts.flips import flip_report
    from core.training.cross_validation import FOLDS

    report = flip_report(images.image_ids, probabilities, images.labels, images.true_labels)
    if options.json:
        settings = {"recipe": options.recipe, "flip": options.flip, "seed": options.seed or 0, "folds": finished}
        print(json_line({**settings, **asdict(report)}))
        return
    if finished < FOLDS:
        print(f"Only {finished} of {FOLDS} folds are finished: the figures are about their images.\n")
    _print_tables(report)


def _print_tables(report: FlipReport) -> None:
    from core.commands.tables import print_table
    from core.review.doubts.flips import Found

    def cells(name: str, found: Found) -> list[str]:
        shares = (found.in_lowest_tenth, found.in_lowest_tenth_of_class)
        area = "" if found.roc_auc is None else f"{found.roc_auc:.3f}"
        texts = ["" if value is None else f"{value:.1%}" for value in shares]
        return [name, f"{found.images:,}", f"{found.flipped:,}", *texts, area]

    for heading, groups in (("given label", report.by_given_label), ("true label", report.by_true_label)):
        print_table(
            (heading, "images", "flipped", "in lowest tenth", "in lowest tenth of class", "ROC area"),
            [cells("all", report.all), *(cells(name, found) for name, found in groups.items())],
            numbers_from=1,
            line_after=1,
        )
