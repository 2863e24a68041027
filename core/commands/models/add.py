"""Add predictions or a model of others as a guest, which stands beside the models of FERscope in every comparison.

PATH is a table of predictions (.csv, .tsv, .txt, .parquet) or a model (.onnx, .cbm, .pth, .pt, .bin, .safetensors). If
another order of rows or classes, or another scale, makes the predictions clearly better, nothing is added: the flags
that take this proposal are printed, and the exit code is 1. docs/guests.md describes the files.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.exceptions import InputError
from core.files import json_line

if TYPE_CHECKING:
    from core.exchange.guests.adding import Added
    from core.exchange.guests.guest import Proposal

FLAGS = {
    "order": ("ORDER", "order of rows without image_id: imagefolder, csv-public, csv-private or csv-test"),
    "classes": ("ORDER", "order of the outputs: folder (alphabetical), csv (fer2013.csv), or seven names with commas"),
    "layout": ("LAYOUT", "for ONNX: nchw or nhwc, if the graph does not tell it"),
    "channels": ("N", "for ONNX: 1 or 3, if the graph does not tell it"),
    "scale": ("N", "for models: 255 if gray levels are divided by 255 (default), 1 if they are not"),
    "mean": ("NUMBERS", "for ONNX: subtracted from the scaled gray levels; one number, or one per channel with commas"),
    "std": ("NUMBERS", "for ONNX: divisor of the difference; one number, or one per channel with commas"),
}
"""Option -> placeholder of its value and help text."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="the file with the predictions or the model")
    parser.add_argument("--name", metavar="NAME", help="name of the guest: letters, digits, hyphens, dots; required")
    for option, (placeholder, text) in FLAGS.items():
        parser.add_argument(f"--{option}", metavar=placeholder, help=text)
    parser.add_argument(
        "--as-given", action="store_true", help="add the guest even if another way to read it is better"
    )
    parser.add_argument("--json", action="store_true", help="print JSON; `proposal` is null if the guest was added")


def run(options: argparse.Namespace) -> int:
    from core.callbacks import no_progress
    from core.exchange.guests.adding import add
    from core.exchange.guests.options import parse_options
    from core.exchange.guests.readers import READERS
    from core.runtime.progress_bar import progress_bar

    if not options.name:
        raise InputError("name the guest: add --name NAME.")
    guest_options = parse_options(**{option: getattr(options, option) for option in FLAGS})
    is_model = options.path.suffix.lower() in READERS and options.path.is_file()  # tables are read in a second
    with progress_bar() if is_model else nullcontext(no_progress) as on_progress:
        added = add(options.path, options.name, guest_options, options.as_given, on_progress)
    if added.note:
        print_note(f"Note: {added.note}")
    if options.json:
        print(json_line(_report(added)))
    elif added.proposal is None:
        scores = added.card.score("test")
        print(f"{added.card.name} was added: accuracy {scores.accuracy:.1%} on {scores.n:,} test images.")
    if added.proposal is not None:
        print_note(_sentence(added.proposal))
        return 1
    return 0


def _report(added: Added) -> dict[str, Any]:
    scores = added.card.score("test")
    return {
        "name": added.card.name,
        "kind": added.card.recipe_name,
        "images": scores.n,
        "accuracy": scores.accuracy,
        "proposal": _proposal_report(added.proposal) if added.proposal else None,
    }


def _proposal_report(proposal: Proposal) -> dict[str, Any]:
    """Return the proposal with its class order as --classes takes it; null where nothing changes."""
    from core.exchange.guests.options import class_order_text

    classes = class_order_text(proposal.classes) if proposal.classes else None
    return {"order": proposal.order, "classes": classes, "scale": proposal.scale, "accuracy": proposal.accuracy}


def _sentence(proposal: Proposal) -> str:
    from core.exchange.guests.proposals import describe, flags

    return f"Nothing was added. {describe(proposal)} Add {flags(proposal)}, or --as-given to read the file as it is."
