"""Measure the speed of reading photos or webcam frames, of every model, or of training.

Default: milliseconds per stage on one thread, for scikit-image's portrait of an astronaut. It is a PNG file in memory,
512 x 512 pixels, with one face.
--video: milliseconds per webcam frame (640 x 480) as on the Live page. The chosen models are compared with those of
the notebook project, FERscope's predecessor.
--cards: milliseconds per face of every model, on one thread, measured in turns. The models' cards store the results.
--training: images per second on all threads. Two methods train one network in turns: the notebook project's and
FERscope's. Computing the features of CatBoost models is also timed. Without an imported data set, the faces are noise.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from core.commands.options import add_recognizer_options, positive_int, recognizer_from
from core.runtime.threads import use_one_thread

if TYPE_CHECKING:
    from core.recognition.recognizer import Recognizer

P = ParamSpec("P")
R = TypeVar("R")

WARM_UP_ROUNDS = 3
ROUNDS = 50

DEFAULT_RECIPE = "cnn-seed-augmented"
"""The notebook project's network, trained with augmentation. Its original recipe, `cnn-seed`, has no augmentation."""
NOTEBOOK_MODELS, NOTEBOOK_DETECTOR = ("cnn-seed", "catboost-seed"), "haar"
VIDEO_FRAMES = 180
BATCH_SIZE, BATCH_ROUNDS = 64, 10
TRAINING_RUNS = 5
RUN_SECONDS = 1.5
PREDICTIONS_PER_TURN = 20
FEATURE_FACES = 512


def configure(parser: argparse.ArgumentParser) -> None:
    add_recognizer_options(parser)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--video", action="store_true", help="time webcam frames instead of a photo")
    parser.add_argument("--alone", action="store_true", help="with --video: without the notebook project's models")
    kind.add_argument("--cards", action="store_true", help="time every model and store the times in the cards")
    kind.add_argument("--training", action="store_true", help="measure the speed of training; takes about a minute")
    parser.add_argument(
        "--recipe",
        metavar="NAME",
        default=DEFAULT_RECIPE,
        help=f"the network to train with --training (default: {DEFAULT_RECIPE})",
    )
    parser.add_argument(
        "--repeats",
        type=positive_int,
        metavar="N",
        help=f"number of rounds (default: {ROUNDS}); with --video: of frames ({VIDEO_FRAMES}); with --cards: of "
        f"predictions per turn ({PREDICTIONS_PER_TURN}); with --training: of runs per method ({TRAINING_RUNS})",
    )
    parser.add_argument("--json", action="store_true", help="print all results as one JSON object")


def run(options: argparse.Namespace) -> int:
    if options.training:
        results = measure_training(options.recipe, options.repeats or TRAINING_RUNS)
        show = _print_training
    elif options.cards:
        results = measure_models(options.repeats or PREDICTIONS_PER_TURN)
        show = _print_cards
    elif options.video:
        results = measure_video(options, options.repeats or VIDEO_FRAMES)
        show = _print_video
    else:
        results = measure_photo(options, options.repeats or ROUNDS)
        show = _print_stages
    if options.json:
        print(json.dumps(results))
    else:
        show(results)
    return 0


def measure_photo(options: argparse.Namespace, rounds: int) -> dict[str, Any]:
    """Time the stages on a photo, and predictions in batches; return what --json prints."""
    from core.classifiers.speed import milliseconds_per_face
    from core.recognition.photos import example_photo

    recognizer = recognizer_from(options)
    use_one_thread()
    photo = example_photo().data
    times = [time_round(recognizer, photo) for _ in range(WARM_UP_ROUNDS + rounds)]
    batches = {
        name: milliseconds_per_face(classifier, BATCH_ROUNDS, BATCH_SIZE)
        for name, classifier in recognizer.classifiers.items()
    }
    return {**summarize(times[WARM_UP_ROUNDS:]), "batch_ms_per_face": batches}


def measure_video(options: argparse.Namespace, frames: int) -> dict[str, Any]:
    """Time webcam frames with the chosen models and with the notebook project's; return what --video --json prints."""
    from core.benchmarks.video_speed import video_speed
    from core.recognition.recognizer import DEFAULT_MODELS
    from core.vision.detectors.defaults import default_detector

    use_one_thread()
    models, detector = options.model or list(DEFAULT_MODELS), options.detector or default_detector(video=True)
    chosen = {"chosen": video_speed(models, detector, frames)}
    return chosen if options.alone else {**chosen, "seed": video_speed(NOTEBOOK_MODELS, NOTEBOOK_DETECTOR, frames)}


def measure_models(repeats: int) -> dict[str, Any]:
    """Time every model, store the times in the cards and return what --cards --json prints."""
    from core.classifiers.loading import load_classifier
    from core.classifiers.speed import milliseconds_by_turns
    from core.models.folders import model_names
    from core.models.store import update_ms_per_face
    from core.runtime.machine import processor
    from core.runtime.progress_bar import progress_bar

    with progress_bar() as on_progress:
        classifiers = {name: load_classifier(name) for name in model_names()}
        times = milliseconds_by_turns(classifiers, repeats, partial(on_progress, "Time the models"))
    for name, ms in times.items():
        update_ms_per_face(name, round(ms, 3), processor())
    return {"ms_per_face": times}


