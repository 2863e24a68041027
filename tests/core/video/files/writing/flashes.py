"""Films with a white flash and a tone at the same known times, to measure whether picture and sound agree."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from core.vision.images import Image

RATE = 25
SIZE_WH = (160, 160)
FLASH_S = 0.12
LOUD = 0.8


def flashing(seconds: float, flashes_s: Sequence[float]) -> Iterator[tuple[float, Image]]:
    """Yield times and images, white during the flashes and black otherwise."""
    for index in range(round(seconds * RATE)):
        time_s = index / RATE
        is_white = any(flash_s - 1e-6 <= time_s < flash_s + FLASH_S for flash_s in flashes_s)
        yield time_s, np.full((SIZE_WH[1], SIZE_WH[0], 3), 255 if is_white else 0, np.uint8)


def write_flashing(
    path: Path,
    seconds: float,
    flashes_s: Sequence[float],
    *,
    sound: str = "aac",
    video: str = "libx264",
    start_s: float = 0.0,
    rate: int = 48_000,
    layout: str = "mono",
    sound_from_s: float = 0.0,
) -> Path:
    """Write a film with flashes and tones, whose time stamps begin at `start_s`, and return its path."""
    with av.open(str(path), "w") as out:
        pictures = out.add_stream(video, rate=RATE, width=SIZE_WH[0], height=SIZE_WH[1], pix_fmt="yuv420p")
        pictures.codec_context.max_b_frames = 0
        pictures.codec_context.time_base = Fraction(1, 1000)
        tones = out.add_stream(sound, rate=rate, layout=layout)
        for time_s, image in flashing(seconds, flashes_s):
            frame = av.VideoFrame.from_ndarray(image)
            frame.pts, frame.time_base = round((start_s + time_s) * 1000), Fraction(1, 1000)
            out.mux(pictures.encode(frame))
        samples = tone(seconds, flashes_s, rate)
        for first in range(round(sound_from_s * rate), len(samples), 1024):
            out.mux(tones.encode(_audio_frame(samples[first : first + 1024], rate, layout, start_s + first / rate)))
        out.mux(pictures.encode(None))
        out.mux(tones.encode(None))
    return path


def tone(seconds: float, flashes_s: Sequence[float], rate: int) -> NDArray[np.float64]:
    """Return samples, -1..1, silent but for a tone during the flashes."""
    times_s = np.arange(round(seconds * rate)) / rate
    is_loud = np.any([(times_s >= flash_s) & (times_s < flash_s + FLASH_S) for flash_s in flashes_s], axis=0)
    return LOUD * is_loud * np.cos(2 * np.pi * 1000 * times_s)


def _audio_frame(samples: NDArray[np.float64], rate: int, layout: str, time_s: float) -> av.AudioFrame:
    channels = av.AudioLayout(layout).nb_channels
    values = (samples * 32767).astype(np.int16).repeat(channels)[np.newaxis]
    frame = av.AudioFrame.from_ndarray(values, format="s16", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, round(time_s * rate), Fraction(1, rate)
    return frame


def flashes_in(path: Path) -> list[float]:
    """Return the times in seconds at which the film turns white."""
    times_s, was_white = [], False
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            is_white = bool(frame.to_ndarray(format="gray").mean() > 128)
            if is_white and not was_white:
                times_s.append(frame.time)
            was_white = is_white
    return times_s


def tones_in(path: Path) -> list[float]:
    """Return the times in seconds at which the sound of the film turns loud."""
    loud_s = []
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            loud = np.flatnonzero(np.abs(_first_channel(frame)) > LOUD / 3)
            loud_s += [frame.time + sample / frame.sample_rate for sample in loud]
    return [time_s for index, time_s in enumerate(loud_s) if index == 0 or time_s > loud_s[index - 1] + FLASH_S / 2]


def _first_channel(frame: av.AudioFrame) -> NDArray[np.float64]:
    values = frame.to_ndarray().astype(float)
    values = values[0] if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels)[:, 0]
    return values / {"s16": 2**15, "s32": 2**31}.get(frame.format.name.removesuffix("p"), 1)
