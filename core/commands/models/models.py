"""List the models with their main figures on the test images, from their cards.

The default models come first, then those of the notebook project, the one that shows the effect of augmentation, and
your own. Below the line: variants, and the networks that the default was made from.
"""

import argparse
import json
import sys
from typing import Any

from core.models.card import Card, leading_first
from core.models.store import read_cards


def configure(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a list of objects, sorted by name; fractions 0..1")
    form.add_argument("--markdown", action="store_true", help="docs/models.md: every figure of FERscope's own models")


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
    leading = sum(card.is_leading for card in cards)
    for place, card in enumerate(cards, start=1):
        scores = card.score("test")
        figures = ["-" if share is None else f"{share:.1%}" for share in (scores.accuracy, scores.macro_f1, scores.ece)]
        rest = f"{card.size_bytes / 1e6:.1f} MB", f"{card.ms_per_face:.2f}"
        table.add_row(card.name, card.family, f"{scores.n:,}", *figures, *rest, end_section=place == leading)
    Console().print(table)
