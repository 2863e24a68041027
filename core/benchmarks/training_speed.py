"""Training speed in images per second, with two methods on the same network.

- The method of the notebook project, FERscope's predecessor: a DataLoader without worker processes loads and augments
  one image at a time. The network trains in float32 and channels-first format.
- FERscope's method: all images are in memory as uint8, and a whole batch is loaded and augmented at once. The network
  trains in channels-last format, and in bfloat16 if that is faster. The optimiser updates all weights in one call.

Both methods use the same batch size, augmentation functions, optimiser (Adam) and training loop. Neither method decodes
files or uses mixup or distillation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from core.classifiers.base import LabelledFaces, labelled_faces
from core.classifiers.cnn import epochs
from core.classifiers.cnn.augment import augment
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.classifiers.cnn.network import build_network, central_square, to_input
from core.data.store import current_import
from core.emotions import EMOTIONS
from core.exceptions import unknown_name
from core.training.recipes import RECIPES
from core.vision.crops import FACE_SIZE

SYNTHETIC_FACES = 4096
"""Number of images of random noise to train on if no data set is imported."""

WARM_UP_SECONDS = 0.3


@dataclass(frozen=True)
class Method:
    """One of the two training methods, with a network to train."""

    network: nn.Module
    batches: Iterator[tuple[Tensor, Tensor]]
    """Endless iterator of inputs, (b, 1, h, w) float32 in 0..1, and their class ids, (b,) int64."""
    precision: torch.dtype
    fused: bool
    """Whether Adam updates all weights in one call; otherwise it needs several calls."""


def compare(config: CnnConfig, data: LabelledFaces, repeats: int, seconds: float) -> dict[str, Any]:
    """Measure both methods in turns, `repeats` times for about `seconds` each; return the results and their conditions.

    Under the key `training`, "plain" is the `_summary` of training without augmentation. If the config has
    augmentation, "augmented" is the `_summary` of training with it.
    """
    augmentations = {"augmented": config.augmentation} if config.augmentation != Augmentation() else {}
    pairs = {
        name: (notebook_method(config, data, augmentation), ferscope_method(config, data, augmentation))
        for name, augmentation in {**augmentations, "plain": Augmentation()}.items()
    }
    for pair in pairs.values():
        for method in pair:
            images_per_second(method, WARM_UP_SECONDS)
    speeds: dict[str, list[list[float]]] = {name: [] for name in pairs}
    for _ in range(repeats):
        for name, pair in pairs.items():
            speeds[name].append([images_per_second(method, seconds) for method in pair])
    _, ferscope = pairs["plain"]
    return {
        "weights": sum(weights.numel() for weights in ferscope.network.parameters()),
        "batch_size": _batch_size(config, data),
        "device": epochs.best_device().type,
        "threads": torch.get_num_threads(),
        "precision": str(ferscope.precision).removeprefix("torch."),
        "repeats": repeats,
        "training": {name: _summary(np.array(rows)) for name, rows in speeds.items()},
    }


def _summary(speeds: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """Summarise speeds, (repeats, 2): images per second of the notebook project's method and of FERscope's.

    `seed_images_per_s` is the median speed of the notebook project's method, and `images_per_s` that of FERscope's.
    `ratio` is the second median divided by the first. `ratio_range` is the smallest and the largest ratio of a repeat.
    """
    notebook, ferscope = np.median(speeds, axis=0)
    ratios = speeds[:, 1] / speeds[:, 0]
    return {
        "seed_images_per_s": float(notebook),
        "images_per_s": float(ferscope),
        "ratio": float(ferscope / notebook),
        "ratio_range": [float(ratios.min()), float(ratios.max())],
    }


def notebook_method(config: CnnConfig, data: LabelledFaces, augmentation: Augmentation) -> Method:
    """Return the notebook project's method: a DataLoader without worker processes loads one image at a time."""
    device = epochs.best_device()
    network = build_network(config).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    loader: DataLoader[tuple[Tensor, int]] = DataLoader(
        SingleImages(data, augmentation, config.window), _batch_size(config, data), shuffle=True, drop_last=True
    )

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            for inputs, labels in loader:
                yield inputs.to(device), labels.to(device)

    return Method(network.to(device), batches(), torch.float32, fused=False)


