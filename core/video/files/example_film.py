"""The example film: a portrait over which a camera moves. It is made when it is asked for, so none is stored."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av

from core.video.example import FRAMES_PER_S, SIZE_WH, portrait_video
from core.video.files.writing.encoders import choose_encoder

EXAMPLE_S = 6.0


def write_example(path: Path, seconds: float = EXAMPLE_S) -> None:
    """Write a film of `SIZE_WH` pixels and `FRAMES_PER_S` frames per second as MP4, whatever the end of the path."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = cast(av.VideoStream, container.add_stream(choose_encoder(), rate=Fraction(FRAMES_PER_S)))
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuv420p"
        for image in portrait_video(round(seconds * FRAMES_PER_S)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
