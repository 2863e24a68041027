"""Read a film: find the faces in its frames, predict their expressions, and write the results.

What has been read is stored at short intervals. If the run is stopped or killed, the same command goes on from there,
and the table is the same as that of an undisturbed run.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from math import floor
from pathlib import Path
from typing import Any

from core.classifiers.base import CalibratedClassifier
from core.exceptions import shortened
from core.files import disk_errors_as_input_error
from core.video.files.finishing import FinishedRun, finish
from core.video.files.outputs import Outputs
from core.video.files.progress import FilmProgress, Speedometer
from core.video.files.reading.frames import FilmFrame, FilmFrames
from core.video.files.reading.opening import OpenFilm, open_film
from core.video.files.results.moments import Moments
from core.video.files.results.table import frame_rows, write_chunk
from core.video.files.settings import FilmSettings
from core.video.files.unfinished import RunState, Unfinished, run_id
from core.video.files.writing.film import FilmWriter
from core.video.stream import FrameReader
from core.video.tracking import MAX_ABSENCE_PER_FRAME_S, MAX_ABSENCE_S, MAX_GAP_S, Tracker

SAVE_EVERY_S = 20.0
"""Seconds of real time after which the state is stored."""

MAX_ROWS = 50_000
"""Maximum number of rows in memory. With many faces and models, they are stored before `SAVE_EVERY_S` is over."""

PROGRESS_EVERY_S = 0.5

SHORTEST_INTERVAL_S = 1e-6
"""With shorter intervals, every frame is read, as no two frames are so close together."""

STARTS_ANEW = (
    "The unfinished run of {} cannot go on, because its choices, its film or its models differ; it starts anew."
)
IS_FINISHED = "{} was read before, with the same choices; the results are in {}."
GOES_ON = "Going on with the unfinished run of {}, which had read {:,} frames."


class FaceNumbers(Iterator[int]):
    """The numbers of new faces, counted from 1; `next_number` can be stored."""

    def __init__(self) -> None:
        self.next_number = 1

    def __next__(self) -> int:
        self.next_number += 1
        return self.next_number - 1


class FilmRun:
    """The reading of one film, from its first frame or from where an earlier run ended."""

    def __init__(
        self,
        settings: FilmSettings,
        classifiers: Mapping[str, CalibratedClassifier],
        unfinished: Unfinished,
        run: str,
    ) -> None:
        self._settings, self._unfinished, self.run_id = settings, unfinished, run
        self._numbers, self._time_s = FaceNumbers(), settings.start_s
        tracker = tracker_for(settings, self._numbers)
        self._reader = FrameReader(
            settings.detector, classifiers, clock=lambda: self._time_s, tracker=tracker, draw=False
        )
        self._rows: list[tuple[object, ...]] = []
        self._last_frame, self.read, self.parts = -1, 0, 0
        self.moments = Moments(settings.models[0])
        self.film = FilmWriter(unfinished.folder, settings.start_s) if settings.with_film else None

    def go_on(self, state: RunState, moments: Moments) -> None:
        """Take over the state of an earlier run."""
        self._reader.restore(state.reader)
        self._numbers.next_number, self._time_s, self._last_frame = state.next_face, state.time_s, state.frame
        self.read, self.parts = state.read, state.parts
        self.moments = moments
        if self.film:
            self.film = FilmWriter(
                self._unfinished.folder,
                self._settings.start_s,
                segments=state.segments,
                size_wh=state.film_size_wh,
                tick=state.film_tick,
            )

    def add(self, frame: FilmFrame) -> None:
        """Read a frame, unless an earlier run has read it or it comes too soon after the frame before."""
        if frame.number <= self._last_frame or not self._is_due(frame.time_s):
            return
        image = frame.image()
        self._time_s, self._last_frame = frame.time_s, frame.number
        self.read += 1
        readings = self._reader.read(image).readings
        self._rows += frame_rows(frame.number, frame.time_s, readings)
        self.moments.add(image, frame.time_s, readings)
        if self.film:
            self.film.write(image, readings, self._settings.models[0], frame.time_s)

    def _is_due(self, time_s: float) -> bool:
        """Whether this is the first frame of a new interval of `every_s` seconds."""
        every_s, start_s = self._settings.every_s, self._settings.start_s
        if every_s < SHORTEST_INTERVAL_S or self._last_frame < 0:
            return True
        # Rounding must not move a frame at the beginning of an interval into the interval before.
        interval, last = (floor((time - start_s) / every_s + 1e-6) for time in (time_s, self._time_s))
        return interval > last

    @property
    def is_full(self) -> bool:
        """Whether there are so many rows in memory that they should be stored."""
        return len(self._rows) >= MAX_ROWS

    def save(self) -> None:
        """Store everything that has been read so far. Raises InputError if it cannot be written."""
        with disk_errors_as_input_error(self._unfinished.folder):
            self._save()

    def _save(self) -> None:
        self._unfinished.folder.mkdir(parents=True, exist_ok=True)
        write_chunk(self._unfinished.part(self.parts), self._rows)
        if self.film:
            self.film.end_segment()
        self._rows = []
        self.parts += 1
        state = RunState(
            run=self.run_id,
            read=self.read,
            frame=self._last_frame,
            time_s=self._time_s,
            next_face=self._numbers.next_number,
            reader=self._reader.state(),
            parts=self.parts,
            segments=self.film.segments if self.film else 0,
            film_size_wh=self.film.size_wh if self.film else None,
            film_tick=self.film.tick if self.film else -1,
            moments=tuple(self.moments.moments()),
        )
        self._unfinished.save(state, self.moments.thumbnails())


def tracker_for(settings: FilmSettings, numbers: FaceNumbers) -> Tracker:
    """Return a tracker for frames that are `every_s` seconds apart.

    Unlike with a webcam, a long time between two frames counts as absence, because no frame was dropped. But a person
    who is not found in a single frame keeps the number, however far apart the frames are.
    """
    every_s = settings.every_s
    return Tracker(
        settings.half_life_s,
        numbers=numbers,
        max_gap_s=max(MAX_GAP_S, 2.5 * every_s),
        max_absence_per_frame_s=max(MAX_ABSENCE_PER_FRAME_S, min(every_s, 0.48 * MAX_ABSENCE_S)),
    )


def read_film(
    film: Path,
    outputs: Outputs,
    settings: FilmSettings,
    classifiers: Mapping[str, CalibratedClassifier],
    weights: Mapping[str, str],
    *,
    on_progress: Callable[[FilmProgress], None] = lambda progress: None,
    on_note: Callable[[str], None] = lambda note: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Read a film, write its files, and return its summary.

    `weights` maps models to the SHA-256 of their weights. Raises InputError if the film cannot be read or the files
    cannot be written, and KeyboardInterrupt when `should_stop` returns true, after the state was stored.
    """
    outputs.prepare()
    unfinished = Unfinished(outputs.unfinished)
    with open_film(film) as opened, unfinished.locked():
        run_hash = run_id(film, settings, weights)
        if (summary := outputs.finished(run_hash)) is not None:
            on_note(IS_FINISHED.format(shortened(film.name), shortened(outputs.folder, 80)))
            return summary
        run = FilmRun(settings, classifiers, unfinished, run_hash)
        _go_on_or_start_anew(run, unfinished, film, on_note)
        frames = FilmFrames(opened, settings.start_s, settings.end_s)
        end_s = _read_frames(run, frames, opened, settings, on_progress, should_stop, clock)
        result = FinishedRun(
            *(run_hash, film, outputs, settings, opened, frames, end_s, run.read, run.parts, run.moments, run.film)
        )
        with disk_errors_as_input_error(outputs.folder):
            return finish(result)


