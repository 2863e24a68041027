"""Checkpoints of a torch fit: one safetensors file of tensors and one JSON file of other values. Nothing is pickled."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor
from torch.optim import Optimizer

from core.files import replace_file

_CHECKPOINTS_KEPT = 2
"""Number of checkpoints kept: the newest, and the one before it in case the newest is incomplete."""


def save_checkpoint(folder: Path, epoch: int, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
    """Write `epoch-<n>.safetensors` and then `epoch-<n>.json`, so that a JSON file always has its tensors."""
    stem = folder / f"epoch-{epoch:04d}"
    # safetensors cannot save channels_last tensors, hence contiguous().
    replace_file(stem.with_suffix(".safetensors"), save({name: t.cpu().contiguous() for name, t in tensors.items()}))
    replace_file(stem.with_suffix(".json"), json.dumps(dict(state)).encode())
    for old in sorted(folder.glob("epoch-*.json"))[:-_CHECKPOINTS_KEPT]:
        old.unlink()
        old.with_suffix(".safetensors").unlink(missing_ok=True)


def latest_checkpoint(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Return the tensors and the state of the newest readable checkpoint, or None if there is none."""
    for json_file in sorted(folder.glob("epoch-*.json"), reverse=True):
        with suppress(SafetensorError, ValueError, OSError):
            return load_file(json_file.with_suffix(".safetensors")), json.loads(json_file.read_text())
    return None


def optimiser_tensors(optimiser: Optimizer) -> dict[str, Tensor]:
    """Return the tensors of the state of Adam, AdamW or SGD, named `optimiser.<parameter index>.<name>`."""
    return {
        f"optimiser.{index}.{name}": value
        for index, values in optimiser.state_dict()["state"].items()
        for name, value in values.items()
        if isinstance(value, Tensor)
    }


def restore_optimiser(optimiser: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Restore the state that `optimiser_tensors` returned."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        prefix, _, rest = key.partition(".")
        if prefix == "optimiser":
            index, name = rest.split(".")
            # The weights of convolutions, which have four dimensions, are channels_last in the network.
            memory_format = torch.channels_last if value.ndim == 4 else torch.contiguous_format
            state.setdefault(int(index), {})[name] = value.contiguous(memory_format=memory_format)
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Put `<prefix>.` before each name."""
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def unprefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors that `prefixed` has named with this prefix, under their original names."""
    return {name.removeprefix(f"{prefix}."): value for name, value in tensors.items() if name.startswith(f"{prefix}.")}
