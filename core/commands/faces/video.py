"""Find the faces in video files and write the expressions that each model predicts, with their times.

For each film, these files are written to the folder --out: a table (NAME.parquet and NAME.csv) with one row per frame,
face and model; the film with boxes and labels (NAME.annotated.mp4); timelines (NAME.png); the strongest moments of each
expression (NAME.moments.png); and a summary (NAME.summary.json). NAME is the name of the film.

Probabilities are averaged over time, and people keep their numbers from frame to frame, as on the Live page. After
Ctrl+C, the same command goes on from where it stopped. With --json, the summary of each film is printed on one line:
{"video", "seconds", "frames", "read", "detector", "faces": [{"face", "first_s", "last_s", "models": {NAME: {"share":
{EMOTION: SHARE}, "certain_share", "changes"}}}], "lost_s", "annotated", "notes", "run", "error"}. If a film cannot be
read, its object has an `error`, and the exit code is 1. The others are read nevertheless.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note, usable
from core.commands.options import add_recognizer_options
from core.commands.tables import print_table
from core.exceptions import InputError, shortened
from core.files import json_line
from core.runtime.streams import printable

if TYPE_CHECKING:
    from core.classifiers.calibrated import Calibrated
    from core.video.files.outputs import Outputs
    from core.video.files.progress import FilmProgress
    from core.video.files.settings import FilmSettings

MAX_SECONDS = 10_000_000.0

TOO_LITTLE_MEMORY = "There is not enough memory for this film; use a smaller copy."


def seconds(text: str) -> float:
    """Parse a number of seconds that is not negative. Use as the `type` of an argument."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not negative, not {text[:20]!r}")
    return value


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("films", nargs="+", type=Path, metavar="FILE", help="a video file, or a pattern such as *.mp4")
    add_recognizer_options(parser)
    parser.add_argument(
        "--every",
        type=seconds,
        default=0.0,
        metavar="SECONDS",
        help="read one frame per interval (default: every frame)",
    )
    parser.add_argument(
        "--start", type=seconds, default=0.0, metavar="SECONDS", help="leave out what comes before this time"
    )
    parser.add_argument("--end", type=seconds, metavar="SECONDS", help="leave out what comes after this time")
    parser.add_argument(
        "--half-life",
        type=seconds,
        metavar="SECONDS",
        help="time after which an old reading has half its weight; 0: each frame stands alone (default: 0.25)",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="folder for the files (default: the current one)"
    )
    parser.add_argument("--no-film", action="store_true", help="write no annotated film, which saves time")
    parser.add_argument("--json", action="store_true", help="print JSON: one object per film, each on one line")
    parser.add_argument(
        "--json-progress", action="store_true", help="print the progress on stderr as JSON lines, for other programs"
    )


def run(options: argparse.Namespace) -> int:
    from core.runtime.interrupts import stop_requests
    from core.runtime.threads import use_one_thread
    from core.video.files.outputs import outputs_of
    from core.vision.detectors import make_detector
    from core.vision.detectors.defaults import default_detector, detector_note

    if options.end is not None and options.end <= options.start:
        raise InputError("--end must be later than --start.")
    detector = options.detector or default_detector(video=True)
    make_detector(detector)  # raises InputError for a name that is unknown or cannot be used
    if note := detector_note(detector, video=True):
        print_note(note)
    use_one_thread()
    classifiers, exit_code = _load_models(options)
    settings = _settings(options, detector, tuple(classifiers))
    films = _find_films(options.films)
    with stop_requests() as should_stop:
        for film, outputs in zip(films, outputs_of(films, options.out), strict=True):
            summary = _read(film, outputs, settings, classifiers, options.json_progress, should_stop)
            if summary["error"] is not None:
                exit_code = 1
            if options.json:
                print(json_line(summary), flush=True)
            else:
                _print_summary(film, summary, outputs)
    return exit_code


