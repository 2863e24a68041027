"""Read the frames of a film in the order of display, past damaged parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import av
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.video.files.reading.clock import FilmClock
from core.video.files.reading.conversion import Conversion
from core.video.files.reading.losses import Losses
from core.video.files.reading.opening import OpenFilm
from core.video.files.reading.packets import Entry, decode, entry_before, last_end_s, packets_of
from core.video.files.reading.tones import HDR_TABLES
from core.vision.images import Image

USUAL_RATE = 25.0
"""Frames per second of a film that does not say how many it has."""

CUT_S = 1.0
"""Seconds that must be missing at the end before a film counts as cut off."""


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One frame of a film, already decoded, but not yet converted to an image."""

    number: int
    """Frames that come before it in the film."""
    time_s: float
    """Seconds since the beginning of the film."""
    _decoded: VideoFrame
    _conversion: Conversion

    def image(self) -> Image:
        """Return the frame as (H, W, 3) uint8 RGB, upright and with square pixels. Each call converts it anew."""
        return self._conversion.image(self._decoded)


class FilmFrames:
    """The frames of an open film from `start_s` to before `end_s`, in seconds. They can be iterated over once.

    Two readings of the same film give the same frames, numbers and times. Frames that are damaged are left out.
    """

    def __init__(self, film: OpenFilm, start_s: float = 0.0, end_s: float | None = None) -> None:
        self._film, self._start_s, self._end_s = film, start_s, end_s
        rate = film.facts.frames_per_s
        step_s = 1 / (rate or USUAL_RATE)
        self._clock = FilmClock(film.stream.time_base or Fraction(1), film.facts.zero, step_s, rate is not None)
        self._losses = Losses(step_s, start_s, end_s)
        self._sizes, self._size_wh, self._is_hdr = 0, (0, 0), False
        self.frames = 0
        """Frames between start and end so far, without those that are damaged."""

    @property
    def lost_s(self) -> float:
        """Seconds between start and end that could not be decoded, so far."""
        return self._losses.lost_s

    def notes(self) -> list[str]:
        """Return sentences for users about what is unusual in the part that was read."""
        notes = self._losses.notes() + self._clock.notes()
        if self._sizes > 1:
            times = "once" if self._sizes == 2 else f"{self._sizes - 1:,} times"
            notes.append(f"The size of the frames changes {times} in the film.")
        if self._is_hdr:
            notes.append("The film is in HDR; its brightness is reduced to that of an ordinary screen.")
        return notes

    def __iter__(self) -> Iterator[FilmFrame]:
        """Yield the frames in the order of display."""
        for number, frame in self._good_frames():
            time_s = self._clock.time_s(frame.pts)
            self._losses.add_frame(time_s)
            if self._end_s is not None and time_s >= self._end_s:
                return
            if time_s >= self._start_s:
                self._note(frame)
                yield FilmFrame(number, time_s, frame, self._film.conversion)
        self._check_end()

    def _note(self, frame: VideoFrame) -> None:
        self.frames += 1
        self._is_hdr = self._is_hdr or frame.color_trc in HDR_TABLES
        if (frame.width, frame.height) != self._size_wh:
            self._sizes, self._size_wh = self._sizes + 1, (frame.width, frame.height)

    def _good_frames(self) -> Iterator[tuple[int, VideoFrame]]:
        """Yield the frames that are not damaged, with their numbers, from the last key frame before `start_s`."""
        entry = self._entry()
        number, entered = entry.number, entry.pts is None
        for packet in self._packets(entry):
            try:
                frames = decode(self._film.stream, packet)
            except av.FFmpegError:
                self._losses.add_error(self._clock.expected_s(packet.pts if packet else None))
                number += 1
                continue
            for frame in frames:
                entered = entered or frame.pts is None or entry.pts is None or frame.pts >= entry.pts
                if not entered:
                    continue  # needs frames from before the entry
                if frame.is_corrupt:
                    self._losses.add_error(self._clock.expected_s(frame.pts))
                else:
                    yield number, frame
                number += 1

    def _entry(self) -> Entry:
        if self._start_s <= 0:
            return Entry(0, 0, None)
        with self._film.reopened() as (container, stream):
            return entry_before(container, stream, self._clock.raw_s, self._start_s)

    def _packets(self, entry: Entry) -> Iterator["Packet[VideoStream] | None"]:
        """Yield the packets from the entry on, and None at the end, for the frames that the decoder holds back."""
        container, stream = self._film.container, self._film.stream
        packets = packets_of(container, stream, lambda: self._losses.add_error(self._clock.expected_s(None)))
        for packet in islice(packets, entry.packet, None):
            expected_s = self._clock.expected_s(packet.pts) if packet.pts is not None else None
            if not packet.is_discard and (entry.pts is None or packet.pts is None or packet.pts >= entry.pts):
                self._losses.add_packet(expected_s)
            if packet.is_corrupt:
                self._losses.add_error(expected_s)
            yield packet
        yield None

    def _check_end(self) -> None:
        """Compare the end of the frames with that of the file, which may be cut off."""
        end_s, seconds = self._losses.end_of_packets(), self._film.facts.seconds
        if seconds is None or seconds - end_s < CUT_S or self._clock.jumps:
            return
        with self._film.reopened() as (container, _):
            for stream in container.streams:
                stream.discard = Discard.default
            # If other streams go on to the end of the film, then only its pictures end early.
            if seconds - (last_end_s(container) - float(self._film.facts.zero)) >= CUT_S:
                self._losses.add_missing_end(end_s, seconds)
