"""Evaluate a model on the test images: run it on them or, with --stored, use its stored predictions.

Several models are evaluated together as an ensemble: their probabilities are averaged.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from core.models.card import Interval, Scores

JSON_HELP = "print JSON: fractions 0..1, 95 %% intervals [low, high] (Wilson), ECE with 15 bins of equal width"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", metavar="MODEL", nargs="+", help="a folder in models/, such as cnn-seed")
    parser.add_argument("--stored", action="store_true", help="use the stored predictions; no images are needed")
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.evaluation.slices import summaries

    name = " + ".join(options.models)
    slices = summaries(_stored_predictions(options.models) if options.stored else _new_predictions(options.models))
    if options.json:
        print(json.dumps({"model": name, "slices": {key: asdict(scores) for key, scores in slices.items()}}))
    else:
        _print_tables(name, slices)
    return 0


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
    from core.runtime.progress_bar import progress_bar

    classifiers = {model: load_classifier(model) for model in models}
    data = required_import()
    manifest = data.manifest()
    faces = labelled_faces(manifest, data.faces(), "test").faces
    image_ids = manifest.loc[manifest["split"] == "test", "image_id"]
    tables = []
    with progress_bar() as on_progress:
        for model, classifier in classifiers.items():
            stage = f"Predict with {model}"
            tables.append(predict(classifier, faces, image_ids, partial(on_progress, stage)))
    return join_manifest(mean_predictions(tables), manifest)


def _print_tables(model: str, slices: dict[str, Scores]) -> None:
    from rich.console import Console
    from rich.table import Table

    from core.evaluation.slices import SLICES

    table = Table("slice", "images", "accuracy", "95 % interval", "balanced accuracy", "macro-F1", "ECE", title=model)
    for name, scores in slices.items():
        shares = [_percent(share) for share in (scores.balanced_accuracy, scores.macro_f1, scores.ece)]
        interval = _interval_text(scores.accuracy_ci)
        table.add_row(SLICES[name].title, f"{scores.n:,}", _percent(scores.accuracy), interval, *shares)
    classes = Table("emotion", "images", "precision", "recall", "95 % interval", "F1", title="All test images")
    for emotion, row in slices["test"].per_class.items():
        shares = [_percent(row.precision), _percent(row.recall), _interval_text(row.recall_ci), _percent(row.f1)]
        classes.add_row(emotion, f"{row.support:,}", *shares)
    Console().print(table, classes)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _interval_text(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
