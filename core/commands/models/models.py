"""List the models with their main scores on the test images, from their cards.

The default models come first, then the notebook project's models, the model that shows the effect of augmentation, and
your own models. Variants, and the networks that were used to train `cnn`, are listed below a line.
"""

import argparse
import json
import sys
from typing import Any

from core.models.card import Card, leading_first
from core.models.store import read_cards


def configure(parser: argparse.ArgumentParser) -> None:
    output = parser.add_mutually_exclusive_group()
    output.add_argument(
        "--json", action="store_true", help="print JSON: a list of objects, sorted by name; fractions 0..1"
    )
    output.add_argument(
        "--markdown",
        action="store_true",
        help="print docs/models.md: all results of the models that ship with FERscope",
    )


def run(options: argparse.Namespace) -> int:
    if options.markdown:
        from core.commands.models.markdown import models_markdown

        print(models_markdown(), end="")
        return 0
    cards, faults = read_cards()
    for fault in faults.values():
        print(f"Left out: {fault}", file=sys.stderr)
    if options.json:
        print(json.dumps([_row(card) for card in cards.values()]))
    else:
        _print_table(leading_first(cards))
    return 0


def _row(card: Card) -> dict[str, Any]:
    scores = card.score("test")
    return {
        "name": card.name,
        "family": card.family,
        "role": card.role,
        "images": scores.n,
        "accuracy": scores.accuracy,
        "macro_f1": scores.macro_f1,
        "ece": scores.ece,
        "size_bytes": card.size_bytes,
        "ms_per_face": card.ms_per_face,
    }


def _print_table(cards: list[Card]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not cards:
        print("There are no models yet. Train one with `python -m core train cnn-seed`.")
        return
    headings = ("model", "family", "images", "accuracy", "macro-F1", "ECE", "size", "ms per face")
    table = Table(*headings, title="On the test images")
    table.columns[0].no_wrap = True
    leading_count = sum(card.is_leading for card in cards)  # models above the line
    for number, card in enumerate(cards, start=1):
        scores = card.score("test")
        fractions = [
            "-" if share is None else f"{share:.1%}" for share in (scores.accuracy, scores.macro_f1, scores.ece)
        ]
        size_and_time = f"{card.size_bytes / 1e6:.1f} MB", f"{card.ms_per_face:.2f}"
        table.add_row(
            card.name, card.family, f"{scores.n:,}", *fractions, *size_and_time, end_section=number == leading_count
        )
    Console().print(table)
