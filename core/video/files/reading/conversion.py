"""Convert decoded frames to images, upright and with square pixels."""

from fractions import Fraction
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from core.video.files.reading.refusals import unknown_pixels
from core.video.files.reading.tones import HDR_TABLES
from core.vision.images import Image

BT709, UNSPECIFIED, BT601 = 1, 2, 5
"""Numbers of colour spaces, the same for frames and for the scaler. BT.601 is that of standard definition."""

KNOWN_COLORSPACES = (0, BT709, UNSPECIFIED, 4, BT601, 6, 7, 9)
"""Colour spaces that the scaler converts. Others are read as BT.601 rather than not at all."""

KNOWN_RANGES = (0, 1, 2)

WIDEST_PIXEL = 8
"""Largest ratio of a pixel's sides. Beyond it the ratio is a mistake in the file, and pixels count as square."""

TURNS = {90: (True, False, True), 180: (False, True, True), 270: (True, True, False)}
"""Degrees counterclockwise -> what `display_turn` returns for them."""


class Conversion:
    """Converts the frames of one film. Keeps the scaler, whose preparation takes longer than a frame."""

    def __init__(self, pixel_aspect: Fraction | None) -> None:
        plausible = pixel_aspect is not None and Fraction(1, WIDEST_PIXEL) <= pixel_aspect <= WIDEST_PIXEL
        self._pixel_aspect = pixel_aspect if pixel_aspect is not None and plausible else Fraction(1)
        self._scaler = VideoReformatter()

    def size_wh(self, frame: VideoFrame) -> tuple[int, int]:
        """Return the width and height of the image of a frame."""
        width, height = self._square_width(frame), frame.height
        return (height, width) if display_turn(frame)[0] else (width, height)

    def image(self, frame: VideoFrame) -> Image:
        """Return a frame as (H, W, 3) uint8 RGB. Raises InputError if the format of its pixels is unknown."""
        image = self._stored_image(frame)
        if frame.color_trc in HDR_TABLES:
            image = np.asarray(cv2.LUT(image, HDR_TABLES[frame.color_trc]), np.uint8)
        swap_axes, flip_across, flip_down = display_turn(frame)
        if swap_axes:
            image = np.asarray(cv2.transpose(image), np.uint8)
        if flip_across or flip_down:
            image = np.asarray(cv2.flip(image, -1 if flip_across and flip_down else int(flip_across)), np.uint8)
        return image

    def _square_width(self, frame: VideoFrame) -> int:
        return max(1, round(frame.width * self._pixel_aspect))

    def _stored_image(self, frame: VideoFrame) -> Image:
        has_alpha = frame.format.has_palette or any(component.is_alpha for component in frame.format.components)
        converted = self._converted(frame, "rgba" if has_alpha else "rgb24")
        pixels = np.asarray(converted.to_ndarray(), np.uint8)
        if has_alpha:
            return on_white(pixels)
        # A frame that is already RGB belongs to the decoder, which needs it unchanged.
        return pixels.copy() if converted is frame else np.ascontiguousarray(pixels)

    def _converted(self, frame: VideoFrame, pixel_format: str) -> VideoFrame:
        colorspace, color_range = self._source_colors(frame)
        try:
            return self._scaler.reformat(
                frame,
                width=self._square_width(frame),
                format=pixel_format,
                src_colorspace=colorspace,
                dst_colorspace=colorspace,
                src_color_range=color_range,
                dst_color_range=color_range,
                threads=1,
            )
        except (av.FFmpegError, ValueError) as error:
            raise unknown_pixels(frame.format.name) from error

    def _source_colors(self, frame: VideoFrame) -> tuple[int | None, int | None]:
        """Return the colour space and range to assume; None for what the frame says."""
        color_range = None if frame.color_range in KNOWN_RANGES else 1
        if frame.format.is_rgb:
            return None, color_range
        if frame.colorspace not in KNOWN_COLORSPACES:
            return BT601, color_range
        if frame.colorspace == UNSPECIFIED and (frame.width >= 1280 or frame.height > 576):
            return BT709, color_range  # as players do for high definition
        return None, color_range


def on_white(pixels: Image) -> Image:
    """Blend (H, W, 4) uint8 RGBA with white and return (H, W, 3) uint8 RGB."""
    alpha = pixels[:, :, 3:].astype(np.uint16)
    return np.asarray((pixels[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255, np.uint8)


def display_turn(frame: VideoFrame) -> tuple[bool, bool, bool]:
    """Return how to turn a stored image upright: swap its axes, then flip it across, then flip it down.

    Other angles than multiples of 90 degrees are rounded to them.
    """
    try:
        data = bytes(cast(Buffer, frame.side_data.get("DISPLAYMATRIX", b"")))
    except ValueError:  # PyAV does not know all kinds of side data; then flips are not known either
        return TURNS.get(frame.rotation % 360, (False, False, False))
    if len(data) < 36:
        return False, False, False
    # A point (x, y) of the stored image is displayed at (a * x + c * y, b * x + d * y).
    a, b, _, c, d = (int(value) for value in np.frombuffer(data, np.int32)[:5])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return False, a < 0, d < 0
    return True, c < 0, b < 0
