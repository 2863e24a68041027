"""The folder of an unfinished run: what has been read so far, so that the same command can go on from there.

It holds numbered parts: rows of the table (parquet), segments of the annotated film, and thumbnails of the strongest
moments. `state.json` is written last and says which parts belong to it, so a run that is killed at any time goes on
from the latest state.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from core import __version__
from core.exceptions import InputError, shortened
from core.files import ContentError, disk_errors_as_input_error, json_line, read_regular_file, replace_file
from core.models.typed_json import from_json
from core.video.files.reading.refusals import not_readable
from core.video.files.results.moments import Moment, Moments
from core.video.files.results.table import is_whole
from core.video.files.settings import FilmSettings
from core.video.files.writing.film import segment_path
from core.video.stream import ReaderState

STATE_FILE, LOCK_FILE = "state.json", "lock"
OWN_FILES = re.compile(
    r"\.?state\.json(\..+\.new)?|rows-\d+\.parquet|moments-\d+\.npy|segment-(\d+|joined)\.(nut|mp4)(\.new)?"
    r"|result\.(parquet|csv|png|moments\.png|summary\.json)"
)
"""Names of the files that runs leave in the folder. Others belong to somebody else and are not touched."""

MAX_STATE_BYTES = 64_000_000
SAMPLE_BYTES = 1_000_000
"""Bytes at the beginning and at the end of a film by which it is recognised."""


@dataclass(frozen=True)
class RunState:
    """Everything that the rest of a run depends on, besides the parts in the folder."""

    run: str
    """Hash of the choices, the models and the film; see `run_id`."""
    read: int
    """Frames read so far."""
    frame: int
    """Number of the latest frame that was read."""
    time_s: float
    """Its time, in seconds since the beginning of the film."""
    next_face: int
    """Number of the next new face."""
    reader: ReaderState
    parts: int
    """Number of parts of the table, from 0 to this number minus one."""
    segments: int
    """Number of segments of the annotated film."""
    film_size_wh: tuple[int, int] | None
    """Size of the annotated film in pixels; None if no frame was written."""
    film_tick: int
    """Time stamp of the latest frame of the annotated film; -1 if no frame was written."""
    moments: tuple[Moment, ...]
    """The strongest moments so far. Their thumbnails are stored beside."""


def run_id(film: Path, settings: FilmSettings, weights: Mapping[str, str]) -> str:
    """Return a hash of everything that decides the result: the choices, the models' weights and the film's content.

    `weights` maps the names of the models to the SHA-256 of their weights. Of the film, only the size, the beginning
    and the end are read. Raises InputError if the film is no longer there.
    """
    try:
        with film.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = sha256(file.read(SAMPLE_BYTES))
            file.seek(max(0, size - SAMPLE_BYTES))
            content.update(file.read(SAMPLE_BYTES))
    except OSError as error:
        raise not_readable(film, error) from error
    facts = [__version__, asdict(settings), dict(weights), size, content.hexdigest()]
    return sha256(json_line(facts).encode()).hexdigest()


class Unfinished:
    """The folder of one unfinished run, which `locked` creates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self) -> bool:
        """Return whether an earlier run was left unfinished."""
        return (self.folder / STATE_FILE).exists()

    def load(self, run: str, model: str) -> tuple[RunState, Moments] | None:
        """Return the state of the earlier run, and its strongest moments by the labels of a model.

        Return None if the state is damaged or belongs to another run.
        """
        try:
            content = read_regular_file(self.folder / STATE_FILE, MAX_STATE_BYTES)
            state = from_json(RunState, json.loads(content))
            thumbnails = np.load(self.thumbnails(state.parts), allow_pickle=False)
            moments = Moments.restored(model, state.moments, thumbnails)
        except (InputError, ContentError, OSError, ValueError, EOFError, RecursionError):
            return None
        has_parts = all(is_whole(self.part(number)) for number in range(state.parts))
        has_segments = all(segment_path(self.folder, number).exists() for number in range(state.segments))
        return (state, moments) if has_parts and has_segments and state.run == run else None

    def save(self, state: RunState, thumbnails: NDArray[np.uint8]) -> None:
        """Store the state; its parts have been written before."""
        np.save(self.thumbnails(state.parts), thumbnails)
        written = [self.part(state.parts - 1), self.thumbnails(state.parts)]
        if state.segments:
            written.append(segment_path(self.folder, state.segments - 1))
        for path in written:
            _to_disk(path)  # before the state, which a power cut must not leave without its parts
        replace_file(self.folder / STATE_FILE, json_line(asdict(state)).encode())
        self.thumbnails(state.parts - 1).unlink(missing_ok=True)

    def part(self, number: int) -> Path:
        """Return the path of a part of the table."""
        return self.folder / f"rows-{number:06d}.parquet"

    def thumbnails(self, parts: int) -> Path:
        """Return the path of the thumbnails after so many parts."""
        return self.folder / f"moments-{parts:06d}.npy"

    def remove(self) -> None:
        """Delete what runs have left in the folder."""
        with disk_errors_as_input_error(self.folder):
            for path in self.folder.glob("*"):
                if OWN_FILES.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the folder; at the end, delete what is empty: the lock without a run, and the folder.

        Raises InputError if another process holds the lock, or the folder cannot be created.
        """
        lock = FileLock(self.folder / LOCK_FILE)
        with disk_errors_as_input_error(self.folder):
            self.folder.mkdir(exist_ok=True)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                raise InputError(
                    f"Another process is writing into {shortened(self.folder, 120)}; wait for its end, or name another "
                    "folder with --out."
                ) from None
        try:
            yield
        finally:
            with suppress(OSError):  # somebody may have deleted the folder
                lock.release()
                if not any(OWN_FILES.fullmatch(path.name) for path in self.folder.iterdir()):
                    (self.folder / LOCK_FILE).unlink(missing_ok=True)
                    self.folder.rmdir()


def _to_disk(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
