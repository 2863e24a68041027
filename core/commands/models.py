"""List the models and their figures on the test images, from their cards."""

import argparse
import json
import sys
from typing import Any

from core.artifacts import model_names, read_card
from core.exceptions import InputError


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="a list of objects, fractions 0..1")


def run(options: argparse.Namespace) -> int:
    rows = []
    for name in model_names():
        try:
            rows.append(_row(name))
        except InputError as error:  # one damaged card hides no other model
            print(f"Left out: {error}", file=sys.stderr)
    if options.json:
        print(json.dumps(rows))
    else:
        _print_table(rows)
    return 0


def _row(name: str) -> dict[str, Any]:
    card = read_card(name)
    scores = card.scores.get("test", {})
    return {
        "name": card.name,
        "family": card.family,
        "images": scores.get("n", 0),
        "accuracy": scores.get("accuracy"),
        "macro_f1": scores.get("macro_f1"),
        "ece": scores.get("ece"),
        "size_bytes": card.size_bytes,
        "ms_per_face": card.ms_per_face,
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print("No models yet: train one with `python -m core train cnn-seed`.")
        return
    headings = ("model", "family", "images", "accuracy", "macro-F1", "ECE", "size", "ms a face")
    table = Table(*headings, title="On the test images")
    for row in rows:
        figures = ["-" if row[key] is None else f"{row[key]:.1%}" for key in ("accuracy", "macro_f1", "ece")]
        rest = f"{row['size_bytes'] / 1e6:.1f} MB", f"{row['ms_per_face']:.2f}"
        table.add_row(row["name"], row["family"], f"{row['images']:,}", *figures, *rest)
    Console().print(table)