def _read_frames(
    run: FilmRun,
    frames: FilmFrames,
    opened: OpenFilm,
    settings: FilmSettings,
    on_progress: Callable[[FilmProgress], None],
    should_stop: Callable[[], bool],
    clock: Callable[[], float],
) -> float:
    """Read all frames and return the time at which the last one ends."""
    total_s = _seconds_to_read(opened.facts.seconds, settings)
    speedometer = Speedometer(total_s, clock)
    saved_s = shown_s = clock()
    time_s, step_s = settings.start_s, 0.0
    for frame in frames:
        time_s, step_s = frame.time_s, frame.time_s - time_s
        run.add(frame)
        now = clock()
        if now - shown_s >= PROGRESS_EVERY_S:
            on_progress(speedometer.progress(run.read, frame.time_s - settings.start_s))
            shown_s = now
        if should_stop():
            run.save()
            raise KeyboardInterrupt
        if now - saved_s >= SAVE_EVERY_S or run.is_full:
            run.save()
            saved_s = now
    run.save()
    return time_s + step_s


def _seconds_to_read(seconds: float | None, settings: FilmSettings) -> float | None:
    ends = [end for end in (seconds, settings.end_s) if end is not None]
    return max(0.0, min(ends) - settings.start_s) if ends else None


def _go_on_or_start_anew(run: FilmRun, unfinished: Unfinished, film: Path, on_note: Callable[[str], None]) -> None:
    name = shortened(film.name)
    if unfinished.exists():
        if (found := unfinished.load(run.run_id, run.moments.model)) is not None:
            run.go_on(*found)
            on_note(GOES_ON.format(name, run.read))
            return
        on_note(STARTS_ANEW.format(name))
    unfinished.remove()
