"""Measure how often a predicted label stays the same when the crop changes a little, and store the result.

Eight random variants of each crop are made with a fixed seed: shifted by up to 8 % of the side along each axis, scaled
by 0.92 to 1.08, and rotated by up to 10 degrees. The result is stored in models/MODEL/steadiness.json.
"""

import argparse
import json
from dataclasses import asdict
from functools import partial

from core.commands.options import NOT_STORED, add_measuring_options, classifier_and_faces, should_store

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
    if options.json:
        print(json.dumps({"model": options.model, **asdict(steadiness)}), flush=True)
    else:
        print(
            f"{options.model}: the predicted label stays the same for {steadiness.share:.1%} of the changed crops "
            f"(95 % interval: {steadiness.low:.1%} to {steadiness.high:.1%}; {steadiness.n:,} {options.split} images, "
            f"{steadiness.draws} changed crops each)."
        )
    if stored := should_store(options, data):
        write_steadiness(options.model, steadiness)
    if not options.json:
        print(f"Wrote models/{options.model}/{STEADINESS}" if stored else NOT_STORED)
    return 0
