"""Write the files of a film that has been read to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from core.exceptions import shortened
from core.files import json_line
from core.video.files.endings import CSV, FILM, MOMENTS, PARQUET, SUMMARY, TIMELINES
from core.video.files.outputs import Outputs
from core.video.files.reading.frames import FilmFrames
from core.video.files.reading.opening import OpenFilm
from core.video.files.results.moments import Moments
from core.video.files.results.summary import FaceSummaries
from core.video.files.results.table import TableWriter, read_chunks
from core.video.files.results.timeline import Timelines
from core.video.files.settings import FilmSettings
from core.video.files.unfinished import Unfinished
from core.video.files.writing.film import FilmWriter
from core.video.files.writing.joining import join_film

NO_FRAMES = "The film has no frames between the start and the end that were chosen."


@dataclass(frozen=True, eq=False)
class FinishedRun:
    """What is needed to write the files of a film that was read to its end."""

    run: str
    """Hash of the choices, the models and the film; see `run_id`."""
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


def finish(run: FinishedRun) -> dict[str, Any]:
    """Write all files of a film, delete the unfinished ones, and return the summary."""
    faces = _write_table_and_pictures(run)
    frames = run.frames.frames
    notes = [*run.frames.notes(), *_write_film(run), *([] if frames else [NO_FRAMES])]
    summary = summary_of(
        run.film,
        run.settings.detector,
        seconds=round(max(run.opened.facts.seconds or 0.0, run.end_s if frames else 0.0), 3),
        frames=frames,
        read=run.read,
        faces=faces,
        lost_s=round(run.frames.lost_s, 3),
        annotated=run.writer is not None and frames > 0,
        notes=notes,
        run=run.run,
    )
    write_summary(run.outputs, summary)
    Unfinished(run.outputs.unfinished).remove()
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
    annotated: bool = False,
    notes: Sequence[str] = (),
    run: str | None = None,
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
        "annotated": annotated,
        "notes": list(notes),
        "run": run,
        "error": error,
    }


def write_summary(outputs: Outputs, summary: dict[str, Any]) -> None:
    """Write the summary of a film as JSON."""
    temporary = outputs.unfinished / f"result{SUMMARY}"
    temporary.write_bytes(json_line(summary).encode() + b"\n")
    temporary.replace(outputs.summary)


def _write_table_and_pictures(run: FinishedRun) -> list[dict[str, Any]]:
    """Write the table, the timelines and the moments, and return the summaries of the faces."""
    outputs, folder = run.outputs, run.outputs.unfinished
    faces = FaceSummaries()
    timelines = Timelines(run.settings.start_s, run.end_s, step_s=_step_s(run))
    temporary = {ending: folder / f"result{ending}" for ending in (PARQUET, CSV, TIMELINES, MOMENTS)}
    parts = [Unfinished(folder).part(number) for number in range(run.parts)]
    with TableWriter(temporary[PARQUET], temporary[CSV]) as writer:
        for table in read_chunks(parts):
            writer.add(table)
            faces.add(table)
            timelines.add(table)
    title = shortened(run.film.name)
    Pillow.fromarray(timelines.sheet(title)).save(temporary[TIMELINES])
    Pillow.fromarray(run.moments.sheet(title)).save(temporary[MOMENTS])
    for ending, path in temporary.items():
        path.replace(outputs.path(ending))
    return faces.faces()


def _step_s(run: FinishedRun) -> float:
    """Return the usual time from one frame that is read to the next, in seconds; 0 if it is unknown."""
    rate = run.opened.facts.frames_per_s
    return max(run.settings.every_s, 1 / rate if rate else 0.0)


def _write_film(run: FinishedRun) -> list[str]:
    """Write the annotated film if there is one, and return notes on it."""
    if run.writer is None:
        return []
    return [*run.writer.notes, *join_film(run.writer, run.film, run.outputs.path(FILM))]
