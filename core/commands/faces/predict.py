"""Find the faces in photos and print the expression that each model predicts.

If no face is found, the photo is also searched turned by 90, 180 and 270 degrees.

With --json, one line is printed per image. It is an object
{"image", "size_wh", "detector", "turned_by", "faces": [FACE], "error"}. FACE is {"xyxy", "confidence", "angle", "side",
"brightness", "sharpness", "models": {NAME: {"label", "certain", "reason", "probabilities"}}}. The largest face comes
first. `turned_by` is in degrees clockwise; `xyxy` is the face's box in pixels of the image before that turn. `angle` is
the turn of the head, counterclockwise. `confidence` and `angle` are null if the detector does not find them. `certain`
is false if the face is too dark, too small or blurred, or if the label's probability is below the threshold in the
model's card; `reason` says which. If a file cannot be read, its object has an `error`, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.options import add_recognizer_options, recognizer_from
from core.emotions import EMOTIONS
from core.exceptions import InputError

if TYPE_CHECKING:
    from rich.console import Console

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
        type=Path,
        metavar="IMAGE",
        help="a JPEG, PNG, WebP or BMP file, or a pattern such as *.jpg",
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
    from rich.console import Console

    from core.vision.detectors.defaults import detector_note

    recognizer = recognizer_from(options)
    if not options.whole_image and (note := detector_note(recognizer.detector_name)):
        print(note, file=sys.stderr)
    folder = _make_folder(options.annotate) if options.annotate else None
    detector = None if options.whole_image else recognizer.detector_name
    console = Console()
    failed = False
    for path in expand_patterns(options.images):
        result = read_file(path, recognizer, options.whole_image)
        failed |= result.error is not None
        if options.json:
            print(json.dumps(as_json(result, detector)), flush=True)
        else:
            _print_table(result, console)
        if folder and result.reading:
            copy = _write_annotated(path, result.data, result.reading, folder, next(iter(recognizer.classifiers)))
            print(f"{path}: annotated copy in {copy}", file=sys.stderr)
    return int(failed)


def expand_patterns(paths: list[Path]) -> list[Path]:
    """Replace glob patterns with the files that they match, because not every shell does this."""
    found: list[Path] = []
    for path in paths:
        matches = [] if path.exists() else sorted(map(Path, glob(str(path))))  # noqa: PTH207 (absolute patterns)
        found += matches or [path]
    return found


def read_file(path: Path, recognizer: Recognizer, as_one_face: bool) -> Result:
    """Find the faces of one file and predict their expressions; the result has an `error` if it cannot be read."""
    from core.recognition.photos import read
    from core.vision.images import read_bytes

    try:
        data = read_bytes(path)
        return Result(path, data, read(data, recognizer, as_one_face))
    except InputError as error:
        return Result(path, error=str(error))


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


def _print_table(result: Result, console: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    if result.reading is None:
        print(f"{result.path}: {result.error}", file=sys.stderr)
    elif not result.reading.readings:
        print(f"{result.path}: no face found. If the image is a cropped face, add --whole-image.")
    else:
        turn = (
            f", found after a turn of {turned_by} degrees clockwise" if (turned_by := result.reading.turned_by) else ""
        )
        title = Text(f"{result.path}: predicted expressions{turn}")
        table = Table("face", "box", "model", "predicted", "next two", "uncertain", title=title, box=SIMPLE_HEAD)
        for number, reading in enumerate(result.reading.readings, start=1):
            for name in reading.probabilities:
                first, *others = _ranked_emotions(reading, name)
                box, reason = " ".join(map(str, reading.face.xyxy)), reading.reason(name) or ""
                table.add_row(str(number), box, name, first, ", ".join(others[:2]), reason)
        console.print(table)


def _ranked_emotions(reading: Reading, model: str) -> list[str]:
    """Return each emotion with its probability, such as `happy 93%`, the most probable first."""
    pairs = sorted(zip(reading.probabilities[model], EMOTIONS, strict=True), reverse=True)
    return [f"{emotion} {probability:.0%}" for probability, emotion in pairs]


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be created ({error.strerror}); name another folder.") from error
    return folder


def _write_annotated(path: Path, data: bytes, reading: PhotoReading, folder: Path, model: str) -> Path:
    from core.recognition.photos import annotated_png

    target = _unused_path(folder, path.stem)
    try:
        target.write_bytes(annotated_png(data, reading, model))
    except OSError as error:
        raise InputError(
            f"{target} cannot be written ({error.strerror}); free some space or name another folder."
        ) from error
    return target


def _unused_path(folder: Path, stem: str) -> Path:
    """Return the first of stem.png, stem-2.png, stem-3.png ... that does not exist, so that nothing is overwritten."""
    target, number = folder / f"{stem}.png", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.png"
    return target
