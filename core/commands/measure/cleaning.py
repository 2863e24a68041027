"""Compare models trained before and after cleaning the data set, with the same recipe and the same seeds.

List the models of --before and --after in the same order of seeds. Their stored predictions for val and test are
compared: the differences are means over the seeds, with one 95 % interval for other images and one for other seeds.
docs/clean-list.md has the commands that train such models.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core.commands.tables import print_table
from core.files import json_line

if TYPE_CHECKING:
    from core.training.cleaning_effects import Effect


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--before", nargs="+", required=True, metavar="MODEL", help="models trained on all images")
    parser.add_argument("--after", nargs="+", required=True, metavar="MODEL", help="models trained on cleaned images")
    parser.add_argument("--json", action="store_true", help="print the differences as JSON, fractions of 0 to 1")


def run(options: argparse.Namespace) -> int:
    from core.training.cleaning_effects import effects

    found = effects(options.before, options.after)
    if options.json:
        print(json_line([effect.as_dict() for effect in found]))
        return 0
    print_table(
        ["images", "metric", "before", "after", "difference", "for other images", "for other seeds", "each seed"],
        [_texts(effect) for effect in found],
        numbers_from=2,
    )
    return 0


def _texts(effect: Effect) -> list[str]:
    """Return one row of the table. F1 is no share, but is given in hundredths like the others."""
    seeds = (
        "–" if effect.low_seeds is None or effect.high_seeds is None else _range(effect.low_seeds, effect.high_seeds)
    )
    return [
        f"{effect.slice} ({effect.n:,})",
        effect.metric,
        f"{100 * effect.before:.2f}",
        f"{100 * effect.after:.2f}",
        f"{100 * effect.delta:+.2f}",
        _range(effect.low, effect.high),
        seeds,
        " ".join(f"{100 * delta:+.2f}" for delta in effect.deltas),
    ]


def _range(low: float, high: float) -> str:
    return f"{100 * low:+.2f} to {100 * high:+.2f}"
