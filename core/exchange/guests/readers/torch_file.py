"""Read the weights of the notebook project's network: a state dict of PyTorch."""

from typing import Any

from core.classifiers.cnn.config import CnnConfig
from core.classifiers.configs import as_json
from core.emotions import EMOTIONS
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions, ModelReader
from core.exchange.guests.readers.checking import (
    check_batches,
    check_in_process,
    check_size,
    refuse_options,
    request_of,
    shown_name,
)
from core.exchange.guests.readers.onnx_file import EXPORT
from core.files import ContentError

LARGEST_STATE_DICT = 100_000_000
"""Largest size in bytes; the network has 2,500,000, and an optimiser's state twice as many."""


def check(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read weights in a process with limits, then in this one; see `ModelReader`."""
    _check_size(file)
    check_in_process(f"{__name__}:check_here", file, options, ("torch", "core.classifiers.cnn.state_dict"))
    return read(file, options)


def check_here(content: bytes, request: dict[str, object]) -> None:
    """Check weights in this process. Raises InputError if they cannot be used or contradict the options."""
    file, options = request_of(content, request)
    name = shown_name(file)
    reason = "has the weights of a network that takes gray levels divided by 255"
    refuse_options(name, options, ("layout", "channels", "mean", "std"), reason)
    if options.scale == 1:
        refuse_options(name, options, ("scale",), reason)
    check_batches(read(file, options).classifier, name)


def read(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read weights that were checked; see `ModelReader`."""
    from core.classifiers.cnn import state_dict

    name = shown_name(file)
    try:
        tensors = state_dict.read_state_dict(file.content)
        network = state_dict.notebook_network(tensors, options.classes or EMOTIONS)
    except ContentError as error:
        if str(error) in (state_dict.NOT_A_STATE_DICT, state_dict.OTHER_NETWORK):
            raise InputError(f"{name}: {error}; export it: {EXPORT}.") from error
        raise InputError(f"{name} cannot be used: {error}; train the network again.") from error
    return GuestModel("cnn", recipe(), network, state_dict.weights_file(network))


def recipe() -> dict[str, Any]:
    """Return the fields that describe the network. Those about its training are left out, because it is unknown."""
    values = as_json(CnnConfig())
    return {name: values[name] for name in ("blocks", "halving", "stem", "residual", "pooling", "hidden", "window")}


def _check_size(file: GuestFile) -> None:
    check_size(file)
    if len(file.content) > LARGEST_STATE_DICT:
        size = f"{len(file.content) / 1e6:,.0f} MB"
        raise InputError(
            f"{shown_name(file)}: with {size}, it is not the notebook project's network; export it: {EXPORT}."
        )


READER = ModelReader("state-dict", check, read, ())
