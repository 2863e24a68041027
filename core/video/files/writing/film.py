"""Write the annotated film in segments. A segment is whole once it is ended, even if the run is killed later."""

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import PictureType

from core.files import disk_errors_as_input_error
from core.recognition.reading import Reading
from core.video.files.writing.encoders import (
    TICKS_PER_S,
    add_video_stream,
    choose_encoder,
    notes_on,
)
from core.video.files.writing.fitting import annotated_in_film, fill_film, film_size
from core.vision.images import Image

KEY_FRAME_TICKS = 2 * TICKS_PER_S
"""Longest time between key frames, so that players can seek. Only frames that are further apart exceed it."""


def segment_path(folder: Path, number: int) -> Path:
    """Return the path of a segment, counted from 0."""
    return folder / f"segment-{number:06d}.nut"


class FilmWriter:
    """Write annotated frames into numbered segments, which `join_film` turns into one film."""

    def __init__(
        self,
        folder: Path,
        zero_s: float = 0.0,
        *,
        segments: int = 0,
        size_wh: tuple[int, int] | None = None,
        tick: int = -1,
    ) -> None:
        """Write into an existing folder. The annotated film begins `zero_s` seconds after the beginning of its source.

        To continue an earlier film, pass the number of its whole segments, its size and its last tick.
        """
        self.folder, self.zero_s = folder, zero_s
        self.segments = segments
        """Number of segments that are whole on the disk."""
        self.size_wh = size_wh
        """Size of the film in pixels; None before the first frame, which decides it."""
        self._encoder = choose_encoder()
        self.notes = notes_on(self._encoder)
        """Sentences for users about the film; usually none."""
        self._segment: _Segment | None = None
        self.tick = tick
        """Time stamp of the latest frame in `TICKS_PER_S`; -1 before the first."""

    def write(self, image: Image, readings: Sequence[Reading], model: str, time_s: float) -> None:
        """Draw the labels of a model on a frame, (H, W, 3) uint8 RGB, and add it to the film.

        `time_s` is the time of the frame in seconds from the beginning of the source. Times must ascend. Raises
        InputError if the disk is full; the current segment is lost then.
        """
        size_wh = self._film_size(image)
        self.write_annotated(annotated_in_film(image, readings, model, size_wh), time_s)

    def write_annotated(self, image: Image, time_s: float) -> None:
        """Add a frame, (H, W, 3) uint8 RGB, that needs no drawing. Times and errors are those of `write`."""
        picture = fill_film(image, self._film_size(image))
        tick = max(round((time_s - self.zero_s) * TICKS_PER_S), self.tick + 1)
        if self.segments == 0 and self._segment is None and tick > 0:
            # Some players ignore the time at which a film begins. The first picture is shown until its time comes.
            self._encode(picture, 0)
        self._encode(picture, tick)

    def end_segment(self) -> None:
        """Complete the current segment. The next frame begins a new one. Does nothing if there is no new frame."""
        segment, self._segment = self._segment, None
        if segment is None:
            return
        with disk_errors_as_input_error(self.folder):
            segment.close()
        self.segments += 1

    def _film_size(self, image: Image) -> tuple[int, int]:
        if self.size_wh is None:
            height, width = image.shape[:2]
            self.size_wh = film_size((width, height))
        return self.size_wh

    def _encode(self, picture: Image, tick: int) -> None:
        self.tick = tick
        with disk_errors_as_input_error(self.folder):
            if self._segment is None:
                self._segment = _Segment(segment_path(self.folder, self.segments), self._encoder, picture)
            try:
                self._segment.add(picture, tick)
            except OSError:
                self._segment.discard()
                self._segment = None
                raise


class _Segment:
    """A segment that is being written, under a temporary name."""

    def __init__(self, path: Path, encoder: str, first_picture: Image) -> None:
        height, width = first_picture.shape[:2]
        self._path, self._temporary = path, path.with_name(f"{path.name}.new")
        self._temporary.unlink(missing_ok=True)  # of a run that was killed
        # The format NUT keeps time stamps exactly, and they need not begin at 0.
        self._container = av.open(str(self._temporary), "w", format="nut")
        self._stream = add_video_stream(self._container, encoder, (width, height))
        self._tick: int | None = None
        self._key_tick = 0

    def add(self, picture: Image, tick: int) -> None:
        """Encode a picture with even sides. Ticks must ascend."""
        frame = av.VideoFrame.from_ndarray(_yuv420p(picture), format="yuv420p")
        frame.pts, frame.time_base = tick, Fraction(1, TICKS_PER_S)
        # The next frame is expected after the same time as this one.
        if self._tick is None or tick - self._key_tick + (tick - self._tick) > KEY_FRAME_TICKS:
            frame.pict_type = PictureType.I
            self._key_tick = tick
        self._tick = tick
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what is still being encoded, close the file and give it its final name."""
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self._temporary.replace(self._path)
        except OSError:
            self.discard()
            raise

    def discard(self) -> None:
        """Delete the unfinished file, which also makes space on a full disk."""
        with suppress(OSError):
            self._container.close()
        self._temporary.unlink(missing_ok=True)


def _yuv420p(picture: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Convert a picture with even sides to Y, U and V below each other, (1.5 H, W) uint8, by BT.601's matrix."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