class SingleImages(Dataset[tuple[Tensor, int]]):
    """Data set in which each item is one augmented face, (1, h, w) float32 in 0..1, and its class id."""

    def __init__(self, data: LabelledFaces, augmentation: Augmentation, window: int) -> None:
        self.data = data
        self.augmentation = augmentation
        self.window = window
        self.generator = torch.Generator().manual_seed(0)

    def __len__(self) -> int:
        return len(self.data.faces)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        face = torch.from_numpy(self.data.faces[row])
        return _inputs(face[None], self.augmentation, self.window, self.generator)[0], int(self.data.labels[row])


def ferscope_method(config: CnnConfig, data: LabelledFaces, augmentation: Augmentation) -> Method:
    """Return FERscope's method: load whole batches from memory, as `core.classifiers.cnn.fit` does."""
    device = epochs.best_device()
    network = build_network(config).to(device)
    faces, labels = torch.from_numpy(data.faces).to(device), torch.from_numpy(data.labels).to(device)
    size = _batch_size(config, data)
    generator = torch.Generator().manual_seed(0)

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            order = torch.randperm(len(faces), generator=generator).to(device)
            for rows in order.split(size)[: len(faces) // size]:
                inputs = _inputs(faces[rows], augmentation, config.window, generator)
                yield inputs.contiguous(memory_format=torch.channels_last), labels[rows]

    precision = epochs.faster_precision(network.train(), central_square(to_input(faces[:size]), config.window))
    return Method(network, batches(), precision, fused=True)


def _inputs(faces: Tensor, augmentation: Augmentation, window: int, generator: torch.Generator) -> Tensor:
    """(b, 48, 48) uint8 -> (b, 1, h, w) float32 in 0..1: augmented, or only cropped if there is no augmentation."""
    if augmentation == Augmentation():
        return central_square(to_input(faces), window)
    return augment(to_input(faces), augmentation, generator)


def _batch_size(config: CnnConfig, data: LabelledFaces) -> int:
    return min(config.batch_size, len(data.faces))


def images_per_second(method: Method, seconds: float) -> float:
    """Train for about `seconds`, on at least one batch, and return the speed in images per second."""
    images = 0
    start = perf_counter()

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        nonlocal images
        for inputs, labels in method.batches:
            yield inputs, labels
            images += len(labels)
            if perf_counter() - start >= seconds:
                return

    epochs.train_epoch(
        method.network,
        batches(),
        torch.optim.Adam(method.network.parameters(), fused=method.fused),
        label_smoothing=0.0,
        precision=method.precision,
        before_step=lambda: None,
        after_step=lambda: None,
    )
    if epochs.best_device().type != "cpu":
        torch.accelerator.synchronize()
    return images / (perf_counter() - start)


def network_recipe(name: str) -> CnnConfig:
    """Return the config of the recipe `name`; raises InputError if it is unknown or not for a neural network."""
    configs = {key: recipe.config for key, recipe in RECIPES.items() if isinstance(recipe.config, CnnConfig)}
    if name not in configs:
        raise unknown_name("network recipe", name, configs)
    return configs[name]


def bench_faces() -> tuple[str, LabelledFaces]:
    """Return "imported" and the train images. If no data set is imported, return "synthetic" and random noise."""
    data = current_import()
    if data is not None:
        return "imported", labelled_faces(data.manifest(), data.faces(), "train")
    generator = np.random.default_rng(0)
    faces = generator.integers(0, 256, (SYNTHETIC_FACES, FACE_SIZE, FACE_SIZE), dtype=np.uint8)
    return "synthetic", LabelledFaces(faces, generator.integers(0, len(EMOTIONS), SYNTHETIC_FACES))
