"""Read the weights of a network from a file that others may have written."""

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from core.classifiers.cnn.config import CnnConfig, check_config
from core.classifiers.cnn.network import ConvNet
from core.exceptions import shortened
from core.files import ContentError

DTYPES = {True: ("BF16", "F16", "F32", "F64"), False: ("I64",)}
"""Types in the file that stand for a tensor of floats (True) or of integers (False), such as a count of batches."""


def read_weights(file: Path, config: CnnConfig) -> dict[str, Tensor]:
    """Return the tensors of a config's network by name.

    Names, shapes and types are compared with the network before memory is reserved for either. Raises InputError for an
    impossible or too large config, ContentError for other tensors and for values that are not finite, and
    SafetensorError for a damaged file.
    """
    check_config(config)
    with safe_open(file, "pt") as content:
        # `content` is no dict, so it cannot be iterated
        slices = {name: content.get_slice(name) for name in content.keys()}  # noqa: SIM118
        found = {name: (tuple(entry.get_shape()), entry.get_dtype()) for name, entry in slices.items()}
    for name, tensor in _tensors_without_memory(config).items():
        shape, dtype = found.pop(name, (None, ""))
        if shape != tensor.shape or dtype not in DTYPES[tensor.is_floating_point()]:
            raise ContentError(f"{name} has the shape {shape} and type {dtype}" if shape else f"{name} is missing")
    if found:
        raise ContentError(f"{shortened(next(iter(found)))} is unknown")
    weights = load_file(file)
    if not all(torch.isfinite(tensor).all() for tensor in weights.values()):
        raise ContentError("a weight is not a finite number")
    return weights


def _tensors_without_memory(config: CnnConfig) -> dict[str, Tensor]:
    """Return the tensors of a config's network by name, with shapes and types, but without values."""
    with torch.device("meta"):
        network = ConvNet(
            config.blocks, config.pooling, config.hidden, config.dropout, config.stem, config.residual, config.halving
        )
    return network.state_dict()
