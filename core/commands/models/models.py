"""List the models with their main scores on the test images, from their cards.

The default models come first, then the notebook project's models, the model that shows the effect of augmentation,
your own models, and the guests: models and predictions of others that you have added. Variants, and the networks that
were used to train `cnn`, are listed below a line.
"""

import argparse
from typing import Any

from core.commands.arguments import print_note
from core.commands.tables import print_table
from core.files import json_line
from core.models.card import Card, leading_first
from core.models.store import read_cards, read_guest_cards


def configure(parser: argparse.ArgumentParser) -> None:
    output = parser.add_mutually_exclusive_group()
    output.add_argument(
        "--json",
        action="store_true",
        help="print JSON: a list of objects, sorted by name, guests last; fractions 0..1; null if unknown",
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
    (own, own_faults), (guests, guest_faults) = read_cards(), read_guest_cards()
    cards = own | guests
    for fault in (*own_faults.values(), *guest_faults.values()):
        print_note(f"Left out: {fault}")
    if options.json:
        print(json_line([_row(card) for card in cards.values()]))
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
        "size_bytes": card.size_bytes if card.can_predict else None,
        "ms_per_face": card.ms_per_face,
    }


def _print_table(cards: list[Card]) -> None:
    if not cards:
        print("There are no models yet. Train one with `python -m core train cnn-seed`.")
        return
    headings = ("model", "family", "images", "accuracy", "macro-F1", "ECE", "size", "ms per face")
    leading_count = sum(card.is_leading for card in cards)  # models above the line
    rows = map(_cells, cards)
    print_table(headings, rows, title="On the test images", numbers_from=2, line_after=leading_count)


def _cells(card: Card) -> list[str]:
    scores = card.score("test")
    fractions = ["-" if share is None else f"{share:.1%}" for share in (scores.accuracy, scores.macro_f1, scores.ece)]
    size_and_time = (
        f"{card.size_bytes / 1e6:.1f} MB" if card.can_predict else "-",
        "-" if card.ms_per_face is None else f"{card.ms_per_face:.2f}",
    )
    return [card.name, card.family, f"{scores.n:,}", *fractions, *size_and_time]
