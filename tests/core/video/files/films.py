"""Write small films with PyAV, whose images carry their own number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from core.vision.images import Image

SIZE_WH = (96, 64)
BITS = 8
TIME_BASE = Fraction(1, 90_000)
SOUND_RATE = 48_000
FAST: Mapping[str, Mapping[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "12"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "13"},
}
"""Codec -> options with which it writes small films at once."""


def numbered(number: int, size_wh: tuple[int, int] = SIZE_WH) -> Image:
    """Return an image that shows `number`, 0..255, as eight bars, black or white, in its upper half.

    The lower half is red on the left and blue on the right, so that the image has one way up.
    """
    width, height = size_wh
    image = np.empty((height, width, 3), np.uint8)
    for bit, bar in enumerate(np.array_split(np.arange(width), BITS)):
        image[: height // 2, bar] = 235 if number >> (BITS - 1 - bit) & 1 else 20
    image[height // 2 :, : width // 2] = 200, 40, 40
    image[height // 2 :, width // 2 :] = 40, 40, 200
    return image


def number_in(image: Image) -> int:
    """Return the number that an image of `numbered` shows, also after lossy compression or scaling."""
    bars = np.array_split(image[: image.shape[0] // 2].mean((0, 2)), BITS)
    bits = [bar[len(bar) // 4 : len(bar) - len(bar) // 4].mean() > 128 for bar in bars]
    return sum(1 << place for place, is_set in enumerate(reversed(bits)) if is_set)


def is_upright(image: Image) -> bool:
    """Return whether an image of `numbered` has its bars above, red on the lower left and blue on the lower right."""
    height, width = image.shape[:2]
    left, right = image[height * 3 // 4, width // 4].astype(int), image[height * 3 // 4, width * 3 // 4].astype(int)
    return bool(left[0] - left[2] > 80 and right[2] - right[0] > 80)


def images(count: int, size_wh: tuple[int, int] = SIZE_WH) -> Iterator[Image]:
    """Yield `count` images of `numbered`, from 0."""
    return (numbered(number, size_wh) for number in range(count))


def write_film(
    path: Path,
    pictures: Iterable[Image],
    *,
    codec: str = "libx264",
    container: str | None = None,
    rate: int | Fraction = 30,
    times: Sequence[float] | None = None,
    rotation: int = 0,
    flip: bool = False,
    start_s: float = 0.0,
    sound_s: float = 0.0,
    pixel_aspect: Fraction | None = None,
    pix_fmt: str = "yuv420p",
    gop: int = 12,
    b_frames: int = 0,
    options: Mapping[str, str] = {},
    container_options: Mapping[str, str] = {},
    source_format: str = "rgb24",
    colors: Mapping[str, int] = {},
) -> Path:
    """Write a film and return its path.

    `times` are the times of the images in seconds, for a variable rate; without them, images follow each other at
    `rate` per second from `start_s`. `rotation` turns the images on display by so many degrees counterclockwise.
    `sound_s` seconds of a tone, AAC or what the container prefers, begin at 0. `pictures` are arrays in
    `source_format`. `colors` are attributes of the encoder: color_range, colorspace, color_trc, color_primaries.
    """
    with av.open(str(path), "w", format=container, options=dict(container_options)) as out:
        stream = out.add_stream(codec, rate=rate, options={**FAST.get(codec, {}), **options})
        stream.pix_fmt, stream.gop_size, stream.max_b_frames = pix_fmt, gop, b_frames
        stream.codec_context.time_base = TIME_BASE if times is not None or start_s else 1 / Fraction(rate)
        for name, value in colors.items():
            setattr(stream.codec_context, name, value)
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation or flip:
            stream.set_display_rotation(rotation, hflip=flip)
        sound = _add_sound(out) if sound_s else None
        _encode(out, stream, pictures, times, start_s, Fraction(rate), source_format)
        if sound is not None:
            _encode_tone(out, sound, sound_s)
    return path


def _encode(
    out: OutputContainer,
    stream: VideoStream,
    pictures: Iterable[Image],
    times: Sequence[float] | None,
    start_s: float,
    rate: Fraction,
    source_format: str,
) -> None:
    time_base, scaler = stream.codec_context.time_base, VideoReformatter()
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format=source_format)
        if index == 0:
            stream.width, stream.height = frame.width, frame.height
        seconds = times[index] if times is not None else Fraction(start_s) + index / rate
        frame.pts, frame.time_base = round(Fraction(seconds) / time_base), time_base
        # With several threads, the scaler leaves a row of garbage in some small 10-bit images.
        out.mux(stream.encode(scaler.reformat(frame, format=stream.pix_fmt, threads=1)))
    out.mux(stream.encode(None))


def _add_sound(out: OutputContainer) -> av.audio.stream.AudioStream:
    codec = {"webm": "libopus", "avi": "mp3", "mpeg": "mp2"}.get(out.format.name, "aac")
    return out.add_stream(codec, rate=SOUND_RATE, layout="mono")


def _encode_tone(out: OutputContainer, sound: av.audio.stream.AudioStream, seconds: float) -> None:
    samples = np.sin(np.arange(round(seconds * SOUND_RATE)) * 2 * np.pi * 440 / SOUND_RATE) * 0.3
    for start in range(0, len(samples), 1024):
        part = samples[start : start + 1024]
        frame = av.AudioFrame.from_ndarray((part * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        out.mux(sound.encode(frame))
    out.mux(sound.encode(None))


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    """Write a file of sound alone and return its path."""
    with av.open(str(path), "w") as out:
        _encode_tone(out, _add_sound(out), seconds)
    return path
