"""Measure how long each step from a photo to a reading takes, on one thread.

The photo is scikit-image's portrait of an astronaut (512 x 512, one face), as a PNG file in memory.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from core.commands.predict import add_recognizer_options, recognizer_from

if TYPE_CHECKING:
    from core.recognizer import Recognizer

P = ParamSpec("P")
R = TypeVar("R")

WARM_UP_ROUNDS = 3


def configure(parser: argparse.ArgumentParser) -> None:
    add_recognizer_options(parser)
    parser.add_argument("--repeats", type=_positive, default=50, metavar="N", help="rounds that count; 50 by default")
    parser.add_argument("--json", action="store_true", help="one object with median and 95th percentile a stage")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(options: argparse.Namespace) -> int:
    import skimage.data

    from core.images import encode_png

    _use_one_thread()
    recognizer = recognizer_from(options)
    photo = encode_png(skimage.data.astronaut())
    rounds = [time_round(recognizer, photo) for _ in range(WARM_UP_ROUNDS + options.repeats)]
    figures = summarize(rounds[WARM_UP_ROUNDS:])
    if options.json:
        print(json.dumps(figures))
    else:
        _print_table(figures, options.repeats)
    return 0


def time_round(recognizer: Recognizer, photo: bytes) -> dict[str, float]:
    """Milliseconds a stage, in the order of the work."""
    from core.drawing import annotate
    from core.faces import crop_faces
    from core.images import decode_image

    stages: dict[str, float] = {}

    def timed(stage: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        start = perf_counter()
        result = function(*args, **kwargs)
        stages[stage] = (perf_counter() - start) * 1000
        return result

    image = timed("decode", decode_image, photo)
    faces = timed("detect", recognizer.detector.detect, image)
    crops = timed("crop", crop_faces, image, faces)
    for name, classifier in recognizer.classifiers.items():
        timed(f"classify {name}", classifier.predict_proba, crops)
    readings = recognizer.read_faces(image, faces)
    timed("draw", annotate, image, readings, next(iter(recognizer.classifiers)))
    return stages


def summarize(rounds: list[dict[str, float]]) -> dict[str, Any]:
    """Rounds of milliseconds a stage -> what --json prints; images_per_s is of the median round, all stages added."""
    import numpy as np

    stages = {stage: [times[stage] for times in rounds] for stage in rounds[0]}
    totals = [sum(times.values()) for times in rounds]
    return {
        "stages": {
            stage: {"median_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}
            for stage, times in stages.items()
        },
        "images_per_s": 1000 / float(np.median(totals)),
    }


def _use_one_thread() -> None:
    import cv2
    import torch

    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def _print_table(figures: dict[str, Any], repeats: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("stage", title=f"One photo, one thread, {repeats} rounds")
    table.add_column("median ms", justify="right")
    table.add_column("95 % within ms", justify="right")
    for stage, times in figures["stages"].items():
        table.add_row(stage, f"{times['median_ms']:.2f}", f"{times['p95_ms']:.2f}")
    Console().print(table)
    print(f"{figures['images_per_s']:.1f} images a second")
