"""Find the faces in photos and print the expression that each model predicts.

With --json, each line is the object of one image:
{"image", "size_wh", "faces": [{"xyxy", "confidence", "models": {NAME: MODEL}}], "error"}, where MODEL is
{"label", "certain", "probabilities"}. `certain` is false if the confidence is below the threshold in the model's card.
The largest face comes first. If a file cannot be read, its object has an `error`, and the exit code is 1.
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
    """The readings of one file, or the error."""

    path: Path
    data: bytes = b""
    """Content of the file."""
    reading: PhotoReading | None = None
    """None if the file cannot be read."""
    error: str | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="JPEG, PNG, WebP or BMP")
    add_recognizer_options(parser)
    parser.add_argument("--whole-image", action="store_true", help="read each image as one cropped face")
    parser.add_argument(
        "--annotate", type=Path, metavar="DIR", help="write copies with the boxes and the first model's labels to DIR"
    )
    parser.add_argument("--json", action="store_true", help="print JSON: one line per image")


def run(options: argparse.Namespace) -> int:
    from rich.console import Console

    recognizer = recognizer_from(options)
    folder = _make_folder(options.annotate) if options.annotate else None
    console = Console()
    failed = False
    for path in expand_patterns(options.images):
        result = read_file(path, recognizer, options.whole_image)
        failed |= result.error is not None
        if options.json:
            print(json.dumps(as_json(result)), flush=True)
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
    """Read the faces of one file; the result has an `error` if the file cannot be read."""
    from core.recognition.photos import read
    from core.vision.images import read_bytes

    try:
        data = read_bytes(path)
        return Result(path, data, read(data, recognizer, as_one_face))
    except InputError as error:
        return Result(path, error=str(error))


def as_json(result: Result) -> dict[str, Any]:
    """Return the object that --json prints."""
    reading = result.reading
    return {
        "image": str(result.path),
        "size_wh": list(reading.size_wh) if reading else None,
        "faces": [_face_as_json(one) for one in reading.readings] if reading else [],
        "error": result.error,
    }


def _face_as_json(reading: Reading) -> dict[str, Any]:
    return {
        "xyxy": list(reading.face.xyxy),
        "confidence": reading.face.confidence,
        "models": {
            name: {
                "label": reading.label(name),
                "certain": reading.is_certain(name),
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
        title = Text(f"{result.path}: predicted expressions")
        table = Table("face", "box", "model", "predicted", "next two", title=title, box=SIMPLE_HEAD)
        for number, reading in enumerate(result.reading.readings, start=1):
            for name in reading.probabilities:
                first, *others = _ranked(reading, name)
                table.add_row(str(number), " ".join(map(str, reading.face.xyxy)), name, first, ", ".join(others[:2]))
        console.print(table)


def _ranked(reading: Reading, model: str) -> list[str]:
    """Return a text such as `happy 93%` for each emotion, the most probable first."""
    pairs = sorted(zip(reading.probabilities[model], EMOTIONS, strict=True), reverse=True)
    return [f"{emotion} {probability:.0%}" for probability, emotion in pairs]


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be created ({error.strerror}); name another.") from error
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
