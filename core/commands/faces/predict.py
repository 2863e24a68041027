"""Find the faces in photos and print the expression that each model predicts.

If no face is found, the photo is also searched turned by 90, 180 and 270 degrees.

With --json, one line is printed per image. It is an object
{"image", "size_wh", "detector", "turned_by", "faces": [FACE], "error"}. FACE is {"xyxy", "confidence", "angle", "side",
"brightness", "sharpness", "models": {NAME: {"label", "certain", "reason", "probabilities"}}}. The largest face comes
first. `turned_by` is in degrees clockwise; `xyxy` is the face's box in pixels of the image before that turn. `angle` is
the turn of the head, counterclockwise. `confidence` and `angle` are null if the detector does not find them. `certain`
is false if the face is too dark, too small or blurred, or if the label's probability is below the threshold in the
model's card; `reason` says which. If a file cannot be read, its object has an `error`, and the exit code is 1. The
others are read nevertheless.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.commands.faces.picture_files import STDIN, find_files, path_or_stdin, read_data
from core.commands.options import add_recognizer_options, recognizer_from
from core.commands.tables import print_table
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.files import json_line
from core.runtime.streams import printable

if TYPE_CHECKING:
    from core.recognition.photos import PhotoReading
    from core.recognition.reading import Reading
    from core.recognition.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class Result:
    """The faces and predictions of one image file, or the error if it cannot be read."""

    path: Path
    data: bytes = b""
    """Content of the file; empty if the file cannot be read."""
    reading: PhotoReading | None = None
    """None if the file cannot be read."""
    error: str | None = None
    """The message, or None if the file was read."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "images",
        nargs="+",
        type=path_or_stdin,
        metavar="IMAGE",
        help="an image file, a folder of images, a pattern such as *.jpg, or - for standard input",
    )
    add_recognizer_options(parser)
    parser.add_argument(
        "--whole-image", action="store_true", help="treat each image as one cropped face, without a detector"
    )
    parser.add_argument(
        "--annotate",
        type=Path,
        metavar="DIR",
        help="write a PNG copy of each image to DIR, with the boxes of its faces and the first model's labels",
    )
    parser.add_argument("--json", action="store_true", help="print JSON: one object per image, each on one line")


def run(options: argparse.Namespace) -> int:
    from core.vision.detectors.defaults import detector_note

    recognizer, exit_code = recognizer_from(options)
    if not options.whole_image and (note := detector_note(recognizer.detector_name)):
        print_note(note)
    folder = _make_folder(options.annotate) if options.annotate else None
    detector = None if options.whole_image else recognizer.detector_name
    for result in read_all(options.images, recognizer, options.whole_image):
        if result.error is not None:
            exit_code = 1
        if options.json:
            print(json_line(as_json(result, detector)), flush=True)
        else:
            _print_result(result)
        if folder and (reading := result.reading):
            model = next(iter(recognizer.classifiers))
            if not _write_annotated(result, reading, folder, model):
                exit_code = 1
    return exit_code


def read_all(paths: Iterable[Path], recognizer: Recognizer, as_one_face: bool) -> Iterator[Result]:
    """Yield the result of every file that the paths name, and one with an `error` for a path that cannot be used."""
    for path in paths:
        try:
            files = find_files(path)
        except InputError as error:
            yield Result(path, error=str(error))
            continue
        for file in files:
            yield read_file(file, recognizer, as_one_face)


def read_file(path: Path, recognizer: Recognizer, as_one_face: bool) -> Result:
    """Find the faces of one file and predict their expressions; the result has an `error` if it cannot be read."""
    from core.recognition.photos import read

    try:
        data = read_data(path)
        return Result(path, data, read(data, recognizer, as_one_face))
    except InputError as error:
        return Result(path, error=str(error))
    except MemoryError:
        return Result(path, error="There is not enough memory for this image; use a smaller copy.")


def as_json(result: Result, detector: str | None) -> dict[str, Any]:
    """Return the object that --json prints. `detector` is its name, or None if none is used."""
    photo = result.reading
    return {
        "image": str(result.path),
        "size_wh": list(photo.size_wh) if photo else None,
        "detector": detector,
        "turned_by": photo.turned_by if photo else None,
        "faces": [_face_as_json(reading) for reading in photo.readings] if photo else [],
        "error": result.error,
    }


def _face_as_json(reading: Reading) -> dict[str, Any]:
    quality = reading.quality
    return {
        "xyxy": list(reading.face.xyxy),
        "confidence": reading.face.confidence,
        "angle": reading.face.angle,
        "side": quality.side if quality else None,
        "brightness": quality.brightness if quality else None,
        "sharpness": quality.sharpness if quality else None,
        "models": {
            name: {
                "label": reading.label(name),
                "certain": reading.is_certain(name),
                "reason": reading.reason(name),
                "probabilities": dict(zip(EMOTIONS, probabilities, strict=True)),
            }
            for name, probabilities in reading.probabilities.items()
        },
    }


def _print_result(result: Result) -> None:
    path = printable(result.path)
    if result.reading is None:
        print_note(f"{shortened(path, 120)}: {result.error}")
    elif not result.reading.readings:
        print(f"{path}: no face found. If the image is a cropped face, add --whole-image.", flush=True)
    else:
        turned_by = result.reading.turned_by
        turn = f", found after a turn of {turned_by} degrees clockwise" if turned_by else ""
        print(f"{path}: predicted expressions{turn}")
        headings = ("face", "box", "model", "predicted", "next two", "uncertain")
        print_table(headings, _rows(result.reading.readings), simple=True)


def _rows(readings: list[Reading]) -> Iterator[list[str]]:
    for number, reading in enumerate(readings, start=1):
        for name in reading.probabilities:
            first, *others = _ranked_emotions(reading, name)
            box, reason = " ".join(map(str, reading.face.xyxy)), reading.reason(name) or ""
            yield [str(number), box, name, first, ", ".join(others[:2]), reason]


def _ranked_emotions(reading: Reading, model: str) -> list[str]:
    """Return each emotion with its probability, such as `happy 93%`, the most probable first."""
    pairs = sorted(zip(reading.probabilities[model], EMOTIONS, strict=True), reverse=True)
    return [f"{emotion} {probability:.0%}" for probability, emotion in pairs]


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"the folder {shortened(folder)} cannot be created ({error.strerror}); name another folder."
        ) from error
    return folder


def _write_annotated(result: Result, reading: PhotoReading, folder: Path, model: str) -> bool:
    """Write the annotated copy of an image, and print where. Return False, after a note, if it cannot be written."""
    from core.recognition.photos import annotated_png

    stem = "stdin" if result.path is STDIN else result.path.stem
    path = shortened(result.path, 120)
    try:
        target = _unused_path(folder, stem)
        target.write_bytes(annotated_png(result.data, reading, model))
    except (OSError, MemoryError) as error:
        reason = getattr(error, "strerror", "not enough memory")
        print_note(f"{path}: the annotated copy cannot be written ({reason}); free some space or name another folder.")
        return False
    print_note(f"{path}: annotated copy in {target}")
    return True


def _unused_path(folder: Path, stem: str) -> Path:
    """Return the first of stem.png, stem-2.png, stem-3.png ... that does not exist, so that nothing is overwritten."""
    target, number = folder / f"{stem}.png", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.png"
    return target
