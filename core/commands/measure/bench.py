"""Measure the time of each step from a photo to a prediction, or the speed of training.

Without options: milliseconds per step on one thread, for scikit-image's portrait of an astronaut (512 x 512 pixels, one
face, a PNG file in memory).
--video: milliseconds per webcam frame (640 x 480) as on the Live page, also for the notebook project's models.
--cards: milliseconds per face of every model, taking turns; the results are stored in the models' cards.
--training: images per second of the notebook project's training method and of FERscope's, taking turns on all threads;
also of the feature extraction for CatBoost. Uses the imported faces if there are any.
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
"""The notebook project's network; its own recipe, cnn-seed, has no augmentation."""
NOTEBOOK_MODELS, NOTEBOOK_DETECTOR = ("cnn-seed", "catboost-seed"), "haar"
VIDEO_FRAMES = 180
BATCH, BATCH_ROUNDS = 64, 10
TURNS = 5
TURN_SECONDS = 1.5
CARD_REPEATS = 20
FEATURE_FACES = 512


def configure(parser: argparse.ArgumentParser) -> None:
    add_recognizer_options(parser)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--video", action="store_true", help="time webcam frames instead of a photo")
    kind.add_argument("--cards", action="store_true", help="time every model and store the times in the cards")
    kind.add_argument("--training", action="store_true", help="measure training instead; takes about a minute")
    parser.add_argument(
        "--recipe", metavar="NAME", default=DEFAULT_RECIPE, help=f"with --training (default: {DEFAULT_RECIPE})"
    )
    parser.add_argument(
        "--repeats",
        type=positive_int,
        metavar="N",
        help=f"rounds (default: {ROUNDS}; training {TURNS}; frames {VIDEO_FRAMES}; cards {CARD_REPEATS} per turn)",
    )
    parser.add_argument("--json", action="store_true", help="one object with all figures")


def run(options: argparse.Namespace) -> int:
    if options.training:
        figures = training_figures(options.recipe, options.repeats or TURNS)
        show = _print_training
    elif options.cards:
        figures = card_figures(options.repeats or CARD_REPEATS)
        show = _print_cards
    elif options.video:
        figures = video_figures(options, options.repeats or VIDEO_FRAMES)
        show = _print_video
    else:
        figures = stage_figures(options, options.repeats or ROUNDS)
        show = _print_stages
    if options.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def stage_figures(options: argparse.Namespace, rounds: int) -> dict[str, Any]:
    """Return what --json prints for a photo."""
    from core.classifiers.speed import milliseconds_per_face
    from core.recognition.photos import example_photo

    recognizer = recognizer_from(options)
    use_one_thread()
    photo = example_photo().data
    times = [time_round(recognizer, photo) for _ in range(WARM_UP_ROUNDS + rounds)]
    batches = {
        name: milliseconds_per_face(classifier, BATCH_ROUNDS, BATCH)
        for name, classifier in recognizer.classifiers.items()
    }
    return {**summarize(times[WARM_UP_ROUNDS:]), "batch_ms_per_face": batches}


def video_figures(options: argparse.Namespace, frames: int) -> dict[str, Any]:
    """Return what --json prints with --video."""
    from core.benchmarks.video_speed import video_speed
    from core.recognition.recognizer import DEFAULT_MODELS
    from core.vision.detectors.defaults import WEBCAM_DETECTOR

    use_one_thread()
    models, detector = options.model or list(DEFAULT_MODELS), options.detector or WEBCAM_DETECTOR
    return {
        "chosen": video_speed(models, detector, frames),
        "seed": video_speed(NOTEBOOK_MODELS, NOTEBOOK_DETECTOR, frames),
    }


