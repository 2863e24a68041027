"""Write the files of a film that has been read to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from core.exceptions import shortened
from core.files import json_line
from core.video.files.frames import FilmFrames
from core.video.files.moments import Moments
from core.video.files.opening import OpenFilm
from core.video.files.outputs import Outputs
from core.video.files.settings import FilmSettings
from core.video.files.summary import FaceSummaries
from core.video.files.table import TableWriter, read_chunks
from core.video.files.timeline import Timelines
from core.video.files.unfinished import Unfinished
from core.video.files.writing.film import FilmWriter
from core.video.files.writing.joining import join_film


@dataclass(frozen=True, eq=False)
class FilmResult:
    """What the reading of a film has yielded."""

    film: Path
    outputs: Outputs
    settings: FilmSettings
    opened: OpenFilm
    frames: FilmFrames
    end_s: float
    """Time at which the last frame ends, in seconds since the beginning of the film."""
    read: int
    """Number of frames that were read."""
    parts: int
    """Number of parts of the table."""
    moments: Moments
    writer: FilmWriter | None
    """The writer of the annotated film; None without one."""


def finish(result: FilmResult) -> dict[str, Any]:
    """Write all files of a film, delete the unfinished ones, and return the summary."""
    faces = _write_table(result)
    notes = [*result.frames.notes(), *_write_film(result)]
    summary = summary_of(
        result.film,
        result.settings.detector,
        seconds=round(max(result.opened.facts.seconds or 0.0, result.end_s), 3),
        frames=result.frames.frames,
        read=result.read,
        faces=faces,
        lost_s=round(result.frames.lost_s, 3),
        notes=notes,
    )
    write_summary(result.outputs, summary)
    Unfinished(result.outputs.unfinished).remove()
    return summary


def summary_of(
    film: Path,
    detector: str,
    *,
    seconds: float | None = None,
    frames: int = 0,
    read: int = 0,
    faces: Sequence[dict[str, Any]] = (),
    lost_s: float = 0.0,
    notes: Sequence[str] = (),
    error: str | None = None,
) -> dict[str, Any]:
    """Return the summary of a film, whose values can be written as JSON; docs/video.md describes them."""
    return {
        "video": str(film),
        "seconds": seconds,
        "frames": frames,
        "read": read,
        "detector": detector,
        "faces": list(faces),
        "lost_s": lost_s,
        "notes": list(notes),
        "error": error,
    }


def write_summary(outputs: Outputs, summary: dict[str, Any]) -> None:
    """Write the summary of a film as JSON."""
    temporary = outputs.folder / f".{outputs.summary.name}.new"
    try:
        temporary.write_bytes(json_line(summary).encode() + b"\n")
        temporary.replace(outputs.summary)
    finally:
        temporary.unlink(missing_ok=True)


def _write_table(result: FilmResult) -> list[dict[str, Any]]:
    """Write the table, the timelines and the moments, and return the summaries of the faces."""
    outputs, folder = result.outputs, result.outputs.unfinished
    faces = FaceSummaries()
    timelines = Timelines(result.settings.start_s, result.end_s, step_s=_step_s(result))
    endings = (".parquet", ".csv", ".png", ".moments.png")
    temporary = {ending: folder / f"result{ending}" for ending in endings}
    parts = [Unfinished(folder).part(number) for number in range(result.parts)]
    with TableWriter(temporary[".parquet"], temporary[".csv"]) as writer:
        for table in read_chunks(parts):
            writer.add(table)
            faces.add(table)
            timelines.add(table)
    title = shortened(result.film.name)
    Pillow.fromarray(timelines.sheet(title)).save(temporary[".png"])
    Pillow.fromarray(result.moments.sheet(title)).save(temporary[".moments.png"])
    for ending, path in temporary.items():
        path.replace(outputs.path(ending))
    return faces.faces()


def _step_s(result: FilmResult) -> float:
    """Return the usual time from one frame that is read to the next, in seconds; 0 if it is unknown."""
    rate = result.opened.facts.frames_per_s
    return max(result.settings.every_s, 1 / rate if rate else 0.0)


def _write_film(result: FilmResult) -> list[str]:
    """Write the annotated film if there is one, and return notes on it."""
    if result.writer is None:
        return []
    return [*result.writer.notes, *join_film(result.writer, result.film, result.outputs.path(".annotated.mp4"))]
