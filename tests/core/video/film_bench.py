"""Read a long film whose faces are known, and compare the result: `python -m tests.core.video.film_bench --help`.

The film shows faces of FER2013, which move over a background, each for some seconds. For each frame rate, the output
says how many appearances were found as one face each, by how many frames their beginnings and ends were missed, and how
far the shares of the labels differ from those that `predict` gives for the same frames. Needs an imported data set.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from core.__main__ import main
from core.benchmarks.composites import backgrounds
from core.data.store import required_import
from core.emotions import EMOTIONS
from core.recognition.recognizer import DEFAULT_MODELS, Recognizer, load_recognizer
from core.vision.detectors import DETECTORS
from core.vision.detectors.defaults import default_detector
from core.vision.images import Image
from tests.core.video.files.films import write_film
from tests.core.video.known_film import Appearance, appearances, known_frames

CASES = {"24": 0, "24-turned": 90, "30": 0, "30-turned": 270, "variable": 0, "variable-turned": 180}
"""Case -> rotation on display, in degrees counterclockwise. The name begins with the frame rate."""

FACES_PER_EMOTION = 5
CHECKED_FRAMES = 15
"""One of so many frames is also read by `predict`."""


def frame_times(rate: str, seconds: float, seed: int) -> list[float]:
    """Return the times of the frames. `variable` means pauses of 1/60 to 1/12 s, drawn at random."""
    if rate != "variable":
        return (np.arange(round(seconds * int(rate))) / int(rate)).tolist()
    pauses = np.random.default_rng(seed).uniform(1 / 60, 1 / 12, round(60 * seconds))
    times = np.concatenate([[0.0], pauses.cumsum()])
    return (times[times < seconds] * 90_000).round().__truediv__(90_000).tolist()


def smooth_background() -> Image:
    """Return a blurred background, (480, 640, 3) uint8, in which nothing else looks like a face."""
    return np.asarray(cv2.GaussianBlur(backgrounds("measure")[0], (0, 0), 50), np.uint8)


def clear_faces(recognizer: Recognizer, background: Image) -> np.ndarray:
    """Return faces of test images, several per emotion, (n, 48, 48) uint8, in random order.

    Every place in which such a face is shown yields one face, whose label both models predict.
    """
    imported = required_import()
    manifest, faces = imported.manifest(), imported.faces()
    chosen: list[np.ndarray] = []
    for emotion in EMOTIONS:
        rows = np.flatnonzero((manifest["split"] == "test") & (manifest["true_label"] == emotion))
        clear = (faces[row] for row in rows if is_clear(faces[row], emotion, recognizer, background))
        chosen += islice(clear, FACES_PER_EMOTION)
    return np.random.default_rng(3).permutation(np.array(chosen))


def is_clear(face: np.ndarray, emotion: str, recognizer: Recognizer, background: Image) -> bool:
    """Whether this is surely found, alone and with the right label, wherever an image shows it."""
    for shown in appearances(120.0, 1, seed=4)[:8]:
        [(image, _)] = known_frames([shown], [face], background, [shown.start_s])
        found = recognizer.detector.detect(image)
        if len(found) != 1 or (found[0].confidence or 1.0) < 0.8:
            return False
        [reading] = recognizer.read_faces(image, found)
        if {reading.label(model) for model in reading.probabilities} != {emotion}:
            return False
    return True


def measure(
    case: str, seconds: float, folder: Path, recognizer: Recognizer, faces: np.ndarray, background: Image
) -> dict[str, Any]:
    """Write the film of one case, read it, and return how the result differs from what is known."""
    rotation, times = CASES[case], frame_times(case.partition("-")[0], seconds, seed=1)
    shown = appearances(seconds, len(faces), seed=2)
    film = folder / f"{case}.mp4"
    stored = (
        np.ascontiguousarray(np.rot90(image, -rotation // 90))
        for image, _ in known_frames(shown, faces, background, times)
    )
    write_film(film, stored, times=times, rotation=rotation, gop=60)
    smoothed, smooth_table = read(film, folder / "smoothed", [])
    _, table = read(film, folder / "raw", ["--half-life", "0"])
    _, sparse = read(film, folder / "sparse", ["--every", "0.5"])
    checked = predicted(film, recognizer)
    return {
        "case": case,
        "frames": len(times),
        "appearances": len(shown),
        "frames_read": smoothed["read"],
        "largest_time_error_s": time_error(smooth_table, times),
        **interval_errors(smooth_table, shown, times),
        "largest_share_difference_to_predict": share_difference(table[table["frame"].isin(checked["frame"])], checked),
        "largest_share_difference_every_half_second": share_difference(smooth_table, sparse),
        "seconds_of_the_film": smoothed["seconds"],
    }


def read(film: Path, out: Path, options: Sequence[str]) -> tuple[dict[str, Any], pd.DataFrame]:
    """Run the command `video` and return the summary and the table."""
    with redirect_stdout(StringIO()) as output:
        main(["video", str(film), "--out", str(out), "--no-film", "--json", *options])
    return json.loads(output.getvalue()), pd.read_parquet(out / f"{film.stem}.parquet")


def predicted(film: Path, recognizer: Recognizer) -> pd.DataFrame:
    """Return what `predict` says of some of the frames, with the columns frame, model and predicted_label."""
    rows = []
    for number, image in _some_frames(film):
        for reading in recognizer.read(image):
            rows += [(number, model, reading.label(model)) for model in reading.probabilities]
    return pd.DataFrame(rows, columns=["frame", "model", "predicted_label"])


def _some_frames(film: Path) -> Iterator[tuple[int, Image]]:
    from core.video.files.reading.frames import FilmFrames
    from core.video.files.reading.opening import open_film

    with open_film(film) as opened:
        for frame in FilmFrames(opened):
            if frame.number % CHECKED_FRAMES == 0:
                yield frame.number, frame.image()


def time_error(table: pd.DataFrame, times: Sequence[float]) -> float:
    """Return the largest difference of a time in the table from the true time of the frame, in seconds."""
    return float((table["time_s"] - np.array(times)[table["frame"]]).abs().max())


def interval_errors(table: pd.DataFrame, shown: Sequence[Appearance], times: Sequence[float]) -> dict[str, Any]:
    """Return how many appearances are one face each, and by how many frames their ends are missed.

    The most frequent label of each is compared with that of the face, for the first model.
    """
    table = table[table["model"] == DEFAULT_MODELS[0]]
    spans = table.groupby("face")["frame"].agg(["min", "max"])
    found, errors, used = 0, [], set()
    for appearance in shown:
        first, last = np.searchsorted(times, [appearance.start_s, appearance.end_s]) - [0, 1]
        overlapping = spans[(spans["min"] <= last) & (spans["max"] >= first)]
        used.update(overlapping.index)
        if len(overlapping) == 1:
            found += 1
            errors += [abs(int(overlapping["min"].iloc[0] - first)), abs(int(overlapping["max"].iloc[0] - last))]
    return {
        "appearances_found_as_one_face": found,
        "other_faces": len(spans) - len(used),
        "largest_interval_error_frames": max(errors, default=None),
        "interval_ends_missed": sum(error > 0 for error in errors),
    }


def share_difference(a: pd.DataFrame, b: pd.DataFrame) -> float:
    """Return the largest difference of a label's share between two tables, over models and emotions."""
    shares = [pd.crosstab(table["model"], table["predicted_label"], normalize="index") for table in (a, b)]
    return float(shares[0].sub(shares[1], fill_value=0.0).abs().max().max())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    arguments = parser.parse_args()
    photo_recognizer = load_recognizer(detector=default_detector(video=True))
    canvas = smooth_background()
    for_frames = DETECTORS[photo_recognizer.detector_name].make_for_frames
    choosing = replace(photo_recognizer, detector=for_frames()) if for_frames else photo_recognizer
    known_faces = clear_faces(choosing, canvas)
    for name in arguments.cases:
        with tempfile.TemporaryDirectory() as temporary:
            result = measure(name, 60 * arguments.minutes, Path(temporary), photo_recognizer, known_faces, canvas)
        print(json.dumps(result), flush=True)