def card_figures(repeats: int) -> dict[str, Any]:
    """Time every model, store the times in the cards and return what --json prints with --cards."""
    from core.classifiers.loading import load_classifier
    from core.classifiers.speed import milliseconds_by_turns
    from core.models.folders import model_names
    from core.models.store import update_time
    from core.runtime.progress_bar import progress_bar

    with progress_bar() as on_progress:
        classifiers = {name: load_classifier(name) for name in model_names()}
        times = milliseconds_by_turns(classifiers, repeats, partial(on_progress, "Time the models"))
    for name, ms in times.items():
        update_time(name, round(ms, 3))
    return {"ms_per_face": times}


def training_figures(recipe: str, turns: int) -> dict[str, Any]:
    """Return what --json prints with --training."""
    from core.benchmarks.feature_speed import extraction_speed, extractors
    from core.benchmarks.training_speed import bench_faces, compare, network_recipe

    config = network_recipe(recipe)
    origin, data = bench_faces()
    features = {
        name: extraction_speed(extract, data.faces[:FEATURE_FACES], turns, TURN_SECONDS / 3)
        for name, extract in extractors().items()
    }
    speeds = compare(config, data, turns, TURN_SECONDS)
    return {"recipe": recipe, "faces": origin, **speeds, "features_images_per_s": features}


def time_round(recognizer: Recognizer, photo: bytes) -> dict[str, float]:
    """Return the milliseconds of each step, in the order of the work."""
    from core.recognition.drawing import annotate
    from core.vision.crops import crop_faces
    from core.vision.images import decode_image

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
    """Summarise rounds of milliseconds per step; `images_per_s` is that of the median round."""
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


def _print_stages(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("step", title=f"One photo, one thread, {figures['rounds']} rounds")
    table.add_column("median ms", justify="right")
    table.add_column("95th percentile ms", justify="right")
    for stage, times in figures["stages"].items():
        table.add_row(stage, f"{times['median_ms']:.2f}", f"{times['p95_ms']:.2f}")
    Console().print(table)
    print(f"{figures['images_per_s']:.1f} images per second")
    for name, ms in figures["batch_ms_per_face"].items():
        print(f"{name}, in batches of {BATCH} faces: {ms:.2f} ms per face")


def _print_video(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("models", "detector", "frames", title="One frame of 640 x 480, one face, one thread")
    for column in ("number", "median ms", "95th percentile ms", "steps, median ms"):
        table.add_column(column, justify="right")
    for row in figures.values():
        for kind in ("steady", "search"):
            if kind in row:
                times = row[kind]
                stages = ", ".join(f"{stage} {ms:.1f}" for stage, ms in times["stages_ms"].items())
                numbers = [f"{times['frames']}", f"{times['median_ms']:.1f}", f"{times['p95_ms']:.1f}"]
                table.add_row(" + ".join(row["models"]), row["detector"], kind, *numbers, stages)
    Console(width=None).print(table)
    for row in figures.values():
        print(f"{row['detector']} found exactly one face in {row['one_face_found']} of {row['frames']} frames.")


def _print_cards(figures: dict[str, Any]) -> None:
    for name, ms in figures["ms_per_face"].items():
        print(f"{name}: {ms:.2f} ms per face")
    print("Stored in the cards.")


def _print_training(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("images per second", title=f"Training the network of {figures['recipe']}")
    for column in ("notebook project", "FERscope", "ratio", "smallest to largest"):
        table.add_column(column, justify="right")
    for name, row in figures["training"].items():
        low, high = row["ratio_range"]
        speeds = [f"{row['seed_images_per_s']:,.0f}", f"{row['images_per_s']:,.0f}"]
        table.add_row(f"{name} images", *speeds, f"{row['ratio']:.2f}", f"{low:.2f} to {high:.2f}")
    Console().print(table)
    print(
        f"{figures['weights']:,} weights, batches of {figures['batch_size']}, {figures['faces']} faces, "
        f"{figures['repeats']} turns each, {figures['device']}, {figures['threads']} threads. FERscope: "
        f"{figures['precision']}, channels last. Notebook project: float32, channels first."
    )
    for name, speed in figures["features_images_per_s"].items():
        print(f"Features of {name}: {speed:,.0f} images per second")
