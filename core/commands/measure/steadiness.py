"""Measure how often a predicted label stays the same when the face is cut a little elsewhere; store it.

Eight seeded draws a face, in models/MODEL/steadiness.json: shifted by up to 8 % of the side on each axis, scaled by
0.92 to 1.08, turned by up to 10 degrees to either side.
"""

import argparse
import json
from dataclasses import asdict
from functools import partial

from core.commands.options import NOT_STORED, add_measuring_options, classifier_and_faces, is_stored

JSON_HELP = "fractions 0..1; low and high: the 95 %% interval (normal, over faces)"


def configure(parser: argparse.ArgumentParser) -> None:
    add_measuring_options(parser, JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.benchmarks.steadiness import STEADINESS, measure, write_steadiness
    from core.runtime.progress_bar import progress_bar

    classifier, chosen = classifier_and_faces(options)
    with progress_bar() as on_progress:
        steadiness = measure(
            classifier,
            chosen.faces,
            on_progress=partial(on_progress, f"Cut elsewhere for {options.model}"),
        )
    if options.json:
        print(json.dumps({"model": options.model, **asdict(steadiness)}), flush=True)
    else:
        print(
            f"{options.model}: the predicted label stays the same in {steadiness.share:.1%} of the cuts (95 %: "
            f"{steadiness.low:.1%} to {steadiness.high:.1%}; {steadiness.n:,} {options.split} images, "
            f"{steadiness.draws} each)."
        )
    if stored := is_stored(options, chosen):
        write_steadiness(options.model, steadiness)
    if not options.json:
        print(f"Written: models/{options.model}/{STEADINESS}" if stored else NOT_STORED)
    return 0
