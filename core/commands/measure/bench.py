"""Measure the speed of reading photos or webcam frames, of every model, or of training.

Default: milliseconds per stage on one thread, for scikit-image's portrait of an astronaut. It is a PNG file in memory,
512 x 512 pixels, with one face.
--video: milliseconds per webcam frame (640 x 480) as on the Live page. The chosen models are compared with those of
the notebook project, FERscope's predecessor.
--film: frames per second of the command `video`, with and without an annotated film, compared with webcam frames.
--cards: milliseconds per face of every model and guest, on one thread, measured in turns. Their cards store the
results.
--training: images per second on all threads. Two methods train one network in turns: the notebook project's and
FERscope's. Computing the features of CatBoost models is also timed. Without an imported data set, the faces are noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from core.commands.arguments import usable
from core.commands.measure.bench_tables import print_cards, print_film, print_stages, print_training, print_video
from core.commands.options import add_recognizer_options, positive_int, recognizer_from
from core.exceptions import InputError
from core.files import json_line
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
VIDEO_FRAMES, FILM_FRAMES = 180, 900
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
    kind.add_argument("--film", action="store_true", help="time the command video on a film of 640 x 480 pixels")
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
        help=f"number of rounds (default: {ROUNDS}); with --video: of frames ({VIDEO_FRAMES}); with --film: of frames "
        f"({FILM_FRAMES}); with --cards: of predictions per turn ({PREDICTIONS_PER_TURN}); with --training: of runs "
        f"per method ({TRAINING_RUNS})",
    )
    parser.add_argument("--json", action="store_true", help="print all results as one JSON object")


def run(options: argparse.Namespace) -> int:
    if options.training:
        results, exit_code = measure_training(options.recipe, options.repeats or TRAINING_RUNS), 0
        show = print_training
    elif options.cards:
        results, exit_code = measure_models(options.repeats or PREDICTIONS_PER_TURN)
        show = print_cards
    elif options.video:
        results, exit_code = measure_video(options, options.repeats or VIDEO_FRAMES)
        show = print_video
    elif options.film:
        results, exit_code = measure_film(options, options.repeats or FILM_FRAMES)
        show = print_film
    else:
        results, exit_code = measure_photo(options, options.repeats or ROUNDS)
        show = partial(print_stages, batch_size=BATCH_SIZE)
    try:
        if options.json:
            print(json_line(results), flush=True)
        else:
            show(results)
    finally:  # the times are stored even if they cannot be printed, and printed even if they cannot be stored
        if options.cards:
            _store_times(results["ms_per_face"])
    if options.cards and not options.json:
        print("The models' cards now store these times.")
    return exit_code


def measure_photo(options: argparse.Namespace, rounds: int) -> tuple[dict[str, Any], int]:
    """Time the stages on a photo, and predictions in batches; return what --json prints, and the exit code."""
    from core.classifiers.speed import milliseconds_per_face
    from core.recognition.photos import example_photo

    recognizer, exit_code = recognizer_from(options)
    use_one_thread()
    photo = example_photo().data
    times = [time_round(recognizer, photo) for _ in range(WARM_UP_ROUNDS + rounds)]
    batches = {
        name: milliseconds_per_face(classifier, BATCH_ROUNDS, BATCH_SIZE)
        for name, classifier in recognizer.classifiers.items()
    }
    return {**summarize(times[WARM_UP_ROUNDS:]), "batch_ms_per_face": batches}, exit_code


def measure_video(options: argparse.Namespace, frames: int) -> tuple[dict[str, Any], int]:
    """Time webcam frames with the chosen models and with the notebook project's.

    Return what --video --json prints, and the exit code.
    """
    from core.benchmarks.video_speed import video_speed

    models, detector, exit_code = _models_for_video(options)
    results = {"chosen": video_speed(models, detector, frames)}
    if not options.alone:
        results["seed"] = video_speed(NOTEBOOK_MODELS, NOTEBOOK_DETECTOR, frames)
    return results, exit_code


def measure_film(options: argparse.Namespace, frames: int) -> tuple[dict[str, Any], int]:
    """Time the reading of a film; return what --film --json prints, and the exit code."""
    from core.benchmarks.film_speed import film_speed

    models, detector, exit_code = _models_for_video(options)
    return film_speed(models, detector, frames), exit_code


def _models_for_video(options: argparse.Namespace) -> tuple[list[str], str, int]:
    """Return the models that can be loaded, the detector, and the exit code."""
    from core.classifiers.loading import load_classifier
    from core.recognition.recognizer import DEFAULT_MODELS
    from core.vision.detectors.defaults import default_detector

    use_one_thread()
    names = options.model or DEFAULT_MODELS
    models = list(usable(names, load_classifier))
    return models, options.detector or default_detector(video=True), int(len(models) < len(set(names)))


def measure_models(repeats: int) -> tuple[dict[str, Any], int]:
    """Time every model; return what --cards --json prints, and the exit code."""
    from core.classifiers.loading import load_classifier
    from core.classifiers.speed import milliseconds_by_turns
    from core.models.folders import model_names
    from core.models.store import read_guest_cards
    from core.runtime.progress_bar import progress_bar

    guests = [name for name, card in read_guest_cards()[0].items() if card.can_predict]
    names = [*model_names(), *guests]
    classifiers = usable(names, load_classifier)
    if not classifiers:
        raise InputError("there are no models yet; train one with `python -m core train cnn-seed`.")
    with progress_bar() as on_progress:
        times = milliseconds_by_turns(classifiers, repeats, partial(on_progress, "Time the models"))
    return {"ms_per_face": times}, int(len(classifiers) < len(names))


def _store_times(ms_per_face: dict[str, float]) -> None:
    from core.models.store import update_ms_per_face
    from core.runtime.machine import processor

    for name, ms in ms_per_face.items():
        update_ms_per_face(name, round(ms, 3), processor())


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
