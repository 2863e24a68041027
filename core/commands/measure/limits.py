"""Measure how dark, blurred or small a face may be before the labels that a model calls certain break its promise.

The val images are darkened, blurred and shrunk. The command prints, for each strength, the share of labels that the
model calls certain and their accuracy. It then prints the limit of each measure: below it, certain labels are less
accurate than those of the images as they are. core/recognition/quality.py holds the limits that FERscope uses.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING

from core.commands.options import print_val_note
from core.files import json_line

if TYPE_CHECKING:
    from core.benchmarks.quality_limits import Limits


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a folder in models/ of a model that was not trained on val")
    parser.add_argument("--json", action="store_true", help="print JSON: fractions 0..1")


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.quality_limits import measure_limits
    from core.classifiers.base import labelled_faces
    from core.classifiers.loading import load_classifier
    from core.data.store import required_import
    from core.exceptions import InputError
    from core.models.store import read_card
    from core.runtime.progress_bar import progress_bar

    card = read_card(options.model)
    if card.was_trained_on_val:
        raise InputError(f"{options.model} was trained on val, on which limits are fitted; name another model.")
    print_val_note(card)
    data = required_import()
    val = labelled_faces(data.manifest(), data.faces(), "val")
    with progress_bar() as on_progress:
        limits = measure_limits(load_classifier(options.model), val, partial(on_progress, "Predict damaged copies"))
    if options.json:
        rows = json.loads(limits.table.round(6).to_json(orient="records"))
        print(json_line({"model": options.model, "promised": limits.promised, "limits": limits.limits, "rows": rows}))
    else:
        _print_limits(options.model, limits)
    return 0


def _print_limits(model: str, limits: Limits) -> None:
    print(f"{model}: {limits.promised:.1%} of the certain labels are correct on the val images as they are.")
    table = limits.table.copy()
    for column in ("accuracy", "certain", "certain_accuracy"):
        table[column] = table[column].map("{:.1%}".format)
    print(table.to_string(index=False, float_format="{:.3g}".format))
    for measure, limit in limits.limits.items():
        print(f"Certain labels break the promise if the {measure} is below {limit:.3g}.")
