"""Open a film: find out what it is, and refuse what is none, or cannot be read."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from av.container import InputContainer
from av.format import ContainerFormat, formats_available
from av.logging import Capture
from av.stream import Discard, Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.video.files.reading import refusals
from core.video.files.reading.conversion import Conversion
from core.video.files.reading.packets import good_frames, packets_of
from core.vision.formats import MAX_PIXELS

NO_FILMS = {
    *("hls", "dash", "concat", "concatf", "imf", "sdp", "rtsp", "rtp", "sap", "webm_dash_manifest", "vobsub", "mlv"),
    *("lavfi", "sbg", "tty", "bin", "xbin", "adf", "idf", "alias_pix", "brender_pix", "ico", "txd", "fits", "data"),
    *("alsa", "fbdev", "jack", "kmsgrab", "oss", "pulse", "sndio", "x11grab", "xcbgrab", "video4linux2", "v4l2"),
    *("android_camera", "avfoundation", "dshow", "gdigrab", "iec61883", "libcdio", "libdc1394", "openal", "vfwcap"),
    *("rawvideo", "bitpacked", "v210", "v210x", "ffmetadata", "avisynth", "vapoursynth", "decklink"),
}
"""Formats that open other files, networks or devices, that make up content, or that are texts, images or raw pixels."""

ONE_IMAGE_FORMATS = ("gif", "mjpeg", "apng", "webp")
"""Formats for films in which there is only one image more often than not."""

MOST_PROBED_PIXELS = 4 * MAX_PIXELS
"""Frames with more pixels are not even examined. Up to it, their size is known and can be named."""

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
    has_sound: bool
    zero_s: float
    """Time in the file, in seconds, at which the film begins."""


@dataclass(frozen=True)
class OpenFilm:
    """A film that is open for reading, once, from its beginning. `reopened` gives a second reader."""

    path: Path
    container: InputContainer
    stream: VideoStream
    """The stream of pictures. The other streams, such as sound, are skipped when the container is read."""
    facts: FilmFacts
    zero: Fraction
    """`facts.zero_s`, exactly."""
    conversion: Conversion

    @contextmanager
    def reopened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        """Open the file once more. Raises InputError if that is no longer possible."""
        with _opened(self.path) as (container, _):
            yield container, video_stream(container, self.path)


@contextmanager
def open_film(path: Path) -> Iterator[OpenFilm]:
    """Open a film for reading. Raises InputError if it is none, or if nothing in it can be decoded."""
    refusals.refuse_no_file(path)
    first, conversion = _first_frame(path)
    with _opened(path) as (container, _):
        stream = video_stream(container, path)
        size_wh = conversion.size_wh(first)
        zero = _zero(container, stream)
        facts = FilmFacts(
            seconds=_seconds(container, stream, zero),
            frames_per_s=_rate(stream),
            size_wh=size_wh,
            has_sound=bool(container.streams.audio),
            zero_s=float(zero),
        )
        yield OpenFilm(path, container, stream, facts, zero, conversion)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, io.FileIO]]:
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise refusals.not_readable(path, error) from None
    with file:
        if kind := refusals.still_image(refusals.head_of(file)):
            raise refusals.picture(path, kind)
        try:
            container = av.open("fd:", options=_options(file.fileno()), metadata_errors="replace")
        except av.FFmpegError as error:
            raise refusals.not_a_film(path, file) from error
        with container:
            yield container, file


def _options(descriptor: int) -> dict[str, str]:
    """Return options that let a hostile file open nothing else: no other file, no address, no endless probing."""
    return {
        "fd": str(descriptor),
        "protocol_whitelist": "fd",
        "format_whitelist": film_formats(),
        "probesize": "5000000",
        "analyzeduration": "5000000",
        "max_pixels": str(MOST_PROBED_PIXELS),
    }


@cache
def film_formats() -> str:
    """Return the names of the formats that may be read, separated by commas."""
    names = []
    for name in sorted(formats_available):
        try:
            readable = ContainerFormat(name, "r").is_input
        except ValueError:  # a format that can only be written
            continue
        if readable and not (set(name.split(",")) & NO_FILMS or name.endswith("_pipe") or name.startswith("image2")):
            names.append(name)
    return ",".join(names)


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """Return the stream to read, which is never the cover of a piece of music. Raises InputError if there is none."""
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    films = [stream for stream in container.streams.video if not stream.disposition & covers]
    if not films:
        raise (refusals.only_sound if container.streams.audio else refusals.no_pictures)(path)
    known = [stream for stream in films if stream.codec_context is not None]
    if not known:
        raise refusals.unknown_codec(path, _codec_name(container))
    best = container.streams.best("video")
    chosen = next((stream for stream in known if best is not None and stream.index == best.index), None)
    chosen = chosen or max(known, key=lambda stream: stream.width * stream.height)
    # With several threads, what a decoder makes of damaged parts differs from run to run.
    chosen.codec_context.thread_count, chosen.codec_context.thread_type = 1, "NONE"
    chosen.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
    for stream in container.streams:
        if stream.index != chosen.index:
            stream.discard = Discard.all
    return chosen


def _codec_name(container: InputContainer) -> str:
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        with Capture():
            described = str(container.dumps_format())  # type: ignore[attr-defined]  # missing in the stubs
    finally:
        av.logging.set_level(level)
    _, _, codec = described.partition("Video: ")
    return codec.partition(",")[0].removeprefix("none ").strip("()").partition(" /")[0]


def _first_frame(path: Path) -> tuple[VideoFrame, Conversion]:
    """Return the first frame that can be decoded, and the conversion that suits it."""
    with _opened(path) as (container, _):
        stream = video_stream(container, path)
        _refuse_too_large(path, (stream.width, stream.height))
        _refuse_packets(path, container, stream)
    with _opened(path) as (container, _):
        stream = video_stream(container, path)
        first = next(good_frames(container, stream), None)
        if first is None:
            raise refusals.nothing_decodable(path)
        conversion = Conversion(stream.sample_aspect_ratio)
        _refuse_too_large(path, conversion.size_wh(first))
        conversion.image(first)
        return first, conversion


def _refuse_too_large(path: Path, size_wh: tuple[int, int]) -> None:
    if size_wh[0] * size_wh[1] > MAX_PIXELS:
        raise refusals.too_large(path, size_wh)


def _refuse_packets(path: Path, container: InputContainer, stream: VideoStream) -> None:
    format_name = container.format.name
    packets = packets_of(container, stream)
    first, second = next(packets, None), next(packets, None)
    if first is None:
        raise refusals.nothing_decodable(path)
    if second is None and format_name in ONE_IMAGE_FORMATS:
        raise refusals.picture(path, {"gif": "GIF", "mjpeg": "JPEG", "apng": "PNG", "webp": "WebP"}[format_name])
    if any(packet is not None and packet.has_sidedata("encryption_info") for packet in (first, second)):
        raise refusals.encrypted(path)


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
