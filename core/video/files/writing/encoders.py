"""Encoders of annotated films: which one this build of FFmpeg has, and its settings."""

from fractions import Fraction
from typing import cast

import av
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

TICKS_PER_S = 60_000
"""Time stamps are whole multiples of this part of a second. MPEG-4 Part 2 allows no more than 65,535."""

ENCODERS = ("libx264", "libopenh264", "h264", "mpeg4")
"""Encoders in order of preference. `h264` is any other encoder that writes H.264."""

NOT_H264 = (
    "This build of FFmpeg cannot write H.264, so the annotated film is in MPEG-4 Part 2, which browsers do not play. "
    "The package av from PyPI can write H.264."
)

X264_OPTIONS = {"preset": "veryfast", "crf": "23", "forced-idr": "1"}
BITS_PER_PIXEL_S = 4
"""Bits per pixel and second of the encoders that have no setting for quality."""

X264_THREADS = 2
"""Frames that are encoded at the same time, while the next one is being read."""

MAX_KEY_FRAME_DISTANCE = 600
"""Frames after which the encoder itself sets a key frame. The writer sets them earlier."""

MPEG_RANGE, BT709, BT601 = 1, 1, 5
"""FFmpeg's numbers for the range 16..235, for the colours of BT.709, and for BT.601's conversion from RGB."""


def is_usable(encoder: str) -> bool:
    """Return whether this build of FFmpeg has the encoder and can open it. Some need a device that may be missing."""
    try:
        context = cast(VideoCodecContext, av.CodecContext.create(encoder, "w"))
        context.width, context.height = 320, 240
        context.pix_fmt, context.time_base = "yuv420p", Fraction(1, TICKS_PER_S)
        context.framerate = Fraction(30)
        context.open()
    except (av.FFmpegError, ValueError):  # an unknown name is a ValueError
        return False
    return True


def choose_encoder() -> str:
    """Return the first usable encoder of `ENCODERS`, and the last if none is."""
    return next((encoder for encoder in ENCODERS if is_usable(encoder)), ENCODERS[-1])


def notes_on(encoder: str) -> list[str]:
    """Return sentences for users about the encoder; usually none."""
    return [NOT_H264] if encoder == "mpeg4" else []


def add_video_stream(container: OutputContainer, encoder: str, size_wh: tuple[int, int]) -> VideoStream:
    """Add a stream to which frames of `size_wh` in yuv420p can be encoded, with time stamps in `TICKS_PER_S`."""
    options = X264_OPTIONS if encoder == "libx264" else {}
    stream = cast(VideoStream, container.add_stream(encoder, rate=30, options=dict(options)))
    context = stream.codec_context
    context.width, context.height = size_wh
    context.pix_fmt, context.time_base = "yuv420p", Fraction(1, TICKS_PER_S)
    context.gop_size, context.max_b_frames = MAX_KEY_FRAME_DISTANCE, 0
    context.color_range, context.colorspace = MPEG_RANGE, BT601
    context.color_primaries, context.color_trc = BT709, BT709
    if encoder == "libx264":
        # With threads for frames, encoding takes hardly any time from the calling thread; threads for slices block it.
        context.thread_type, context.thread_count = "FRAME", X264_THREADS
    else:
        context.bit_rate = BITS_PER_PIXEL_S * size_wh[0] * size_wh[1]
    return stream
