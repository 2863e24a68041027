"""The axes of a graph's input: where the channels are, how many there are, and the sides of the images."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from core.classifiers.onnx import Axes
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestOptions
from core.vision.crops import FACE_SIZE

DYNAMIC_BATCH = "dynamic_axes={'faces': {0: 'batch'}}"
"""torch's option for batches of any size, if the input is called faces."""

PIXELS = FACE_SIZE**2


class InputAxes(NamedTuple):
    """The axes and sizes of a graph's input."""

    layout: Axes
    channels: Literal[1, 3]
    height: int
    width: int


def input_axes(name: str, shape: Sequence[Any], options: GuestOptions) -> InputAxes:
    """Return the axes of a graph's input. Raises InputError if they are not those of faces, or not clear."""
    dims = [size if isinstance(size, int) and size > 0 else None for size in shape]
    if dims and dims[0] is not None:
        raise InputError(
            f"{name} takes only batches of {dims[0]}; export it for batches of any size, in PyTorch with "
            f"input_names=['faces'], {DYNAMIC_BATCH}."
        )
    if len(dims) == 2 and dims[1] == PIXELS:
        return InputAxes("flat", 1, FACE_SIZE, FACE_SIZE)
    if len(dims) == 3:
        return InputAxes("nhw", 1, dims[1] or FACE_SIZE, dims[2] or FACE_SIZE)
    if len(dims) != 4:
        shown = shortened(", ".join(str(size or "any") for size in dims) or "unknown", 60)
        raise InputError(
            f"{name} takes an input of the shape ({shown}), which is not one of faces; export it with the shape "
            "(batch, channels, height, width) or (batch, height, width, channels)."
        )
    layout = layout_of(name, dims, options)
    position = 1 if layout == "nchw" else 3
    sides = [size or FACE_SIZE for size in (dims[2:] if layout == "nchw" else dims[1:3])]
    return InputAxes(layout, channels_of(name, dims[position], options), *sides)


def layout_of(name: str, dims: Sequence[int | None], options: GuestOptions) -> Literal["nchw", "nhwc"]:
    """Return the layout of four axes: the one that the sizes allow, otherwise that of the options."""
    candidates: tuple[tuple[Literal["nchw", "nhwc"], int | None], ...] = (("nchw", dims[1]), ("nhwc", dims[3]))
    possible = [layout for layout, channels in candidates if channels in (None, 1, 3)]
    clear = [layout for layout, channels in candidates if channels in (1, 3)]
    if not possible:
        raise InputError(f"{name} takes images with neither 1 nor 3 channels; export a network for gray or RGB faces.")
    if len(clear) == 1:
        return clear[0]
    if len(possible) == 1:
        return possible[0]
    if options.layout is None:
        raise InputError(f"{name} does not say where its channels are; give the layout, nchw or nhwc.")
    return options.layout


def channels_of(name: str, size: int | None, options: GuestOptions) -> Literal[1, 3]:
    """Return the number of channels: that of the graph, otherwise that of the options."""
    if size is not None:
        return 3 if size == 3 else 1
    if options.channels is None:
        raise InputError(f"{name} does not say how many channels its images have; give the channels, 1 or 3.")
    return options.channels
