"""List the models and their figures on the test images, from their cards."""

import argparse
import json

from core.artifacts import model_names, read_card


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="a list of objects, fractions 0..1")


def run(options: argparse.Namespace) -> int:
    rows = [_row(name) for name in model_names()]
    if options.json:
        print(json.dumps(rows))
    else:
        _print_table(rows)
    return 0


def _row(name: str) -> dict[str, object]:
    card = read_card(name)
    scores = card.scores["test"]
    return {
        "name": card.name,
        "family": card.family,
        "accuracy": scores["accuracy"],
        "macro_f1": scores["macro_f1"],
        "ece": scores["ece"],
        "size_bytes": card.size_bytes,
        "ms_per_face": card.ms_per_face,
    }


def _print_table(rows: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print("No models yet: train one with `python -m core train cnn-seed`.")
        return
    table = Table("model", "family", "accuracy", "macro-F1", "ECE", "size", "ms a face", title="Test images (7,178)")
    for row in rows:
        figures = [f"{row[key]:.1%}" for key in ("accuracy", "macro_f1", "ece")]
        size = f"{int(str(row['size_bytes'])) / 1e6:.1f} MB"
        table.add_row(str(row["name"]), str(row["family"]), *figures, size, f"{row['ms_per_face']:.2f}")
    Console().print(table)
