"""Evaluate a model on the test images: run it on them or, with --stored, use its stored predictions.

For guests that consist of predictions, the stored ones are always used.

Several models are evaluated together as an ensemble: their probabilities are averaged. If one of them cannot be used,
nothing is evaluated, because the mean of the others would be another ensemble.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from core.commands.arguments import print_note
from core.commands.tables import print_table
from core.files import json_line

if TYPE_CHECKING:
    import pandas as pd

    from core.models.scores import ClassScores, Interval, Scores

JSON_HELP = "print JSON: fractions 0..1, 95 %% intervals [low, high] (Wilson), ECE with 15 bins of equal width"

SLICE_HELP = "also evaluate on these test images, such as no_near_copies or leak_free,dark: those in all of the slices"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a folder in models/, such as cnn-seed")
    parser.add_argument("--stored", action="store_true", help="use the stored predictions; no images are needed")
    parser.add_argument("--slice", metavar="NAMES", help=SLICE_HELP)
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.evaluation.slices import parse_slice, slice_key, summaries
    from core.models.store import read_card

    name = " + ".join(options.models)
    key = slice_key(parse_slice(options.slice)) if options.slice else ""  # an unknown slice is named at once
    scored = _stored_predictions(options.models) if options.stored else _new_predictions(options.models)
    slices = summaries(scored) | ({key: _summary_of(scored, key)} if key else {})
    if not all(read_card(model).has_probabilities for model in options.models):
        slices = {key: scores.without_calibration() for key, scores in slices.items()}
    if options.json:
        print(json_line({"model": name, "slices": {key: asdict(scores) for key, scores in slices.items()}}))
    else:
        _print_tables(name, slices)
    return 0


def _summary_of(scored: pd.DataFrame, key: str) -> Scores:
    """Return the metrics on a slice or a combination. Raises InputError if the slice needs what is not known."""
    from core.evaluation.metrics import summary
    from core.evaluation.slices import slice_rows
    from core.review.slice_columns import with_slice_columns

    return summary(slice_rows(with_slice_columns(scored, key), key))


def _stored_predictions(models: list[str]) -> pd.DataFrame:
    from core.data.shipped import load_manifest
    from core.evaluation.ensemble import mean_predictions
    from core.evaluation.predictions import join_manifest
    from core.models.store import read_predictions

    return join_manifest(mean_predictions([read_predictions(model) for model in models]), load_manifest())


def _new_predictions(models: list[str]) -> pd.DataFrame:
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.evaluation.ensemble import mean_predictions
    from core.evaluation.predictions import join_manifest, predict
    from core.models.store import read_card, read_predictions
    from core.runtime.progress_bar import progress_bar

    without_model = [model for model in models if not read_card(model).can_predict]
    if len(without_model) == len(models):  # no images are needed
        _print_stored_note(without_model)
        return _stored_predictions(models)
    classifiers = {model: load_classifier(model) for model in models if model not in without_model}
    data = required_import()
    manifest = data.manifest()
    faces = labelled_faces(manifest, data.faces(), "test").faces
    image_ids = manifest.loc[manifest["split"] == "test", "image_id"]
    tables = []
    with progress_bar() as on_progress:
        for model, classifier in classifiers.items():
            stage = f"Predict with {model}"
            tables.append(predict(classifier, faces, image_ids, partial(on_progress, stage)))
    _print_stored_note(without_model)
    tables += [read_predictions(model) for model in without_model]
    return join_manifest(mean_predictions(tables), manifest)


def _print_stored_note(models: list[str]) -> None:
    for model in models:
        print_note(f"{model} consists of predictions; the stored ones are used.")


def _print_tables(model: str, slices: dict[str, Scores]) -> None:
    from core.evaluation.slices import slice_title

    print_table(
        ("slice", "images", "accuracy", "95 % interval", "balanced accuracy", "macro-F1", "ECE"),
        [(slice_title(name), *_cells(scores)) for name, scores in slices.items()],
        title=model,
        numbers_from=1,
    )
    print_table(
        ("emotion", "images", "precision", "recall", "95 % interval", "F1"),
        [(emotion, *_class_cells(scores)) for emotion, scores in slices["test"].per_class.items()],
        title="All test images",
        numbers_from=1,
    )


def _cells(scores: Scores) -> list[str]:
    shares = [_percent(share) for share in (scores.balanced_accuracy, scores.macro_f1, scores.ece)]
    return [f"{scores.n:,}", _percent(scores.accuracy), _interval_text(scores.accuracy_ci), *shares]


def _class_cells(scores: ClassScores) -> list[str]:
    interval = _interval_text(scores.recall_ci)
    return [f"{scores.support:,}", _percent(scores.precision), _percent(scores.recall), interval, _percent(scores.f1)]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _interval_text(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