def _load_models(options: argparse.Namespace) -> tuple[dict[str, Calibrated], int]:
    """Load the models that the options name; return also the exit code, 1 if one was left out."""
    from core.classifiers.loading import load_classifier
    from core.recognition.recognizer import DEFAULT_MODELS

    names = list(dict.fromkeys(options.model or DEFAULT_MODELS))
    loaded = usable(names, load_classifier)
    return loaded, int(len(loaded) < len(names))


def _settings(options: argparse.Namespace, detector: str, models: tuple[str, ...]) -> FilmSettings:
    from core.video.files.settings import FilmSettings
    from core.video.smoothing import HALF_LIFE_S

    half_life_s = HALF_LIFE_S if options.half_life is None else options.half_life
    return FilmSettings(models, detector, options.every, options.start, options.end, half_life_s, not options.no_film)


def _find_films(paths: Sequence[Path]) -> list[Path]:
    """Return the films that the arguments name. Patterns are expanded here, because not every shell does this.

    Films that this command has annotated are left out: patterns such as *.mp4 match them too.
    """
    from core.video.files.outputs import without_annotated

    films = [
        film
        for path in paths
        # os.path.exists, unlike the method, raises no error for a name that is too long.
        for film in ([path] if os.path.exists(path) else sorted(map(Path, glob(str(path)))) or [path])  # noqa: PTH110, PTH207
    ]
    originals = without_annotated(films)
    for film in films:
        if film not in originals:
            print_note(f"Left out: {shortened(film, 120)} is the annotated film of an earlier run.")
    return originals


def _read(
    film: Path,
    outputs: Outputs,
    settings: FilmSettings,
    classifiers: dict[str, Calibrated],
    as_json: bool,
    should_stop: Callable[[], bool],
) -> dict[str, Any]:
    """Read one film and return its summary, which has an `error` if it cannot be read."""
    from core.models.store import read_card
    from core.video.files.analysis import read_film
    from core.video.files.finishing import summary_of

    weights = {name: read_card(name).weights_sha256 for name in classifiers}
    try:
        with _shown_progress(film, as_json) as on_progress:
            return read_film(
                film,
                outputs,
                settings,
                classifiers,
                weights,
                on_progress=on_progress,
                on_note=print_note,
                should_stop=should_stop,
            )
    except KeyboardInterrupt:
        print_note(f"{shortened(film, 120)}: the same command goes on from here.")
        raise
    except InputError as error:
        return summary_of(film, settings.detector, error=str(error))
    except MemoryError:
        return summary_of(film, settings.detector, error=TOO_LITTLE_MEMORY)


def _shown_progress(film: Path, as_json: bool) -> AbstractContextManager[Callable[[FilmProgress], None]]:
    """Return a context manager whose function shows the progress on stderr."""
    from core.commands.faces.film_progress import film_bar, json_lines

    return nullcontext(json_lines(film)) if as_json else film_bar(film)


def _print_summary(film: Path, summary: dict[str, Any], outputs: Outputs) -> None:
    name = printable(shortened(film, 120))
    if (error := summary["error"]) is not None:
        print_note(error if film.name in error else f"{shortened(film, 120)}: {error}")
        return
    print(f"{name}: {summary['read']:,} of {summary['frames']:,} frames read, in {printable(outputs.path('.csv'))}")
    for note in summary["notes"]:
        print_note(f"{shortened(film, 120)}: {note}")
    if not summary["faces"]:
        print("No face was found.")
        return
    headings = ("face", "from", "to", "model", "predicted most", "certain", "changes")
    print_table(headings, _rows(summary["faces"]), simple=True)


def _rows(faces: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    for face in faces:
        for model, values in face["models"].items():
            shares = sorted(values["share"].items(), key=lambda pair: -pair[1])
            labels = ", ".join(f"{emotion} {share:.0%}" for emotion, share in shares[:3] if share > 0)
            first, last = f"{face['first_s']:.1f} s", f"{face['last_s']:.1f} s"
            yield [
                *(str(face["face"]), first, last, model, labels),
                *(f"{values['certain_share']:.0%}", str(values["changes"])),
            ]
