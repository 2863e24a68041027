"""Convert a state dict of the notebook project's network into the weights of `ConvNet`.

The notebook project's network is one `nn.Sequential`, whose keys are `net.N.weight` and so on. It has the same layers
as `ConvNet` with its default arguments, in the same order.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.emotions import EMOTIONS
from core.files import ContentError

WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
"""Keys under which a checkpoint may hold the state dict."""

NOT_A_STATE_DICT = "it is not a state dict"
OTHER_NETWORK = "it is not the notebook project's network"

Layers = list[dict[str, Tensor]]
"""Tensors of each layer that has some, by the last part of their keys: weight, bias, running_mean, ..."""


def read_state_dict(content: bytes) -> dict[str, Tensor]:
    """Return the tensors of a file that torch or safetensors has written, without running code in it.

    Raises ContentError for files of other kinds, and for pickles of anything but tensors.
    """
    try:
        return load(content)
    except SafetensorError:
        pass
    try:
        value: Any = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception as error:  # torch has many: UnpicklingError, RuntimeError, EOFError, ...
        if isinstance(error, RuntimeError) and "allocat" in str(error):  # torch's message for too much memory
            raise MemoryError from error
        raise ContentError(NOT_A_STATE_DICT) from error
    for _ in WRAPPERS:
        inner = [value[key] for key in WRAPPERS if isinstance(value, Mapping) and isinstance(value.get(key), Mapping)]
        value = inner[0] if inner else value
    if not isinstance(value, Mapping) or not value:
        raise ContentError(NOT_A_STATE_DICT)
    if not all(isinstance(key, str) and isinstance(tensor, Tensor) for key, tensor in value.items()):
        raise ContentError(NOT_A_STATE_DICT)
    return dict(value)


def notebook_network(tensors: Mapping[str, Tensor], classes: tuple[str, ...]) -> Cnn:
    """Return the network with these weights; `classes` is the order of its outputs.

    Raises ContentError if the tensors are those of another network, or not all are finite.
    """
    classifier = Cnn(CnnConfig())
    ours = classifier.network.state_dict()
    given, expected = _layers(tensors), _layers(ours)
    if [_shapes(layer) for layer in given] != [_shapes(layer) for layer in expected]:
        raise ContentError(OTHER_NETWORK)
    rows = torch.tensor([classes.index(emotion) for emotion in EMOTIONS])
    given[-1] = {name: tensor[rows] for name, tensor in given[-1].items()}
    for target, source in zip(expected, given, strict=True):
        for name in _shapes(target):
            if not (source[name].is_floating_point() and torch.isfinite(source[name]).all()):
                raise ContentError("a weight is not a finite number")
            target[name].copy_(source[name])  # in place: `ours` shares its memory with the network
    classifier.network = classifier.network.eval()
    return classifier


def weights_file(classifier: Cnn) -> bytes:
    """Return the content of the weights file, with 32 bits per weight, so that predictions stay as they are."""
    return save({name: tensor.contiguous() for name, tensor in classifier.network.state_dict().items()})


def _layers(tensors: Mapping[str, Tensor]) -> Layers:
    """Group tensors by layer. The layers are in the order of their numbers, whatever the order of the file."""
    layers: dict[tuple[str, ...], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        *layer, name = key.split(".")
        layers.setdefault(tuple(layer), {})[name] = tensor
    return [layers[layer] for layer in sorted(layers, key=_natural_order)]


def _natural_order(layer: tuple[str, ...]) -> list[tuple[int, str]]:
    """Sort numbers by value: 2 before 10. Of our own two parts, `features` comes before `head`."""
    return [(int(part), "") if part.isdecimal() and len(part) < 10 else (-1, part) for part in layer]


def _shapes(layer: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a layer's tensors. Counts of batches do not matter, and old files lack them."""
    return {name: tuple(layer[name].shape) for name in sorted(layer) if name != "num_batches_tracked"}
