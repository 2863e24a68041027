"""What the file of a film says about it: its length, its frame rate, and the time at which it begins."""

from dataclasses import dataclass
from fractions import Fraction

from av.container import InputContainer
from av.video.stream import VideoStream

LONGEST_S = 1e7
"""Lengths of films beyond this number of seconds, about four months, are mistakes in the file."""

FASTEST = 1000
"""Rates beyond this number of frames per second are mistakes in the file."""

NO_TIMESTAMPS = 0x80
"""Flag of formats that store no times."""


@dataclass(frozen=True)
class FilmFacts:
    """What is known about a film before it is read."""

    seconds: float | None
    """Length of the pictures, from the beginning of the film; None if the file does not say."""
    frames_per_s: float | None
    """Average rate; None if the file does not say."""
    size_wh: tuple[int, int]
    """Size of the images: upright, with square pixels. It may change later in the film."""
    zero: Fraction
    """Time in the file, in seconds, at which the film begins."""


def film_facts(container: InputContainer, stream: VideoStream, size_wh: tuple[int, int]) -> FilmFacts:
    """Return the facts about a film that has just been opened. `size_wh` is the size of its first image."""
    zero = _zero(container, stream)
    return FilmFacts(
        seconds=_seconds(container, stream, zero),
        frames_per_s=_rate(stream),
        size_wh=size_wh,
        zero=zero,
    )


def _zero(container: InputContainer, stream: VideoStream) -> Fraction:
    """Return the time in the file at which the film begins, in seconds.

    The container's start is rounded to microseconds. The stream that starts there has the exact time.
    """
    start_us = container.start_time
    if start_us is not None and start_us > 0:
        starts = [Fraction(s.start_time) * s.time_base for s in container.streams if s.start_time and s.time_base]
        start = Fraction(start_us, 1_000_000)
        nearest = min(starts, key=lambda exact: abs(exact - start), default=start)
        return nearest if abs(nearest - start) <= Fraction(2, 1_000_000) else start
    if stream.start_time is None or not stream.time_base:
        return Fraction(0)
    return min(Fraction(0), stream.start_time * stream.time_base)


def _seconds(container: InputContainer, stream: VideoStream, zero: Fraction) -> float | None:
    if container.format.flags & NO_TIMESTAMPS:
        return None  # a duration would be guessed from the size of the file
    if stream.duration and stream.time_base:
        end = ((stream.start_time or 0) + stream.duration) * stream.time_base
    elif container.duration:
        # Matroska counts its duration from 0, others from their start.
        start = 0 if container.format.name.startswith("matroska") else container.start_time or 0
        end = Fraction(start + container.duration, 1_000_000)
    else:
        return None
    seconds = float(end - zero)
    return seconds if 0 < seconds < LONGEST_S else None


def _rate(stream: VideoStream) -> float | None:
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate is not None and 0 < rate <= FASTEST:
            return float(rate)
    return None
