"""Speed of reading a film, compared with that of reading the same frames from memory, as the webcam's are read."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from core.classifiers.base import CalibratedClassifier
from core.classifiers.loading import load_classifier
from core.video.example import FRAMES_PER_S, portrait_video
from core.video.files.analysis import read_film
from core.video.files.example_film import write_example
from core.video.files.outputs import Outputs
from core.video.files.settings import FilmSettings
from core.video.stream import FrameReader

ROUNDS = 3
WEBCAM, TABLE_ONLY, WITH_FILM = "webcam frames", "film, without annotated film", "film, with annotated film"


def film_speed(models: Sequence[str], detector: str, frames: int) -> dict[str, Any]:
    """Return the frames per second of three ways to read a portrait that moves, measured in turns.

    They are webcam frames from memory, which are drawn on but neither decoded nor encoded; a film; and a film of which
    an annotated one is written. The median of `ROUNDS` rounds counts. The time to load the models is not included.
    """
    classifiers = {name: load_classifier(name) for name in models}
    settings = FilmSettings(tuple(models), detector)
    with TemporaryDirectory() as folder:
        film = Path(folder) / "portrait.mp4"
        write_example(film, frames / FRAMES_PER_S)
        ways: dict[str, Callable[[], object]] = {
            WEBCAM: lambda: _read_from_memory(detector, classifiers, frames),
            TABLE_ONLY: lambda: _read(film, replace(settings, with_film=False), classifiers),
            WITH_FILM: lambda: _read(film, settings, classifiers),
        }
        # Making the frames takes time, which is not part of reading them.
        making_s = _seconds(lambda: [None for _ in portrait_video(frames)])
        rounds = [{way: _seconds(read) for way, read in ways.items()} for _ in range(ROUNDS)]
    seconds = {way: median(times[way] for times in rounds) for way in ways}
    seconds[WEBCAM] -= making_s
    speeds = {way: frames / spent_s for way, spent_s in seconds.items()}
    return {
        "models": list(models),
        "detector": detector,
        "frames": frames,
        "frames_per_s": speeds,
        "share_of_webcam": {way: speed / speeds[WEBCAM] for way, speed in speeds.items()},
    }


def _seconds(function: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    function()
    return time.perf_counter() - start_s


def _read_from_memory(detector: str, classifiers: Mapping[str, CalibratedClassifier], frames: int) -> None:
    time_s = 0.0
    reader = FrameReader(detector, classifiers, clock=lambda: time_s)
    for number, image in enumerate(portrait_video(frames)):
        time_s = number / FRAMES_PER_S
        reader.read(image)


def _read(film: Path, settings: FilmSettings, classifiers: Mapping[str, CalibratedClassifier]) -> None:
    with TemporaryDirectory() as folder:
        read_film(film, Outputs(Path(folder), film.stem), settings, classifiers, dict.fromkeys(settings.models, ""))
