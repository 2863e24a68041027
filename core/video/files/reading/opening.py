"""Open a film, and refuse files that are no films or cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from core.video.files.reading.facts import FilmFacts, film_facts
from core.video.files.reading.packets import good_frames, packets_of
from core.vision.formats import MAX_PIXELS

REFUSED_FORMATS = {
    *("hls", "dash", "concat", "concatf", "imf", "sdp", "rtsp", "rtp", "sap", "webm_dash_manifest", "vobsub", "mlv"),
    *("lavfi", "sbg", "tty", "bin", "xbin", "adf", "idf", "alias_pix", "brender_pix", "ico", "txd", "fits", "data"),
    *("alsa", "fbdev", "jack", "kmsgrab", "oss", "pulse", "sndio", "x11grab", "xcbgrab", "video4linux2", "v4l2"),
    *("android_camera", "avfoundation", "dshow", "gdigrab", "iec61883", "libcdio", "libdc1394", "openal", "vfwcap"),
    *("rawvideo", "bitpacked", "v210", "v210x", "ffmetadata", "avisynth", "vapoursynth", "decklink"),
}
"""Formats that open other files, networks or devices, that make up content, or that are texts, images or raw pixels."""

ONE_IMAGE_FORMATS = ("gif", "mjpeg", "apng", "webp")
"""Formats that can hold films, but most of whose files are a single image."""

MOST_PROBED_PIXELS = 4 * MAX_PIXELS
"""Frames with more pixels are not even examined. Up to this number, the refusal can name their size."""


@dataclass(frozen=True)
class OpenFilm:
    """A film that is open for reading, once, from its beginning. `reopened` gives a second reader."""

    path: Path
    container: InputContainer
    stream: VideoStream
    """The stream of pictures. The other streams, such as sound, are skipped when the container is read."""
    facts: FilmFacts
    conversion: Conversion

    @contextmanager
    def reopened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        """Open the file once more. Raises InputError if that is no longer possible."""
        with _opened(self.path) as container:
            yield container, _video_stream(container, self.path)


@contextmanager
def open_film(path: Path) -> Iterator[OpenFilm]:
    """Open a film for reading. Raises InputError if it is none, or if nothing in it can be decoded."""
    refusals.refuse_no_file(path)
    first, conversion = _first_frame(path)
    with _opened(path) as container:
        stream = _video_stream(container, path)
        facts = film_facts(container, stream, conversion.size_wh(first))
        yield OpenFilm(path, container, stream, facts, conversion)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
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
            yield container


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
        if readable and not (
            set(name.split(",")) & REFUSED_FORMATS or name.endswith("_pipe") or name.startswith("image2")
        ):
            names.append(name)
    return ",".join(names)


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
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
    with _opened(path) as container:
        stream = _video_stream(container, path)
        _refuse_too_large(path, (stream.width, stream.height))
        _refuse_packets(path, container, stream)
    with _opened(path) as container:
        stream = _video_stream(container, path)
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
