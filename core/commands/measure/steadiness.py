"""Measure how often a predicted label stays the same when the crop changes a little, and store the result.

Eight random variants of each crop are made with a fixed seed: shifted by up to 8 % of the side along each axis, scaled
by 0.92 to 1.08, and rotated by up to 10 degrees. The result is stored in models/MODEL/steadiness.json.
"""

import argparse
from dataclasses import asdict
from functools import partial

from core.commands.options import NOT_STORED, add_measuring_options, classifier_and_faces, should_store, shown_path
from core.files import json_line

JSON_HELP = "print JSON: `share` (of crops with the same label, 0..1), `low` and `high` (its 95 %% interval)"


def configure(parser: argparse.ArgumentParser) -> None:
    add_measuring_options(parser, JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.steadiness import STEADINESS, measure, write_steadiness
    from core.runtime.progress_bar import progress_bar

    classifier, data = classifier_and_faces(options)
    with progress_bar() as on_progress:
        steadiness = measure(
            classifier,
            data.faces,
            on_progress=partial(on_progress, f"Change the crops for {options.model}"),
        )
    try:
        if options.json:
            print(json_line({"model": options.model, **asdict(steadiness)}), flush=True)
        else:
            print(
                f"{options.model}: the predicted label stays the same for {steadiness.share:.1%} of the changed crops "
                f"(95 % interval: {steadiness.low:.1%} to {steadiness.high:.1%}; {steadiness.n:,} {options.split} "
                f"images, {steadiness.draws} changed crops each)."
            )
    finally:  # results of minutes are stored even if they cannot be printed, and printed even if they cannot be stored
        if stored := should_store(options):
            write_steadiness(options.model, steadiness)
    if not options.json:
        print(f"Wrote {shown_path(options.model, STEADINESS)}" if stored else NOT_STORED)
    return 0