def measure_training(recipe: str, runs: int) -> dict[str, Any]:
    """Time both methods of training, and the computing of features; return what --training --json prints."""
    from core.benchmarks.feature_speed import extraction_speed, extractors
    from core.benchmarks.training_speed import bench_faces, compare, network_recipe

    config = network_recipe(recipe)
    origin, data = bench_faces()
    features = {
        name: extraction_speed(extract, data.faces[:FEATURE_FACES], runs, RUN_SECONDS / 3)
        for name, extract in extractors().items()
    }
    speeds = compare(config, data, runs, RUN_SECONDS)
    return {"recipe": recipe, "faces": origin, **speeds, "features_images_per_s": features}


def time_round(recognizer: Recognizer, photo: bytes) -> dict[str, float]:
    """Run each stage once on the photo; return the milliseconds per stage, in the order in which the stages run."""
    from core.recognition.drawing import annotate
    from core.vision.images import decode_image

    stages: dict[str, float] = {}

    def timed(stage: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        start = perf_counter()
        result = function(*args, **kwargs)
        stages[stage] = (perf_counter() - start) * 1000
        return result

    image = timed("decode", decode_image, photo)
    faces = timed("detect", recognizer.detector.detect, image)
    crops = timed("crop", recognizer.crop, image, faces)
    for name, classifier in recognizer.classifiers.items():
        timed(f"classify {name}", classifier.predict_proba, crops)
    readings = recognizer.read_faces(image, faces)  # not timed: only `annotate` needs it
    timed("draw", annotate, image, readings, next(iter(recognizer.classifiers)))
    return stages


def summarize(rounds: list[dict[str, float]]) -> dict[str, Any]:
    """Summarise rounds, each given as milliseconds per stage.

    Returns the median and the 95th percentile of each stage, the images per second of a round of median duration, and
    the number of rounds.
    """
    import numpy as np

    stages = {stage: [times[stage] for times in rounds] for stage in rounds[0]}
    totals = [sum(times.values()) for times in rounds]
    return {
        "stages": {
            stage: {"median_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}
            for stage, times in stages.items()
        },
        "images_per_s": 1000 / float(np.median(totals)),
        "rounds": len(rounds),
    }


def _print_stages(results: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("stage", title=f"One photo, one thread, {results['rounds']} rounds")
    table.add_column("median ms", justify="right")
    table.add_column("95th percentile ms", justify="right")
    for stage, times in results["stages"].items():
        table.add_row(stage, f"{times['median_ms']:.2f}", f"{times['p95_ms']:.2f}")
    Console().print(table)
    print(f"{results['images_per_s']:.1f} images per second")
    for name, ms in results["batch_ms_per_face"].items():
        print(f"{name}, in batches of {BATCH_SIZE} faces: {ms:.2f} ms per face")


def _print_video(results: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("models", "detector", "frames that", title="Frames of 640 x 480 with one face, one thread")
    for column in ("number", "median ms", "95th percentile ms", "median ms per stage"):
        table.add_column(column, justify="right")
    for row in results.values():
        for kind, description in {"steady": "only follow faces", "search": "search for faces"}.items():
            if kind in row:
                times = row[kind]
                stages = ", ".join(f"{stage} {ms:.1f}" for stage, ms in times["stages_ms"].items())
                numbers = [f"{times['frames']}", f"{times['median_ms']:.1f}", f"{times['p95_ms']:.1f}"]
                table.add_row(" + ".join(row["models"]), row["detector"], description, *numbers, stages)
    Console(width=None).print(table)
    for row in results.values():
        print(f"{row['detector']} found exactly one face in {row['one_face_found']} of {row['frames']} frames.")
        if row["resident_mb"]:
            print("Memory in MB after 500 frames and at the end: {:.1f}, {:.1f}.".format(*row["resident_mb"]))


def _print_cards(results: dict[str, Any]) -> None:
    for name, ms in results["ms_per_face"].items():
        print(f"{name}: {ms:.2f} ms per face")
    print("The models' cards now store these times.")


def _print_training(results: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("images per second", title=f"Training the network of {results['recipe']}")
    for column in ("notebook project", "FERscope", "ratio", "smallest to largest ratio"):
        table.add_column(column, justify="right")
    for name, row in results["training"].items():
        low, high = row["ratio_range"]
        speeds = [f"{row['seed_images_per_s']:,.0f}", f"{row['images_per_s']:,.0f}"]
        table.add_row(f"{name} images", *speeds, f"{row['ratio']:.2f}", f"{low:.2f} to {high:.2f}")
    Console().print(table)
    print(
        f"{results['weights']:,} weights, batches of {results['batch_size']}, {results['faces']} faces, "
        f"{results['repeats']} runs per method, {results['device']}, {results['threads']} threads. FERscope: "
        f"{results['precision']}, channels last. Notebook project: float32, channels first."
    )
    for name, speed in results["features_images_per_s"].items():
        print(f"Computing the features of {name}: {speed:,.0f} images per second")
